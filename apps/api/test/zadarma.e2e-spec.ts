import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ZadarmaDouble, ZADARMA_NOTIFICATION_NAMES, type ZadarmaClick } from '#testing';
import { readRefusal } from './support/account.js';
import { type Deployment, START_MS } from './support/deployment.js';
import { type Reply, readReply } from './support/reply.js';
import { until } from './support/until.js';
import { type ZadarmaDesk, ZadarmaHost } from './support/zadarma-desk.js';

const CUSTOMER = '79161234567';
const OURS = '74950000000';
const TALK = Buffer.from('0123456789');

let host: ZadarmaHost;
let deployment: Deployment;
let zadarma: ZadarmaDouble;

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);
const get = async (url: string, range?: string): Promise<Reply> =>
  readReply(await fetch(url, range === undefined ? {} : { headers: { range } }));
/** Waits until missed calls of an account are looked for. */
const isFollowed = (desk: ZadarmaDesk): Promise<unknown> =>
  until('it is followed', async () => (await desk.query('SELECT 1 FROM telephony_catchup WHERE connection_id = $1')).length > 0);
/** Makes the next look at the statistics due. */
const catchUp = (desk: ZadarmaDesk): Promise<unknown> => desk.query('UPDATE telephony_catchup SET due_at = now() WHERE connection_id = $1');
/** Reads a moment in the CRM's time zone, in milliseconds since 1970. */
const readDate = (date: unknown): number => Date.parse(`${String(date).replace(' ', 'T')}+03:00`);

/** Another system that Zadarma posts to. */
class OtherSystem {
  private readonly server: Server = createServer((request, reply) => {
    const echo = new URL(request.url ?? '/', 'http://here').searchParams.get('zd_echo');
    reply.writeHead(200, { 'content-type': 'text/plain' }).end(echo ?? '');
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/other-crm/hook`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

beforeAll(async () => {
  host = await ZadarmaHost.start(32);
  ({ deployment, zadarma } = host);
}, START_MS);
afterAll(() => host?.close(), 60_000);
beforeEach(() => zadarma.reset());
afterEach(() => {
  expect(deployment.complaints()).toEqual([]);
  for (const crm of deployment.crms) {
    crm.recover();
    crm.clear();
  }
});

describe('a connection to Zadarma', () => {
  it('is tried, shown whose it is, told where to post, and registered with what Zadarma can', async () => {
    const desk = await host.open();
    expect(zadarma.account.notifications).not.toEqual(desk.pbx.notifications);
    expect(Object.values(desk.pbx.notifications)).toEqual(ZADARMA_NOTIFICATION_NAMES.map(() => true));
    const check = await deployment.operator<{ state: string; account: string }>('POST', `/connections/${desk.connectionId}/check`, {});
    expect(check).toMatchObject({ state: 'ok', account: expect.stringMatching(/10[.,]5/) });
    expect(check.account).toContain('USD');
    await until('it is registered', () => desk.account.registration.integrations?.telephony?.additionalCodes?.length === 3);
    const telephony = desk.account.registration.integrations?.telephony;
    expect(telephony).toMatchObject({
      ...{ makeCallUrl: '/telephony/make-call', inputEventSupported: true, outputEventSupported: true, hangupEventSupported: true },
      externalPhones: [{ siteCode: 'main', externalPhone: '+74950000000' }],
    });
  });

  it('is not made with a key or secret that Zadarma rejects, and shows the field', async () => {
    const desk = await host.connect();
    for (const changes of [{ secret: 'of nobody' }, { key: 'of-nobody' }]) {
      const { status, errors } = readRefusal(await desk.save(changes));
      expect([status, Object.keys(errors).every((name) => name === 'key' || name === 'secret'), Object.keys(errors).length > 0]).toEqual([
        ...[400, true, true],
      ]);
    }
    expect([desk.count('setUrl'), desk.pbx.url]).toEqual([0, undefined]);
    // While Zadarma is unavailable, the settings cannot be checked, so they are accepted.
    zadarma.fail('*', { kind: 'page' }, 20);
    expect((await desk.save()).status).toBe(200);
  });

  it('shows the address of another system, and takes its place only when it may', async () => {
    const other = new OtherSystem();
    const desk = await host.connect();
    const address = await other.start();
    await desk.pbx.enterUrl(address);
    desk.pbx.notifications.notify_end = true;
    expect((await desk.save()).status).toBe(200);
    const read = async (): Promise<string> => JSON.stringify(await deployment.operator('GET', `/connections/${desk.connectionId}`));
    await until('it is shown', async () => (await read()).includes(new URL(address).host), 30_000);
    expect(desk.pbx.url).toBe(address);
    expect(desk.pbx.notifications).toMatchObject({ notify_start: false, notify_end: true });
    const { services } = await deployment.operator<{ services: object[] }>('GET', `/connections/${desk.connectionId}`);
    expect(services).toMatchObject([{ state: 'conflict', wanted: true }]);
    await deployment.operator('POST', `/connections/${desk.connectionId}/connect`, { replace: true });
    await until('it is ours', () => desk.pbx.url === desk.webhookUrl && desk.pbx.notifications.notify_out_end, 30_000);
    other.close();
  });

  it('that ends takes its address away, and no other’s', async () => {
    const [ours, foreign] = [await host.open(), await host.open()];
    foreign.pbx.url = 'http://127.0.0.1:9/other-crm';
    for (const desk of [ours, foreign]) await desk.account.activity(false, false);
    await until('it is taken away', () => ours.pbx.url === undefined, 60_000);
    await until('the other was looked at', () =>
      zadarma.received.some(({ call, key }) => call === 'readCallinfo' && key === foreign.pbx.settings.key),
    );
    await until('nothing is to be done', async () =>
      (await foreign.query<{ state: string }>('SELECT state FROM provider_setup WHERE connection_id = $1')).every(
        ({ state }) => state !== 'disconnecting',
      ),
    );
    expect(foreign.pbx.url).toBe('http://127.0.0.1:9/other-crm');
    expect([ours.count('removeUrl'), foreign.count('removeUrl')]).toEqual([1, 0]);
    // It comes back with the account.
    await ours.account.activity(true, false);
    await until('it posts here again', () => ours.pbx.url === ours.webhookUrl, 60_000);
  }, 120_000);

  it('that moves to another account receives its notices, and no longer the notices of the old account', async () => {
    const desk = await host.open();
    const other = zadarma.addAccount({ key: `key-of-another-shop-${Date.now()}`, secret: 's3cret-of-another-shop' });
    await desk.set({ key: other.settings.key, secret: other.settings.secret });
    await until('the new one posts here', () => other.url === desk.webhookUrl, 30_000);
    const call = other.incoming(CUSTOMER).ring('101').end();
    expect(await desk.uploaded(call.id)).toMatchObject({ code: '101' });
    const stored = await desk.countNotices();
    desk.pbx.url = desk.webhookUrl;
    desk.pbx.incoming(CUSTOMER).end();
    await zadarma.webhooks.idle();
    expect([zadarma.webhooks.attempts.at(-1)?.status, await desk.countNotices()]).toEqual([400, stored]);
  }, 90_000);

  it('whose notices Zadarma switched off asks for them again', async () => {
    const desk = await host.open();
    // A setup in progress would set its own time for the next setup.
    await deployment.settled();
    desk.pbx.listen(false);
    await desk.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('they are asked for', () => Object.values(desk.pbx.notifications).every(Boolean), 30_000);
    await deployment.settled();
    desk.pbx.url = undefined;
    await desk.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('they come here', () => desk.pbx.url === desk.webhookUrl, 30_000);
  });
});

describe('calls', () => {
  it('an incoming one is reported immediately, phone by phone, and uploaded when it ends', async () => {
    const desk = await host.open();
    const call = desk.pbx.incoming(CUSTOMER, OURS).ring('101').ring('102');
    await until('it pops up', () => desk.listShown(call.id).length === 2);
    call.answer('101').record(TALK);
    await until('the other phone is free', () => desk.listShown(call.id).length === 3);
    call.end();
    const uploaded = await desk.uploaded(call.id);
    await until('it closes', () => desk.listShown(call.id).length === 4);
    const same = { phone: '+79161234567', site: 'main', externalPhone: '+74950000000', callExternalId: call.id };
    expect(desk.listEvents(call.id)).toEqual([
      { ...same, codes: ['101'], type: 'in' },
      { ...same, codes: ['102'], type: 'in' },
      { ...same, codes: ['102'], type: 'hangup', hangupStatus: 'cancel' },
      { ...same, codes: ['101'], type: 'hangup', hangupStatus: 'answered' },
    ]);
    const { date, duration, durationWaiting, recordUrl, ...rest } = uploaded;
    expect(rest).toEqual({
      ...{ type: 'in', phone: '+79161234567', code: '101', userId: 11, result: 'answered', externalId: call.id },
      ...{ site: 'main', externalPhone: '+74950000000' },
    });
    expect(Math.abs(Date.now() - readDate(date))).toBeLessThan(60_000);
    expect([Number(durationWaiting) >= 0, Number(duration) >= Number(durationWaiting)]).toEqual([true, true]);
    const whole = await get(String(recordUrl));
    expect([whole.status, whole.headers.get('content-type'), whole.bytes.toString()]).toEqual([200, 'audio/mpeg', '0123456789']);
    expect(new URL(String(recordUrl)).origin).toBe(deployment.url);
    expect(new URL(String(recordUrl)).pathname).toMatch(/\.mp3$/);
  });

  it('that the account may not make are shown on its page immediately, until one is put through', async () => {
    const desk = await host.open();
    const path = `/connections/${desk.connectionId}`;
    const read = async (): Promise<string> =>
      JSON.stringify(
        (await deployment.operator<{ services: { detail?: { warnings?: object } | null }[] }>('GET', path)).services[0]?.detail?.warnings ??
          {},
      );
    const idle = `SELECT 1 FROM provider_setup WHERE connection_id = $1 AND state = 'connected' AND due_at > now() AND lease_until < now()`;
    await until('it is set up', async () => (await desk.query(idle)).length > 0, 30_000);
    // A setup of a moment ago is not checked again within a minute.
    await desk.query(`UPDATE provider_setup SET updated_at = now() - interval '2 minutes' WHERE connection_id = $1`);
    desk.pbx.outgoing('101', CUSTOMER).end('line limit');
    await until('it is said', async () => (await read()).includes('(line limit)'), 30_000);
    const through = desk.pbx.outgoing('101', CUSTOMER).answer().end();
    await desk.uploaded(through.id);
    await desk.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('it is said no more', async () => (await read()) === '{}', 30_000);
  }, 90_000);

  it('on the day that the clock is put forward begin when they did, before it is asked for again and after', async () => {
    const desk = await host.open({}, { zone: 'Etc/GMT-3' });
    await isFollowed(desk);
    const play = async (): Promise<void> => {
      const [began, took] = [ago(30), ago(20)];
      const call = desk.pbx.incoming(CUSTOMER, OURS, began).ring('101', began).answer('101', took).end();
      const out = desk.pbx.outgoing('102', CUSTOMER, OURS, began).answer(took).end();
      for (const { id } of [call, out]) {
        const { date, duration } = await desk.uploaded(id);
        expect([Math.abs(readDate(date) - began.getTime()) < 5_000, Number(duration) < 60]).toEqual([true, true]);
      }
    };
    desk.pbx.settings.zone = 'Etc/GMT-4';
    await play();
    const asked = desk.count('timezone');
    await desk.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('the clock is asked for', () => desk.count('timezone') > asked, 30_000);
    await deployment.settled();
    await play();
    // The new clock also applies to missed calls.
    zadarma.webhooks.mode = 'off';
    const missed = desk.pbx.incoming(CUSTOMER, OURS, ago(600)).ring('101').end('no answer', ago(590));
    await desk.query(`UPDATE telephony_catchup SET until = now() - interval '15 minutes', due_at = now() WHERE connection_id = $1`);
    expect(Math.abs(readDate((await desk.uploaded(missed.id, 60_000)).date) - ago(600).getTime())).toBeLessThan(60_000);
  }, 120_000);

  it('are understood in every form that notices come in', async () => {
    const desk = await host.open({}, { zone: 'America/St_Johns' });
    for (const modes of [
      { fullLogins: true, plusNumbers: true, answerNamesPhone: false },
      // Only who was last at the end, times of phones.
      { endNames: 'last', legTimes: true },
      // No extension at the end.
      { endNames: 'none', internalEnd: 'none', answersOutgoing: true },
      // Signatures of bytes, another of an unknown event.
      { signatures: 'raw', internalEnd: 'other-fields' },
      { recordNotice: 'before-end' },
      { recordNotice: 'none' },
    ] as const) {
      zadarma.reset();
      zadarma.setModes(modes);
      const began = ago(60);
      const call = desk.pbx
        .incoming(CUSTOMER, OURS, began)
        .ring('101', ago(55))
        .ring('102', ago(50))
        .answer('102', ago(45))
        .record(TALK)
        .end();
      const out = desk.pbx.outgoing('103', CUSTOMER, OURS, ago(20)).answer(ago(10)).end();
      expect(await desk.uploaded(call.id)).toMatchObject({
        type: 'in',
        phone: '+79161234567',
        code: '102',
        userId: 12,
        result: 'answered',
      });
      expect(Math.abs(readDate(desk.calls.get(call.id)?.date) - began.getTime())).toBeLessThan(10_000);
      expect(await desk.uploaded(out.id)).toMatchObject({ type: 'out', code: '103', userId: 13, result: 'answered' });
      await until('it closes', () => desk.listShown(call.id).length === 4);
      expect(desk.listShown(call.id)).toEqual(['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']);
      expect((await get(String(desk.calls.get(call.id)?.recordUrl))).bytes.toString()).toBe('0123456789');
      expect(zadarma.webhooks.attempts.map(({ status }) => status).every((status) => status === 200)).toBe(true);
    }
  }, 240_000);
});

describe('notices', () => {
  let desk: ZadarmaDesk;
  beforeAll(async () => (desk = await host.open()));
  it('that are forged, unsigned, changed or from another day are rejected, and a frozen account takes none', async () => {
    const desk = await host.open();
    zadarma.setModes({ failuresMost: 0 });
    zadarma.webhooks.mode = 'hold';
    const send = async (flush: Parameters<ZadarmaDouble['flush']>[0], at?: Date): Promise<(number | undefined)[]> => {
      const before = zadarma.webhooks.attempts.length;
      desk.pbx.incoming(CUSTOMER, OURS, at);
      await zadarma.flush(flush);
      return zadarma.webhooks.attempts.slice(before).map(({ status }) => status);
    };
    expect(await send({ forge: true })).toEqual([400]);
    expect(await send({ signatures: 'none' })).toEqual([400]);
    expect(await send({ change: { caller_id: '79160000000' } })).toEqual([400]);
    expect(await send({ change: { call_start: '2020-01-01 00:00:00' } })).toEqual([400]);
    expect(await send({}, ago(49 * 3_600))).toEqual([400]);
    expect(await desk.countNotices()).toBe(0);
    await desk.account.activity(true, true);
    expect(await send({})).toEqual([200]);
    expect(await desk.countNotices()).toBe(0);
    await desk.account.activity(true, false);
    await desk.query(`UPDATE provider_setup SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('it is told here again', () => desk.pbx.url === desk.webhookUrl);
    expect(await send({})).toEqual([200]);
    await until('it is stored', async () => (await desk.countNotices()) === 1);
  });

  it('that are invalid are rejected and do no harm, and trials of the address get only their token', async () => {
    const desk = await host.open();
    for (const [type, body] of [
      ['application/json', '{"event":"NOTIFY_START"}'],
      ['application/x-www-form-urlencoded', ''],
      ['application/x-www-form-urlencoded', 'caller_id=1'],
      ['application/x-www-form-urlencoded', 'event=NOTIFY_START&event=NOTIFY_END&pbx_call_id=in_1'],
      ['application/octet-stream', '\u0000\u0001'],
    ] as const)
      for (const signature of ['x', 'ODBhZGRmMTA2Yjg0M2ZkNDVmY2Q2NGU2NzE1NjZlYjcyYzI1ZGYyNg==']) {
        const reply = await fetch(desk.webhookUrl, { method: 'POST', body, headers: { 'content-type': type, signature } });
        expect([400, 401, 403]).toContain(reply.status);
      }
    const ask = async (echo: string): Promise<unknown[]> => {
      const reply = await get(`${desk.webhookUrl}?zd_echo=${encodeURIComponent(echo)}`);
      return [reply.status, reply.headers.get('content-type')?.split(';')[0], reply.bytes.toString()];
    };
    expect(await ask('a.b-c_1')).toEqual([200, 'text/plain', 'a.b-c_1']);
    for (const echo of ['<b>x</b>', 'x'.repeat(129), 'a b', '']) {
      const [status, , body] = await ask(echo);
      expect([status === 200, String(body).includes('<b>')]).toEqual([false, false]);
    }
    const posted = await fetch(desk.webhookUrl, { method: 'POST', body: new URLSearchParams({ zd_echo: 'token-1' }) });
    expect([posted.status, await posted.text()]).toEqual([200, 'token-1']);
    expect(await desk.countNotices()).toBe(0);
  });

  it('two or three times: each has its effect once', async () => {
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER).ring('101').ring('102').answer('102').record(TALK).end();
    const out = desk.pbx.outgoing('103', CUSTOMER, OURS, ago(20)).answer(ago(10)).end();
    await zadarma.flush({ copies: 3 });
    await desk.settle();
    await deployment.settled();
    expect(desk.listShown(call.id)).toEqual(['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']);
    expect(desk.listShown(out.id)).toEqual(['out 103', 'hangup 103 answered']);
    expect([call, out].map((one) => desk.countUploads(one))).toEqual([1, 1]);
  });

  it('that repeat a signature with other fields change no call that has ended', async () => {
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(20)).ring('101').answer('101', ago(10)).end();
    await zadarma.flush();
    await desk.settle();
    const before = await desk.uploaded(call.id);
    const end = (zadarma.webhooks.events.find(({ action }) => action === 'NOTIFY_END')?.body ?? {}) as Record<string, string>;
    for (const change of [
      { duration: '9999' } as Record<string, string>,
      { disposition: 'busy', duration: '0' },
      { internal: '102', last_internal: '102' },
    ]) {
      zadarma.post(desk.pbx, end);
      await zadarma.flush({ change });
    }
    await desk.settle();
    expect([desk.countUploads(call), desk.calls.get(call.id)]).toEqual([1, before]);
    expect(await desk.findStored(call.id)).toMatchObject({ outcome: 'answered', code: '101' });
    await until('it closes', () => desk.listShown(call.id).length >= 2);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'hangup 101 answered']);
  });

  it('swapped or lost: no one sees a call that never closes', async () => {
    zadarma.setModes({ internalEnd: 'none' });
    zadarma.webhooks.mode = 'hold';
    for (const [order, shown] of [
      [[2, 1, 0, 3], undefined],
      [
        [2, 3],
        ['in 102', 'hangup 102 answered'],
      ],
      [[3], []],
    ] as const) {
      const call = desk.pbx.incoming(CUSTOMER, OURS, ago(20)).ring('101').answer('102', ago(10)).end();
      await zadarma.flush({ order: [...order] });
      await desk.settle();
      expect(await desk.uploaded(call.id)).toMatchObject({ phone: '+79161234567', code: '102', result: 'answered' });
      await deployment.settled();
      const told = desk.listShown(call.id);
      if (shown) expect([order, told]).toEqual([order, shown]);
      // Each phone that showed it shows its end.
      const codes = (type: string): string[] => told.filter((one) => one.startsWith(type)).flatMap((one) => one.match(/\d{3}/g) ?? []);
      expect(codes('hangup').sort()).toEqual(expect.arrayContaining(codes('in').sort()));
    }
  });

  it('whose end is lost: the statistics end the call, once', async () => {
    const desk = await host.open();
    await isFollowed(desk);
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(100)).ring('101').answer('101', ago(90)).end('answered', ago(40));
    await zadarma.flush({ only: ['NOTIFY_START', 'NOTIFY_INTERNAL', 'NOTIFY_ANSWER', 'NOTIFY_INTERNAL_END', 'NOTIFY_RECORD'] });
    await desk.settle();
    expect(desk.calls.size).toBe(0);
    await catchUp(desk);
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({ result: 'answered', code: '101', phone: '+79161234567' });
    await until('it closes', () => desk.listShown(call.id).length === 2);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'hangup 101 answered']);
  }, 90_000);
});

describe('statistics', () => {
  it('of more than a month are asked for a month, as longer ones may be refused', async () => {
    zadarma.setModes({ longPeriods: 'refused' });
    const desk = await host.open();
    await isFollowed(desk);
    zadarma.webhooks.mode = 'off';
    const hour = (count: number): Date => ago(count * 3_600);
    const call = desk.pbx.incoming(CUSTOMER, OURS, hour(50)).answer('101', hour(50)).record(TALK).end('answered', hour(49));
    const silent = desk.pbx.incoming(CUSTOMER, OURS, hour(2)).answer('102', hour(2)).end('answered', hour(1));
    await desk.query(`UPDATE telephony_catchup SET until = now() - interval '40 days', due_at = now() WHERE connection_id = $1`);
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({
      result: 'answered',
      code: '101',
      recordUrl: expect.stringMatching(/\.mp3/),
    });
    expect((await desk.uploaded(silent.id, 60_000)).recordUrl ?? null).toBeNull();
    for (const { parameters } of zadarma.received.filter((one) => one.call === 'statistics' && one.key === desk.pbx.settings.key))
      expect(Date.parse(`${parameters['end']}Z`) - Date.parse(`${parameters['start']}Z`)).toBeLessThanOrEqual(31 * 86_400_000);
  }, 120_000);
});

describe('recordings', () => {
  const talk = (desk: ZadarmaDesk): { id: string; records: readonly string[] } =>
    desk.pbx.incoming(CUSTOMER).ring('101').answer('101').record(TALK).end();
  const link = async (desk: ZadarmaDesk, { id }: { id: string }): Promise<string> => String((await desk.uploaded(id)).recordUrl);

  it('are fetched when a manager listens: not ready, then available', async () => {
    const desk = await host.open();
    zadarma.setModes({ recordReadyMs: 86_400_000 });
    const call = talk(desk);
    const url = await link(desk, call);
    // The link was sent to the CRM without a check of the recording.
    expect([desk.count('requestRecord'), zadarma.countCalls('download')]).toEqual([0, 0]);
    for (const [linksEarly, refusalStatus] of [
      [false, 400],
      [false, 200],
      [true, 200],
    ] as const) {
      zadarma.setModes({ linksEarly, refusalStatus });
      const early = await get(url);
      expect([early.status, early.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
      expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    desk.pbx.storage.finish(call.records[0] ?? '', 0);
    const whole = await get(url);
    expect([whole.status, whole.headers.get('content-type'), whole.bytes.toString()]).toEqual([200, 'audio/mpeg', '0123456789']);
    for (const ranges of [false, true]) {
      zadarma.setModes({ ranges });
      const part = await get(url, 'bytes=2-4');
      expect([part.status, part.headers.get('content-range'), part.bytes.toString()]).toEqual([206, 'bytes 2-4/10', '234']);
    }
    // The address of the service lives no longer than it must.
    for (const { parameters } of zadarma.received.filter((one) => one.call === 'requestRecord'))
      expect([
        Number(parameters['lifetime'] ?? 1_800) <= 1_800,
        Object.keys(parameters).filter((name) => name.endsWith('call_id')),
      ]).toEqual([...[true, ['pbx_call_id']]]);
    expect(await desk.query(`SELECT 1 FROM telephony_call WHERE connection_id = $1 AND record LIKE 'http%'`)).toEqual([]);
  });
});

describe('click-to-call', () => {
  /** The calls that Zadarma was asked for and began. */
  const clicked = (desk: ZadarmaDesk): readonly ZadarmaClick[] => desk.pbx.clicks;

  it('asks once, as Zadarma wants it, and the customer’s call is the one that was asked for', async () => {
    const desk = await host.open();
    const placed = desk.pbx.placed();
    const query = { code: '101', userId: '11', phone: '8 (916) 123-45-67', externalPhone: '+74950000000' };
    const replies = await Promise.all([1, 2].map(() => desk.account.get('/telephony/make-call', query)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const call = (await placed).pickUp();
    expect(zadarma.received.filter((one) => one.call === 'callback').map(({ parameters }) => parameters)).toEqual([
      { from: '101', to: CUSTOMER, sip: '101', format: 'json' },
    ]);
    call.answer().end();
    expect(await desk.uploaded(call.id)).toMatchObject({
      ...{ type: 'out', phone: '+79161234567', externalPhone: '+74950000000', site: 'main', code: '101', userId: 11, result: 'answered' },
    });
    await until('it closes', () => desk.listShown(call.id).length === 2);
    expect(desk.listShown(call.id)).toEqual(['out 101', 'hangup 101 answered']);
    // The call to the manager's own phone does not appear in the CRM.
    await desk.settle();
    expect((await desk.listStored()).map(({ external_id: id }) => id)).toEqual([call.id]);
    expect(await desk.findStored(call.id)).toMatchObject({ reference: (await desk.listClicks())[0]?.reference });
  });

  it('two at the same time each have their own call, in whichever order they start', async () => {
    zadarma.setModes({ fullLogins: true });
    const desk = await host.open();
    const asked = [
      ['101', '79161234567'],
      ['102', '79161234568'],
      ['101', '79161234569'],
    ] as const;
    const replies = await Promise.all(asked.map(([code, phone]) => desk.click(code, phone)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    zadarma.webhooks.mode = 'hold';
    const byHand = desk.pbx.outgoing('103', '79161234567').answer().end();
    const calls = clicked(desk).map((click) => ({ click, call: click.pickUp().answer().end() }));
    await zadarma.flush({ copies: 2 });
    await desk.settle();
    const clicks = await desk.listClicks();
    for (const { click, call } of calls) {
      const stored = await desk.findStored(call.id);
      const behind = clicks.find(({ reference }) => reference === stored?.reference);
      expect([behind?.code, behind?.phone.replace(/\D/g, '')]).toEqual([click.code, click.phone]);
      expect(await desk.uploaded(call.id)).toMatchObject({ code: click.code, phone: `+${click.phone}` });
    }
    expect((await desk.findStored(byHand.id))?.reference).toBeNull();
    expect(new Set((await desk.listStored()).map(({ reference }) => reference)).size).toBe(4);
  });

  it('whose reply is lost is not placed again, and its call is known by its notices', async () => {
    const desk = await host.open();
    zadarma.fail('callback', { kind: 'hang' });
    const placed = desk.pbx.placed();
    const asked = desk.click('101', CUSTOMER);
    const call = (await placed).pickUp();
    await until('it is known', async () => (await desk.findStored(call.id))?.reference);
    expect((await asked).status === 200 || readRefusal(await asked).status >= 500).toBe(true);
    await desk.click('101', CUSTOMER);
    expect(desk.count('callback')).toBe(1);
    call.answer().end();
    expect(await desk.uploaded(call.id)).toMatchObject({ type: 'out', phone: '+79161234567', code: '101' });
    expect(await desk.listClicks()).toHaveLength(1);
  }, 60_000);
});

describe('a caller', () => {
  const ask = async (desk: ZadarmaDesk, phone: string): Promise<object> => {
    const call = desk.pbx.incoming(phone);
    await zadarma.webhooks.idle();
    const steered = zadarma.steered.get(call.id);
    expect(steered?.complaint).toBeUndefined();
    return steered?.steers ?? {};
  };

  it('is shown by name and put through to their manager if the settings allow it', async () => {
    const desk = await host.open({ routing: 'free', showsName: true });
    desk.crm.context.insert('customers', {
      ...{ firstName: 'Ольга', lastName: 'Иванова', phones: [{ number: '+79161234567' }], managerId: 13 },
    });
    await until('the CRM knows the codes', () => desk.account.registration.integrations?.telephony?.additionalCodes);
    expect(await ask(desk, CUSTOMER)).toMatchObject({ redirect: '103', caller_name: 'Ольга Иванова' });
    expect(await ask(desk, '79160000000')).not.toHaveProperty('redirect');
    expect(await ask(desk, 'anonymous')).toEqual({});
  });

  it('is not steered where they do not', async () => {
    const desk = await host.open();
    desk.addCustomer('+79161234567', '102');
    await until('the CRM knows the codes', () => desk.account.registration.integrations?.telephony?.additionalCodes);
    expect(await ask(desk, CUSTOMER)).not.toHaveProperty('redirect');
    expect(desk.crm.callsTo('telephony.manager')).toEqual([]);
  });
});

describe('when processes die', () => {
  /** Whether a table of the deployment holds a text that must not be readable there. */
  async function findLeaks(texts: readonly string[]): Promise<string[]> {
    const tables = await deployment.stores.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const leaks: string[] = [];
    for (const { name } of tables)
      for (const text of texts) {
        const found = await deployment.stores.query(`SELECT 1 FROM "${name}" AS t WHERE position($1 IN t::text) > 0 LIMIT 1`, [text]);
        if (found.length > 0) leaks.push(`${name}: ${text}`);
      }
    return leaks;
  }

  it('an api that is killed when Zadarma has placed a call: it is placed once, and known by its notices', async () => {
    const desk = await host.open();
    await deployment.separate('api');
    zadarma.fail('callback', { kind: 'hang' });
    const placed = desk.pbx.placed();
    const asked = desk.click('101', CUSTOMER).catch(() => undefined);
    const click = await placed;
    await deployment.killApi();
    await asked;
    await deployment.startApi();
    // The first notice of the manager's own call found no click, so the customer's call is another one.
    const call = click.pickUp();
    await until('it is known', async () => (await desk.findStored(call.id))?.reference, 60_000);
    call.answer().end();
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({ type: 'out', phone: '+79161234567', code: '101', result: 'answered' });
    expect(desk.count('callback')).toBe(1);
  }, 180_000);

  it('nothing of all this is in the logs or the database that only Zadarma and the shop may know', async () => {
    const secrets = zadarma.accounts.map(({ settings }) => settings.secret).filter((secret) => secret.startsWith('s3cret'));
    expect(secrets.length).toBeGreaterThan(15);
    expect(await findLeaks(secrets)).toEqual([]);
    const logs = deployment.lastOutput;
    for (const secret of secrets) expect(logs).not.toContain(secret);
    // Nor what a request was signed with.
    expect(logs).not.toMatch(/key-of-shop-\d+:[A-Za-z0-9+/]{50}/);
    const journal = await deployment.stores.query<{ text: string }>('SELECT j::text AS text FROM journal_entry AS j');
    expect(journal.some(({ text }) => /key-of-shop-\d+:[A-Za-z0-9+/]{50}/.test(text))).toBe(false);
    // An address of a recording at the service is enough to hear it, so it must not be logged.
    expect([logs, ...journal.map(({ text }) => text)].filter((text) => /record\/download\/[0-9a-f]{32}/.test(text))).toEqual([]);
  });
});
