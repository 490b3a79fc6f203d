import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeCarrier, sampleOrder, wireSave } from '#testing';
import { Account, readRefusal, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';
const ORDER = '4100';
const NUMBER = '4100A';

interface Story {
  title: string;
  connection: { host: string; stopped?: string };
  things: { kind: string; id: string; state: string; ids: Record<string, string> }[];
  waiting: string[];
  nextSteps: string[];
  events: {
    at: string;
    source: string;
    title: string;
    outcome: string;
    request?: string;
    details: Record<string, unknown>;
    failure?: object;
  }[];
}

interface Hit {
  kind: string;
  id: string;
  connection: string;
  host: string;
  module: string;
  matched: string;
  story?: string;
}

interface Task {
  id: string;
  state: string;
  result: Record<string, number>;
  startedBy: string;
}

let deployment: Deployment;
let carrier: FakeCarrier;
let account: Account;
let connection: string;

const save = (order = ORDER, number = NUMBER, changes: Parameters<typeof wireSave>[2] = {}): Promise<Reply> =>
  account.save(wireSave('express', sampleOrder('moscowCourier', { order, orderNumber: number }), changes));
const readStory = (kind = 'order', id = ORDER): Promise<Story> =>
  deployment.operator('GET', `/stories/${kind}/${id}?connection=${connection}`);
const search = async (q: string): Promise<Hit[]> =>
  (await deployment.operator<{ items: Hit[] }>('GET', `/search?q=${encodeURIComponent(q)}`)).items;
/** The titles of a story, with their outcomes. */
const tell = ({ events }: Story): string[] => events.map(({ outcome, title }) => `${outcome}: ${title}`);
const report = (deliveryId: string, code: string): Promise<unknown> =>
  deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code, updatedAt: new Date().toISOString() }]);
/** Waits until the story matches the pattern. */
const untilTold = (pattern: RegExp, part: (story: Story) => string[] = tell): Promise<Story> =>
  until(
    `the story says ${pattern.source}`,
    async () => {
      const story = await readStory();
      return part(story).some((text) => pattern.test(text)) && story;
    },
    25_000,
  );
const runTask = async (path: string, body: object): Promise<Task> => {
  const { id } = await deployment.operator<Task>('POST', path, body);
  return until('the task is done', async () => {
    const task = await deployment.operator<Task>('GET', `/tasks/${id}`);
    return task.state !== 'running' && task;
  });
};

beforeAll(async () => {
  carrier = await FakeCarrier.start();
  carrier.webhooks.mode = 'off';
  deployment = await Deployment.start({ accounts: 1, withFakeCarrier: true, variables: { PROVIDER_BUDGET_MS: '1500' } });
  account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
  ({ id: connection } = await deployment.getConnection(account.crm));
  const { url: baseUrl, apiKey, webhookSecret } = carrier;
  await deployment.operator('PUT', `/connections/${connection}/settings`, { baseUrl, apiKey, webhookSecret });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
});

/** One order, whose delivery fails at each step in turn. The story describes what happened, and why. */
describe('the story of an order', () => {
  let deliveryId: string;
  let poisoned: string;

  it('shows that the callback was wrong, and its problem', async () => {
    const { packages: _, ...wrong } = wireSave('express', sampleOrder('moscowCourier', { order: ORDER, orderNumber: NUMBER }));
    expect((await account.post('/delivery/save', { save: wrong })).status).toBe(400);
    const { events } = await untilTold(/^failed: The CRM called delivery\.save and was refused with 400: .+/);
    expect((await readStory()).nextSteps).toEqual([
      expect.stringMatching(/^The last delivery\.save of the CRM was refused with 400: .+[^.]\. Correct/),
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ source: 'callback', journal: expect.any(String), request: expect.any(String) }),
    );
  });

  it('shows that the carrier rejected it, and nothing was made', async () => {
    carrier.fail('createOrder', { kind: 'error-before', status: 400 });
    expect(readRefusal(await save()).status).toBe(400);
    const story = await readStory();
    expect(story).toMatchObject({ title: `Order ${ORDER}`, things: [], waiting: [] });
    await untilTold(/^failed: .* was called \(createOrder|^failed: .* was called \(save/);
    expect(tell(story)).toContainEqual(
      expect.stringMatching(/^failed: .* was asked to make the delivery\. It was rejected, and nothing was done: .+/),
    );
    expect(await search(ORDER)).toContainEqual(
      expect.objectContaining({ kind: 'order', connection, story: expect.stringContaining(`/stories/order/${ORDER}`) }),
    );
  });

  it('shows that it is unknown whether the carrier made it, and what to do', async () => {
    carrier.fail('createOrder', { kind: 'drop-before' });
    carrier.fail('findOrders', { kind: 'error-before' }, 1000);
    expect(readRefusal(await save()).status).toBe(504);
    const { waiting, nextSteps, events } = await untilTold(/^unknown: .* The outcome is not known yet: .*It was checked \w+/);
    expect(events).toContainEqual(
      expect.objectContaining({ outcome: 'unknown', failure: { what: 'operations', id: expect.stringMatching(/^[0-9a-f-]{36}$/) } }),
    );
    expect(waiting).toContainEqual(expect.stringMatching(/Nothing is sent twice meanwhile/));
    expect(nextSteps).toContainEqual(expect.stringMatching(/checked again automatically\. POST \/operator\/api\/operations\/\S+\/replay/));
    const groups = await deployment.operator<{ items: { what: string; group: string; kind: string; count: number }[] }>('GET', '/failures');
    expect(groups.items).toMatchObject([{ what: 'operations', kind: 'delivery.save', count: 1 }]);
    carrier.faults.clear();
    // If the carrier's breaker is still open, the operation is looked up again automatically.
    const task = await runTask('/failures/replay', { what: 'operations', group: groups.items[0]?.group });
    expect([{ refused: 1 }, { 'unknown still': 1 }]).toContainEqual(task.result);
    await untilTold(/^failed: Known \d+ s later: .*the provider never received it/);
  });

  it('shows that it was made, under which ids, and that the CRM was notified', async () => {
    ({ deliveryId } = readSaved(await save()));
    const story = await untilTold(/^ok: Message #\d+ \(status of the delivery: \S+\) was accepted by the CRM/).catch(() => readStory());
    expect(story.things).toMatchObject([
      { kind: 'delivery', id: deliveryId, state: 'registered', ids: { order: ORDER, 'order number': NUMBER } },
    ]);
    expect(tell(story)).toContainEqual(expect.stringMatching(/^ok: .* was asked to make the delivery\. It succeeded\./));
    expect(tell(story)).toContainEqual(expect.stringMatching(/^ok: The delivery got the status registered/));
    const at = story.events.map((event) => Date.parse(event.at));
    expect(at).toEqual(at.toSorted((left, right) => left - right));
  });

  it('shows that the CRM rejected a status, then that the message failed, and how to continue', async () => {
    account.crm.refuse('*/tracking', `"${deliveryId}"`);
    await report(deliveryId, 'in-transit');
    const refused = await untilTold(/^waiting: Message #\d+ .* is not sent yet\. The CRM of \S+ rejected it once since/);
    expect(refused.waiting).toContainEqual(expect.stringMatching(/Message #\d+ \(status of the delivery\): The CRM of/));
    ({ deliveryId: poisoned } = readSaved(await save('4101', '4101A')));
    await report(poisoned, 'in-transit');
    const { nextSteps, events } = await untilTold(
      /^failed: Message #\d+ .* failed: it was rejected \d+ times\. Last error: .*Errors in the input parameters/,
    );
    expect(events).toContainEqual(
      expect.objectContaining({ outcome: 'failed', failure: { what: 'outbox', id: expect.stringMatching(/^\d+$/) } }),
    );
    expect(nextSteps).toContainEqual(expect.stringMatching(/failed\. POST \/operator\/api\/outbox\/\d+\/replay tries it again/));
    account.crm.recover();
    expect(await runTask('/failures/replay', { what: 'outbox', connection })).toMatchObject({
      result: { queued: 1 },
      startedBy: expect.any(String),
    });
    await untilTold(/^ok: Message #\d+ \(status of the delivery: in-transit\) was accepted by the CRM at attempt \d+\. Previous error: /);
  });

  it('shows that the CRM is down, and when the next try is', async () => {
    account.crm.fail('*', { kind: '503' }, 10_000);
    await report(deliveryId, 'out-for-delivery');
    await untilTold(
      /Paused: the CRM of \S+ has not accepted calls since .* \(\w+( times)?, the last time: .*\)\. The next attempt is at \d{4}-/,
      ({ waiting }) => waiting,
    );
    account.crm.recover();
  });

  it('shows that the connection is frozen by the operator', async () => {
    await deployment.operator('POST', `/connections/${connection}/freeze`);
    const story = await readStory();
    expect(story.connection.stopped).toMatch(/frozen by the operator since .* UTC\. Callbacks are refused and nothing is sent until POST/);
    expect(story.waiting.filter((text) => text.includes(story.connection.stopped ?? ''))).toEqual([story.connection.stopped]);
    expect(story.nextSteps[0]).toMatch(/\/unfreeze\.$/);
    await deployment.operator('POST', `/connections/${connection}/unfreeze`);
    await untilTold(/^ok: Message #\d+ \(status of the delivery: out-for-delivery\) was accepted by the CRM/);
    expect((await readStory()).connection).not.toHaveProperty('stopped');
  });

  it("shows that a carrier's webhook cannot be applied", async () => {
    const externalId = carrier.orders(`${ORDER}-1`).at(-1)?.id;
    await deployment.stores.query(
      `INSERT INTO inbox_event (connection_id, event_id, kind, payload, about) VALUES ($1, $2, 'delivery.reports', $3, ARRAY['delivery:' || $4])`,
      [connection, randomUUID(), JSON.stringify({ reports: [{ externalId, code: 'delivered', updatedAt: 'nonsense' }] }), externalId],
    );
    await untilTold(
      /^waiting: .* sent event #\d+\. It cannot be applied \(tried \w+( times)?\): "nonsense" is not a date and time\. The next attempt is at/,
    );
    await deployment.stores.query(
      `UPDATE inbox_event SET state = 'failed', failed_at = now(), error_group = 'no moment' WHERE state = 'pending'`,
    );
    expect(await runTask('/failures/discard', { what: 'inbox', group: (await listGroups('inbox'))[0] })).toMatchObject({
      result: { discarded: 1 },
    });
    await untilTold(/^failed: Event #\d+ of .* was discarded by \S+ and never applied/);
    const body = JSON.stringify({ events: [{ id: randomUUID(), order: externalId, state: 'delivered', at: new Date() }] });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', carrier.webhookSecret).update(`${timestamp}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-carrier-timestamp': timestamp, 'x-carrier-signature': signature };
    expect((await deployment.send(`/${MODULE}/webhooks/${connection}`, { method: 'POST', headers, body })).status).toBe(200);
    await untilTold(/^ok: .* sent event #\d+\. It was stored, acknowledged and applied/);
    expect((await readStory('delivery', deliveryId)).things).toMatchObject([{ state: 'delivered' }]);
  });

  it('shows that the connection is a trial', async () => {
    await deployment.stores.query('UPDATE connection SET shadow = true WHERE id = $1', [connection]);
    expect((await readStory()).waiting[0]).toMatch(/^This connection is a trial\. Nothing is sent to the CRM or created at a provider/);
    await deployment.stores.query('UPDATE connection SET shadow = false WHERE id = $1', [connection]);
  });

  it('is found by whatever names it, across shops', async () => {
    const [{ ids } = { ids: {} as Record<string, string> }] = (await readStory()).things;
    const found = { kind: 'delivery', id: deliveryId, connection, module: MODULE, story: `/operator/api/stories/delivery/${deliveryId}` };
    for (const [q, matched] of [
      [ORDER, 'order'],
      [NUMBER, 'order number'],
      [deliveryId, 'delivery'],
      [ids['track number'] ?? '', 'track number'],
      [ids['id at the carrier'] ?? '', 'id at the carrier'],
    ] as const)
      expect(await search(q)).toContainEqual(expect.objectContaining({ ...found, matched }));
    const { host } = new URL(account.crm.url);
    expect(await search(host)).toContainEqual(expect.objectContaining({ kind: 'connection', id: connection, host, module: MODULE }));
    expect(await search(connection)).toContainEqual(expect.objectContaining({ kind: 'connection', matched: 'connection' }));
    expect(await search('nothing has this name')).toEqual([]);
    expect((await search(host)).map(({ kind, matched }) => [kind, matched])).toEqual([['connection', 'host']]);
    expect((await search(host.slice(0, 5))).map(({ matched }) => matched)).toEqual(['beginning of the host']);
  });

  it('is found by the phone of its recipient, before rows of the journal, page by page', async () => {
    const phone = sampleOrder('moscowCourier').customer.phone;
    const hits = await until(
      'the delivery is found by its phone',
      async () => {
        const found = await search(phone);
        return found.some(({ kind, id }) => kind === 'delivery' && id === deliveryId) && found;
      },
      25_000,
    );
    expect(hits).toContainEqual(expect.objectContaining({ kind: 'order', id: ORDER, connection, matched: 'phone' }));
    const order = ['delivery', 'order', 'exchange'];
    const ranks = hits.map(({ kind }) => order.indexOf(kind));
    expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
    expect(new Set(ranks)).toEqual(new Set([0, 1, 2]));
    const q = encodeURIComponent(phone);
    const ask = (page: string): Promise<{ items: Hit[]; total: number }> => deployment.operator('GET', `/search?q=${q}&${page}`);
    const [first, second, none] = [await ask('limit=1'), await ask('limit=1&page=2'), await ask('limit=50&page=9')];
    expect([first.items, second.items].flat()).toEqual(hits.slice(0, 2));
    expect(first.total).toBe(hits.length);
    expect(none).toEqual({ items: [], total: hits.length });
    expect((await ask(`connection=${connection}`)).total).toBe(hits.length);
    expect((await ask('connection=another')).total).toBe(0);
    expect((await deployment.askOperator('GET', `/search?q=${q}&page=0`)).status).toBe(400);
  });

  it('is refused where nothing is known, in words', async () => {
    expect((await deployment.askOperator('GET', `/stories/order/${ORDER}`)).status).toBe(400);
    expect((await deployment.askOperator('GET', `/stories/order/none?connection=${connection}`)).status).toBe(404);
    expect((await deployment.askOperator('GET', `/stories/delivery/none`)).status).toBe(404);
    expect((await deployment.askOperator('GET', `/stories/parcel/1`)).status).toBe(404);
    expect((await deployment.askOperator('POST', '/failures/discard', { what: 'outbox' })).json).toMatchObject({
      errors: { all: expect.any(String) },
    });
    expect((await deployment.askOperator('POST', '/failures/discard', { what: 'operations', all: true })).status).toBe(400);
    for (const group of ['%00', 'none']) expect((await deployment.askOperator('GET', `/failures/outbox/${group}`)).status).toBe(404);
    const [from, to] = ['2026-11-27T10:00:00Z', '2026-11-27T09:00:00Z'];
    for (const [wrong, field] of [
      [{ ids: [] }, 'ids'],
      [{ from, to }, 'to'],
    ] as const)
      expect((await deployment.askOperator('POST', '/failures/replay', { what: 'outbox', ...wrong })).json).toMatchObject({
        errors: { [field]: expect.anything() },
      });
    expect((await deployment.askOperator('POST', '/failures/replay', { what: 'outbox', grup: 'x' })).json).toMatchObject({
      errors: { grup: 'is not known' },
    });
  });

  const listGroups = async (what: string): Promise<string[]> =>
    (await deployment.operator<{ items: { group: string }[] }>('GET', `/failures?what=${what}`)).items.map(({ group }) => group);
});
