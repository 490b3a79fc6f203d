import { describe, expect, it } from '@jest/globals';
import { UntoldPhones } from './untold-phones.js';

const call = (externalId: string, connectionId = 'a'): { connectionId: string; externalId: string } => ({ connectionId, externalId });
const over = (...codes: string[]) => ({ type: 'hangup', codes, outcome: 'busy' }) as const;

describe('phones that were not told of a call', () => {
  it('are not told that it is over; others are, of this call and of others', () => {
    const untold = new UntoldPhones();
    untold.add(call('1'), ['101', '102']);
    expect(untold.findAudience(call('1'), over('101', '103'))).toEqual(['103']);
    expect(untold.findAudience(call('1'), over('102'))).toEqual([]);
    expect(untold.findAudience(call('2'), over('101'))).toEqual(['101']);
    expect(untold.findAudience(call('1', 'b'), over('101'))).toEqual(['101']);
  });

  it('are told of it when it rings there again later, and then that it is over', () => {
    const untold = new UntoldPhones();
    untold.add(call('1'), ['101']);
    expect(untold.findAudience(call('1'), { type: 'in', codes: ['101'] })).toEqual(['101']);
    untold.remove(call('1'), ['101']);
    expect(untold.findAudience(call('1'), over('101'))).toEqual(['101']);
  });
});
