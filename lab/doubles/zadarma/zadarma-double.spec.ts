import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, type Reply } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { playCall, signZadarmaNotice, type ZadarmaAccount, ZadarmaDouble, type ZadarmaPlay } from './index.js';
import { authorize, writeParameters } from './zadarma-signatures.js';

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

function call(method: string, path: string, parameters: Parameters = {}, signature?: string): Promise<Reply> {
  const all = writeParameters({ ...parameters, format: 'json' });
  const authorization = signature ?? authorize(KEY, SECRET, path, all);
  if (method === 'GET') return ask(method, `${zadarma.url}${path}?${all}`, undefined, { authorization });
  return ask(method, `${zadarma.url}${path}`, new URLSearchParams(all), { authorization });
}
const get = (path: string, parameters?: Parameters): Promise<Reply> => call('GET', path, parameters);
const refused = (message: unknown = expect.any(String), status = 400) => ({ status, json: { status: 'error', message } });

describe('the API of the Zadarma double', () => {
  it('accepts only calls with a correct signature', async () => {
    expect(await get('/v1/info/balance/')).toMatchObject({ status: 200, json: { status: 'success', balance: 10.5, currency: 'USD' } });
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
    ['GET', '/v1/request/callback/', { from: '101', to: '442-037' }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '999', to: CUSTOMER }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '101', to: '442037691880 ext. 12' }, "Check phone's number"],
    ['GET', '/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '499499-101' }, 'Field "sip" could be only SIP or PBX number'],
    ['GET', '/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '999' }, 'Field "sip" could be only SIP or PBX number'],
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

  it('counts the calls of each key, and returns the time of the next try', async () => {
    const other = zadarma.findAccount('other') ?? zadarma.addAccount({ key: 'other', secret: 'other-secret' });
    for (let n = 1; n <= 98; n++) await get('/v1/info/balance/');
    const replies = [await get('/v1/info/balance/'), await get('/v1/info/timezone/'), await get('/v1/info/balance/')];
    expect(replies.map(({ status, headers }) => [status, headers.get('x-ratelimit-remaining')])).toEqual([
      ...[[200, '1'], [200, '0'], [429, '0']], // oxfmt-ignore
    ]);
    expect(replies[2]?.json).toEqual({ status: 'error', message: 'You exceeded the rate limit' });
    expect(Number(replies[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
    expect([other.arrivals.all.length, account.arrivals.all.length]).toEqual([0, 101]);
  });
});

describe('notices of the Zadarma double', () => {
  let hooks: PostedWebhooks;
  let taken: { notice: Record<string, string>; headers: Readonly<Record<string, unknown>> }[];
  let answer: { status?: number; body?: string; type?: string };
  beforeAll(async () => void (hooks = await PostedWebhooks.start()));
  afterAll(() => hooks.close());
  beforeEach(() => {
    taken = [];
    answer = {};
    hooks.answer = (reply, { method, url, text, headers }) => {
      if (method === 'POST') taken.push({ notice: Object.fromEntries(new URLSearchParams(text)), headers });
      const { status = 200, type = 'text/plain', body = url.searchParams.get('zd_echo') ?? '' } = answer;
      reply.writeHead(status, { 'content-type': type }).end(body);
    };
    account.url = `${hooks.url}hook?a=b`;
    account.listen();
  });
  afterEach(() => void (account.url = undefined));

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
    expect((await get('/v1/pbx/callinfo/')).json).toEqual({ status: 'success', url: '', notifications: none });
    for (const wrong of [{ body: 'x' }, { type: 'text/html' }, { status: 404 }, { body: '"x"' }]) {
      answer = wrong;
      expect(await call('POST', '/v1/pbx/callinfo/url/', { url: hooks.url })).toMatchObject(refused(expect.stringMatching(/zd_echo/)));
    }
    answer = {};
    expect(await call('POST', '/v1/pbx/callinfo/url/', { url: hooks.url })).toMatchObject({ status: 200 });
    account.incoming(CUSTOMER).end();
    const asked = { notify_end: 'true', notify_out_end: 'true' };
    expect((await call('POST', '/v1/pbx/callinfo/notifications/', asked)).json.notifications).toEqual({ ...none, ...asked });
    account.incoming(CUSTOMER).ring('101').end();
    expect(await tell()).toEqual(['END  cancel 0']);
    expect((await call('DELETE', '/v1/pbx/callinfo/url/')).json.url).toBe('');
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
    const { json: body } = await get('/v1/request/callback/', { from: '101', to: CUSTOMER, sip: '101' });
    expect(body).toEqual({ status: 'success', from: '101', to: CUSTOMER, time: expect.any(Number) });
    (await placed).pickUp().answer().end();
    expect(await tell()).toEqual([
      ...['OUT_START 101 101', `OUT_START 101 ${CUSTOMER}`, `OUT_END 101 ${CUSTOMER} answered 0`, 'OUT_END 101 101 answered 0'],
    ]);
    expect(new Set(taken.map(({ notice }) => notice['pbx_call_id'])).size).toBe(2);
  });

  it('of a wrong request: with a full login no phone rings, without `sip` it has no owner, an absent phone fails', async () => {
    const request = async (parameters: Parameters): Promise<unknown> =>
      (await get('/v1/request/callback/', { to: CUSTOMER, ...parameters })).json.status;
    expect(await request({ from: '499499-101', sip: '101' })).toBe('success');
    expect(account.clicks).toEqual([]);
    expect(await request({ from: '101' })).toBe('success');
    account.clicks[0]?.pickUp().end('busy');
    account.offline.add('102');
    expect((await get('/v1/pbx/redirection/', { pbx_number: '102' })).json).toMatchObject({ current_status: 'off', pbx_name: '102' });
    expect(await request({ from: '102', sip: '102' })).toBe('success');
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

  it('are signed differently, or not, by a mode or a test', async () => {
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

  it('of a call end with the first one that is rejected, while notices of other calls continue', async () => {
    answer = { status: 500 };
    const lost = account.incoming(CUSTOMER).ring('101');
    await tell();
    answer = {};
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
    const { json: body } = await get('/v1/pbx/callinfo/');
    expect([body.url, body.notifications.notify_start, taken.length]).toEqual(['', 'true', 3]);
  });

  it('that begin a call may be answered with what steers it', async () => {
    const steer = async (body: string): Promise<unknown> => {
      answer = { body };
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
  });
});

describe('recordings of the Zadarma double', () => {
  const request = (parameters: Parameters): Promise<Reply> => get('/v1/pbx/record/request/', parameters);

  it('have an address for a time, by recording or by call', async () => {
    const talk = account.incoming(CUSTOMER).answer('101').record(Buffer.from('0123456789')).answer('102').record().end();
    const [first = ''] = talk.records;
    const one = await request({ call_id: first, lifetime: '180' });
    expect(one).toMatchObject({ status: 200, json: { link: expect.stringMatching(/\.mp3$/), lifetime_till: expect.any(String) } });
    expect((await request({ pbx_call_id: talk.id })).json.links).toHaveLength(2);
    for (const lifetime of ['179', '5184001', '-1']) expect(await request({ call_id: first, lifetime })).toMatchObject(refused());
    expect(await request({ call_id: first, pbx_call_id: talk.id })).toMatchObject(refused());
    const link = String(one.json.link);
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
    expect(await request({ call_id: early })).toMatchObject(refused('There is no such record'));
    zadarma.modes.linksEarly = true;
    const { link } = (await request({ call_id: early })).json as { link: string };
    expect((await fetch(link)).status).toBe(404);
    account.storage.finish(early, 0);
    expect((await fetch(link)).status).toBe(200);
    zadarma.modes.foreignLinks = true;
    const [late = ''] = account.outgoing('101', CUSTOMER).record().end('cancel').records;
    expect((await request({ call_id: late })).json.link).toMatch(/^http:\/\/127\.0\.0\.2\//);
  });
});

describe('statistics of the Zadarma double', () => {
  const AT = new Date('2026-11-24T04:45:00Z');
  const after = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);
  const period = { start: '2026-11-24 10:00:00', end: '2026-11-24 11:00:00', version: '2' };
  const request = (parameters: Parameters = {}): Promise<Reply> => get('/v1/statistics/pbx/', { ...period, ...parameters });

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
    expect((await request()).json.stats).toEqual([
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
    expect((await request({ call_type: 'in', skip: '1', limit: '1' })).json.stats).toEqual([
      expect.objectContaining({ is_recorded: true }),
    ]);
    const tooMany = await request();
    expect([tooMany.status, Number(tooMany.headers.get('retry-after')) > 50]).toEqual([429, true]);
    expect((await get('/v1/info/balance/')).status).toBe(200);
  });

  it('of more than a month are refused, or cut', async () => {
    account.incoming(CUSTOMER, OURS, new Date('2026-11-24T04:45:00Z')).end();
    expect(await request({ start: '2026-10-20 00:00:00' })).toMatchObject(refused('The period is longer than a month'));
    zadarma.modes.longPeriods = 'cut';
    expect((await request({ start: '2026-10-20 00:00:00', end: '2026-12-01 00:00:00' })).json).toMatchObject({
      end: '2026-11-19 00:00:00',
      stats: [],
    });
  });
});

describe('a double that plays automatically', () => {
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
