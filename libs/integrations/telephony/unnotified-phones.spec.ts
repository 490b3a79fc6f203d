import { describe, expect, it } from '@jest/globals';
import { UnnotifiedPhones } from './unnotified-phones.js';

const call = (externalId: string, connectionId = 'a'): { connectionId: string; externalId: string } => ({ connectionId, externalId });
const over = (...codes: string[]) => ({ type: 'hangup', codes, outcome: 'busy' }) as const;

describe('phones that were not notified of a call', () => {
  it('get no notice of its end, while other phones and calls do', () => {
    const phones = new UnnotifiedPhones();
    phones.add(call('1'), ['101', '102']);
    expect(phones.findAudience(call('1'), over('101', '103'))).toEqual(['103']);
    expect(phones.findAudience(call('1'), over('102'))).toEqual([]);
    expect(phones.findAudience(call('2'), over('101'))).toEqual(['101']);
    expect(phones.findAudience(call('1', 'b'), over('101'))).toEqual(['101']);
  });

  it('get the notice of its end once it has rung there again', () => {
    const phones = new UnnotifiedPhones();
    phones.add(call('1'), ['101']);
    expect(phones.findAudience(call('1'), { type: 'in', codes: ['101'] })).toEqual(['101']);
    phones.remove(call('1'), ['101']);
    expect(phones.findAudience(call('1'), over('101'))).toEqual(['101']);
  });
});
