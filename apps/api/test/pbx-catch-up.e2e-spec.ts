import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Deployment, START_MS } from './support/deployment.js';
import { type PbxDesk, PbxHost } from './support/pbx-desk.js';
import { until } from './support/until.js';

const CUSTOMER = '79161234567';
const OURS = '74950000000';

interface CatchUpRow {
  until: Date;
  due_at: Date;
  tries: number;
  problem: string | null;
}

let host: PbxHost;
let deployment: Deployment;

const openDesk = (settings?: object): Promise<PbxDesk> => host.openDesk(settings);

const findCatchUp = async (desk: PbxDesk): Promise<CatchUpRow | undefined> =>
  (await deployment.stores.query<CatchUpRow>('SELECT * FROM telephony_catchup WHERE connection_id = $1', [desk.connectionId]))[0];
/** Changes columns of a table's rows of the account. */
const set = (desk: PbxDesk, table: string, columns: string): Promise<unknown> =>
  deployment.stores.query(`UPDATE ${table} SET ${columns} WHERE connection_id = $1`, [desk.connectionId]);
const caughtUp = (desk: PbxDesk): Promise<unknown> =>
  until('its records are read', async () => ((await findCatchUp(desk))?.until.getTime() ?? 0) > Date.now() - 120_000, 90_000);
const listShown = (desk: PbxDesk, call: { id: string }): string[] =>
  desk
    .listEvents(call.id)
    .map(({ type, codes, hangupStatus }) => [type, ...Array.from(codes ?? []), hangupStatus].filter(Boolean).join(' '));

describe('calls of a PBX whose webhooks did not come', () => {
  beforeAll(async () => {
    host = await PbxHost.start(8);
    ({ deployment } = host);
  }, START_MS);

  afterEach(async () => {
    expect(await host.closeDesks()).toEqual([]);
  });

  afterAll(() => host?.deployment.stop(), 60_000);

  it('after an outage of an hour each call exists once, complete', async () => {
    const desk = await openDesk();
    const begun = Date.now();
    const minutesAgo = (minutes: number): Date => new Date(begun - minutes * 60_000);
    await until('it is followed', () => findCatchUp(desk));
    const open = desk.pbx.incoming(CUSTOMER, OURS, minutesAgo(80)).ring('101').answer('101', minutesAgo(79));
    await until('it is shown', () => listShown(desk, open).length === 1);
    const waiting = `SELECT 1 FROM outbox WHERE connection_id = $1 AND kind = 'telephony.event' AND state = 'pending'`;
    await until('that is known', async () => (await deployment.stores.query(waiting, [desk.connectionId])).length === 0);
    await Promise.all([deployment.stopApi(), deployment.stopWorkers()]);
    // As if the call had been reported in time.
    await set(desk, 'telephony_call', `memory = jsonb_set(memory, '{answeredAt}', to_jsonb('${minutesAgo(79).toISOString()}'::text))`);
    await set(desk, 'telephony_catchup', `until = now() - interval '60 minutes', due_at = now() + interval '50 minutes'`);

    open.end('answered', minutesAgo(50));
    const taken = desk.pbx.incoming('79161234568', OURS, minutesAgo(45)).ring('101').ring('102').answer('102', minutesAgo(44));
    taken.end('answered', minutesAgo(40));
    const dialled = desk.pbx.outgoing('103', '79161234569', OURS, minutesAgo(30)).answer(minutesAgo(29)).end('answered', minutesAgo(27));
    const missed = desk.pbx.incoming('79161234560', OURS, minutesAgo(20)).ring('101').end('no answer', minutesAgo(19));
    await desk.pbx.webhooks.idle();
    expect(desk.pbx.lost.size).toBe(4);
    await Promise.all([deployment.startApi(), deployment.startWorker()]);

    const calls = [open, taken, dialled, missed];
    const [first, second, third, fourth] = await Promise.all(calls.map(({ id }) => desk.uploaded(id, 90_000)));
    expect(first).toMatchObject({ type: 'in', phone: '+79161234567', code: '101', result: 'answered' });
    // It started 80 minutes ago and was answered a minute later. The talk lasted 29 minutes.
    expect(Math.abs((first?.duration ?? 0) - 30 * 60)).toBeLessThan(5);
    expect(second).toMatchObject({ type: 'in', phone: '+79161234568', code: '102', userId: 12, result: 'answered', duration: 240 });
    expect(third).toMatchObject({ type: 'out', phone: '+79161234569', code: '103', result: 'answered', duration: 120 });
    expect(fourth).toMatchObject({ type: 'in', phone: '+79161234560', code: '101', result: 'no answer' });
    await until('the open one closes', () => listShown(desk, open).length === 2, 60_000);
    expect(listShown(desk, open)).toEqual(['in 101', 'hangup 101 answered']);
    // No one's screen shows a call that ended long ago.
    expect([taken, dialled, missed].flatMap((call) => listShown(desk, call))).toEqual([]);

    await caughtUp(desk);
    const before = (await findCatchUp(desk))?.until.getTime() ?? 0;
    await set(desk, 'telephony_catchup', 'due_at = now()');
    await until('it is read again', async () => ((await findCatchUp(desk))?.until.getTime() ?? 0) > before, 60_000);
    const late = desk.pbx.incoming('79161234561', OURS).ring('101').end();
    await desk.uploaded(late.id);
    expect([...calls, late].map((call) => desk.countUploads(call))).toEqual([1, 1, 1, 1, 1]);
  }, 240_000);

  it('its page and the operator see when events came, and until when its records are known', async () => {
    const desk = await openDesk();
    await until('it is followed', () => findCatchUp(desk), 60_000);
    const readPage = async (): Promise<string> => (await desk.account.post('/telephony/account', {})).bytes.toString();
    const view = async (): Promise<object | undefined> => {
      const { items } = await deployment.operator<{ items: { connection: string }[] }>('GET', '/telephony-webhooks');
      return items.find(({ connection }) => connection === desk.connectionId);
    };
    expect(await readPage()).toContain('Последнее событие от АТС: <b>пока не было</b>');
    expect(await view()).toEqual({ connection: desk.connectionId, caughtUpUntil: expect.any(String) });
    // A call that is found in the records does not count as an event.
    desk.pbx.webhooks.mode = 'off';
    const missed = desk.pbx.incoming(CUSTOMER, OURS).ring('101').end();
    desk.pbx.webhooks.mode = 'auto';
    await set(desk, 'telephony_catchup', 'due_at = now()');
    await desk.uploaded(missed.id, 60_000);
    expect(await readPage()).toMatch(/Последнее событие от АТС: <b>пока не было<\/b><br>Пропущенные звонки проверены до: \d/);
    desk.pbx.fail('statistics', { kind: 'rate-limit', retryAfterSeconds: 600 });
    await set(desk, 'telephony_catchup', 'due_at = now()');
    await until('it is refused', async () => (await findCatchUp(desk))?.problem, 60_000);
    expect(((await findCatchUp(desk))?.due_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(540_000);
    const call = desk.pbx.incoming(CUSTOMER, OURS).end();
    await until('it is kept', async () => (await view()) && 'lastEventAt' in ((await view()) ?? {}));
    expect(call.id).toBeDefined();
    const html = await readPage();
    expect(html).toMatch(/Последнее событие от АТС: <b>\d{1,2} \S+ \d{4} /);
    // In the account's language. The PBX's own words are for operators.
    expect(html).toContain('АТС не удалось опросить; модуль пробует снова.');
    expect(html).not.toContain('asks to be called less often');
    expect(await view()).toMatchObject({ problem: 'Fake PBX asks to be called less often. Try again in a moment.' });
  }, 180_000);

  it('a call without an end is over after four hours, unless its end may still be found', async () => {
    const [desk, waiting] = [await openDesk(), await openDesk()];
    for (const one of [desk, waiting]) await until('it is followed', () => findCatchUp(one), 60_000);
    const start = (one: PbxDesk): { id: string } => one.pbx.incoming(CUSTOMER, OURS).ring('101').answer('101');
    const [lost, found] = [start(desk), start(waiting)];
    for (const [one, call] of [[desk, lost] as const, [waiting, found] as const])
      await until('it is shown', () => listShown(one, call).length === 1);
    // The records of the other's PBX were not read since.
    await set(waiting, 'telephony_catchup', `until = now() - interval '241 minutes', due_at = now() + interval '1 hour'`);
    for (const one of [desk, waiting]) await set(one, 'telephony_call', `updated_at = now() - interval '240 minutes 5 seconds'`);
    expect(await desk.uploaded(lost.id, 120_000)).toMatchObject({ result: 'unknown', code: '101', phone: '+79161234567' });
    await until('it closes', () => listShown(desk, lost).length === 2);
    expect(listShown(desk, lost)).toEqual(['in 101', 'hangup 101 failed']);
    expect(listShown(waiting, found)).toEqual(['in 101']);
    await set(waiting, 'telephony_call', `updated_at = now() - interval '29 hours'`);
    expect(await waiting.uploaded(found.id, 120_000)).toMatchObject({ result: 'unknown' });
  }, 300_000);

  it('of an account that was off for long are not looked for', async () => {
    const desk = await openDesk();
    await until('it is followed', () => findCatchUp(desk), 60_000);
    await desk.account.activity(true, true);
    await until('it is no more', async () => (await findCatchUp(desk)) === undefined, 60_000);
    await desk.account.activity(true, false);
    await until('it is again', async () => ((await findCatchUp(desk))?.until.getTime() ?? 0) > Date.now() - 30_000, 60_000);
  }, 180_000);

  it('a caller is put through to a manager who is busy too, if the settings allow it', async () => {
    const desk = await openDesk({ routes: true });
    desk.addCustomer('+79161234567', '102');
    const [user] = desk.crm.context.rows('users').filter((row) => row['id'] === 12);
    if (user) user['status'] = 'busy';
    await until('the CRM knows the codes', () => desk.account.registration.integrations?.telephony?.additionalCodes);
    const ask = async (): Promise<string> => {
      const call = desk.pbx.incoming(CUSTOMER, OURS);
      return until('it is answered', () => desk.pbx.findAnswer(call.id) !== undefined && { text: desk.pbx.findAnswer(call.id) ?? '' }).then(
        ({ text }) => text,
      );
    };
    expect(await ask()).toBe('');
    await desk.set({ routes: true, routesToBusy: true });
    expect(JSON.parse(await ask())).toMatchObject({ redirect: '102' });
  });
});
