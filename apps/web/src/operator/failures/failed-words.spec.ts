import { describe, expect, it } from '@jest/globals';
import { formatAllFailed, tellFailed } from './failed-words.js';

const NONE = { callback: 0, webhook: 0, outbox: 0, inbox: 0, operations: 0 };

describe('what failed of a shop', () => {
  it('lists only failures', () => {
    expect([NONE, { ...NONE, outbox: 1 }, { ...NONE, callback: 1_200, operations: 2 }].map(tellFailed)).toEqual([
      '',
      '1 message',
      '1,200 callbacks, 2 unconfirmed calls',
    ]);
  });

  it('is the sum, and shows that it may be higher', () => {
    expect([NONE, { ...NONE, callback: 1_200, webhook: 1 }, { ...NONE, callback: 5, inbox: 1_000 }].map(formatAllFailed)).toEqual([
      '0',
      '1,201',
      '1,005+',
    ]);
    expect(tellFailed({ ...NONE, inbox: 1_000 })).toBe('1,000+ events');
  });
});
