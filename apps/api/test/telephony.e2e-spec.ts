import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readRefusal } from './support/account.js';
import { Crm } from './support/crm.js';
import { Deployment } from './support/deployment.js';
import { readReply } from './support/reply.js';
import { TelephonyDesk } from './support/telephony-desk.js';
import { anyBackend } from './support/test-servers.js';
import { until } from './support/until.js';

let deployment: Deployment;
const crms: Crm[] = [];
const desks: TelephonyDesk[] = [];
let free: Crm[] = [];
/** The operator's folder. */
let recordings: string;

/** An unused account. */
async function openDesk(settings: object = {}, listens = true): Promise<TelephonyDesk> {
  const crm = free.pop();
  if (!crm) throw new Error('start more accounts');
  const desk = await TelephonyDesk.open(deployment, crm, settings, listens);
  desks.push(desk);
  return desk;
}

/** The fence of a connection's listener in the database. */
async function readFence(desk: TelephonyDesk): Promise<number> {
  const [row] = await deployment.stores.query<{ fence: string }>('SELECT fence FROM telephony_listener WHERE connection_id = $1', [
    desk.connectionId,
  ]);
  return Number(row?.fence ?? 0);
}

/** Lets the time pass that what killed processes have held stays theirs (8 and 20 seconds). */
async function letHoldsEnd(desk: TelephonyDesk): Promise<void> {
  await deployment.stores.query(`UPDATE telephony_listener SET lease_until = now() WHERE connection_id = $1`, [desk.connectionId]);
  await deployment.stores.query(`UPDATE outbox SET not_before = now() WHERE connection_id = $1 AND not_before > now()`, [
    desk.connectionId,
  ]);
}

const listCodes = (desk: TelephonyDesk, call: string, type: string): string[] =>
  desk
    .listEvents(call)
    .filter((event) => event.type === type)
    .flatMap((event) => Array.from(event.codes ?? []));

describe.each(anyBackend)('telephony on %s', (backend) => {
  beforeAll(async () => {
    crms.push(...(await Crm.startAll(28)));
    free = [...crms];
    recordings = await mkdtemp(join(tmpdir(), 'records-'));
    await mkdir(join(recordings, 'shop-7'));
    await writeFile(join(recordings, 'shop-7/talk.wav'), '0123456789');
    const variables = { MODULES: 'asterisk', PROVIDER_BUDGET_MS: '3000', RECORDINGS_ROOT: recordings };
    deployment = await Deployment.start({ backend, crms, workers: 2, variables });
  });

  afterEach(async () => {
    const complaints = crms.flatMap((crm) => crm.complaints);
    for (const crm of crms) {
      crm.recover();
      crm.clear();
    }
    for (const desk of desks.splice(0)) await desk.close();
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await deployment?.stop();
    for (const crm of crms.splice(0)) await crm.close();
    await rm(recordings, { recursive: true, force: true });
  });

  it('an incoming call is reported immediately and uploaded when it ends', async () => {
    const desk = await openDesk();
    const call = desk.pbx.incoming('79161234567', '74950000000').ring('101');
    await until('it pops up', () => desk.listEvents(call.id).length === 1);
    call.answer('101').hangup();
    const uploaded = await desk.uploaded(call.id);
    await until('it closes', () => desk.listEvents(call.id).length === 2);
    const same = { phone: '+79161234567', codes: ['101'], site: 'main', externalPhone: '+74950000000', callExternalId: call.id };
    expect(desk.listEvents(call.id)).toEqual([
      { ...same, type: 'in' },
      { ...same, type: 'hangup', hangupStatus: 'answered' },
    ]);
    expect(uploaded).toMatchObject({
      ...{ type: 'in', phone: '+79161234567', code: '101', userId: 11, result: 'answered', externalId: call.id },
      ...{ site: 'main', externalPhone: '+74950000000', durationWaiting: 0 },
    });
  });

  it('a status is kept while the PBX is down, and sent when it is back', async () => {
    const desk = await openDesk();
    await desk.pbx.goAway();
    for (const status of ['busy', 'dinner'])
      expect((await desk.account.get('/telephony/user-status', { code: '101', userId: '11', status })).status).toBe(200);
    expect((await desk.account.get('/telephony/user-status', { userId: '12', status: 'break' })).status).toBe(200);
    await desk.pbx.comeBack();
    await until(
      'the PBX knows',
      () => desk.pbx.database.get('crossdock/status-101') === 'dinner' && desk.pbx.database.get('crossdock/status-102') === 'break',
      60_000,
    );
    const told = desk.pbx.listActions('DBPut').filter(({ fields }) => fields['Key'] === 'status-101');
    expect(told.map(({ fields }) => fields['Val'])).not.toContain('busy');
  });

  it('an account whose login the PBX rejects is notified once, also when it is asked to call', async () => {
    const desk = await openDesk();
    // A secret that is wrong from the start is not stored: this one was changed at the PBX.
    const { secret } = desk.pbx;
    desk.pbx.secret = 'another';
    desk.pbx.dropAll();
    await until('the account is told', () => desk.crm.notifications.length === 1);
    expect(desk.crm.notifications[0]).toMatch(/^<b>Asterisk<\/b>: /);
    expect(readRefusal(await desk.account.get('/telephony/make-call', { code: '101', phone: '+79161234567' })).status).toBe(400);
    const refused = async (): Promise<string[]> => (await deployment.getConnection(desk.crm)).rejectedCalls;
    await until('both are noted', async () => (await refused()).length >= 2);
    desk.pbx.secret = secret;
    await desk.set({});
    await until('it is listened to', () => desk.pbx.listeners === 1);
    expect(await refused()).toEqual([]);
    expect(desk.crm.notifications).toHaveLength(1);
  });

  it('a PBX that hangs up at each try is warned of once', async () => {
    let tries = 0;
    const server = createServer((socket) => {
      tries++;
      socket.on('error', () => undefined).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const desk = await openDesk({ port: (server.address() as AddressInfo).port }, false);
    await until('it was tried often', () => tries >= 4, 60_000);
    // All processes share the output of their host.
    const said = (deployment.api?.lastOutput ?? '')
      .split('\n')
      .filter((line) => line.includes(`not listening to the PBX of connection ${desk.connectionId}`));
    expect(said).toHaveLength(1);
    server.close();
  });

  it('an outage of the CRM loses no event, keeps the order of a call and delays no other', async () => {
    const desk = await openDesk();
    desk.crm.fail('*/call/event', { kind: 'drop' }, 1);
    const first = desk.pbx.incoming('79161234567', '74950000000').ring('101');
    await until('it was tried', () => desk.crm.callsTo('telephony.callEvent').length > 0);
    first.answer('101').hangup();
    const second = desk.pbx.incoming('79161234568', '74950000000').ring('102');
    await until('the other pops up', () => desk.listEvents(second.id).length === 1);
    await until('both of the first come', () => desk.listEvents(first.id).length >= 2, 30_000);
    expect(desk.listEvents(first.id).map((event) => event.type)).toEqual(['in', 'hangup']);
    second.hangup();
    await desk.uploaded(second.id);
  });

  it('a stopped worker hands its PBX over immediately', async () => {
    const desk = await openDesk();
    await deployment.startWorker();
    const fence = await readFence(desk);
    // Any of the earlier workers may be the listener.
    await Promise.all(deployment.workers.splice(0, deployment.workers.length - 1).map((worker) => worker.stop()));
    await until('another listens', async () => desk.pbx.listeners === 1 && (await readFence(desk)) > fence, 20_000);
    const call = desk.pbx.incoming('79161234567', '74950000000').ring('101');
    call.hangup();
    expect(await desk.uploaded(call.id)).toMatchObject({ result: 'no answer' });
  });

  it('click-to-call: twice within five seconds is one call, and the customer is who was asked for', async () => {
    const desk = await openDesk();
    const placed = desk.pbx.placed();
    const query = { code: '101', userId: '11', phone: '8 (916) 123-45-67', externalPhone: '+74950000000' };
    const replies = await Promise.all([desk.account.get('/telephony/make-call', query), desk.account.get('/telephony/make-call', query)]);
    expect(replies.map((reply) => [reply.status, reply.json])).toEqual([
      [200, { success: true }],
      [200, { success: true }],
    ]);
    const call = await placed;
    expect(desk.pbx.listActions('Originate')).toHaveLength(1);
    // The dial plan shows nothing of the number.
    call.dialOut('s').answer('s').hangup();
    expect(await desk.uploaded(call.id)).toMatchObject({
      type: 'out',
      phone: '+79161234567',
      code: '101',
      userId: 11,
      result: 'answered',
      site: 'main',
    });
    await until('it closes', () => desk.listEvents(call.id).length === 2);
    expect(desk.listEvents(call.id).map(({ type, phone, hangupStatus }) => [type, phone, hangupStatus])).toEqual([
      ['out', '+79161234567', undefined],
      ['hangup', '+79161234567', 'answered'],
    ]);
    const userOnly = await desk.account.get('/telephony/make-call', { userId: '12', phone: '+79161234568' });
    expect(userOnly.status).toBe(200);
    expect(desk.pbx.listActions('Originate').at(-1)?.fields['Channel']).toBe('PJSIP/102');
  });

  it('a storm of calls: a user without the pop-up of a start gets no end, and every call is uploaded', async () => {
    const desk = await openDesk();
    const overload = async (): Promise<{ events: number; calls: number } | undefined> =>
      (await deployment.operator<{ overload?: { events: number; calls: number } }>('GET', `/connections/${desk.connectionId}`)).overload;
    // As many events as can be sent at the same time wait for the CRM, so the others are too many.
    const release = desk.crm.fail('*/call/event', { kind: 'hang' }, 300);
    const calls = Array.from({ length: 160 }, (_, n) => desk.pbx.incoming(`7916${1_000_000 + n}`, '74950000000').ring('101'));
    await until('some are dropped', async () => (await overload())?.events);
    release();
    for (const call of calls) call.hangup();
    await until('all are uploaded', () => calls.every((call) => desk.calls.has(call.id)), 60_000);
    const told = (): string[] =>
      calls.map((call) =>
        desk
          .listEvents(call.id)
          .map(({ type }) => type)
          .join(' '),
      );
    await until('what began is over', () => told().every((types) => types === '' || /^in( in)* hangup$/.test(types)), 60_000);
    expect(told().filter((types) => types === '').length).toBe((await overload())?.events);
    expect((await overload())?.calls).toBe(0);
  });

  it('the start of a call that has ended is not reported a minute later, its end is', async () => {
    const desk = await openDesk();
    desk.crm.fail('*/call/event', { kind: 'drop' }, 1_000);
    const call = desk.pbx.incoming('79161234567', '74950000000').ring('101');
    call.hangup();
    await desk.uploaded(call.id);
    await until('both wait', async () => {
      const rows = await deployment.stores.query(`SELECT 1 FROM outbox WHERE subject = $1 AND state = 'pending' AND not_before <= now()`, [
        call.id,
      ]);
      return rows.length === 2;
    });
    await deployment.stores.query(`UPDATE outbox SET created_at = created_at - interval '61 seconds' WHERE subject = $1`, [call.id]);
    const before = desk.listEvents(call.id).length;
    desk.crm.recover();
    await deployment.stores.query(`UPDATE outbox_lane SET due_at = now() WHERE connection_id = $1`, [desk.connectionId]);
    await until('the end is told', () => listCodes(desk, call.id, 'hangup').length > 0, 60_000);
    expect(
      desk
        .listEvents(call.id)
        .slice(before)
        .map(({ type }) => type),
    ).toEqual(['hangup']);
  });

  it('an account that is switched off is not listened to', async () => {
    const desk = await openDesk();
    await desk.account.activity(false, false);
    await until('nobody listens', () => desk.pbx.listeners === 0);
    await desk.account.activity(true, false);
    await until('it is listened to again', () => desk.pbx.listeners === 1);
    await desk.account.activity(true, true);
    await until('nobody listens to a frozen one', () => desk.pbx.listeners === 0);
  });

  it('is registered with the settings', async () => {
    const desk = await openDesk();
    expect(desk.account.registration.integrations?.telephony).toEqual({
      makeCallUrl: '/telephony/make-call',
      changeUserStatusUrl: '/telephony/user-status',
      personalAccountUrl: '/telephony/account',
      allowEdit: true,
      inputEventSupported: true,
      outputEventSupported: true,
      hangupEventSupported: true,
      additionalCodes: [
        { userId: 11, code: '101' },
        { userId: 12, code: '102' },
        { userId: 13, code: '103' },
      ],
      externalPhones: [{ siteCode: 'main', externalPhone: '+74950000000' }],
    });
  });

  it('a pickup is reported for the manager who picked up, and a talk outside for no manager, wherever missed calls go', async () => {
    const desk = await openDesk({ missedCode: '103' });
    const forwarded = desk.pbx.incoming('79161234568', '74950000000').dialOut('79160000000').answer('79160000000');
    const call = desk.pbx.incoming('79161234567', '74950000000').ring('101').pickUp('102', '101');
    forwarded.hangup();
    call.hangup();
    expect(await desk.uploaded(call.id)).toMatchObject({ type: 'in', code: '102', userId: 12, result: 'answered' });
    await until('it closes', () => desk.listEvents(call.id).length === 4);
    expect(desk.listEvents(call.id).map(({ type, codes, hangupStatus }) => [type, ...Array.from(codes ?? []), hangupStatus])).toEqual([
      ['in', '101', undefined],
      ['hangup', '101', 'cancel'],
      ['in', '102', undefined],
      ['hangup', '102', 'answered'],
    ]);
    await until('the other call has ended', async () => {
      const rows = await deployment.stores.query<{ outcome: string | null }>('SELECT outcome FROM telephony_call WHERE external_id = $1', [
        forwarded.id,
      ]);
      return rows[0]?.outcome;
    });
    expect(desk.calls.get(forwarded.id)).toBeUndefined();
  });

  it.each([
    ['busy', 'занят', 'busy'],
    ['declines', 'отклонил', 'busy'],
    ['unavailable', 'не принимает', 'no answer'],
    ['unknown', 'не знает', 'failed'],
  ] as const)('the manager’s phone, %s: given at the call button and in the call', async (mood, words, result) => {
    const desk = await openDesk();
    desk.pbx.operator = mood;
    const refusal = readRefusal(await desk.account.get('/telephony/make-call', { code: '101', phone: '+79161234567' }));
    expect([refusal.status, refusal.errorMsg]).toEqual([400, expect.stringContaining(words)]);
    const call = desk.pbx.listActions('Originate')[0]?.fields['ChannelId'] ?? '';
    expect(await desk.uploaded(call)).toMatchObject({ type: 'out', code: '101', phone: '+79161234567', result });
    expect(desk.listEvents(call)).toEqual([]);
  });

  it('the two spellings of no answer, each in its place', async () => {
    const desk = await openDesk();
    const call = desk.pbx.incoming('+34 612 34 56 78', '74950000000').ring('101').refuse('101', 'NOANSWER');
    call.hangup();
    expect(await desk.uploaded(call.id)).toMatchObject({ phone: '+34612345678', result: 'no answer' });
    await until('it closes', () => desk.listEvents(call.id).length === 2);
    expect(desk.listEvents(call.id).at(-1)).toMatchObject({ type: 'hangup', hangupStatus: 'no answered' });
  });

  it('a call whose answer was lost is not placed twice', async () => {
    const desk = await openDesk();
    desk.pbx.faults.originate = 'drop-after';
    const query = { code: '101', phone: '+79161234567' };
    expect(readRefusal(await desk.account.get('/telephony/make-call', query)).status).toBe(504);
    desk.pbx.faults.originate = undefined;
    expect((await desk.account.get('/telephony/make-call', query)).status).toBe(200);
    expect(desk.pbx.listActions('Originate')).toHaveLength(1);
  });

  it('bad input and a bad PBX are reported in plain words', async () => {
    const desk = await openDesk();
    const ask = async (query: Record<string, string>): Promise<ReturnType<typeof readRefusal>> =>
      readRefusal(await desk.account.get('/telephony/make-call', query));
    expect(await ask({ code: '101' })).toMatchObject({ status: 400, errors: { phone: 'is required' } });
    expect(await ask({ phone: '+79161234567' })).toMatchObject({ status: 400, errors: { code: expect.any(String) } });
    expect(await ask({ phone: '+79161234567', userId: '99' })).toMatchObject({ status: 400, errors: { code: expect.any(String) } });
    expect(await ask({ phone: 'nobody', code: '101' })).toMatchObject({ status: 400, errors: { phone: 'must be a phone number' } });
    expect(await ask({ phone: '+79161234567', code: '101\r\nAction: Command' })).toMatchObject({ status: 400 });
    expect(await ask({ phone: '+79161234567', code: '101@another-trunk' })).toMatchObject({ status: 400 });
    expect(await ask({ phone: '+79161234567', code: '101', userId: 'x' })).toMatchObject({ status: 400 });
    expect(await ask({ phone: '+79161234567', code: '101', externalPhone: 'ours' })).toMatchObject({
      status: 400,
      errors: { externalPhone: 'must be a phone number' },
    });
    expect(desk.pbx.listActions('Originate')).toEqual([]);
    const elsewhere = await desk.account.get('/telephony/no-such', { phone: '+79161234567' });
    expect([elsewhere.status, elsewhere.bytes.toString()]).toEqual([404, expect.not.stringContaining('clientId')]);
    desk.pbx.operator = 'unregistered';
    expect(await ask({ phone: '+79161234567', code: '101' })).toMatchObject({ status: 400 });
    await desk.pbx.goAway();
    expect(await ask({ phone: '+79161234567', code: '101' })).toMatchObject({ status: 502 });
    expect(readRefusal(await desk.account.get('/telephony/user-status', { userId: '11', status: 'asleep' }))).toMatchObject({
      status: 400,
    });
    expect(readRefusal(await desk.account.get('/telephony/make-call', { phone: '1', code: '1' }, 'nobody')).status).toBe(403);
  });

  it('the dial plan receives the manager of a caller', async () => {
    const desk = await openDesk();
    desk.addCustomer('+79161234567', '103');
    expect(await desk.pbx.incoming('89161234567', '74950000000').route()).toBe('103');
    expect(await desk.pbx.incoming('79160000000', '74950000000').route()).toBe('none');
  });

  it('the personal account is a page', async () => {
    const desk = await openDesk();
    const call = desk.pbx.incoming('79161234567', '74950000000').ring('101');
    call.hangup();
    await desk.uploaded(call.id);
    const reply = await desk.account.post('/telephony/account', {});
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
    expect(reply.headers.get('content-security-policy')).toContain(desk.crm.url);
    expect(reply.bytes.toString()).toContain('+79161234567');
  });

  describe('a recording', () => {
    it('is given by its signed address, in ranges too, and by no other', async () => {
      const desk = await openDesk({ recordingsFolder: 'shop-7' });
      const call = desk.pbx.incoming('79161234567', '74950000000').ring('101').answer('101').record('/var/spool/asterisk/monitor/talk.wav');
      await until('the file is known', async () => {
        const rows = await deployment.stores.query<{ record: string }>('SELECT record FROM telephony_call WHERE external_id = $1', [
          call.id,
        ]);
        return rows[0]?.record;
      });
      call.hangup();
      const { recordUrl } = await desk.uploaded(call.id);
      const url = String(recordUrl);
      const get = async (address: string, range?: string): Promise<Awaited<ReturnType<typeof readReply>>> =>
        readReply(await fetch(address, range === undefined ? {} : { headers: { range } }));
      const whole = await get(url);
      expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges'), whole.bytes.toString()]).toEqual([
        200,
        'audio/wav',
        'bytes',
        '0123456789',
      ]);
      const part = async (range: string): Promise<unknown[]> => {
        const reply = await get(url, range);
        return [reply.status, reply.headers.get('content-range'), reply.bytes.toString()];
      };
      expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
      expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
      expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
      expect(await part('bytes=0-99')).toEqual([206, 'bytes 0-9/10', '0123456789']);
      expect((await part('bytes=10-')).slice(0, 2)).toEqual([416, 'bytes */10']);
      expect((await part('lines=1-2'))[0]).toBe(200);
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
      expect((await get(url.replace(/records\/./, 'records/A'))).status).toBe(403);
      for (const more of ['x', '.wav', '%00']) expect((await get(url + more)).status).toBe(404);
      expect((await get(url.replace('/record.', '.x/record.'))).status).toBe(403);
      await desk.account.activity(false, false);
      expect((await get(url)).status).toBe(403);
    });

    it('is searched only below the folder of the operator, and not offered if the settings contain no folder', async () => {
      const desk = await openDesk();
      const path = `/connections/${desk.connectionId}/settings`;
      for (const recordingsFolder of ['../', recordings, '.', 'shop-7/../..'])
        expect(readRefusal(await deployment.askOperator('PUT', path, { ...desk.pbx.settings, recordingsFolder })).errors).toEqual({
          recordingsFolder: expect.stringContaining('внутри папки записей'),
        });
      const call = desk.pbx.incoming('79161234567', '74950000000').ring('101').answer('101').record('/var/spool/asterisk/monitor/talk.wav');
      call.hangup();
      expect((await desk.uploaded(call.id)).recordUrl).toBeUndefined();
    });

    it.each(['gone.wav', 'empty.wav'])('%s is not offered, and the call is reported all the same', async (file) => {
      await writeFile(join(recordings, 'shop-7/empty.wav'), '');
      const desk = await openDesk({ recordingsFolder: 'shop-7' });
      const call = desk.pbx.incoming('79161234567', '74950000000').ring('101').record(`/var/spool/asterisk/monitor/${file}`).answer('101');
      call.hangup();
      const uploaded = await desk.uploaded(call.id);
      expect([uploaded.result, uploaded.recordUrl]).toEqual(['answered', undefined]);
      expect((await desk.account.post('/telephony/account', {})).bytes.toString()).not.toContain('/telephony/records/');
    });
  });

  it('one worker listens at a time, and when it is killed another continues with the call', async () => {
    await deployment.separate('worker');
    const desk = await openDesk();
    const call = desk.pbx.incoming('79161234567', '74950000000').ring('101').answer('101');
    await until('it is answered', async () => {
      const [row] = await deployment.stores.query('SELECT 1 FROM telephony_call WHERE external_id = $1 AND answered_at IS NOT NULL', [
        call.id,
      ]);
      return row;
    });
    expect(desk.pbx.listeners).toBe(1);
    // A notice whose reply is lost with the process is sent again.
    await deployment.settled();
    const fence = await readFence(desk);
    await deployment.killWorkers();
    await Promise.all([deployment.startWorker(), deployment.startWorker()]);
    await letHoldsEnd(desk);
    await until('another listens', async () => desk.pbx.listeners === 1 && (await readFence(desk)) > fence, 40_000);
    call.hangup();
    expect(await desk.uploaded(call.id)).toMatchObject({ result: 'answered', code: '101' });
    await until('it closes', () => listCodes(desk, call.id, 'hangup').length > 0);
    expect(listCodes(desk, call.id, 'in')).toEqual(['101']);
    expect(listCodes(desk, call.id, 'hangup')).toEqual(['101']);
    expect(desk.pbx.listeners).toBe(1);
  });
});
