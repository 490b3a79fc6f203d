import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { authorize, writeParameters } from '../fake-pbx/pbx-signatures.js';
import { playCall, signZadarmaNotice, type ZadarmaAccount, ZadarmaDouble, type ZadarmaNotice, type ZadarmaPlay } from './index.js';

const KEY = 'exampleuserkey0000001';
const SECRET = 'examplesecret000000a1';
const CUSTOMER = '442037691881';
const OURS = '442037691880';

let zadarma: ZadarmaDouble;
let account: ZadarmaAccount;
beforeAll(async () => {
  zadarma = await ZadarmaDouble.start({ key: KEY, secret: SECRET, zone: 'Asia/Kolkata', numbers: [OURS] });
  ({ account } = zadarma);
});
afterAll(() => zadarma.close());
beforeEach(() => zadarma.reset());

type Parameters = Record<string, string>;
interface Answer {
  status: number;
  headers: Headers;
  // A test reads any expected member.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

async function call(method: string, path: string, parameters: Parameters = {}, signature?: string): Promise<Answer> {
  const all = writeParameters({ ...parameters, format: 'json' });
  const headers: Record<string, string> = { authorization: signature ?? authorize(KEY, SECRET, path, all) };
  const isGet = method === 'GET';
  if (!isGet) headers['content-type'] = 'application/x-www-form-urlencoded';
  const reply = await fetch(`${zadarma.url}${path}${isGet ? `?${all}` : ''}`, { method, headers, ...(!isGet && { body: all }) });
  return { status: reply.status, headers: reply.headers, body: await reply.json() };
}
const get = (path: string, parameters?: Parameters): Promise<Answer> => call('GET', path, parameters);
const refused = (message: unknown = expect.any(String), status = 400) => ({ status, body: { status: 'error', message } });

describe('signatures of Zadarma', () => {
  it.each([
    ['/v1/request/callback/', { from: '100', to: CUSTOMER, format: 'json' }, 'MzA1MDMwMWE3ODI4M2E1OGU0Y2M2YzEzYTJiYzJkNTk5YzcxNzU1MA=='],
    ['/v1/info/balance/', {}, 'ZWQ5MjRiMjNlNmYxN2Y4Y2NhYTdkMzE4ZTQ3MWRkNjZjYWNlNjFhNA=='],
    [
      '/v1/statistics/pbx/',
      { start: '2026-11-01 00:00:00', end: '2026-11-02 00:00:00', version: '2', format: 'json' },
      'ODNhNzc1NDkwNTZlZDE2MTQ0NjY5NjU3NDkyZjRmYjBiODM0ZTEzYw==',
    ],
  ])('%s is asked for with that of its parameters', (path, parameters, signature) => {
    expect(authorize(KEY, SECRET, path, writeParameters(parameters as Parameters))).toBe(`${KEY}:${signature}`);
  });

  const incoming = { caller_id: '+442037691881', called_did: OURS, call_start: '2026-11-24 10:15:00' };
  it.each([
    [{ event: 'NOTIFY_START', ...incoming }, 'ODBhZGRmMTA2Yjg0M2ZkNDVmY2Q2NGU2NzE1NjZlYjcyYzI1ZGYyNg=='],
    [{ event: 'NOTIFY_END', ...incoming, duration: '5' }, 'ODBhZGRmMTA2Yjg0M2ZkNDVmY2Q2NGU2NzE1NjZlYjcyYzI1ZGYyNg=='],
    [
      { event: 'NOTIFY_OUT_START', internal: '100', destination: '+442037691881', call_start: '2026-11-24 10:15:00' },
      'ODQwMTY0ZGI4NDY2YTFkMTc0ZDY3MDZmZTljNzE2OTc3OTUzYmNhNw==',
    ],
    [
      { event: 'NOTIFY_RECORD', pbx_call_id: 'in_ae6b03b3b0765d127ec0b739209346bbc4f0d52d', call_id_with_rec: '1458313316.343456' },
      'ODg1OWMyZjFmODEyMmIwYjY5NjA3NTMyYmExN2UxNzk5OTMwMWY1ZQ==',
    ],
  ])('of %j', (notice, signature) => {
    expect(signZadarmaNotice(SECRET, notice as ZadarmaNotice)).toBe(signature);
  });

  it('in the form of one library are of the digest’s bytes', () => {
    expect(signZadarmaNotice(SECRET, { event: 'NOTIFY_START', ...incoming }, 'raw')).toBe('gK3fEGuEP9RfzWTmcVZutywl3yY=');
  });
});

describe('the API of the Zadarma double', () => {
  it('lets in who signs what he sends, and nobody else', async () => {
    expect(await get('/v1/info/balance/')).toMatchObject({ status: 200, body: { status: 'success', balance: 10.5, currency: 'USD' } });
    const refusal = refused('Auth error', 401);
    expect(await call('GET', '/v1/info/balance/', {}, `${KEY}:bm8=`)).toMatchObject(refusal);
    // Signed without the slash, without `format`, and by another account's key.
    const parameters = writeParameters({ format: 'json' });
    for (const [key, path, signed] of [
      [KEY, '/v1/info/balance', parameters],
      [KEY, '/v1/info/balance/', ''],
      ['another', '/v1/info/balance/', parameters],
    ] as const)
      expect(await call('GET', '/v1/info/balance/', {}, authorize(key, SECRET, path, signed))).toMatchObject(refusal);
    expect(await get('/v1/info/balance')).toMatchObject(refused('Wrong path', 404));
    expect((await fetch(`${zadarma.url}/v1/info/balance/`, { method: 'HEAD' })).status).toBe(404);
  });

  it.each([
    ['GET', '/v1/info/balance/', { user_id: '1' }, 'Unknown parameter user_id'],
    ['GET', '/v1/request/callback/', { from: '101' }, 'The parameter to is missing'],
    ['GET', '/v1/request/callback/', { from: '101', to: '442-037' }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '999', to: CUSTOMER }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '101', to: '4420376918801234' }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '101', to: '442037691880 ext. 12' }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '101', to: '442037691880#12' }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '499499-101' }, 'Field "sip" could be only SIP or PBX number'],
    ['GET', '/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '999' }, 'Field "sip" could be only SIP or PBX number'],
    ['GET', '/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '1001' }, 'Field "sip" could be only SIP or PBX number'],
    ['POST', '/v1/pbx/callinfo/notifications/', { notify_start: '1' }, 'Check the parameter notify_start'],
    ['POST', '/v1/pbx/callinfo/notifications/', { notify_record: 'true' }, 'Unknown parameter notify_record'],
    ['POST', '/v1/pbx/callinfo/notifications/', {}, 'No notification is named'],
    ['POST', '/v1/pbx/callinfo/url/', { url: 'shop.example' }, 'Check the parameter url'],
    ['GET', '/v1/pbx/record/request/', {}, 'Either call_id or pbx_call_id is needed'],
    ['GET', '/v1/pbx/internal/999/status/', {}, 'There is no PBX number 999'],
  ])('refuses %s %s with %j', async (method, path, parameters, message) => {
    expect(await call(method, path, parameters as unknown as Parameters)).toMatchObject(refused(message));
    zadarma.modes.refusalStatus = 200;
    expect(await call(method, path, parameters as unknown as Parameters)).toMatchObject(refused(message, 200));
    expect(account.clicks).toEqual([]);
  });

  it('takes parameters where the method has them, as a form', async () => {
    const path = '/v1/pbx/callinfo/url/';
    const authorization = authorize(KEY, SECRET, path, writeParameters({ format: 'json' }));
    const remove = (more: object, query = ''): Promise<Response> =>
      fetch(`${zadarma.url}${path}${query}`, { method: 'DELETE', headers: { authorization }, ...more });
    // Its parameters are not in the place where they are signed.
    expect((await remove({}, '?format=json')).status).toBe(401);
    expect((await remove({ body: 'format=json' })).status).toBe(400);
  });

  it('tells the time, phones and numbers of its account', async () => {
    const { body: time } = await get('/v1/info/timezone/');
    const offset = Date.parse(`${String(time.datetime).replace(' ', 'T')}Z`) / 1000 - Number(time.unixtime);
    expect([Math.round(offset / 60), time.timezone]).toEqual([330, 'UTC+5:30']);
    expect((await get('/v1/pbx/internal/')).body).toMatchObject({ pbx_id: 499499, numbers: [100, 101, 102, 103] });
    account.offline.add('102');
    expect((await get('/v1/pbx/internal/101/status/')).body).toMatchObject({ number: 101, is_online: 'true' });
    expect((await get('/v1/pbx/internal/102/status/')).body).toMatchObject({ is_online: 'false' });
    expect((await get('/v1/direct_numbers/')).body.info).toMatchObject([
      { number: OURS, status: 'on', number_name: null },
      { type: 'order' },
    ]);
  });

  it('counts the calls of each key, and says when to come again', async () => {
    const other = zadarma.findAccount('other') ?? zadarma.addAccount({ key: 'other', secret: 'other-secret' });
    for (let n = 1; n <= 98; n++) await get('/v1/info/balance/');
    const replies = [await get('/v1/info/balance/'), await get('/v1/info/timezone/'), await get('/v1/info/balance/')];
    expect(replies.map(({ status, headers }) => [status, headers.get('x-ratelimit-remaining')])).toEqual([
      ...[[200, '1'], [200, '0'], [429, '0']], // oxfmt-ignore
    ]);
    expect(replies[2]?.body).toEqual({ status: 'error', message: 'You exceeded the rate limit' });
    expect(Number(replies[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
    expect([other.arrivals.all.length, account.arrivals.all.length]).toEqual([0, 101]);
  });

  it('fails as a test says', async () => {
    zadarma.fail('balance', { kind: 'refuse', message: 'Something' });
    expect(await get('/v1/info/balance/')).toMatchObject(refused('Something', 200));
    zadarma.fail('*', { kind: 'too-many' });
    const tooMany = await get('/v1/info/balance/');
    expect([tooMany.status, tooMany.headers.get('retry-after')]).toEqual([429, null]);
    zadarma.fail('balance', { kind: 'page' });
    await expect(get('/v1/info/balance/')).rejects.toThrow('JSON');
  });
});

describe('notices of the Zadarma double', () => {
  interface Taken {
    notice: Record<string, string>;
    headers: NodeJS.Dict<string | string[]>;
  }
  let server: Server;
  let url: string;
  let taken: Taken[];
  let answer: { status: number; body?: string; type?: string; waitMs?: number };

  beforeEach(async () => {
    taken = [];
    answer = { status: 200 };
    server = createServer((request, reply) => {
      void text(request).then(async (body) => {
        const echo = new URL(request.url ?? '/', 'http://here').searchParams.get('zd_echo');
        if (request.method === 'POST') taken.push({ notice: Object.fromEntries(new URLSearchParams(body)), headers: request.headers });
        if (answer.waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.waitMs));
        reply.writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain' }).end(answer.body ?? echo ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=b`;
    account.url = url;
    account.listen();
  });
  afterEach(() => {
    account.url = undefined;
    server.closeAllConnections();
    server.close();
  });

  /** The reported events with the phones in them. */
  const tell = async (): Promise<string[]> => {
    await zadarma.webhooks.idle();
    return taken.map(({ notice: { event = '', internal, last_internal, destination, disposition, duration } }) =>
      [event.replace('NOTIFY_', ''), internal, last_internal && `>${last_internal}`, destination, disposition, duration]
        .filter((part) => part !== undefined)
        .join(' '),
    );
  };
  const at = (seconds: number): Date => new Date(Date.parse('2026-11-24T04:45:00Z') + seconds * 1000);

  it('go to an address that answers its trial as it must, and to no other', async () => {
    account.url = undefined;
    account.listen(false);
    const off = { notify_start: 'false', notify_internal: 'false', notify_answer: 'false' };
    const none = { ...off, notify_end: 'false', notify_out_start: 'false', notify_out_end: 'false' };
    expect((await get('/v1/pbx/callinfo/')).body).toEqual({ status: 'success', url: '', notifications: none });
    for (const wrong of [{ body: 'x' }, { type: 'text/html' }, { status: 404 }, { body: '"x"' }]) {
      answer = { status: 200, ...wrong };
      expect(await call('POST', '/v1/pbx/callinfo/url/', { url })).toMatchObject(refused(expect.stringMatching(/zd_echo/)));
    }
    answer = { status: 200, type: 'text/plain; charset=utf-8' };
    expect(await call('POST', '/v1/pbx/callinfo/url/', { url })).toMatchObject({ status: 200, body: { url } });
    account.incoming(CUSTOMER).end();
    const asked = { notify_end: 'true', notify_out_end: 'true' };
    expect((await call('POST', '/v1/pbx/callinfo/notifications/', asked)).body.notifications).toEqual({ ...none, ...asked });
    account.incoming(CUSTOMER).ring('101').end();
    expect(await tell()).toEqual(['END  cancel 0']);
    expect((await call('DELETE', '/v1/pbx/callinfo/url/')).body.url).toBe('');
    account.incoming(CUSTOMER).end();
    expect(await tell()).toHaveLength(1);
  });

  it('are signed forms of text, in the time of the account', async () => {
    const { id, start } = account.incoming(CUSTOMER, OURS, at(0)).ring('101').answer('101', at(5)).record().end('answered', at(65));
    await tell();
    const same = { call_start: '2026-11-24 10:15:00', pbx_call_id: id, caller_id: CUSTOMER };
    const both = { ...same, called_did: OURS };
    expect(start).toBe('2026-11-24 10:15:00');
    expect(id).toMatch(/^in_[0-9a-f]{40}$/);
    const record = expect.stringMatching(/^\d{10}\.\d+$/);
    expect(taken.map(({ notice }) => notice)).toEqual([
      { event: 'NOTIFY_START', ...both },
      { event: 'NOTIFY_INTERNAL', ...both, internal: '101' },
      { event: 'NOTIFY_ANSWER', ...same, destination: '101', internal: '101', dst_e164: '101' },
      { event: 'NOTIFY_INTERNAL_END', ...both, internal: '101' },
      {
        ...{ event: 'NOTIFY_END', ...both, internal: '101', last_internal: '101', duration: '60', disposition: 'answered' },
        ...{ status_code: '16', is_recorded: '1', call_id_with_rec: record },
      },
      { event: 'NOTIFY_RECORD', call_id_with_rec: record, pbx_call_id: id },
    ]);
    for (const { notice, headers } of taken)
      expect(headers).toMatchObject({
        ...{ 'user-agent': 'Zadarma API v1', 'content-type': 'application/x-www-form-urlencoded' },
        signature: signZadarmaNotice(SECRET, notice),
      });
  });

  it.each<[ZadarmaPlay, string[]]>([
    [
      'answered',
      ['START', 'INTERNAL 102', 'INTERNAL 103', 'ANSWER 102 102', 'INTERNAL_END 103', 'INTERNAL_END 102', 'END 102 >102 answered 0'],
    ],
    ['missed', ['START', 'INTERNAL 102', 'INTERNAL 103', 'INTERNAL_END 102', 'INTERNAL_END 103', 'END  no answer 0']],
    ['busy', ['START', 'INTERNAL 102', 'INTERNAL 103', 'INTERNAL_END 102', 'INTERNAL_END 103', 'END  busy 0']],
    ['nobody', ['START', 'END  cancel 0']],
    ['menu', ['START', 'IVR', 'END  answered 0']],
    [
      'transfer',
      [
        ...['START', 'INTERNAL 102', 'ANSWER 102 102', 'INTERNAL 103', 'ANSWER 103 103'],
        ...['INTERNAL_END 102', 'INTERNAL_END 103', 'END 102 >103 answered 0'],
      ],
    ],
    [
      'forwarded',
      [...['START', 'INTERNAL 102', 'INTERNAL 103', 'ANSWER  79031234567'], ...['INTERNAL_END 102', 'INTERNAL_END 103', 'END  answered 0']],
    ],
    ['outgoing', [`OUT_START 102 ${CUSTOMER}`, `OUT_END 102 ${CUSTOMER} answered 0`]],
    ['unanswered', [`OUT_START 102 ${CUSTOMER}`, `OUT_END 102 ${CUSTOMER} no answer 0`]],
    ['no-money', [`OUT_START 102 ${CUSTOMER}`, `OUT_END 102 ${CUSTOMER} no money 0`]],
    ['inside', ['OUT_START 102 103', 'OUT_END 102 103 answered 0']],
  ])('of a call that is %s', async (play, told) => {
    await playCall(account, play, { phone: CUSTOMER });
    expect(await tell()).toEqual(told);
  });

  it('of a call that was asked for are of two, the manager’s phone first, without an id', async () => {
    const placed = account.placed();
    const { body } = await get('/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '101' });
    expect(body).toEqual({ status: 'success', from: '101', to: CUSTOMER, time: expect.any(Number) });
    (await placed).pickUp().answer().end();
    expect(await tell()).toEqual([
      ...['OUT_START 101 101', `OUT_START 101 ${CUSTOMER}`, `OUT_END 101 ${CUSTOMER} answered 0`, 'OUT_END 101 101 answered 0'],
    ]);
    expect(new Set(taken.map(({ notice }) => notice['pbx_call_id'])).size).toBe(2);
  });

  it('of one asked for wrongly: by a full login no phone rings, without `sip` it is nobody’s, an absent phone fails', async () => {
    const ask = async (parameters: Parameters): Promise<unknown> =>
      (await get('/v1/request/callback/', { to: CUSTOMER, ...parameters })).body.status;
    expect(await ask({ from: '499499-101', sip: '101' })).toBe('success');
    expect(account.clicks).toEqual([]);
    expect(await ask({ from: '101' })).toBe('success');
    account.clicks[0]?.pickUp().end('busy');
    account.offline.add('102');
    expect((await get('/v1/pbx/redirection/', { pbx_number: '102' })).body).toMatchObject({ current_status: 'off', pbx_name: '102' });
    expect(await ask({ from: '102', sip: '102' })).toBe('success');
    expect(await tell()).toEqual([
      ...['OUT_START 0 101', `OUT_START 0 ${CUSTOMER}`, `OUT_END 0 ${CUSTOMER} busy 0`, 'OUT_END 0 101 answered 0'],
      ...['OUT_START 102 102', 'OUT_END 102 102 failed 0'],
    ]);
  });

  it('read as the modes say', async () => {
    Object.assign(zadarma.modes, { fullLogins: true, plusNumbers: true, answerNamesPhone: false, endNames: 'last', legTimes: true });
    Object.assign(zadarma.modes, { internalEnd: 'none', answersOutgoing: true });
    account.incoming(CUSTOMER, OURS, at(0)).ring('101', at(2)).answer('101', at(9)).record(undefined, false).end('answered', at(20));
    account.outgoing('102', '89161234567', OURS).answer().end();
    await tell();
    const fields = taken.map(({ notice: { event, caller_id, call_start, internal, last_internal, is_recorded, call_id_with_rec } }) =>
      event === 'NOTIFY_ANSWER' || event === 'NOTIFY_INTERNAL'
        ? { event, caller_id, call_start: call_start?.slice(-2), internal }
        : { event, internal, last_internal, ...(event === 'NOTIFY_END' && { is_recorded, call_id_with_rec }) },
    );
    expect(fields.slice(1)).toMatchObject([
      { event: 'NOTIFY_INTERNAL', caller_id: `+${CUSTOMER}`, call_start: '02', internal: '499499-101' },
      { event: 'NOTIFY_ANSWER', call_start: '09', internal: undefined },
      { event: 'NOTIFY_END', internal: undefined, last_internal: '499499-101', is_recorded: '1', call_id_with_rec: undefined },
      { event: 'NOTIFY_RECORD' },
      { event: 'NOTIFY_OUT_START', internal: '499499-102' },
      { event: 'NOTIFY_ANSWER', internal: '499499-102' },
      { event: 'NOTIFY_OUT_END' },
    ]);
  });

  it('are signed otherwise, or not, where a mode or a test says so', async () => {
    zadarma.webhooks.mode = 'hold';
    zadarma.modes.internalEnd = 'other-fields';
    const { id } = account.incoming(CUSTOMER).ring('101').end();
    await zadarma.flush({ signatures: 'raw' });
    expect(taken[0]?.headers['signature']).toHaveLength(28);
    expect(taken[2]?.headers['signature']).toBe(signZadarmaNotice(SECRET, { pbx_call_id: id }, 'raw', ['pbx_call_id']));
    account.incoming(CUSTOMER);
    await zadarma.flush({ signatures: 'none' });
    account.incoming(CUSTOMER);
    await zadarma.flush({ forge: true, change: { called_did: '1' } });
    const [unsigned, forged] = taken.slice(-2);
    expect(unsigned?.headers).not.toHaveProperty('signature');
    expect(forged?.notice['called_did']).toBe('1');
    expect(forged?.headers['signature']).toBe(signZadarmaNotice(`${SECRET}-forged`, { ...forged?.notice, called_did: OURS }));
  });

  it('of a recording come before the end of the call if the mode is so', async () => {
    zadarma.modes.recordNotice = 'before-end';
    account.incoming(CUSTOMER).answer('101').record().end();
    expect((await tell()).map((one) => one.split(' ')[0])).toEqual(['START', 'ANSWER', 'INTERNAL_END', 'RECORD', 'END']);
  });

  it('of a call end with the first that is not taken; those of others go on', async () => {
    answer = { status: 500 };
    const lost = account.incoming(CUSTOMER).ring('101');
    await tell();
    answer = { status: 200 };
    lost.end();
    account.incoming(CUSTOMER).end();
    expect((await tell()).map((one) => one.split(' ')[0])).toEqual(['START', 'START', 'END']);
    expect(zadarma.webhooks.attempts.map(({ status }) => status)).toEqual([500, 200, 200]);
  });

  it('are switched off when too many in a row fail', async () => {
    zadarma.modes.failuresMost = 3;
    answer = { status: 400 };
    for (let n = 0; n < 5; n++) account.incoming(CUSTOMER);
    await tell();
    const { body } = await get('/v1/pbx/callinfo/');
    expect([body.url, body.notifications.notify_start, taken.length]).toEqual(['', 'true', 3]);
  });

  it('that begin a call may be answered with what steers it', async () => {
    const steer = async (body: string, waitMs = 0): Promise<unknown> => {
      answer = { status: 200, body, waitMs };
      const { id } = account.incoming(CUSTOMER);
      await tell();
      const { steers, complaint } = zadarma.steered.get(id) ?? {};
      return complaint ?? steers;
    };
    expect(await steer('')).toEqual({});
    expect(await steer('{"redirect":"101","return_timeout":0,"caller_name":"A"}')).toMatchObject({ redirect: '101', caller_name: 'A' });
    expect(await steer('{"redirect":"0-main"}')).toEqual({ redirect: '0-main' });
    expect(await steer('{"hangup":1}')).toEqual({ hangup: 1 });
    expect(await steer('{"redirect":"499499-101"}')).toBe('redirect is wrong');
    expect(await steer('{"redirect":101,"return_timeout":2}')).toBe('return_timeout is wrong');
    expect(await steer('{"success":true}')).toBe('success is wrong');
    expect(await steer('ok')).toBe('it is no JSON');
    expect(await steer('{"redirect":"101"}', 2_050)).toMatch(/^it came after \d+ ms$/);
  });
});

describe('recordings of the Zadarma double', () => {
  const ask = (parameters: Parameters): Promise<Answer> => get('/v1/pbx/record/request/', parameters);

  it('have an address for a time, by recording or by call', async () => {
    const talk = account.incoming(CUSTOMER).answer('101').record(Buffer.from('0123456789')).answer('102').record().end();
    const [first = ''] = talk.records;
    const one = await ask({ call_id: first, lifetime: '180' });
    expect(one).toMatchObject({ status: 200, body: { link: expect.stringMatching(/\.mp3$/), lifetime_till: expect.any(String) } });
    expect((await ask({ pbx_call_id: talk.id })).body.links).toHaveLength(2);
    for (const lifetime of ['179', '5184001', '-1']) expect(await ask({ call_id: first, lifetime })).toMatchObject(refused());
    expect(await ask({ call_id: first, pbx_call_id: talk.id })).toMatchObject(refused());
    const link = String(one.body.link);
    const whole = await fetch(link, { headers: { range: 'bytes=2-4' } });
    expect([whole.status, whole.headers.get('content-type'), await whole.text()]).toEqual([200, 'audio/mpeg', '0123456789']);
    expect((await fetch(link, { headers: { authorization: 'x' } })).status).toBe(400);
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(404);
    zadarma.modes.ranges = true;
    expect(await (await fetch(link, { headers: { range: 'bytes=2-4' } })).text()).toBe('234');
  });

  it('are not there before they are ready', async () => {
    Object.assign(zadarma.modes, { recordReadyMs: 3_600_000 });
    const [early = ''] = account.incoming(CUSTOMER).answer('101').record().end().records;
    expect(await ask({ call_id: early })).toMatchObject(refused('There is no such record'));
    zadarma.modes.linksEarly = true;
    const { link } = (await ask({ call_id: early })).body as { link: string };
    expect((await fetch(link)).status).toBe(404);
    account.storage.finish(early, 0);
    expect((await fetch(link)).status).toBe(200);
    zadarma.modes.foreignLinks = true;
    const [late = ''] = account.outgoing('101', CUSTOMER).record().end('cancel').records;
    expect((await ask({ call_id: late })).body.link).toMatch(/^http:\/\/127\.0\.0\.2\//);
  });
});

describe('statistics of the Zadarma double', () => {
  const AT = new Date('2026-11-24T04:45:00Z');
  const after = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);
  const period = { start: '2026-11-24 10:00:00', end: '2026-11-24 11:00:00', version: '2' };
  const ask = (parameters: Parameters = {}): Promise<Answer> => get('/v1/statistics/pbx/', { ...period, ...parameters });

  it('are a row for each phone, and their ids have 17 digits', async () => {
    const talk = account
      .incoming(CUSTOMER, OURS, AT)
      .ring('101')
      .answer('101', AT)
      .record()
      .answer('102', after(5))
      .end('answered', after(12));
    account.outgoing('101', '89161234567', undefined, after(60)).end('failed', after(70));
    account.incoming('anonymous', OURS, after(90)).menu(after(91)).end('answered', after(99));
    const same = { callstart: '2026-11-24 10:15:00', clid: `"Customer" (${CUSTOMER})`, destination: OURS, pbx_call_id: talk.id };
    expect((await ask()).body.stats).toEqual([
      { call_id: expect.any(Number), ...same, sip: '101', disposition: 'answered', seconds: 5, is_recorded: 'true' },
      { ...same, sip: '102', disposition: 'answered', seconds: 7, is_recorded: 'true' },
      expect.objectContaining({ sip: '101', clid: '"101" (101)', destination: '89161234567', disposition: 'call failed', seconds: 0 }),
      expect.objectContaining({ sip: '0', clid: 'anonymous', disposition: 'answered', seconds: 8 }),
    ]);
    const parameters = writeParameters({ ...period, format: 'json', limit: '1' });
    const raw = await fetch(`${zadarma.url}/v1/statistics/pbx/?${parameters}`, {
      headers: { authorization: authorize(KEY, SECRET, '/v1/statistics/pbx/', parameters) },
    });
    expect(await raw.text()).toMatch(/"call_id":\d{10}\.\d{7},/);
    zadarma.modes.recordedAs = 'boolean';
    expect((await ask({ call_type: 'in', skip: '1', limit: '1' })).body.stats).toEqual([expect.objectContaining({ is_recorded: true })]);
    const tooMany = await ask();
    expect([tooMany.status, Number(tooMany.headers.get('retry-after')) > 50]).toEqual([429, true]);
    expect((await get('/v1/info/balance/')).status).toBe(200);
  });

  it('of more than a month are refused, or cut', async () => {
    account.incoming(CUSTOMER, OURS, new Date('2026-11-24T04:45:00Z')).end();
    expect(await ask({ start: '2026-10-20 00:00:00' })).toMatchObject(refused('The period is longer than a month'));
    zadarma.modes.longPeriods = 'cut';
    expect((await ask({ start: '2026-10-20 00:00:00', end: '2026-12-01 00:00:00' })).body).toMatchObject({
      end: '2026-11-19 00:00:00',
      stats: [],
    });
  });

  it.each([
    ['version', '1'],
    ['end', '2026-11-24'],
    ['start', '2026-11-24T10:00:00'],
    ['limit', '1001'],
    ['call_type', 'all'],
  ])('are refused for another %s: %s', async (name, value) => {
    expect(await ask({ [name]: value })).toMatchObject(refused());
  });
});

describe('a double that plays by itself', () => {
  it('has customers who call, and people who answer what the API asks for', async () => {
    const stop = zadarma.playDemo(50);
    try {
      await get('/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '101' });
      await new Promise((resolve) => setTimeout(resolve, 6_500));
    } finally {
      stop();
    }
    expect(account.legs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ destination: CUSTOMER, disposition: 'answered', isRecorded: true }),
        expect.objectContaining({ clid: expect.stringMatching(/^"Customer" \(7916\d{7}\)$/), disposition: 'answered' }),
      ]),
    );
    const [sound] = account.storage.find(
      'pbx_call_id',
      account.legs.find(({ destination }) => destination === CUSTOMER)?.pbxCallId ?? '',
      true,
    );
    // Frames of an MP3, one after the other.
    expect([sound?.bytes.subarray(0, 4).toString('hex'), sound?.bytes.subarray(104, 108).toString('hex')]).toEqual([
      'fffb10c4',
      'fffb10c4',
    ]);
  }, 15_000);
});

describe('the control of the Zadarma double', () => {
  const control = async (path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${zadarma.url}/control/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };

  it('plays calls, changes modes and accounts, and shows how things stand', async () => {
    await control('modes', { webhooks: 'hold', fullLogins: true });
    await control('callinfo', { url: 'http://127.0.0.1:9/', notifications: ['notify_start', 'notify_end'], offline: ['103'] });
    expect((await control('calls', { play: 'answered', phone: CUSTOMER, codes: ['101'] })).status).toBe(200);
    expect((await control('calls', { key: 'nobody', play: 'answered', phone: CUSTOMER })).status).toBe(409);
    await control('accounts', { key: 'by-control', secret: 's', extensions: ['201'] });
    expect((await control('accounts', { key: 'by-control', secret: 's' })).status).toBe(409);
    const { attempts } = (await control('webhooks', { only: ['NOTIFY_START'] })).body as { attempts: object[] };
    expect(attempts).toMatchObject([{ status: 0, notice: { event: 'NOTIFY_START' } }]);
    const state = (await (await fetch(`${zadarma.url}/control`)).json()) as { accounts: object[] };
    expect(state.accounts[0]).toMatchObject({ url: 'http://127.0.0.1:9/', offline: ['103'] });
    account.url = undefined;
  });
});
