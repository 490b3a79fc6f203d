import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '../api.js';
import { renewFailures } from './renew-failures.js';

const overview = {
  readAt: '2026-11-27T10:00:00.000Z',
  outbox: { waiting: 3, failed: 5 },
  inbox: { waiting: 1, failed: 2 },
  operations: { unknown: 4 },
  needs: [],
} as unknown as Schemas['Overview'];

describe('the failures of an overview', () => {
  it('are the later updates, while the rest stays as read', () => {
    expect(renewFailures(overview, { outbox: 0, inbox: 1, operations: 7 })).toEqual({
      ...overview,
      outbox: { waiting: 3, failed: 0 },
      inbox: { waiting: 1, failed: 1 },
      operations: { unknown: 7 },
    });
  });

  it('are the values read if there were no updates', () => {
    expect(renewFailures(overview, undefined)).toBe(overview);
  });
});
