import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeConnections, CrmClient, type Json } from './index.js';
import { type Decoded, decodeForm } from './test-support/form-decoder.js';
import { sendJson, WireServer } from './test-support/wire-server.js';

const server = new WireServer();
let crm: CrmClient;

beforeAll(async () => {
  await server.start();
  crm = new CrmClient({ baseUrl: server.url, apiKey: 'key', allowPrivateHosts: true, limiter: false, retries: 0, timeZone: 'UTC' });
});
beforeEach(() => {
  server.seen.length = 0;
});
afterAll(async () => {
  await closeConnections();
  await server.stop();
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const ids = (items: readonly unknown[]): unknown[] => items.map((item) => (item as { id: unknown }).id);
const queries = (): { [name: string]: Decoded }[] => server.seen.map(({ query }) => decodeForm(query));

/** Serves `total` items, by page and by sinceId, like the CRM. */
function serve(list: string, total: number, keyed = false): void {
  server.answer = (response, { query }) => {
    const { limit, page = '1', filter } = decodeForm(query) as { limit: string; page?: string; filter?: { sinceId?: string } };
    const all = Array.from({ length: total }, (_, index) => ({ id: index + 1 })).filter(({ id }) => id > Number(filter?.sinceId ?? 0));
    const items = all.slice((Number(page) - 1) * Number(limit), Number(page) * Number(limit));
    const pagination = {
      limit: Number(limit),
      totalCount: all.length,
      currentPage: Number(page),
      totalPageCount: Math.ceil(all.length / Number(limit)),
    };
    sendJson(response, 200, {
      success: true,
      pagination,
      [list]: keyed ? Object.fromEntries(items.map((item) => [`n${item.id}`, item])) : items,
    });
  };
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('all pages', () => {
  it('are read one after the other, each only when it is wanted', async () => {
    serve('orders', 50);
    const orders = crm.orders.listAll({ filter: { ids: [1] }, limit: 20 });
    expect((await orders.next()).value).toEqual({ id: 1 });
    expect(server.seen).toHaveLength(1);
    expect(ids(await collect(orders))).toEqual(numbers(2, 50));
    expect(queries()).toEqual([
      { limit: '20', filter: { ids: ['1'] } },
      { limit: '20', page: '2', filter: { ids: ['1'] } },
      { limit: '20', page: '3', filter: { ids: ['1'] } },
    ]);
  });

  it('have 100 items unless told otherwise, and may begin later', async () => {
    serve('customers', 250);
    expect(await collect(crm.customers.listAll({ page: 3 }))).toHaveLength(50);
    expect(queries()).toEqual([{ limit: '100', page: '3' }]);
  });

  it('may be empty, or keyed by id', async () => {
    serve('orders', 0);
    expect(await collect(crm.orders.listAll())).toEqual([]);
    serve('orders', 3, true);
    expect(ids(await collect(crm.orders.listAll()))).toEqual([1, 2, 3]);
  });

  it('of a method with parts in its path', async () => {
    serve('comments', 30);
    expect(await collect(crm.tasks.getCommentsAll(7, { limit: 20 }))).toHaveLength(30);
    expect(server.last.path).toBe('/api/v5/tasks/7/comments');
  });

  it('are normalised when wanted', async () => {
    server.answer = (response) =>
      sendJson(response, 200, { success: true, orders: [{ id: '5', createdAt: '2024-01-01 00:00:00', payments: { 1: { id: 1 } } }] });
    expect(await collect(crm.exact.orders.listAll())).toEqual([
      { id: 5, createdAt: new Date('2024-01-01T00:00:00Z'), payments: [{ id: 1 }] },
    ]);
  });
});

describe('a history', () => {
  it('is followed by sinceId', async () => {
    serve('history', 41);
    expect(ids(await collect(crm.orders.historyAll({ filter: { sinceId: 1, orderId: 9 }, limit: 20 })))).toEqual(numbers(2, 41));
    expect(queries().map(({ filter, page }) => [filter, page])).toEqual([
      [{ sinceId: '1', orderId: '9' }, undefined],
      [{ sinceId: '21', orderId: '9' }, undefined],
    ]);
  });

  it('ends when an answer brings nothing newer', async () => {
    server.answer = (response) =>
      sendJson(response, 200, { success: true, pagination: { totalPageCount: 9 }, history: [{ id: 4 }, { id: 5 }] as Json });
    expect(ids(await collect(crm.customers.historyAll()))).toEqual([4, 5]);
    expect(server.seen).toHaveLength(2);
  });

  it('without ids to go on from is an error, not an endless loop', async () => {
    server.answer = (response) => sendJson(response, 200, { success: true, history: [{ field: 'status' }] });
    await expect(collect(crm.tasks.historyAll())).rejects.toMatchObject({ kind: 'reply' });
  });
});

it('products are read by page, or by sinceId when it is given', async () => {
  serve('products', 50);
  await collect(crm.store.productsAll({ limit: 20 }));
  expect(queries().map(({ page }) => page)).toEqual([undefined, '2', '3']);
  server.seen.length = 0;
  expect(ids(await collect(crm.store.productsAll({ limit: 20, filter: { sinceId: 20 } })))).toEqual(numbers(21, 50));
  expect(queries().map(({ filter }) => filter)).toEqual([{ sinceId: '20' }, { sinceId: '40' }]);
});

it('bonus operations follow the cursor', async () => {
  server.answer = (response, { query }) => {
    const cursor = decodeForm(query)['cursor'];
    sendJson(response, 200, {
      success: true,
      pagination: { nextCursor: cursor === 'b' ? '' : 'b' },
      bonusOperations: [{ amount: cursor === 'b' ? 2 : 1 }],
    });
  };
  expect(await collect(crm.loyalty.bonusOperationsAll())).toEqual([{ amount: 1 }, { amount: 2 }]);
  expect(queries()).toEqual([{ limit: '100' }, { limit: '100', cursor: 'b' }]);
});

describe('batches', () => {
  const updates = Array.from({ length: 250 }, (_, index) => ({ deliveryId: `d${index}` }));
  const sent = (): string[][] =>
    server.seen.map(({ body }) =>
      (JSON.parse(decodeForm(body.toString())['statusUpdate'] as string) as { deliveryId: string }[]).map(({ deliveryId }) => deliveryId),
    );

  it('hold what the method allows, and report each', async () => {
    server.answer = (response) => sendJson(response, 200, { success: true });
    const reports = await collect(crm.delivery.trackingInBatches('courier', { statusUpdate: updates }));
    expect(reports).toEqual([
      { from: 0, count: 100, reply: { success: true } },
      { from: 100, count: 100, reply: { success: true } },
      { from: 200, count: 50, reply: { success: true } },
    ]);
    expect(sent().flat()).toEqual(updates.map(({ deliveryId }) => deliveryId));
  });

  it('continue after a rejected page', async () => {
    server.answer = (response, { body }) =>
      body.toString().includes('d120')
        ? sendJson(response, 400, { success: false, errorMsg: 'no' })
        : sendJson(response, 200, { success: true });
    const reports = await collect(crm.delivery.trackingInBatches('courier', { statusUpdate: updates }, { size: 50 }));
    expect(reports.map(({ from, reply, error }) => [from, Boolean(reply), error?.kind])).toEqual([
      [0, true, undefined],
      [50, true, undefined],
      [100, false, 'validation'],
      [150, true, undefined],
      [200, true, undefined],
    ]);
  });

  it('stop when their reader does', async () => {
    server.answer = (response) => sendJson(response, 200, { success: true });
    for await (const report of crm.delivery.trackingInBatches('courier', { statusUpdate: updates })) {
      expect(report.from).toBe(0);
      break;
    }
    expect(server.seen).toHaveLength(1);
  });

  it('keep the other fields, and refuse what cannot be split', async () => {
    server.answer = (response) => sendJson(response, 200, { success: true });
    await collect(crm.orders.uploadInBatches({ site: 'shop', orders: Array.from({ length: 60 }, () => ({})) }));
    expect(server.seen.map(({ body }) => decodeForm(body.toString())['site'])).toEqual(['shop', 'shop']);
    await expect(collect(crm.orders.uploadInBatches({}))).rejects.toMatchObject({ kind: 'usage' });
    await expect(collect(crm.orders.uploadInBatches({ orders: [{}] }, { size: 51 }))).rejects.toMatchObject({ kind: 'usage' });
  });
});
