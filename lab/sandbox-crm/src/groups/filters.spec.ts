import { describe, expect, it } from '@jest/globals';
import { METHODS, type MethodName } from '#crm-client/wire';
import type { Call } from '../engine/call.js';
import type { JsonObject } from '../json.js';
import { newAccount } from '../store/new-account.js';
import { AccountContext } from '../store/account-context.js';
import { type FilterRules, applyFilter } from './filters.js';

const crm = new AccountContext(
  newAccount('default', 'Shop', new Date()),
  'http://127.0.0.1',
  () => undefined,
  () => new Date(),
);

/** Returns the ids of the records that a list method finds by a filter. */
function find(method: MethodName, rows: readonly JsonObject[], filter: JsonObject, rules: FilterRules = {}): unknown[] {
  const call = { method: METHODS.find(({ key }) => key === method), crm, input: { filter } } as unknown as Call;
  return applyFilter(call, rows, rules).map((row) => row['id']);
}

describe('filters by the types of the contract', () => {
  const costs = [
    { id: 1, summ: 5, costItem: 'courier', sites: ['main', 'es'], createdAt: '2026-01-01 23:59:00', order: { id: 7, number: '7A' } },
    { id: 2, summ: 50, costItem: 'rent', sites: ['mx'], createdAt: '2026-01-02 00:00:00', comment: 'For the Office', userId: 3 },
  ];

  it.each<[JsonObject, number[]]>([
    [{ ids: [2, 3] }, [2]],
    [{ costItems: ['courier'] }, [1]],
    [{ sites: ['es', 'mx'] }, [1, 2]],
    [{ users: [3] }, [2]],
    [{ minSumm: '5', maxSumm: '49.9' }, [1]],
    [{ createdAtTo: ['2026-01-01'] }, [1]],
    [{ createdAtFrom: ['2026-01-02'] }, [2]],
    [{ orderIds: [7] }, [1]],
    [{ orderNumber: '7A' }, [1]],
    [{ ids: [1], costItems: ['rent'] }, []],
    [{ comment: '' }, [1, 2]],
  ])('finds costs by %j', (filter, ids) => {
    expect(find('costs.list', costs, filter)).toEqual(ids);
  });

  it('follows a rule: a part of a text, members of lists, a function', () => {
    expect(find('costs.list', costs, { comment: 'office' }, { comment: '~comment' })).toEqual([2]);
    expect(
      find('costs.list', costs, { costGroups: ['delivery'] }, { costGroups: (row) => row['costItem'] === 'courier' && 'delivery' }),
    ).toEqual([1]);
    const shipments = [
      { id: 1, orders: [{ number: '1A' }, { number: '2A' }] },
      { id: 2, orders: [] },
    ];
    expect(find('delivery.shipments', shipments, { orderNumber: '2A' }, { orderNumber: 'orders.*.number' })).toEqual([1]);
  });

  it('accepts a filter without a field of its name, and finds booleans, later ids and custom fields', () => {
    const orders = [
      { id: 1, shipped: true, customFields: { size: 's' } },
      { id: 2, shipped: false },
    ];
    expect(find('orders.list', orders, { mgChannels: [1], customFields: { size: 's' } })).toEqual([1, 2]);
    expect(find('orders.list', orders, { customFields: { size: 's' } }, { customFields: 'customFields' })).toEqual([1]);
    expect(find('orders.list', orders, { shipped: '0' })).toEqual([2]);
    expect(find('store.offers', [{ id: 1 }, { id: 2 }], { sinceId: 1 })).toEqual([2]);
    expect(find('files.list', [{ id: 1, size: 10 }], { sizeFrom: 11 })).toEqual([]);
  });
});
