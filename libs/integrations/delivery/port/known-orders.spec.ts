import { describe, expect, it } from '@jest/globals';
import { makeOrderNumber, reportGone } from './known-orders.js';
import type { ExistingDelivery } from './requests.js';

describe('known orders', () => {
  it('has a number that differs between the connections of a contract', () => {
    const number = makeOrderNumber('1001-1', 'connection-1');
    expect(number).toMatch(/^1001-1-[0-9a-f]{6}$/);
    expect(makeOrderNumber('1001-1', 'connection-2')).not.toBe(number);
  });

  it('reports an order that is gone after an hour, once', () => {
    const createdAt = new Date('2026-03-02T10:00:00Z');
    const delivery = { externalId: 'x-1', status: 'created', createdAt } as ExistingDelivery;
    const at = (time: string) => ({ now: new Date(`2026-03-02T${time}Z`) });
    expect(reportGone(delivery, 'cancelled', 'gone', at('10:59:59'))).toEqual([]);
    const report = { externalId: 'x-1', code: 'cancelled', updatedAt: at('11:00:00').now, comment: 'gone' };
    expect(reportGone(delivery, 'cancelled', 'gone', at('11:00:00'))).toEqual([report]);
    expect(reportGone({ ...delivery, status: 'cancelled' }, 'cancelled', 'gone', at('12:00:00'))).toEqual([]);
  });
});
