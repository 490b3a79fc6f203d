import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import type { ZadarmaNotice } from '#testing';
import { Client } from 'pg';
import { readRefusal } from './support/account.js';
import { type Deployment, START_MS } from './support/deployment.js';
import { type PbxDesk, PbxHost } from './support/pbx-desk.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

const CUSTOMER = '79161234567';
const OURS = '74950000000';

interface CallRow {
  external_id: string;
  reference: string | null;
  outcome: string | null;
  code: string | null;
  phone: string | null;
  ended_at: Date | null;
}

interface OperationView {
  id: string;
  state: string;
  result?: { externalId?: string };
}

let host: PbxHost;
let deployment: Deployment;

const openDesk = (settings?: object): Promise<PbxDesk> => host.openDesk(settings);

/** Stored calls, the oldest row first. */
const listCalls = (desk: PbxDesk): Promise<CallRow[]> =>
  deployment.stores.query('SELECT * FROM telephony_call WHERE connection_id = $1 ORDER BY id', [desk.connectionId]);
const findCall = async (desk: PbxDesk, id: string): Promise<CallRow | undefined> =>
  (await listCalls(desk)).find((call) => call.external_id === id);
/** How many notices are stored, and how many of them wait. */
async function countEvents(desk: PbxDesk): Promise<{ all: number; pending: number; failed: number }> {
  const rows = await deployment.stores.query<{ state: string }>('SELECT state FROM inbox_event WHERE connection_id = $1', [
    desk.connectionId,
  ]);
  const count = (state: string): number => rows.filter((row) => row.state === state).length;
  return { all: rows.length, pending: count('pending'), failed: count('failed') };
}
/** Until every notice that was stored has been applied. */
async function settle(desk: PbxDesk): Promise<void> {
  await desk.pbx.webhooks.idle();
  await until('all is applied', async () => (await countEvents(desk)).pending === 0, 60_000);
}
/** Lists the events of a call that users saw: type, codes, outcome. */
const listShown = (desk: PbxDesk, call: string): string[] =>
  desk
    .listEvents(call)
    .map(({ type, codes, hangupStatus }) => [type, ...Array.from(codes ?? []), ...(hangupStatus ? [hangupStatus] : [])].join(' '));
const click = (desk: PbxDesk, code: string, phone: string): Promise<{ status: number }> =>
  desk.account.get('/telephony/make-call', { code, phone });
const listOperations = async (desk: PbxDesk): Promise<OperationView[]> =>
  deployment.stores.query(`SELECT id, state, result FROM operation WHERE connection_id = $1 AND kind = 'telephony.call' ORDER BY id`, [
    desk.connectionId,
  ]);
/** Lets the time pass that what killed processes have held stays theirs. */
const letHoldsEnd = (): Promise<unknown> => deployment.stores.query(`UPDATE outbox SET not_before = now() WHERE not_before > now()`);

describe.each(anyBackend)('a PBX that reports over HTTP, queue on %s', (backend) => {
  beforeAll(async () => {
    host = await PbxHost.start(30, { backend, workers: 2 });
    ({ deployment } = host);
  }, START_MS);

  afterEach(async () => {
    expect(await host.closeDesks()).toEqual([]);
  });

  afterAll(() => host?.deployment.stop(), 60_000);

  it('an incoming call is reported immediately and uploaded when it ends', async () => {
    const desk = await openDesk();
    const call = desk.pbx.incoming(CUSTOMER, OURS).ring('101').ring('102');
    await until('it pops up', () => desk.listEvents(call.id).length === 2);
    call.answer('101');
    await until('the other phone is free', () => desk.listEvents(call.id).length === 3);
    call.end();
    const uploaded = await desk.uploaded(call.id);
    await until('it closes', () => desk.listEvents(call.id).length === 4);
    const same = { phone: '+79161234567', site: 'main', externalPhone: '+74950000000', callExternalId: call.id };
    expect(desk.listEvents(call.id)).toEqual([
      { ...same, codes: ['101'], type: 'in' },
      { ...same, codes: ['102'], type: 'in' },
      { ...same, codes: ['102'], type: 'hangup', hangupStatus: 'cancel' },
      { ...same, codes: ['101'], type: 'hangup', hangupStatus: 'answered' },
    ]);
    expect(uploaded).toMatchObject({
      ...{ type: 'in', phone: '+79161234567', code: '101', userId: 11, result: 'answered', externalId: call.id },
      ...{ site: 'main', externalPhone: '+74950000000' },
    });
    expect(uploaded.recordUrl).toBeUndefined();
    const begun = new Date(`${String(uploaded.date).replace(' ', 'T')}+03:00`).getTime();
    expect(Math.abs(Date.now() - begun)).toBeLessThan(60_000);
  });

  it('is registered with the events that its webhook reports', async () => {
    const desk = await openDesk();
    await until('the settings are registered', () => desk.account.registration.integrations?.telephony?.externalPhones);
    expect(desk.account.registration.integrations?.telephony).toMatchObject({
      ...{ makeCallUrl: '/telephony/make-call', allowEdit: true },
      ...{ inputEventSupported: true, outputEventSupported: true, hangupEventSupported: true },
    });
  });

  it('the personal account shows its calls, and the time of the last event instead of a line', async () => {
    const desk = await openDesk();
    const read = async (): Promise<string> => (await desk.account.post('/telephony/account', {})).bytes.toString();
    expect(await read()).toContain('Последнее событие от АТС: <b>пока не было</b>');
    const call = desk.pbx.incoming(CUSTOMER, OURS).ring('101').end();
    await desk.uploaded(call.id);
    const html = await read();
    expect(html).toContain('+79161234567');
    expect(html).toMatch(/Последнее событие от АТС: <b>\d{1,2} \S+ \d{4}/);
    expect(html).not.toContain('Связь с АТС:');
  });

  it('what is dialled at a phone, transferred, missed, or taken by a menu', async () => {
    const desk = await openDesk({ missedCode: '103' });
    desk.pbx.modes.fullLogins = true;
    const dialled = desk.pbx.outgoing('102', CUSTOMER, OURS);
    const transferred = desk.pbx.incoming('', OURS).ring('101').answer('101').ring('102').answer('102');
    const missed = desk.pbx.incoming('79161234568', OURS);
    const rung = desk.pbx.incoming('79161234569', OURS).ring('102');
    const menu = desk.pbx.incoming('79161234560', OURS).menu();
    dialled.answer().end();
    transferred.end();
    missed.end();
    rung.end('no answer');
    menu.end();
    const upload = async (call: { id: string }): Promise<wire.TelephonyCall> => desk.uploaded(call.id);
    expect(await upload(dialled)).toMatchObject({ type: 'out', phone: '+79161234567', code: '102', userId: 12, result: 'answered' });
    expect(await upload(transferred)).toMatchObject({ type: 'in', phone: 'anonymous', code: '102', result: 'answered' });
    expect(await upload(missed)).toMatchObject({ code: '103', result: 'no answer' });
    expect(await upload(rung)).toMatchObject({ code: '102', result: 'no answer' });
    expect(await upload(menu)).toMatchObject({ code: '103', result: 'no answer' });
    await until('all are closed', () => [dialled, transferred, rung].every(({ id }) => listShown(desk, id).at(-1)?.startsWith('hangup')));
    expect(listShown(desk, dialled.id)).toEqual(['out 102', 'hangup 102 answered']);
    expect(listShown(desk, transferred.id)).toEqual(['in 101', 'in 102', 'hangup 101 answered', 'hangup 102 answered']);
    expect(listShown(desk, rung.id)).toEqual(['in 102', 'hangup 102 no answered']);
    expect([listShown(desk, missed.id), listShown(desk, menu.id)]).toEqual([[], []]);
  });

  it('a notice that is forged or from another day is rejected, and a switched off account takes none', async () => {
    const desk = await openDesk();
    desk.pbx.webhooks.mode = 'hold';
    desk.pbx.incoming(CUSTOMER, OURS).ring('101');
    await desk.pbx.webhooks.flush({ forge: true });
    desk.pbx.incoming(CUSTOMER, OURS, new Date(Date.now() - 25 * 3_600_000));
    await desk.pbx.webhooks.flush();
    // A call has no more notices after a refused one.
    expect(desk.pbx.webhooks.attempts.map(({ status }) => status)).toEqual([400, 400]);
    await desk.account.activity(true, true);
    desk.pbx.incoming(CUSTOMER, OURS).ring('101').end();
    await desk.pbx.webhooks.flush();
    expect(desk.pbx.webhooks.attempts.slice(2).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await countEvents(desk)).toEqual({ all: 0, pending: 0, failed: 0 });
    await desk.account.activity(true, false);
    const call = desk.pbx.incoming(CUSTOMER, OURS).end();
    await desk.pbx.webhooks.flush();
    await until('it is kept', () => findCall(desk, call.id));
  });

  describe('notices that come as they please', () => {
    it('twice: each does what it does once', async () => {
      const desk = await openDesk();
      desk.pbx.webhooks.mode = 'hold';
      const call = desk.pbx.incoming(CUSTOMER, OURS).ring('101').ring('102').answer('102').end();
      await desk.pbx.webhooks.flush({ copies: 3 });
      expect(desk.pbx.webhooks.attempts).toHaveLength(15);
      await settle(desk);
      await desk.uploaded(call.id);
      await until('it closes', () => listShown(desk, call.id).length === 4);
      expect(listShown(desk, call.id)).toEqual(['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']);
      expect((await countEvents(desk)).all).toBe(5);
    });

    it('in reverse: the end makes the call, and what comes after it changes nothing', async () => {
      const desk = await openDesk();
      desk.pbx.webhooks.mode = 'hold';
      const call = desk.pbx.incoming(CUSTOMER, OURS).ring('101').ring('102').answer('102').end();
      await desk.pbx.webhooks.flush({ reverse: true });
      await settle(desk);
      expect(await desk.uploaded(call.id)).toMatchObject({ phone: '+79161234567', code: '102', externalPhone: '+74950000000' });
      expect(listShown(desk, call.id)).toEqual([]);
      expect(desk.uploads).toEqual([1]);
    });

    it.each([
      ['1 2 0 3', ['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']],
      ['2 0 1 3', ['in 102', 'in 101', 'hangup 102 101 answered']],
      ['2 3', ['in 102', 'hangup 102 answered']],
      ['0 3', []],
    ])('swapped or lost (%s): no one sees a call that never closes', async (order, shown) => {
      const desk = await openDesk();
      desk.pbx.webhooks.mode = 'hold';
      const call = desk.pbx.incoming(CUSTOMER, OURS).ring('101').answer('102').end();
      await desk.pbx.webhooks.flush({ order: order.split(' ').map(Number) });
      await settle(desk);
      expect(await desk.uploaded(call.id)).toMatchObject({ phone: '+79161234567', code: '102' });
      await until('all is told', () => listShown(desk, call.id).length >= shown.length);
      expect(listShown(desk, call.id)).toEqual(shown);
    });
  });

  it('an outage of the CRM loses no event, keeps the order of a call and delays no other', async () => {
    const desk = await openDesk();
    desk.crm.fail('*/call/event', { kind: 'drop' }, 1);
    const first = desk.pbx.incoming(CUSTOMER, OURS).ring('101');
    await until('it was tried', () => desk.crm.callsTo('telephony.callEvent').length > 0);
    first.answer('101').end();
    const second = desk.pbx.incoming('79161234568', OURS).ring('102');
    await until('the other pops up', () => desk.listEvents(second.id).length === 1);
    await until('both of the first come', () => desk.listEvents(first.id).length >= 2, 30_000);
    expect(desk.listEvents(first.id).map((event) => event.type)).toEqual(['in', 'hangup']);
    second.end();
    await desk.uploaded(second.id);
  });

  it('many simultaneous calls, each notice twice: every call is uploaded once and closed', async () => {
    const desk = await openDesk();
    desk.pbx.webhooks.mode = 'hold';
    const calls = Array.from({ length: 40 }, (_, n) =>
      desk.pbx
        .incoming(`7916${1_000_000 + n}`, OURS)
        .ring('101')
        .answer('101'),
    );
    for (const call of calls) call.end();
    await desk.pbx.webhooks.flush({ copies: 2 });
    await until('all are uploaded', () => desk.calls.size === calls.length);
    await until('all are closed', () => desk.events.length === 2 * calls.length);
    for (const call of calls) expect(listShown(desk, call.id)).toEqual(['in 101', 'hangup 101 answered']);
    expect(desk.uploads.reduce((sum, one) => sum + one, 0)).toBe(40);
    expect(await countEvents(desk)).toEqual({ all: 160, pending: 0, failed: 0 });
  });

  describe('click-to-call', () => {
    it('of a PBX that returns no id: the customer is who was asked for, and twice within five seconds is one call', async () => {
      const desk = await openDesk();
      const placed = desk.pbx.placed();
      const query = { code: '101', userId: '11', phone: '8 (916) 123-45-67', externalPhone: '+74950000000' };
      const replies = await Promise.all([1, 2].map(() => desk.account.get('/telephony/make-call', query)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      const call = (await placed).pickUp();
      expect(desk.pbx.countCalls('callback')).toBe(1);
      call.answer().end();
      // The PBX does not show our number.
      expect(await desk.uploaded(call.id)).toMatchObject({
        ...{ type: 'out', phone: '+79161234567', externalPhone: '+74950000000', site: 'main', code: '101', userId: 11, result: 'answered' },
      });
      await until('it closes', () => listShown(desk, call.id).length === 2);
      expect(listShown(desk, call.id)).toEqual(['out 101', 'hangup 101 answered']);
      // The call to the manager's own phone does not appear in the CRM.
      const [only, ...others] = await listCalls(desk);
      expect(others).toEqual([]);
      expect(only?.reference).toMatch(/^crossdock-/);
      await until('nothing waits', async () => (await listOperations(desk)).every(({ state }) => state === 'done'));
    });

    it('several at the same time, to several customers by several managers, with calls without a click', async () => {
      const desk = await openDesk();
      const asked = [
        ['101', '79161234567'],
        ['101', '79161234568'],
        ['102', '79161234567'],
        ['103', '79161234569'],
      ] as const;
      expect((await Promise.all(asked.map(([code, phone]) => click(desk, code, phone)))).map(({ status }) => status)).toEqual([
        ...[200, 200, 200, 200],
      ]);
      const [ignored, ...taken] = desk.pbx.clicks.toSorted((one, other) => (one.code < other.code ? 1 : -1));
      ignored?.ignore();
      const byHand = desk.pbx.outgoing('102', '79161230000').answer();
      const calls = taken.toReversed().map((one) => ({ ...one, call: one.pickUp() }));
      for (const { call } of calls) call.answer().end();
      byHand.end();
      await settle(desk);
      for (const { call } of calls) await desk.uploaded(call.id);
      expect(await desk.uploaded(byHand.id)).toMatchObject({ type: 'out', phone: '+79161230000', code: '102' });
      const clicks = await deployment.stores.query<{ reference: string; code: string; phone: string }>(
        `SELECT reference, input->'request'->>'code' AS code, input->'request'->>'phone' AS phone FROM operation WHERE connection_id = $1`,
        [desk.connectionId],
      );
      for (const { call, code, phone } of calls) {
        const row = await findCall(desk, call.id);
        const behind = clicks.find(({ reference }) => reference === row?.reference);
        expect([row?.code, row?.phone, behind?.code, behind?.phone]).toEqual([code, `+${phone}`, code, `+${phone}`]);
      }
      expect((await findCall(desk, byHand.id))?.reference).toBeNull();
      expect(await listCalls(desk)).toHaveLength(4);
    });

    it('the same customer again and again: each click has one call, and a call made by hand before has no click', async () => {
      const desk = await openDesk();
      const byHand = desk.pbx.outgoing('101', CUSTOMER);
      await settle(desk);
      // Beyond what the clocks of two processes may differ by.
      await deployment.stores.query(`UPDATE telephony_call SET created_at = created_at - interval '2 seconds' WHERE connection_id = $1`, [
        desk.connectionId,
      ]);
      // Two clicks that differ only in time.
      for (let n = 0; n < 2; n++) {
        expect((await click(desk, '101', CUSTOMER)).status).toBe(200);
        await deployment.stores.query(`UPDATE operation SET key = NULL WHERE connection_id = $1`, [desk.connectionId]);
      }
      desk.pbx.webhooks.mode = 'hold';
      byHand.answer().end();
      const calls = desk.pbx.clicks.map((one) => one.pickUp().answer().end());
      await desk.pbx.webhooks.flush();
      await settle(desk);
      const references = await Promise.all(calls.map(async ({ id }) => (await findCall(desk, id))?.reference));
      expect(new Set(references).size).toBe(2);
      expect(references.every((reference) => reference?.startsWith('crossdock-'))).toBe(true);
      expect((await findCall(desk, byHand.id))?.reference).toBeNull();
    });

    it('is not looked for longer than two minutes', async () => {
      const desk = await openDesk();
      await click(desk, '101', CUSTOMER);
      await deployment.stores.query(`UPDATE operation SET created_at = created_at - interval '121 seconds' WHERE connection_id = $1`, [
        desk.connectionId,
      ]);
      const call = desk.pbx.clicks[0]?.pickUp().end();
      await settle(desk);
      expect((await findCall(desk, call?.id ?? ''))?.reference).toBeNull();
    });

    it('of a PBX that returns its id is that call, though no extension is named', async () => {
      const desk = await openDesk({ placedCalls: 'returned', extensions: [{ code: '101', userId: 11 }] });
      desk.pbx.modes.returnsCallId = true;
      desk.pbx.webhooks.mode = 'hold';
      const [first, second] = [desk.pbx.begun(), desk.pbx.begun()];
      expect((await click(desk, '101', CUSTOMER)).status).toBe(200);
      expect((await click(desk, '101', '79161234568')).status).toBe(200);
      const calls = [await second, await first];
      for (const call of calls) call.answer().end();
      await desk.pbx.webhooks.flush();
      await settle(desk);
      const operations = await listOperations(desk);
      expect(operations.map(({ result }) => result?.externalId)).toEqual(calls.toReversed().map(({ id }) => id));
      const references = await Promise.all(calls.map(async ({ id }) => (await findCall(desk, id))?.reference));
      expect(new Set(references).size).toBe(2);
      expect(await desk.uploaded(calls[0]?.id ?? '')).toMatchObject({ phone: '+79161234568', code: '101' });
    });

    it.each(['matched', 'returned'])(
      'whose answer is lost is known by its notices (%s), and is not placed twice',
      async (placedCalls) => {
        const desk = await openDesk({ placedCalls });
        desk.pbx.modes.returnsCallId = placedCalls === 'returned';
        const placed = placedCalls === 'returned' ? desk.pbx.begun() : desk.pbx.placed().then((one) => one.pickUp());
        desk.pbx.fail('callback', { kind: 'hang' });
        const query = { code: '101', phone: CUSTOMER };
        const asked = desk.account.get('/telephony/make-call', query);
        const call = await placed;
        // The notices overtake the answer.
        await until('it is known', async () => (await findCall(desk, call.id))?.reference);
        expect(readRefusal(await asked).status).toBe(504);
        expect((await click(desk, '101', CUSTOMER)).status).toBe(200);
        expect(desk.pbx.countCalls('callback')).toBe(1);
        expect((await listOperations(desk)).map(({ result }) => result)).toEqual([{ externalId: call.id }]);
      },
      60_000,
    );

    it('that the PBX refuses is refused, and no call is taken for it', async () => {
      const desk = await openDesk();
      expect(readRefusal(await desk.account.get('/telephony/make-call', { code: '999', phone: CUSTOMER }))).toMatchObject({
        ...{ status: 400, errorMsg: expect.stringContaining('could be only SIP or PBX number') },
      });
      desk.pbx.fail('callback', { kind: 'rate-limit' });
      expect((await click(desk, '101', CUSTOMER)).status).toBeGreaterThanOrEqual(400);
      const call = desk.pbx.outgoing('101', CUSTOMER).end();
      await settle(desk);
      expect((await findCall(desk, call.id))?.reference).toBeNull();
    });
  });

  describe('a caller', () => {
    const answer = (desk: PbxDesk, call: { id: string }): Promise<string> =>
      until('it is answered', () => desk.pbx.findAnswer(call.id) ?? false);

    it('is shown by name and put through to their manager, in the answer to the notice', async () => {
      const desk = await openDesk({ routes: true });
      desk.crm.context.insert('customers', {
        ...{ firstName: 'Ольга', lastName: 'Иванова', phones: [{ number: '+79161234567' }], managerId: 13 },
      });
      await until('the CRM knows the codes', () => desk.account.registration.integrations?.telephony?.additionalCodes);
      const known = desk.pbx.incoming('89161234567', OURS);
      expect(JSON.parse(await answer(desk, known))).toEqual({ redirect: '103', return_timeout: 0, caller_name: 'Ольга Иванова' });
      const stranger = desk.pbx.incoming('79160000000', OURS);
      await desk.pbx.webhooks.idle();
      expect(desk.pbx.findAnswer(stranger.id)).toBe('');
      await settle(desk);
      expect(await listCalls(desk)).toHaveLength(2);
    });

    it('gets the first answer again when their notice is repeated', async () => {
      const desk = await openDesk({ routes: true });
      desk.addCustomer('+79161234567', '102');
      await until('the CRM knows the codes', () => desk.account.registration.integrations?.telephony?.additionalCodes);
      desk.pbx.webhooks.mode = 'hold';
      const call = desk.pbx.incoming(CUSTOMER, OURS);
      await desk.pbx.webhooks.flush({ copies: 2 });
      const first = await answer(desk, call);
      desk.crm.context.rows('customers').pop();
      const [sent] = desk.pbx.webhooks.attempts;
      if (sent) desk.pbx.post(desk.pbx.account, sent['notice'] as ZadarmaNotice);
      await desk.pbx.webhooks.flush();
      expect(desk.pbx.webhooks.attempts).toHaveLength(3);
      expect([JSON.parse(first), await answer(desk, call)]).toEqual([expect.objectContaining({ redirect: '102' }), first]);
    });

    it('whose name the CRM returns too late waits no longer than two seconds, and their call is kept', async () => {
      const desk = await openDesk({ routes: true });
      desk.addCustomer('+79161234567', '102');
      desk.crm.fail('*/telephony/manager', { kind: 'hang' }, 10);
      const began = performance.now();
      const call = desk.pbx.incoming(CUSTOMER, OURS);
      await desk.pbx.webhooks.idle();
      expect(desk.pbx.findAnswer(call.id)).toBe('');
      expect(performance.now() - began).toBeLessThan(4_000);
      await until('it is kept', () => findCall(desk, call.id));
    });
  });

  it('notices that came while no worker ran are applied, without the pop-up of a ring that waited a minute', async () => {
    const desk = await openDesk();
    await deployment.stopWorkers();
    const old = desk.pbx.incoming(CUSTOMER, OURS).ring('101').answer('101');
    await desk.pbx.webhooks.idle();
    await deployment.stores.query(
      `UPDATE inbox_event SET payload = jsonb_set(payload, '{receivedAt}', to_jsonb(now() - interval '61 seconds')) WHERE connection_id = $1`,
      [desk.connectionId],
    );
    const fresh = desk.pbx.incoming('79161234568', OURS).ring('102');
    old.end();
    fresh.end();
    await desk.pbx.webhooks.idle();
    await deployment.startWorker();
    await desk.uploaded(old.id, 60_000);
    await desk.uploaded(fresh.id, 60_000);
    await until('the fresh one closes', () => listShown(desk, fresh.id).length === 2);
    expect(listShown(desk, fresh.id)).toEqual(['in 102', 'hangup 102 cancel']);
    expect(listShown(desk, old.id)).toEqual([]);
  });

  it('kill -9 of a worker between an event and its update, or before the outcome of a call: another continues in order', async () => {
    await deployment.separate('worker');
    const [sending, applying] = [await openDesk(), await openDesk()];
    const release = sending.crm.fail('*/call/event', { kind: 'hang' });
    const sent = sending.pbx.incoming(CUSTOMER, OURS).ring('101');
    await until('it is being sent', () => sending.listEvents(sent.id).length === 1);
    const call = applying.pbx.incoming(CUSTOMER, OURS);
    await settle(applying);
    // Its row of the outbox cannot be written: the worker is stuck in the middle of the transaction.
    const holder = new Client(deployment.stores.variables.DATABASE_URL);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE outbox IN SHARE MODE');
    call.ring('101');
    const countWaiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO outbox%'`;
    await until('a worker waits', async () => (await deployment.stores.query(countWaiting)).length > 0).finally(async () => {
      await deployment.killWorkers();
      await holder.end();
    });
    expect((await countEvents(applying)).pending).toBe(1);
    expect(applying.listEvents(call.id)).toEqual([]);
    await letHoldsEnd();
    release();
    await deployment.startWorker();
    await until('it pops up', () => applying.listEvents(call.id).length > 0, 60_000);
    call.answer('101').end();
    await applying.uploaded(call.id);
    await until('it closes', () => listShown(applying, call.id).length === 2);
    expect(listShown(applying, call.id)).toEqual(['in 101', 'hangup 101 answered']);
    sent.answer('101').end();
    await until('the end is told', () => listShown(sending, sent.id).at(-1)?.startsWith('hangup'), 60_000);
    expect(sending.listEvents(sent.id).map((event) => event.type)).toEqual(['in', 'in', 'hangup']);
    await sending.uploaded(sent.id);
  });
});
