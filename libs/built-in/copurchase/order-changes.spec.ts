import { describe, expect, it } from '@jest/globals';
import { readChanges, readWholeOrder } from './order-changes.js';

const item = (id: number, offer: number): object => ({ id, offer: { id: offer } });

describe('changesOf', () => {
  it('takes an order made whole, in the lenient spellings of the CRM', () => {
    const order = {
      id: '7',
      createdAt: '2026-03-01 12:00:00',
      status: { code: 'new' },
      items: { 1: { id: '70', offer: { id: '700' } }, 2: { id: 71 } },
    };
    expect(readChanges([{ id: 1, created: 1, order }], 'Europe/Moscow').get(7)).toEqual({
      base: 'replace',
      createdAt: new Date('2026-03-01T09:00:00Z'),
      status: 'new',
      items: new Map([[70, 700]]),
      stale: false,
    });
  });

  it('adds and removes items, and changes the status', () => {
    const order = { id: 7 };
    const changes = readChanges(
      [
        { order, field: 'order_product', oldValue: null, newValue: { id: 1 }, item: item(1, 10) },
        { order, field: 'order_product', oldValue: { id: 2 }, newValue: null, item: item(2, 20) },
        { order, field: 'order_product', oldValue: { id: 3 }, newValue: [], item: item(3, 30) },
        { order, field: 'order_product.quantity', oldValue: 1, newValue: 2, item: item(1, 10) },
        { order, field: 'status', newValue: { code: 'complete' } },
      ],
      'UTC',
    );
    expect(changes).toEqual(
      new Map([
        [
          7,
          {
            base: 'keep',
            status: 'complete',
            items: new Map([
              [1, 10],
              [2, null],
              [3, null],
            ]),
            stale: false,
          },
        ],
      ]),
    );
  });

  it('removes orders that are deleted or combined into another, but not for an item that is', () => {
    const changes = readChanges(
      [
        { order: { id: 1 }, deleted: true },
        { order: { id: 1 }, field: 'order_product', newValue: { id: 1 }, item: item(1, 10) },
        { order: { id: 2 }, combinedTo: { id: 3 } },
        { order: { id: 4 }, deleted: true, field: 'order_product', oldValue: { id: 9 }, item: item(9, 90) },
      ],
      'UTC',
    );
    expect([...changes].map(([id, change]) => [id, change.base, [...change.items]])).toEqual([
      [1, 'remove', []],
      [2, 'remove', []],
      [4, 'keep', [[9, null]]],
    ]);
  });

  it('an order that is created again after its removal counts', () => {
    const order = { id: 1, createdAt: '2026-03-01 12:00:00', items: [item(1, 10)] };
    expect(
      readChanges(
        [
          { order, deleted: true },
          { order, created: true },
        ],
        'UTC',
      ).get(1),
    ).toMatchObject({ base: 'replace', stale: false });
  });

  it.each([
    ['a list of items that was replaced', { order: { id: 1 }, field: 'items', newValue: [] }],
    ['an item without an id', { order: { id: 1 }, field: 'order_product', newValue: { id: 5 } }],
    ['an item added without its offer', { order: { id: 1 }, field: 'order_product', newValue: { id: 5 }, item: { id: 5 } }],
    ['an item whose offer changed', { order: { id: 1 }, field: 'order_product.offer', newValue: 5, item: { id: 5 } }],
    ['a status that cannot be read', { order: { id: 1 }, field: 'status', newValue: null }],
    ['an order made without items', { order: { id: 1, createdAt: '2026-03-01 12:00:00' }, created: true }],
    ['an order made without a date', { order: { id: 1, items: [] }, created: true }],
  ])('has the order read for %s', (_, entry) => {
    expect(readChanges([entry], 'UTC').get(1)?.stale).toBe(true);
  });

  it('reads whatever comes without failing', () => {
    for (const entry of [null, 7, 'x', [], {}, { order: null }, { order: [] }, { order: { id: 'x' } }, { order: { id: -1 } }])
      expect(readChanges([entry], 'UTC').size).toBe(0);
    expect(readWholeOrder({ createdAt: 'yesterday', items: 'none' }, 'UTC')).toMatchObject({ stale: true });
    expect(readWholeOrder({ createdAt: '2026-03-01T12:00:00+03:00', items: [{ offer: { id: 5 } }] }, 'UTC')).toEqual({
      base: 'replace',
      createdAt: new Date('2026-03-01T09:00:00Z'),
      items: new Map([[-1, 5]]),
      stale: false,
    });
  });
});
