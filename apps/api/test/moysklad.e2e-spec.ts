import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MoySkladCall, MoySkladDouble, type MoySkladGood, type MoySkladGoodInput, type MoySkladOrder, type Received } from '#testing';
import { readRefusal } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { AccountPage } from './support/account-page.js';
import { pack, StockDesk, type WirePack } from './support/stock-desk.js';
import { until } from './support/until.js';

const MODULE = 'moysklad';
const TOKEN = 'moysklad-token-that-nobody-may-see';
const SECRETS = /moysklad-token-that-nobody-may-see/;
const BUDGET_MS = 10_000;

let deployment: Deployment;
let moysklad: MoySkladDouble;
let desk: StockDesk;
let order = 100;
let goods = 0;

const idOf = (type: 'organization' | 'counterparty'): string => [...moysklad.book.entries[type].keys()][0] ?? '';

/** The settings of a shop whose warehouses are called as in MoySklad. */
const settings = (changes: object = {}): object => ({
  token: TOKEN,
  organization: idOf('organization'),
  agent: idOf('counterparty'),
  stores: [
    { code: 'main', warehouse: moysklad.book.store('main').id },
    { code: 'shop', warehouse: moysklad.book.store('shop').id },
  ],
  mainStore: 'main',
  callsIn3Seconds: 45,
  ...changes,
});

beforeAll(async () => {
  moysklad = await MoySkladDouble.start({ token: TOKEN });
  deployment = await Deployment.start({
    accounts: 1,
    variables: { MODULES: MODULE, MOYSKLAD_URL: moysklad.url, PROVIDER_BUDGET_MS: String(BUDGET_MS) },
  });
  desk = await StockDesk.open(deployment, deployment.nextCrm(), MODULE);
  behave();
  await save(settings());
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await moysklad?.close();
});
beforeEach(async () => {
  order++;
  moysklad.webhooks.mode = 'auto';
  await moysklad.webhooks.idle();
  moysklad.webhooks.clear();
  behave();
  await calm();
});
afterEach(() => {
  expect(deployment.complaints()).toEqual([]);
  // It is never in danger of being switched off, and other tokens live on.
  expect([moysklad.user.limits.ban, moysklad.countCalls('createToken')]).toEqual([undefined, 0]);
});

/** Resets MoySklad to its initial state, with room for many calls. */
function behave(): void {
  moysklad.faults.clear();
  moysklad.user.lacks.clear();
  moysklad.user.hidden.clear();
  moysklad.user.limits.clear();
  moysklad.account.tariff = 'paid';
  moysklad.setModes({
    ...{ basketUnits: 4_500, latencyMs: 0, gzip: true, currentRowsMost: undefined },
    ...{ recalculationMs: 0, recalculation: 'null', reserveChanges: 'unlisted', stockWebhookMs: 50 },
  });
}

const save = (values: object): Promise<object> => deployment.operator('PUT', `/connections/${desk.connection}/settings`, values);

/** Waits until no reading runs, and makes sure that no scheduled reading starts within the hour. */
async function calm(): Promise<void> {
  await deployment.stores.query(`UPDATE inventory_state SET due_at = now() + interval '1 hour'`);
  await until('nothing is being asked', async () => {
    return (await deployment.stores.query(`SELECT 1 FROM inventory_state WHERE lease_until > now()`)).length === 0;
  });
  // An event of the test before would be one more call.
  await deployment.settled();
}
const makeDue = (): Promise<unknown> => deployment.stores.query(`UPDATE inventory_state SET due_at = now()`);

/** A good that no test has used yet, with its stock in `main` and `shop`. */
function stocked(main?: number, shop?: number, more: MoySkladGoodInput = {}): MoySkladGood & { externalCode: string } {
  const good = moysklad.book.addGood({ externalCode: `good-${++goods}`, ...more });
  if (main !== undefined) moysklad.book.setStock(good.id, 'main', main);
  if (shop !== undefined) moysklad.book.setStock(good.id, 'shop', shop);
  return good;
}

const orders = (): MoySkladOrder[] =>
  [...moysklad.book.orders.values()].filter(({ syncId, deleted }) => syncId !== undefined && deleted === undefined);
/** The quantities of a good that our orders reserve, by the warehouse's code. */
function held(good: MoySkladGood): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const one of orders())
    for (const position of one.positions) {
      const reserve = moysklad.book.countReserve(one, position) / 10_000;
      const code = moysklad.book.store(one.store ?? '').code ?? '';
      if (position.good === good.id && reserve > 0) sums[code] = (sums[code] ?? 0) + reserve;
    }
  return sums;
}
/** Finds our orders of this CRM order by their goods. */
const ordersOf = (good: MoySkladGood): MoySkladOrder[] => orders().filter(({ positions }) => positions.some((one) => one.good === good.id));
const knows = (good: MoySkladGood, available: number, store = 'main'): Promise<unknown> =>
  until(
    `the CRM knows ${available} of ${good.externalCode}`,
    () => desk.known.get(`${good.externalCode}/${store}`)?.available === available,
  );
const reserve = async (...packs: WirePack[]): Promise<number> => (await desk.reserve(order, packs)).status;
const since = (from: number): Received<MoySkladCall>[] => moysklad.calls.slice(from);

describe('a shop with MoySklad', () => {
  it('is shown whose account it is, and which rights are missing', async () => {
    const check = async (): Promise<object> => deployment.operator('POST', `/connections/${desk.connection}/check`, {});
    const well = await check();
    expect(well).toMatchObject({ state: 'ok', account: expect.stringContaining('admin@lavka') });
    expect(well).toMatchObject({ warnings: {} });
    for (const right of ['seeCurrentStock', 'ownWebhooks', 'see'] as const) {
      moysklad.user.lacks.clear();
      moysklad.user.lacks.add(right);
      expect([right, await check()]).toMatchObject([right, { state: 'ok', warnings: { token: expect.any(String) } }]);
    }
  });

  it('is warned of warehouses that the CRM does not have', async () => {
    const stores = [
      { code: 'main', warehouse: moysklad.book.store('main').id },
      { code: 'hsop', warehouse: moysklad.book.store('shop').id },
    ];
    const path = `/connections/${desk.connection}/check`;
    expect(await deployment.operator('POST', path, settings({ stores }))).toMatchObject({
      ...{ state: 'ok', errors: {} },
      warnings: { 'stores[1].code': expect.stringContaining('В CRM нет ничего с таким кодом') },
    });
  });

  it('cannot save a token that MoySklad does not know', async () => {
    const reply = await deployment.askOperator(
      'PUT',
      `/connections/${desk.connection}/settings`,
      settings({ token: 'another-token-of-nobody' }),
    );
    expect(readRefusal(reply)).toMatchObject({ status: 400, errors: { token: expect.any(String) } });
  });
});

describe('inventoriesUpload', () => {
  it('tells exact figures of the mapped warehouses, and the purchase price', async () => {
    const [tea, honey] = [stocked(7.25, 3, { buyPrice: 123050 }), stocked(0.3333, 0)];
    moysklad.book.makeOrder({ store: 'main', positions: [{ good: tea.id, quantity: 2.25, reserve: 2.25 }] });
    moysklad.book.addStore(`Cellar ${goods}`);
    moysklad.book.setStock(tea.id, `Cellar ${goods}`, 100);
    const offers = await desk.ask([{ xmlId: tea.externalCode }, { xmlId: honey.externalCode }]);
    expect(offers).toEqual([
      {
        xmlId: tea.externalCode,
        stores: expect.arrayContaining([
          { code: 'main', available: 5, purchasePrice: 1230.5 },
          { code: 'shop', available: 3, purchasePrice: 1230.5 },
        ]),
      },
      {
        xmlId: honey.externalCode,
        stores: expect.arrayContaining([
          { code: 'main', available: 0.3333 },
          { code: 'shop', available: 0 },
        ]),
      },
    ]);
  });

  it('is answered in time although MoySklad is silent or slow', async () => {
    const tea = stocked(2, 1);
    moysklad.fail('*', { kind: 'hang' }, 5);
    const began = Date.now();
    const reply = await desk.account.post('/store/inventories-upload', { offers: [{ xmlId: tea.externalCode }] });
    expect([502, 503, 504]).toContain(reply.status);
    expect(Date.now() - began).toBeLessThan(2 * BUDGET_MS);
    moysklad.faults.clear();
  });
});

describe('inventoriesActualize', () => {
  it('reserves by one order for a warehouse, absolutely, and a repeat changes nothing', async () => {
    const [tea, cup] = [stocked(10), stocked(3)];
    const page = await AccountPage.open(desk.account);
    const isStepDone = async (): Promise<unknown> =>
      ((await page.call('GET', 'first-steps')).json as { steps: { isDone: boolean }[] }).steps.at(-1)?.isDone;
    expect(await isStepDone()).toBe(false);
    const reply = await desk.reserve(order, [pack(tea.externalCode, 4.5, 1), pack(cup.externalCode, 1, 2)]);
    expect(reply.status).toBe(200);
    expect(await isStepDone()).toBe(true);
    expect([held(tea), held(cup)]).toEqual([{ main: 4.5 }, { main: 1 }]);
    const [made] = ordersOf(tea);
    const updated = made?.updated;
    expect(await reserve(pack(tea.externalCode, 4.5, 1), pack(cup.externalCode, 1, 2))).toBe(200);
    expect(ordersOf(tea)).toMatchObject([{ id: made?.id, applicable: true }]);
    expect([held(tea), held(cup)]).toEqual([{ main: 4.5 }, { main: 1 }]);
    expect(await reserve(pack(tea.externalCode, 2, 1))).toBe(200);
    expect([held(tea), held(cup), ordersOf(tea).length]).toEqual([{ main: 2 }, { main: 1 }, 1]);
    expect(updated).toBeDefined();
    expect(await reserve(pack(tea.externalCode, 0, 1), pack(cup.externalCode, 0, 2))).toBe(200);
    expect([held(tea), held(cup)]).toEqual([{}, {}]);
    expect(moysklad.book.countFree(tea.id, 'main')).toBe(10);
  });

  it('racing orders never reserve more than there is', async () => {
    const tea = stocked(10);
    const from = (order += 10);
    moysklad.setModes({ latencyMs: 15 });
    const statuses = await Promise.all(
      Array.from({ length: 8 }, (_, n) => desk.reserve(from + n, [pack(tea.externalCode, 3, 1)]).then(({ status }) => status)),
    );
    moysklad.setModes({ latencyMs: 0 });
    order = from + 8;
    expect(statuses.filter((status) => ![200, 400, 502, 503, 504].includes(status))).toEqual([]);
    expect(moysklad.book.countFree(tea.id, 'main')).toBeGreaterThanOrEqual(0);
    // All reservations are cancelled, even if their outcome is unknown.
    for (let n = 0; n < 8; n++)
      await until('it is released', async () => (await desk.reserve(from + n, [pack(tea.externalCode, 0, 1)])).status === 200);
    expect(moysklad.book.countFree(tea.id, 'main')).toBe(10);
  }, 120_000);

  it('a lost reply to the first order, and to its change: reserved once', async () => {
    const tea = stocked(10);
    for (const [call, quantity] of [
      ['createOrder', 2],
      ['updateOrder', 3],
    ] as const) {
      moysklad.fail(call, { kind: 'drop-after' });
      expect([200, 502, 503, 504]).toContain(await reserve(pack(tea.externalCode, quantity, 1)));
      await until('it is reserved', async () => (await reserve(pack(tea.externalCode, quantity, 1))) === 200, 60_000);
      moysklad.faults.clear();
      expect([held(tea), ordersOf(tea).length]).toEqual([{ main: quantity }, 1]);
    }
  }, 120_000);

  it.each(['edit', 'create'] as const)('reports which right is missing: %s', async (right) => {
    const tea = stocked(10);
    if (right !== 'create') expect(await reserve(pack(tea.externalCode, 1, 1))).toBe(200);
    moysklad.user.lacks.add(right);
    const refusal = readRefusal(await desk.reserve(order, [pack(tea.externalCode, 2, 1)]));
    expect(refusal.status).toBe(400);
    moysklad.user.lacks.clear();
    expect(await reserve(pack(tea.externalCode, 2, 1))).toBe(200);
    expect(held(tea)).toEqual({ main: 2 });
  });
});

describe('changed stock', () => {
  it('is updated after a webhook, which the module has made itself', async () => {
    await until('the subscriptions are made', () =>
      [...moysklad.account.hooks.values()].some(({ family, enabled }) => family === 'webhookstock' && enabled),
    );
    const tea = stocked(4);
    await knows(tea, 4);
    moysklad.book.move(tea.id, 'main', -1.5);
    await knows(tea, 2.5);
    expect(moysklad.webhooks.attempts.length).toBeGreaterThan(0);
    expect(moysklad.webhooks.attempts.every(({ status }) => status === 200 || status === 204)).toBe(true);
  });

  it('is not believed of a stranger: another path, account or report', async () => {
    const hook = [...moysklad.account.hooks.values()].find(({ family }) => family === 'webhookstock');
    const address = hook?.url ?? '';
    expect(address).toContain(`/${MODULE}/webhooks/${desk.connection}/`);
    const body = (changes: object = {}): string =>
      JSON.stringify({
        ...{ accountId: moysklad.account.id, stockType: 'stock', reportType: 'bystore' },
        reportUrl: `${moysklad.base}/report/stock/bystore/current?changedSince=2026-11-27%2010%3A00%3A00`,
        ...changes,
      });
    const send = async (url: string, text: string): Promise<number> =>
      (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })).status;
    const before = moysklad.calls.length;
    const events = `SELECT count(*)::int AS n FROM inbox_event`;
    const count = async (): Promise<number> => ((await deployment.stores.query(events)) as { n: number }[])[0]?.n ?? 0;
    const known = await count();
    const forgedPath = address.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const [url, text] of [
      [forgedPath, body()],
      [address.replace(/\/[^/]+$/, ''), body()],
      [`${address}0`, body()],
      [address, body({ accountId: '00000000-0000-4000-8000-000000000000' })],
      [address, body({ accountId: undefined })],
      [address, '{"broken":'],
      [address, '[]'],
      [address, 'null'],
    ] as const) {
      const status = await send(url, text);
      expect([url === address, text, status >= 400 && status < 500]).toEqual([url === address, text, true]);
    }
    expect(await count()).toBe(known);
    expect(since(before)).toEqual([]);
  });

  it('is looked for at MoySklad only, whatever address a notice names', async () => {
    const visits: string[] = [];
    const { createServer } = await import('node:http');
    const trap = createServer((request, response) => {
      visits.push(request.url ?? '');
      response.end('[]');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = trap.address() as { port: number };
      moysklad.webhooks.mode = 'hold';
      const tea = stocked(4);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await moysklad.webhooks.flush({
        reportUrl: `http://127.0.0.1:${port}/report/stock/bystore/current?changedSince=1999-01-01 00:00:00`,
      });
      await knows(tea, 4);
      expect(visits).toEqual([]);
    } finally {
      trap.close();
    }
  });

  it('without a notice is found by the poll', async () => {
    moysklad.webhooks.mode = 'off';
    const [tea, cup] = [stocked(4), stocked(0.5, 2)];
    await makeDue();
    await knows(tea, 4);
    await knows(cup, 2, 'shop');
    moysklad.book.move(tea.id, 'main', -4);
    await makeDue();
    await knows(tea, 0);
  });

  it('has its subscriptions checked: a worker repairs a subscription that was switched off or deleted', async () => {
    const hooks = (): string[] =>
      [...moysklad.account.hooks.values()]
        .filter(({ enabled }) => enabled)
        .map(({ family, action }) => `${family} ${action ?? ''}`)
        .sort();
    const before = hooks();
    const [first, second] = [...moysklad.account.hooks.values()];
    if (first) first.enabled = false;
    if (second) moysklad.account.hooks.delete(second.id);
    expect(hooks()).not.toEqual(before);
    // As if the hour had passed after which they are looked at.
    await deployment.stores.query(`UPDATE provider_setup SET due_at = now() WHERE connection_id = $1`, [desk.connection]);
    await until('they are mended', () => JSON.stringify(hooks()) === JSON.stringify(before), 60_000);
  });
});

describe('a comparison', () => {
  it('finds what the CRM believes wrongly, and has it told', async () => {
    moysklad.webhooks.mode = 'off';
    const [tea, cup] = [stocked(4, 0, { buyPrice: 10_050 }), stocked(5, 0)];
    for (const row of [...desk.crm.context.rows('offers')]) desk.crm.context.remove('offers', row);
    desk.crm.context.insert('offers', { name: 'tea', xmlId: tea.externalCode, externalId: 'e1', stores: [{ store: 'main', quantity: 9 }] });
    desk.crm.context.insert('offers', { name: 'cup', xmlId: cup.externalCode, externalId: 'e2', stores: [{ store: 'main', quantity: 5 }] });
    await deployment.operator('POST', `/connections/${desk.connection}/stocks/reconcile`, {});
    const last = async (): Promise<{ state: string; checked: number; differed: number }> => {
      const path = `/connections/${desk.connection}/stocks/reconciliations?limit=1`;
      const { items } = await deployment.operator<{ items: { state: string; checked: number; differed: number }[] }>('GET', path);
      return items[0] ?? { state: 'none', checked: 0, differed: 0 };
    };
    expect(await until('it is done', async () => (await last()).state !== 'running' && (await last()), 60_000)).toMatchObject({
      ...{ state: 'done', checked: 2, differed: 1 },
    });
    await knows(tea, 4);
  }, 90_000);
});

describe('the limits of MoySklad', () => {
  it('end immediately if the credentials are rejected: nothing is repeated', async () => {
    const tea = stocked(3, 0);
    moysklad.fail('*', { kind: 'refuse', code: '1056' }, 20);
    const before = moysklad.calls.length;
    const reply = await desk.account.post('/store/inventories-upload', { offers: [{ xmlId: tea.externalCode }] });
    expect(reply.status).toBe(400);
    expect(since(before).length).toBeLessThanOrEqual(5);
    // Credentials that were refused are tried again only once they are saved.
    behave();
    await save(settings());
  });
});

describe('when processes die', () => {
  /** As if the minutes had passed after which a process is given up, and its outcome is looked for. */
  const makeDueAgain = async (): Promise<void> => {
    await deployment.stores.query(`UPDATE operation SET lease_until = now() - interval '1 second' WHERE state = 'running'`);
    await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
  };
  /** Expects that an order holds the quantity once. */
  const expectHeld = (good: MoySkladGood, wanted: number): void => {
    const ours = ordersOf(good);
    const sums = ours.map(({ positions }) => positions.reduce((sum, one) => sum + one.reserve / 10_000, 0));
    expect(sums.filter((sum) => sum === wanted)).toHaveLength(1);
    expect(moysklad.book.countFree(good.id, 'main')).toBe(100 - sums.reduce((all, sum) => all + sum, 0));
    expect(new Set(ours.map(({ syncId }) => syncId)).size).toBe(ours.length);
  };

  it('reservations survive a kill -9 of the api before they are written, when they are, and before they end', async () => {
    // Calls that hang last until the kill.
    deployment.variables.PROVIDER_BUDGET_MS = '20000';
    await deployment.separate('api');
    const listCalls = async (good: { externalCode: string }, quantity: number): Promise<Received<MoySkladCall>[]> => {
      const from = moysklad.calls.length;
      expect(await reserve(pack(good.externalCode, quantity, 1))).toBe(200);
      return since(from);
    };
    const known = stocked(100);
    const [made, grown] = [await listCalls(known, 1), await listCalls(known, 2)];
    const write = made.findIndex(({ call }) => call === 'createOrder');
    expect([write > 0, write < made.length - 1]).toEqual([true, true]);
    const points = [
      { calls: made, place: write - 1, grows: false },
      { calls: made, place: write, grows: false },
      { calls: made, place: made.length - 1, grows: false },
      { calls: grown, place: grown.findIndex(({ call }) => call === 'updateOrder'), grows: true },
    ];
    const dying: { act: () => Promise<number>; good: MoySkladGood; cut: Promise<unknown> }[] = [];
    for (const { calls, place, grows } of points) {
      const [good, own] = [stocked(100), ++order];
      if (grows) expect(await reserve(pack(good.externalCode, 1, 1))).toBe(200);
      const call = calls[place]?.call;
      if (!call) throw new Error(`a reservation has no call ${place}`);
      const earlier = calls.slice(0, place).filter((one) => one.call === call);
      for (const _ of earlier) moysklad.fail(call, { kind: 'delay', ms: 1 });
      moysklad.fail(call, { kind: 'hang' });
      const from = moysklad.calls.length;
      const act = async (): Promise<number> => (await desk.reserve(own, [pack(good.externalCode, 2, 1)])).status;
      const cut = act().catch(() => undefined);
      await until(`${call} hangs`, () => since(from).filter((one) => one.call === call).length > earlier.length);
      dying.push({ act, good, cut });
    }
    await deployment.killApi();
    await Promise.all(dying.map(({ cut }) => cut));
    moysklad.faults.clear();
    await deployment.startApi();
    for (const { act, good } of dying) {
      await until('the order is reserved', async () => {
        await makeDueAgain();
        return (await act()) === 200;
      });
      expectHeld(good, 2);
    }
  }, 300_000);

  it('reservations whose outcome is not known are found again although a worker is killed while it looks', async () => {
    await deployment.separate('worker');
    const acts = (['drop-after', 'drop-before'] as const).flatMap((kind) =>
      (['updateOrder', 'createOrder'] as const).map((call) => ({ kind, call, good: stocked(100), own: (order += 1) })),
    );
    const act = ({ good, own }: (typeof acts)[number]) => desk.reserve(own, [pack(good.externalCode, 2, 1)]);
    for (const one of acts) {
      if (one.call === 'updateOrder') expect((await desk.reserve(one.own, [pack(one.good.externalCode, 1, 1)])).status).toBe(200);
      moysklad.fail(one.call, { kind: one.kind });
      expect([502, 503, 504]).toContain((await act(one)).status);
    }
    moysklad.setModes({ latencyMs: 150 });
    const from = moysklad.calls.length;
    await makeDueAgain();
    await until('some steps are done', () => since(from).length >= 4);
    await deployment.killWorkers();
    moysklad.setModes({ latencyMs: 0 });
    await deployment.startWorker();
    // The CRM does not repeat its calls.
    const open = `SELECT 1 FROM operation WHERE connection_id = $1 AND state IN ('running', 'unknown')`;
    await until('they are settled', async () => {
      await makeDueAgain();
      return (await deployment.stores.query(open, [desk.connection])).length === 0;
    });
    for (const one of acts) {
      expectHeld(one.good, 2);
      // And the module knows it: the same again changes nothing.
      const writes = since(0).filter(({ method }) => method !== 'GET').length;
      expect((await act(one)).status).toBe(200);
      expect(since(0).filter(({ method }) => method !== 'GET')).toHaveLength(writes);
    }
  }, 240_000);
});

describe('at the end', () => {
  it('tokens appear in no table, log or reply', async () => {
    const tables = await deployment.stores.query<{ tablename: string }>(
      `SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'bullmq')`,
    );
    for (const { tablename } of tables) {
      const rows = await deployment.stores.query(`SELECT 1 FROM ${tablename} t WHERE t::text ~ '${SECRETS.source}'`).catch(() => []);
      expect([tablename, rows.length]).toEqual([tablename, 0]);
    }
    const { values } = await deployment.operator<{ values: object }>('GET', `/connections/${desk.connection}/settings`);
    expect(JSON.stringify(values)).not.toMatch(SECRETS);
    expect(deployment.lastOutput).not.toMatch(SECRETS);
  });

  it('a module that is switched off takes its subscriptions along, and only those', async () => {
    const foreign = { stockType: 'stock', reportType: 'bystore' } as const;
    const theirs = randomUUID();
    moysklad.account.hooks.set(theirs, {
      ...{ id: theirs, family: 'webhookstock', url: 'https://other.example/hook', enabled: true, failedDays: new Set<number>() },
      ...foreign,
    });
    expect(moysklad.account.hooks.size).toBeGreaterThan(1);
    await desk.account.activity(false, false);
    await until('ours are gone', () => moysklad.account.hooks.size === 1, 60_000);
    expect([...moysklad.account.hooks.keys()]).toEqual([theirs]);
    await desk.account.activity(true, false);
    await until('they are made again', () => moysklad.account.hooks.size > 1, 60_000);
    expect(moysklad.account.hooks.has(theirs)).toBe(true);
  }, 120_000);
});
