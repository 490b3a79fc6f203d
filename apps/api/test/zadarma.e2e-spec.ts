import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ZadarmaDouble, ZADARMA_NOTIFICATION_NAMES, type ZadarmaClick } from '#testing';
import { ControlClient } from '../../../tools/sandbox-crm/src/cli/control-client.js';
import { runDemo } from '../../../tools/sandbox-crm/src/demo/demo.js';
import { readRefusal } from './support/account.js';
import { type Deployment, START_MS } from './support/deployment.js';
import { type Reply, readReply } from './support/reply.js';
import { ServerProcess } from './support/server-process.js';
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
/** Kills every worker; one that is new starts afterwards. */
const killWorkers = (): Promise<unknown> => Promise.all(deployment.workers.splice(0).map((worker) => worker.kill()));
/** Lets the time pass that what killed processes have held stays theirs. */
const letHoldsEnd = (): Promise<unknown> => deployment.stores.query(`UPDATE outbox SET held_until = now() WHERE held_until > now()`);
/** Makes the next look at the statistics due. */
const catchUp = (desk: ZadarmaDesk): Promise<unknown> => desk.query('UPDATE telephony_catchup SET due_at = now() WHERE connection_id = $1');
/** Seconds between two moments that the CRM was told, in its time. */
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
  host = await ZadarmaHost.start(85);
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

  it('is not made with a key or secret that Zadarma refuses, and says by which field', async () => {
    const desk = await host.connect();
    for (const changes of [{ secret: 'of nobody' }, { key: 'of-nobody' }]) {
      const { status, errors } = readRefusal(await desk.save(changes));
      expect([status, Object.keys(errors).every((name) => name === 'key' || name === 'secret'), Object.keys(errors).length > 0]).toEqual([
        ...[400, true, true],
      ]);
    }
    expect([desk.count('setUrl'), desk.pbx.url]).toEqual([0, undefined]);
    // While Zadarma is away, nothing is known against them.
    zadarma.fail('*', { kind: 'page' }, 20);
    expect((await desk.save()).status).toBe(200);
  });

  it('refuses an extension that the PBX has not', async () => {
    const desk = await host.connect();
    const reply = await desk.save({ extensions: [{ code: '777', userId: 11 }] });
    const errors =
      reply.status === 400
        ? readRefusal(reply).errors
        : (reply.json as { service: { check: { warnings: object } } }).service.check.warnings;
    expect(JSON.stringify(errors)).toContain('extensions');
  });

  it('offers the phones and numbers of the account to choose from', async () => {
    const desk = await host.open();
    const path = `/connections/${desk.connectionId}`;
    const form = JSON.stringify(await deployment.operator('GET', `${path}/settings`));
    const names = new Set([...form.matchAll(/"lookup":"([\w-]+)"/g)].map(([, name]) => name));
    const found = await Promise.all([...names].map((name) => deployment.operator<object>('GET', `${path}/lookups/${name}`)));
    for (const value of ['103', '74950000000']) expect(JSON.stringify(found)).toContain(value);
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
      zadarma.calls.some(({ call, key }) => call === 'readCallinfo' && key === foreign.pbx.settings.key),
    );
    await until('nothing is to be done', async () =>
      (await foreign.query<{ state: string }>('SELECT state FROM connection_service WHERE connection_id = $1')).every(
        ({ state }) => state !== 'disconnecting',
      ),
    );
    expect(foreign.pbx.url).toBe('http://127.0.0.1:9/other-crm');
    expect([ours.count('removeUrl'), foreign.count('removeUrl')]).toEqual([1, 0]);
    // It comes back with the account.
    await ours.account.activity(true, false);
    await until('it posts here again', () => ours.pbx.url === ours.webhookUrl, 60_000);
  }, 120_000);

  it('that goes over to another account takes its notices, and no more of the old one’s', async () => {
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
    await desk.query(`UPDATE connection_service SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('they are asked for', () => Object.values(desk.pbx.notifications).every(Boolean), 30_000);
    await deployment.settled();
    desk.pbx.url = undefined;
    await desk.query(`UPDATE connection_service SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('they come here', () => desk.pbx.url === desk.webhookUrl, 30_000);
  });
});

describe('calls', () => {
  it('an incoming one is told at once, phone by phone, and uploaded when it is over', async () => {
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

  it('are told as they were: missed, given up, busy, taken by nobody or by a menu, transferred, forwarded', async () => {
    const desk = await host.open({ missedCode: '103' });
    const phone = (n: number): string => String(79_161_234_560 + n);
    const played: [{ id: string }, string[], object][] = [];
    const play = (call: { id: string }, shown: string[], uploaded: object): unknown => played.push([call, shown, uploaded]);
    play(desk.pbx.incoming(phone(0)).ring('101').ring('102').end('no answer'), ['in 101', 'in 102', 'hangup 101 102 no answered'], {
      ...{ type: 'in', result: 'no answer', code: '101' },
    });
    play(desk.pbx.incoming(phone(1)).ring('102').end('cancel'), ['in 102', 'hangup 102 cancel'], { result: 'no answer', code: '102' });
    play(desk.pbx.incoming(phone(2)).ring('102').end('busy'), ['in 102', 'hangup 102 busy'], { result: 'busy', code: '102' });
    play(desk.pbx.incoming(phone(3)).end(), [], { result: 'no answer', code: '103' });
    play(desk.pbx.incoming(phone(4)).menu().end(), [], { result: 'no answer', code: '103' });
    play(
      desk.pbx.incoming(phone(5)).ring('101').answer('101').ring('102').answer('102').end(),
      ['in 101', 'in 102', 'hangup 101 answered', 'hangup 102 answered'],
      { result: 'answered', phone: '+79161234565', code: '102' },
    );
    const forwarded = desk.pbx.incoming(phone(6)).ring('101').forward('79031234567').end();
    play(forwarded, ['in 101', expect.stringMatching(/^hangup 101 /) as unknown as string], { result: 'answered' });
    play(desk.pbx.incoming('anonymous').ring('101').answer('101').end(), ['in 101', 'hangup 101 answered'], {
      phone: 'anonymous',
      result: 'answered',
    });
    await desk.settle();
    for (const [call, shown, uploaded] of played) {
      expect(await desk.uploaded(call.id)).toMatchObject({ type: 'in', externalId: call.id, ...uploaded });
      await until('all is told', () => desk.listShown(call.id).length >= shown.length);
      expect(desk.listShown(call.id)).toEqual(shown);
    }
    expect(desk.uploads.reduce((sum, one) => sum + one, 0)).toBe(played.length);
  }, 60_000);

  it('that nobody heard stay here where no extension is named for them', async () => {
    const desk = await host.open();
    const call = desk.pbx.incoming(CUSTOMER).menu().end();
    await desk.settle();
    expect(await desk.findStored(call.id)).toMatchObject({ outcome: 'no-answer' });
    expect(desk.calls.size).toBe(0);
  });

  it('that go out are told by who dialled; those between phones are nobody’s business', async () => {
    const desk = await host.open();
    const inside = desk.pbx.outgoing('101', '102').answer().end();
    const talked = desk.pbx.outgoing('101', '89161234567', OURS, ago(90)).answer(ago(60)).end();
    const vain = desk.pbx.outgoing('102', CUSTOMER).end('no answer');
    const given = desk.pbx.outgoing('102', '+79161234568').end('cancel');
    const wrong = desk.pbx.outgoing('103', '79161234569').end('unallocated number');
    const upload = await desk.uploaded(talked.id);
    expect(upload).toMatchObject({
      ...{ type: 'out', phone: '+79161234567', code: '101', userId: 11, result: 'answered', externalPhone: '+74950000000', site: 'main' },
    });
    // Talked for the last 60 of its 90 seconds.
    expect([Math.abs(Number(upload.duration) - 90) <= 2, Math.abs(Number(upload.durationWaiting) - 30) <= 2]).toEqual([true, true]);
    const missed = await desk.uploaded(vain.id);
    expect(missed).toMatchObject({ type: 'out', phone: '+79161234567', code: '102', result: 'no answer' });
    expect(missed.externalPhone ?? null).toBeNull();
    expect(await desk.uploaded(given.id)).toMatchObject({ phone: '+79161234568', result: 'no answer' });
    expect(await desk.uploaded(wrong.id)).toMatchObject({ result: 'failed' });
    await until('all close', () => [talked, vain, given, wrong].every(({ id }) => desk.listShown(id).length === 2));
    expect([talked, vain, given, wrong].map(({ id }) => desk.listShown(id)[1])).toEqual([
      ...['hangup 101 answered', 'hangup 102 no answered', 'hangup 102 cancel', 'hangup 103 failed'],
    ]);
    expect(await desk.findStored(inside.id)).toBeUndefined();
    expect(desk.listShown(inside.id)).toEqual([]);
  });

  it.each(['no money', 'no limit', 'no day limit', 'line limit', 'no money, no limit'] as const)(
    'that the account may not make (%s) are “not allowed”',
    async (disposition) => {
      const desk = await host.open();
      const call = desk.pbx.outgoing('101', CUSTOMER).end(disposition);
      expect(await desk.uploaded(call.id)).toMatchObject({ result: 'not allowed' });
      await until('it closes', () => desk.listShown(call.id).length === 2);
      expect(desk.listShown(call.id)).toEqual(['out 101', 'hangup 101 failed']);
    },
  );

  it('that the account may not make are said on its page at once, until one is put through', async () => {
    const desk = await host.open();
    const path = `/connections/${desk.connectionId}`;
    const read = async (): Promise<string> =>
      JSON.stringify(
        (await deployment.operator<{ services: { detail?: { warnings?: object } | null }[] }>('GET', path)).services[0]?.detail?.warnings ??
          {},
      );
    const idle = `SELECT 1 FROM connection_service WHERE connection_id = $1 AND state = 'connected' AND due_at > now() AND lease_until < now()`;
    await until('it is set up', async () => (await desk.query(idle)).length > 0, 30_000);
    // What was set up a moment ago is not looked at again before a minute has passed.
    await desk.query(`UPDATE connection_service SET updated_at = now() - interval '2 minutes' WHERE connection_id = $1`);
    desk.pbx.outgoing('101', CUSTOMER).end('line limit');
    await until('it is said', async () => (await read()).includes('(line limit)'), 30_000);
    const through = desk.pbx.outgoing('101', CUSTOMER).answer().end();
    await desk.uploaded(through.id);
    await desk.query(`UPDATE connection_service SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('it is said no more', async () => (await read()) === '{}', 30_000);
  }, 90_000);

  it.each([
    ['forward', 'Etc/GMT-3', 'Etc/GMT-4'],
    ['back', 'Etc/GMT-3', 'Etc/GMT-2'],
  ])(
    'on the day that the clock is put %s begin when they did, before it is asked for again and after',
    async (_how, before, after) => {
      const desk = await host.open({}, { zone: before });
      desk.pbx.settings.zone = after;
      const play = async (): Promise<void> => {
        const [began, took] = [ago(30), ago(20)];
        const call = desk.pbx.incoming(CUSTOMER, OURS, began).ring('101', began).answer('101', took).end();
        const out = desk.pbx.outgoing('102', CUSTOMER, OURS, began).answer(took).end();
        for (const { id } of [call, out]) {
          const { date, duration } = await desk.uploaded(id);
          expect([Math.abs(readDate(date) - began.getTime()) < 5_000, Number(duration) < 60]).toEqual([true, true]);
        }
      };
      await play();
      const asked = desk.count('timezone');
      await desk.query(`UPDATE connection_service SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
      await until('the clock is asked for', () => desk.count('timezone') > asked, 30_000);
      const idle = `SELECT 1 FROM connection_service WHERE connection_id = $1 AND due_at > now() AND lease_until < now()`;
      await until('it is known', async () => (await desk.query(idle)).length > 0, 30_000);
      await play();
      // Calls that are missed now are told by the new clock.
      await until(
        'it is followed',
        async () => (await desk.query('SELECT 1 FROM telephony_catchup WHERE connection_id = $1')).length > 0,
        60_000,
      );
      zadarma.webhooks.mode = 'off';
      const missed = desk.pbx.incoming(CUSTOMER, OURS, ago(600)).ring('101').end('no answer', ago(590));
      await desk.query(`UPDATE telephony_catchup SET until = now() - interval '15 minutes', due_at = now() WHERE connection_id = $1`);
      expect(Math.abs(readDate((await desk.uploaded(missed.id, 60_000)).date) - ago(600).getTime())).toBeLessThan(60_000);
    },
    120_000,
  );

  it.each([
    ['full logins, a plus, no names at answers', { fullLogins: true, plusNumbers: true, answerNamesPhone: false }],
    ['only who was last at the end, times of phones', { endNames: 'last', legTimes: true }],
    ['nobody at the end', { endNames: 'none', internalEnd: 'none', answersOutgoing: true }],
    ['signatures of bytes, another of an unknown event', { signatures: 'raw', internalEnd: 'other-fields' }],
    ['recordings before the end', { recordNotice: 'before-end' }],
    ['no notices of recordings', { recordNotice: 'none' }],
  ] as const)('are understood with %s', async (_what, modes) => {
    zadarma.setModes(modes);
    const desk = await host.open();
    const call = desk.pbx
      .incoming(CUSTOMER, OURS, ago(60))
      .ring('101', ago(55))
      .ring('102', ago(50))
      .answer('102', ago(45))
      .record(TALK)
      .end();
    const out = desk.pbx.outgoing('103', CUSTOMER, OURS, ago(20)).answer(ago(10)).end();
    expect(await desk.uploaded(call.id)).toMatchObject({ type: 'in', phone: '+79161234567', code: '102', userId: 12, result: 'answered' });
    expect(Math.abs(readDate(desk.calls.get(call.id)?.date) - ago(60).getTime())).toBeLessThan(10_000);
    expect(await desk.uploaded(out.id)).toMatchObject({ type: 'out', code: '103', userId: 13, result: 'answered' });
    await until('it closes', () => desk.listShown(call.id).length === 4);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']);
    expect((await get(String(desk.calls.get(call.id)?.recordUrl))).bytes.toString()).toBe('0123456789');
    expect(zadarma.webhooks.attempts.map(({ status }) => status).every((status) => status === 200)).toBe(true);
  });

  it.each(['Asia/Kolkata', 'Pacific/Chatham', 'America/St_Johns'])('of an account in %s began when they did', async (zone) => {
    const desk = await host.open({}, { zone });
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(30)).ring('101').answer('101').end();
    expect(Math.abs(readDate((await desk.uploaded(call.id)).date) - ago(30).getTime())).toBeLessThan(10_000);
    expect(zadarma.webhooks.attempts.every(({ status }) => status === 200)).toBe(true);
    // The zone is asked for once, not with every call.
    expect(desk.count('timezone')).toBeLessThanOrEqual(2);
  });
});

describe('notices', () => {
  it('that are forged, unsigned, changed or of another day are refused; a frozen account takes none', async () => {
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
    await desk.query(`UPDATE connection_service SET due_at = now(), lease_until = '-infinity' WHERE connection_id = $1`);
    await until('it is told here again', () => desk.pbx.url === desk.webhookUrl);
    expect(await send({})).toEqual([200]);
    await until('it is stored', async () => (await desk.countNotices()) === 1);
  });

  it.each([
    ['no form', 'application/json', '{"event":"NOTIFY_START"}'],
    ['an empty form', 'application/x-www-form-urlencoded', ''],
    ['a form without an event', 'application/x-www-form-urlencoded', 'caller_id=1'],
    ['a field twice', 'application/x-www-form-urlencoded', 'event=NOTIFY_START&event=NOTIFY_END&pbx_call_id=in_1'],
    ['bytes', 'application/octet-stream', '\u0000\u0001'],
  ])('that are %s are refused, and do no harm', async (_what, type, body) => {
    const desk = await host.open();
    for (const signature of ['x', 'ODBhZGRmMTA2Yjg0M2ZkNDVmY2Q2NGU2NzE1NjZlYjcyYzI1ZGYyNg==']) {
      const reply = await fetch(desk.webhookUrl, { method: 'POST', body, headers: { 'content-type': type, signature } });
      expect([400, 401, 403]).toContain(reply.status);
    }
    expect(await desk.countNotices()).toBe(0);
  });

  it('of the address’s trial are answered with the token alone, and with nothing that is none', async () => {
    const desk = await host.open();
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

  it('twice and thrice: each does what it does once', async () => {
    const desk = await host.open();
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER).ring('101').ring('102').answer('102').record(TALK).end();
    const out = desk.pbx.outgoing('103', CUSTOMER, OURS, ago(20)).answer(ago(10)).end();
    await zadarma.flush({ copies: 3 });
    await desk.settle();
    await desk.uploaded(call.id);
    await desk.uploaded(out.id);
    await until('both close', () => desk.listShown(call.id).length >= 4 && desk.listShown(out.id).length >= 2);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']);
    expect(desk.listShown(out.id)).toEqual(['out 103', 'hangup 103 answered']);
    expect(desk.uploads.reduce((sum, one) => sum + one, 0)).toBe(2);
  });

  it('in reverse: the end makes the whole call, and what comes after it changes nothing', async () => {
    const desk = await host.open();
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(90)).ring('101').ring('102').answer('102', ago(60)).record(TALK).end();
    const out = desk.pbx.outgoing('103', CUSTOMER).end('busy');
    await zadarma.flush({ reverse: true, copies: 2 });
    await desk.settle();
    const uploaded = await desk.uploaded(call.id);
    expect(uploaded).toMatchObject({ phone: '+79161234567', code: '102', externalPhone: '+74950000000', result: 'answered' });
    expect([Math.abs(Number(uploaded.duration) - 90) <= 2, Math.abs(Number(uploaded.durationWaiting) - 30) <= 2]).toEqual([true, true]);
    expect((await get(String(uploaded.recordUrl))).status).toBe(200);
    expect(await desk.uploaded(out.id)).toMatchObject({ type: 'out', result: 'busy', code: '103' });
    expect([desk.listShown(call.id), desk.listShown(out.id)]).toEqual([[], []]);
    expect(desk.uploads.reduce((sum, one) => sum + one, 0)).toBe(2);
  });

  it('that repeat a signature with other fields change no call that is over', async () => {
    const desk = await host.open();
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(20)).ring('101').answer('101', ago(10)).end();
    await zadarma.flush();
    await desk.settle();
    const before = await desk.uploaded(call.id);
    const end = zadarma.webhooks.attempts.find(({ notice }) => notice['event'] === 'NOTIFY_END')?.notice ?? {};
    for (const change of [
      { duration: '9999' } as Record<string, string>,
      { disposition: 'busy', duration: '0' },
      { internal: '102', last_internal: '102' },
    ]) {
      zadarma.webhooks.add(desk.pbx, end);
      await zadarma.flush({ change });
    }
    await desk.settle();
    expect([desk.uploads.reduce((sum, one) => sum + one, 0), desk.calls.get(call.id)]).toEqual([1, before]);
    expect(await desk.findStored(call.id)).toMatchObject({ outcome: 'answered', code: '101' });
    await until('it closes', () => desk.listShown(call.id).length >= 2);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'hangup 101 answered']);
  });

  it.each([
    ['1 2 0 3', ['in 101', 'in 102', 'hangup 101 cancel', 'hangup 102 answered']],
    ['2 1 0 3', undefined],
    ['2 3', ['in 102', 'hangup 102 answered']],
    ['0 3', []],
    ['3', []],
  ])('swapped or lost (%s): nobody is shown a call that never closes', async (order, shown) => {
    zadarma.setModes({ internalEnd: 'none' });
    const desk = await host.open();
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(20)).ring('101').answer('102', ago(10)).end();
    await zadarma.flush({ order: order.split(' ').map(Number) });
    await desk.settle();
    expect(await desk.uploaded(call.id)).toMatchObject({ phone: '+79161234567', code: '102', result: 'answered' });
    await until('all is told', () => desk.listShown(call.id).length >= (shown?.length ?? 2));
    const told = desk.listShown(call.id);
    if (shown) expect(told).toEqual(shown);
    // Whoever saw it begin saw it end.
    const codes = (type: string): string[] => told.filter((one) => one.startsWith(type)).flatMap((one) => one.match(/\d{3}/g) ?? []);
    expect(codes('hangup').sort()).toEqual(expect.arrayContaining(codes('in').sort()));
  });

  it('whose end is lost: the statistics end the call, once', async () => {
    const desk = await host.open();
    await until(
      'it is followed',
      async () => (await desk.query('SELECT 1 FROM telephony_catchup WHERE connection_id = $1')).length > 0,
      60_000,
    );
    zadarma.webhooks.mode = 'hold';
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(100)).ring('101').answer('101', ago(90)).end('answered', ago(40));
    await zadarma.flush({ without: ['NOTIFY_END'] });
    await desk.settle();
    expect(desk.calls.size).toBe(0);
    await catchUp(desk);
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({ result: 'answered', code: '101', phone: '+79161234567' });
    await until('it closes', () => desk.listShown(call.id).length === 2);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'hangup 101 answered']);
  }, 90_000);
});

describe('statistics', () => {
  const isFollowed = (desk: ZadarmaDesk): Promise<unknown> =>
    until('it is followed', async () => (await desk.query('SELECT 1 FROM telephony_catchup WHERE connection_id = $1')).length > 0, 60_000);

  it('are asked for three times a minute at most, whoever asks', async () => {
    const desk = await host.open();
    await isFollowed(desk);
    for (let n = 0; n < 8; n++) {
      await catchUp(desk);
      await new Promise((resolve) => setTimeout(resolve, 1_200));
    }
    expect(desk.count('statistics')).toBeGreaterThan(0);
    expect(desk.pbx.arrivals.statistics.length).toBeLessThanOrEqual(3);
  }, 90_000);

  it.each([
    ['refused', 'text'],
    ['cut', 'boolean'],
  ] as const)(
    'of more than a month are asked for a month (longer ones are %s, flags are %s)',
    async (longPeriods, recordedAs) => {
      zadarma.setModes({ longPeriods, recordedAs });
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
      for (const { parameters } of zadarma.calls.filter((one) => one.call === 'statistics' && one.key === desk.pbx.settings.key))
        expect(Date.parse(`${parameters['end']}Z`) - Date.parse(`${parameters['start']}Z`)).toBeLessThanOrEqual(31 * 86_400_000);
    },
    120_000,
  );
});

describe('recordings', () => {
  const talk = (desk: ZadarmaDesk, isNamed = true): { id: string; records: readonly string[] } =>
    desk.pbx.incoming(CUSTOMER).ring('101').answer('101').record(TALK, isNamed).end();
  const link = async (desk: ZadarmaDesk, { id }: { id: string }): Promise<string> => String((await desk.uploaded(id)).recordUrl);

  it.each([true, false])('are fetched when somebody listens: not ready, then there, then gone (named: %s)', async (isNamed) => {
    const desk = await host.open();
    zadarma.setModes({ recordReadyMs: 86_400_000 });
    const call = talk(desk, isNamed);
    const url = await link(desk, call);
    // It was told without a look at it.
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
    for (const { parameters } of zadarma.calls.filter((one) => one.call === 'requestRecord'))
      expect([
        Number(parameters['lifetime'] ?? 1_800) <= 1_800,
        Object.keys(parameters).filter((name) => name.endsWith('call_id')),
      ]).toEqual([...[true, ['pbx_call_id']]]);
    expect(await desk.query(`SELECT 1 FROM telephony_call WHERE connection_id = $1 AND record LIKE 'http%'`)).toEqual([]);
  });

  it('that many listen to at once wait their turn: no more is asked than Zadarma allows', async () => {
    const desk = await host.open();
    const calls = Array.from({ length: 130 }, () => talk(desk));
    await desk.settle();
    const urls = await Promise.all(calls.map(async (call) => String((await desk.uploaded(call.id, 60_000)).recordUrl)));
    const replies: Reply[] = [];
    for (let from = 0; from < urls.length; from += 13)
      replies.push(...(await Promise.all(urls.slice(from, from + 13).map((url) => get(url)))));
    const isOther = ({ status, bytes, headers }: Reply): boolean =>
      status === 200 ? !bytes.equals(TALK) : status !== 503 || !(Number(headers.get('retry-after')) > 0);
    expect(replies.filter(isOther).map(({ status, bytes }) => `${status} ${bytes.toString()}`)).toEqual([]);
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(60);
    expect(desk.pbx.arrivals.all.length).toBeLessThanOrEqual(100);
    // What was found already is heard again without a question.
    const again = await get(urls[replies.findIndex(({ status }) => status === 200)] ?? '');
    expect(again.status).toBe(200);
  }, 120_000);

  it('that the storage has overwritten are gone', async () => {
    zadarma.setModes({ recordsMost: 1 });
    const desk = await host.open();
    const url = await link(desk, talk(desk));
    expect((await get(url)).status).toBe(200);
    talk(desk);
    await desk.settle();
    // Long after the call.
    const old = `UPDATE telephony_call SET record = regexp_replace(record, '@\\d+', '@1'), ended_at = ended_at - interval '1 day' WHERE connection_id = $1`;
    await desk.query(old);
    expect((await get(url)).status).toBe(404);
  });

  it('at another host are not fetched, and a busy or broken Zadarma is said to be', async () => {
    const desk = await host.open();
    zadarma.setModes({ foreignLinks: true });
    const foreign = await link(desk, talk(desk));
    expect((await get(foreign)).status).toBe(502);
    zadarma.setModes({ foreignLinks: false });
    const url = await link(desk, talk(desk));
    zadarma.fail('requestRecord', { kind: 'page' }, 9);
    expect((await get(url)).status).toBe(502);
    zadarma.faults.clear();
    zadarma.fail('download', { kind: 'cut' }, 9);
    const cut = await get(url).catch(() => undefined);
    expect(cut?.status === 200 && cut.bytes.length === TALK.length).toBe(false);
    zadarma.faults.clear();
    expect((await get(url)).bytes.toString()).toBe('0123456789');
    // The link of another recording is not known yet.
    const other = await link(desk, talk(desk));
    zadarma.fail('requestRecord', { kind: 'rate-limit', retryAfterSeconds: 7 });
    for (let n = 0; n < 2; n++) {
      const busy = await get(other);
      expect([busy.status, /^[5-7]$/.test(busy.headers.get('retry-after') ?? '')]).toEqual([503, true]);
    }
    // Until then Zadarma is left alone.
    expect(desk.count('requestRecord')).toBeLessThanOrEqual(13);
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
    expect(zadarma.calls.filter((one) => one.call === 'callback').map(({ parameters }) => parameters)).toEqual([
      { from: '101', to: CUSTOMER, sip: '101', format: 'json' },
    ]);
    call.answer().end();
    expect(await desk.uploaded(call.id)).toMatchObject({
      ...{ type: 'out', phone: '+79161234567', externalPhone: '+74950000000', site: 'main', code: '101', userId: 11, result: 'answered' },
    });
    await until('it closes', () => desk.listShown(call.id).length === 2);
    expect(desk.listShown(call.id)).toEqual(['out 101', 'hangup 101 answered']);
    // The call of the manager's own phone is none of the CRM's.
    await desk.settle();
    expect((await desk.listStored()).map(({ external_id: id }) => id)).toEqual([call.id]);
    expect(await desk.findStored(call.id)).toMatchObject({ reference: (await desk.listClicks())[0]?.reference });
  });

  it.each([false, true])('two at once each have their own call, in whichever order they begin (full logins: %s)', async (fullLogins) => {
    zadarma.setModes({ fullLogins });
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

  it.each(['hang', 'error-after', 'drop-after', 'invalid-json'] as const)(
    'whose reply is lost (%s) is not placed again, and its call is known by its notices',
    async (kind) => {
      const desk = await host.open();
      zadarma.fail('callback', { kind });
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
    },
    60_000,
  );

  it.each([
    ['by Zadarma, with HTTP 400', { kind: 'refuse', message: 'Not with this number', status: 400 }, 400, /Not with this number/],
    ['by Zadarma, with HTTP 200', { kind: 'refuse', message: 'Not with this number' }, 400, /Not with this number/],
    ['as too much', { kind: 'rate-limit', retryAfterSeconds: 30 }, undefined, /./],
    ['as too much, without a time', { kind: 'too-many' }, undefined, /./],
    ['as a stranger’s', { kind: 'unauthorized' }, undefined, /./],
  ] as const)('that is refused %s says so, and is no call', async (_what, fault, status, message) => {
    const desk = await host.open();
    zadarma.fail('callback', fault);
    const refusal = readRefusal(await desk.click('101', CUSTOMER));
    if (status !== undefined) expect(refusal.status).toBe(status);
    expect(refusal.status).not.toBe(500);
    expect(refusal.errorMsg).toMatch(message);
    expect(desk.count('callback')).toBe(1);
    const call = desk.pbx.outgoing('101', CUSTOMER).end();
    await desk.settle();
    expect((await desk.findStored(call.id))?.reference).toBeNull();
    expect(clicked(desk)).toEqual([]);
  });

  it('to nobody and from nobody’s phone is refused before Zadarma is asked, or by it', async () => {
    const desk = await host.open();
    for (const [code, phone] of [
      ['777', CUSTOMER],
      ['101', 'abc'],
      ['101', '12'],
    ] as const)
      expect(readRefusal(await desk.click(code, phone)).status).toBe(400);
    expect(clicked(desk)).toEqual([]);
  });

  it.each(['hang', 'page', 'drop-before'] as const)('is placed also when nobody knows whether the phone is on (%s)', async (kind) => {
    const desk = await host.open();
    zadarma.fail('extensionStatus', { kind }, 3);
    expect((await desk.click('101', CUSTOMER)).status).toBe(200);
    expect([desk.count('callback'), clicked(desk).length]).toEqual([1, 1]);
  });

  it('that the manager does not take leaves nothing that waits, nor a call of the customer', async () => {
    const desk = await host.open();
    expect((await desk.click('101', CUSTOMER)).status).toBe(200);
    clicked(desk)[0]?.ignore();
    desk.pbx.offline.add('102').add('103');
    desk.pbx.forwarded.set('103', '79031234567');
    expect(readRefusal(await desk.click('102', CUSTOMER))).toMatchObject({ status: 400, errorMsg: expect.stringMatching(/102/) });
    expect((await desk.click('103', CUSTOMER)).status).toBe(200);
    clicked(desk)[1]?.ignore();
    expect(desk.count('callback')).toBe(2);
    await desk.settle();
    await until('nothing waits', async () => (await desk.listClicks()).every(({ state }) => state !== 'running'));
    expect(await desk.listStored()).toEqual([]);
    expect(desk.events).toEqual([]);
  });
});

describe('a caller', () => {
  const ask = async (desk: ZadarmaDesk, phone: string): Promise<object> => {
    const call = desk.pbx.incoming(phone);
    await zadarma.webhooks.idle();
    const steered = zadarma.webhooks.steered.get(call.id);
    expect(steered?.complaint).toBeUndefined();
    return steered?.steers ?? {};
  };

  it('is shown by name and put through to his manager where the settings say so', async () => {
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

  it('whom the CRM is too slow to name waits less than two seconds, and his call is kept', async () => {
    const desk = await host.open({ routing: 'free', showsName: true });
    desk.addCustomer('+79161234567', '102');
    desk.crm.fail('*/telephony/manager', { kind: 'hang' }, 10);
    const began = performance.now();
    const call = desk.pbx.incoming(CUSTOMER);
    await zadarma.webhooks.idle();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(zadarma.webhooks.attempts.at(-1)?.status).toBe(200);
    await until('it is kept', () => desk.findStored(call.id));
  });
});

describe("the sandbox CRM's demo", () => {
  it('enters the double’s key, calls a customer, hears the record, and is called', async () => {
    const crm = deployment.nextCrm();
    zadarma.account.url = undefined;
    const lines: string[] = [];
    const stop = zadarma.playDemo(4_000);
    try {
      const code = await runDemo(new ControlClient(crm.url, 'default'), {
        ...{ module: 'zadarma', moduleUrl: `${deployment.url}/zadarma`, secret: deployment.getSecret('zadarma') },
        ...{ operatorToken: deployment.variables.OPERATOR_TOKEN, wait: 30_000, print: (line) => lines.push(line) },
      });
      const text = lines.join('\n');
      expect(text.match(/(AGAINST|DID NOT).*/g)).toBeNull();
      expect([code, text]).toEqual([0, expect.stringContaining('a call out, a call in')]);
      expect(text).toMatch(/its record: \d{5} bytes of audio\/mpeg; a part of it: HTTP 206, 44 bytes/);
    } finally {
      stop();
    }
  }, 120_000);
});

describe('when processes die', () => {
  /** Whether a table of the deployment holds a text that nobody may read there. */
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

  it('notices that came while no worker ran are applied once', async () => {
    const desk = await host.open();
    await killWorkers();
    const call = desk.pbx.incoming(CUSTOMER).ring('101').answer('101').end();
    await zadarma.webhooks.idle();
    expect(zadarma.webhooks.attempts.every(({ status }) => status === 200)).toBe(true);
    await Promise.all([deployment.startWorker(), deployment.startWorker()]);
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({ result: 'answered', code: '101' });
    await until('it closes', () => desk.listShown(call.id).length === 2);
    expect(desk.listShown(call.id)).toEqual(['in 101', 'hangup 101 answered']);
  }, 120_000);

  it('an api that is killed when it has stored the first notice: the worker tells of it, the statistics tell the rest', async () => {
    const desk = await host.open();
    await until(
      'it is followed',
      async () => (await desk.query('SELECT 1 FROM telephony_catchup WHERE connection_id = $1')).length > 0,
      60_000,
    );
    await (deployment.api as ServerProcess).kill();
    const dying = ServerProcess.start('apps/api/test/support/webhook-main.js', ['dies'], deployment.variables);
    await dying.ready(`${deployment.url}/health/ready`);
    const call = desk.pbx.incoming(CUSTOMER, OURS, ago(60));
    await zadarma.webhooks.idle();
    expect(await dying.stop()).toBe('SIGKILL');
    // Zadarma had no answer: it posts no more of this call.
    call.ring('101').answer('101', ago(50)).end('answered', ago(20));
    await zadarma.webhooks.idle();
    expect(zadarma.webhooks.attempts.map(({ status }) => status)).toEqual([0]);
    await deployment.startApi();
    await until('the first is applied', () => desk.findStored(call.id));
    // The api's start has them read, not the next hour.
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({ result: 'answered', code: '101', phone: '+79161234567' });
    expect(desk.listShown(call.id)).toEqual([]);
  }, 120_000);

  it('a sender that is killed before it knows the outcome: another tells it again, before what follows', async () => {
    const desk = await host.open();
    const release = desk.crm.fail('*/call/event', { kind: 'hang' });
    const call = desk.pbx.incoming(CUSTOMER).ring('101');
    await until('it is being sent', () => desk.listEvents(call.id).length === 1);
    await killWorkers();
    await letHoldsEnd();
    release();
    await Promise.all([deployment.startWorker(), deployment.startWorker()]);
    call.answer('101').end();
    await until('the end is told', () => desk.listShown(call.id).at(-1)?.startsWith('hangup'), 60_000);
    expect(desk.listEvents(call.id).map(({ type }) => type)).toEqual(['in', 'in', 'hangup']);
    await desk.uploaded(call.id);
  }, 120_000);

  it('an api that is killed when Zadarma has placed a call: it is placed once, and known by its notices', async () => {
    const desk = await host.open();
    zadarma.fail('callback', { kind: 'hang' });
    const placed = desk.pbx.placed();
    const asked = desk.click('101', CUSTOMER).catch(() => undefined);
    const click = await placed;
    await (deployment.api as ServerProcess).kill();
    await asked;
    await deployment.startApi();
    await killWorkers();
    await Promise.all([deployment.startWorker(), deployment.startWorker()]);
    // Of the manager's own call the first notice found nobody, so the customer's is another call.
    const call = click.pickUp();
    await until('it is known', async () => (await desk.findStored(call.id))?.reference, 60_000);
    call.answer().end();
    expect(await desk.uploaded(call.id, 60_000)).toMatchObject({ type: 'out', phone: '+79161234567', code: '101', result: 'answered' });
    expect(desk.count('callback')).toBe(1);
  }, 180_000);

  it('an outage of an hour: every call that ended meanwhile is there once, within three questions a minute', async () => {
    const desk = await host.open({}, { zone: 'Asia/Kolkata' });
    await until(
      'it is followed',
      async () => (await desk.query('SELECT 1 FROM telephony_catchup WHERE connection_id = $1')).length > 0,
      60_000,
    );
    await Promise.all([(deployment.api as ServerProcess).kill(), killWorkers()]);
    await desk.query(`UPDATE telephony_catchup SET until = now() - interval '60 minutes', due_at = now() WHERE connection_id = $1`);
    const minutes = (count: number): Date => ago(count * 60);
    const taken = desk.pbx
      .incoming(CUSTOMER, OURS, minutes(45))
      .ring('101')
      .answer('102', minutes(44))
      .record(TALK)
      .end('answered', minutes(40));
    const passed = desk.pbx
      .incoming('79161234568', OURS, minutes(35))
      .answer('101', minutes(34))
      .answer('102', minutes(32))
      .end('answered', minutes(30));
    const dialled = desk.pbx.outgoing('103', '89161234569', undefined, minutes(25)).answer(minutes(24)).end('answered', minutes(22));
    const missed = desk.pbx.incoming('79161234560', OURS, minutes(20)).ring('101').end('no answer', minutes(19));
    const inside = desk.pbx.outgoing('101', '102', undefined, minutes(15)).answer(minutes(15)).end('answered', minutes(14));
    await zadarma.webhooks.idle();
    // Two pages more.
    const many = Array.from({ length: 1_000 }, (_, n) =>
      desk.pbx
        .incoming(`7917${1_000_000 + n}`, OURS, minutes(10))
        .ring('101')
        .end('no answer', minutes(9)),
    );
    await zadarma.webhooks.idle();
    zadarma.webhooks.mode = 'off';
    await Promise.all([deployment.startApi(), deployment.startWorker(), deployment.startWorker()]);
    const [first, second, third, fourth] = await Promise.all([taken, passed, dialled, missed].map(({ id }) => desk.uploaded(id, 90_000)));
    // The statistics know how long was talked, not how long it rang.
    expect(first).toMatchObject({
      type: 'in',
      phone: '+79161234567',
      code: '102',
      userId: 12,
      result: 'answered',
      duration: 240,
      durationWaiting: 0,
    });
    expect(Math.abs(readDate(first?.date) - minutes(45).getTime())).toBeLessThan(120_000);
    expect(second).toMatchObject({ type: 'in', phone: '+79161234568', result: 'answered', duration: 240 });
    expect(third).toMatchObject({ type: 'out', phone: '+79161234569', code: '103', userId: 13, result: 'answered', duration: 120 });
    expect(fourth).toMatchObject({ type: 'in', phone: '+79161234560', code: '101', result: 'no answer' });
    expect((await get(String(first?.recordUrl))).bytes.toString()).toBe('0123456789');
    await until('all are there', () => many.every(({ id }) => desk.calls.has(id)), 120_000);
    expect(desk.calls.has(inside.id)).toBe(false);
    expect(desk.events).toEqual([]);
    const counts = new Map<string, number>();
    for (const { value } of desk.crm.listCarriedOut<{ externalId: string }[]>('telephony.callsUpload', 'calls'))
      for (const { externalId } of value) counts.set(externalId, (counts.get(externalId) ?? 0) + 1);
    expect([...counts.values()].every((count) => count === 1)).toBe(true);
    expect(desk.count('statistics')).toBeLessThanOrEqual(3);
  }, 300_000);

  it('nothing of all this is in the logs or the database that only Zadarma and the shop may know', async () => {
    const secrets = zadarma.accounts.map(({ settings }) => settings.secret).filter((secret) => secret.startsWith('s3cret'));
    expect(secrets.length).toBeGreaterThan(20);
    expect(await findLeaks(secrets)).toEqual([]);
    const logs = [deployment.api, ...deployment.workers].map((server) => server?.lastOutput ?? '').join('\n');
    for (const secret of secrets) expect(logs).not.toContain(secret);
    // Nor what a request was signed with.
    expect(logs).not.toMatch(/key-of-shop-\d+:[A-Za-z0-9+/]{50}/);
    const journal = await deployment.stores.query<{ text: string }>('SELECT j::text AS text FROM journal_entry AS j');
    expect(journal.some(({ text }) => /key-of-shop-\d+:[A-Za-z0-9+/]{50}/.test(text))).toBe(false);
    // Whoever has the service's address of a recording hears it.
    expect([logs, ...journal.map(({ text }) => text)].filter((text) => /record\/download\/[0-9a-f]{32}/.test(text))).toEqual([]);
  });
});
