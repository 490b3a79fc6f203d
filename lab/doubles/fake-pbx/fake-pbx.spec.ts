import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakePbx } from './index.js';
import { authorize, signNotice, writeParameters } from './pbx-signatures.js';

let pbx: FakePbx;
beforeAll(async () => {
  pbx = await FakePbx.start({ key: 'a-key', secret: 'a-secret', zone: 'Asia/Kolkata' });
});
afterAll(() => pbx.close());
beforeEach(() => pbx.reset());

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(method: string, path: string, parameters: Record<string, string> = {}, signature?: string): Promise<Answer> {
  const text = writeParameters(parameters);
  const headers = { authorization: signature ?? authorize('a-key', 'a-secret', path, text) };
  const reply = await fetch(`${pbx.url}${path}${method === 'GET' && text ? `?${text}` : ''}`, {
    method,
    headers: { ...headers, ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(method === 'POST' && { body: text }),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

describe('the API of the fake PBX', () => {
  it('is signed over the path and its parameters', () => {
    const parameters = writeParameters({ to: '442037691881', from: '100', format: 'json' });
    expect(parameters).toBe('format=json&from=100&to=442037691881');
    expect(authorize('exampleuserkey0000001', 'examplesecret000000a1', '/v1/request/callback/', parameters)).toBe(
      'exampleuserkey0000001:MzA1MDMwMWE3ODI4M2E1OGU0Y2M2YzEzYTJiYzJkNTk5YzcxNzU1MA==',
    );
    expect(writeParameters({ a: "it's (~*) ü" })).toBe('a=it%27s+%28%7E%2A%29+%C3%BC');
  });

  it('takes no strangers and no unknown parameters', async () => {
    expect(await call('GET', '/v1/info/balance/')).toEqual({ status: 200, body: { status: 'success', balance: 10.5, currency: 'USD' } });
    expect(await call('GET', '/v1/info/balance/', {}, 'a-key:bm8=')).toMatchObject({ status: 401, body: { status: 'error' } });
    expect(await call('GET', '/v1/info/balance/', { user: '1' })).toMatchObject({ status: 400 });
    expect((await fetch(`${pbx.url}/v1/info/balance`)).status).toBe(404);
  });

  it('tells the time of its account', async () => {
    const { body } = await call('GET', '/v1/info/timezone/');
    const offset = Date.parse(`${String(body['datetime']).replace(' ', 'T')}Z`) / 1000 - Number(body['unixtime']);
    expect([Math.round(offset / 60), body['timezone']]).toEqual([330, 'UTC+5:30']);
  });

  it.each([
    ['an unknown extension', { from: '999', to: '79161234567' }],
    ['a full login', { from: '499499-101', to: '79161234567' }],
    ['another phone’s line', { from: '101', sip: '102', to: '79161234567' }],
    ['a number with a plus', { from: '101', to: '+79161234567' }],
    ['a phone inside', { from: '101', to: '102' }],
    ['no number', { from: '101' }],
  ])('places no call from %s', async (_what, parameters) => {
    expect(await call('GET', '/v1/request/callback/', { ...parameters, format: 'json' } as Record<string, string>)).toMatchObject({
      ...{ status: 400, body: { status: 'error', message: expect.any(String) } },
    });
    expect(pbx.clicks).toEqual([]);
  });

  it('places a call without an id, or with one in that mode', async () => {
    const parameters = { from: '101', sip: '101', to: '79161234567', format: 'json' };
    const placed = pbx.placed();
    expect((await call('GET', '/v1/request/callback/', parameters)).body).toEqual({
      ...{ status: 'success', from: '101', to: '79161234567', time: expect.any(Number) },
    });
    expect(await placed).toMatchObject({ code: '101', phone: '79161234567' });
    pbx.modes.returnsCallId = true;
    const begun = pbx.begun();
    expect((await call('GET', '/v1/request/callback/', parameters)).body['pbx_call_id']).toBe((await begun).id);
  });
});

describe('its recordings', () => {
  const ask = (parameters: Record<string, string>): Promise<Answer> => call('GET', '/v1/pbx/record/request/', parameters);
  const talk = (): { call: string; id: string } => {
    const { id } = pbx.incoming('79161234567', '74950000000').answer('101').record(Buffer.from('0123456789')).end();
    return { call: id, id: pbx.records.find('pbx_call_id', id, true)[0]?.id ?? '' };
  };

  it('have an address for some time, by recording or by call', async () => {
    const recorded = talk();
    const one = await ask({ call_id: recorded.id, lifetime: '180' });
    expect(one).toMatchObject({ status: 200, body: { link: expect.stringMatching(/\.mp3$/), lifetime_till: expect.any(String) } });
    expect((await ask({ pbx_call_id: recorded.call })).body['links']).toEqual([expect.any(String)]);
    const link = String(one.body['link']);
    const whole = await fetch(link, { headers: { range: 'bytes=2-4' } });
    expect([whole.status, whole.headers.get('content-length'), await whole.text()]).toEqual([200, '10', '0123456789']);
    expect((await fetch(link, { headers: { authorization: 'a-key:x' } })).status).toBe(400);
    pbx.modes.ranges = true;
    const part = await fetch(link, { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
    pbx.records.forget();
    expect((await fetch(link)).status).toBe(404);
  });

  it.each([
    [{}],
    [{ call_id: '1', pbx_call_id: 'in_1' }],
    [{ call_id: 'known', lifetime: '179' }],
    [{ call_id: 'known', lifetime: '5184001' }],
    [{ call_id: 'unknown' }],
  ])('are refused for %j', async (parameters: Record<string, string>) => {
    const { id } = talk();
    const named = parameters['call_id'] === 'known' ? { ...parameters, call_id: id } : parameters;
    expect(await ask(named)).toMatchObject({ status: 400, body: { status: 'error' } });
  });

  it('are not there while the call goes on, nor at once after it', async () => {
    pbx.modes.recordReadyMs = 3_600_000;
    const going = pbx.incoming('79161234567', '74950000000').answer('101').record();
    expect(await ask({ pbx_call_id: going.id })).toMatchObject({ status: 400 });
    going.end();
    pbx.modes.linksEarly = true;
    const [link] = (await ask({ pbx_call_id: going.id })).body['links'] as string[];
    expect((await fetch(link ?? '')).status).toBe(404);
    pbx.records.finish(pbx.records.find('pbx_call_id', going.id, true)[0]?.id ?? '', 0);
    expect((await fetch(link ?? '')).status).toBe(200);
  });
});

describe('its statistics', () => {
  const period = { start: '2026-11-24 10:00:00', end: '2026-11-24 11:00:00', version: '2' };
  const ask = (parameters: Record<string, string>): Promise<Answer> => call('GET', '/v1/statistics/pbx/', { ...period, ...parameters });
  const AT = new Date('2026-11-24T04:45:00Z');

  it('name each phone that had a call, in the time of the account', async () => {
    const talk = pbx.incoming('79161234567', '74950000000', AT).ring('103').answer('101', AT).record();
    talk.answer('102', new Date(AT.getTime() + 5_000)).end('answered', new Date(AT.getTime() + 12_000));
    pbx.outgoing('101', '79161234568', undefined, new Date(AT.getTime() + 60_000)).end('failed');
    const same = { callstart: '2026-11-24 10:15:00', clid: '"Customer" (79161234567)', destination: '74950000000', pbx_call_id: talk.id };
    expect((await ask({})).body['stats']).toEqual([
      { call_id: expect.any(Number), ...same, sip: '101', disposition: 'answered', seconds: 5, is_recorded: 'true' },
      { ...same, sip: '102', disposition: 'answered', seconds: 7, is_recorded: 'true' },
      expect.objectContaining({ sip: '101', clid: '"101" (101)', destination: '79161234568', disposition: 'call failed', seconds: 0 }),
    ]);
    expect((await ask({ call_type: 'out', skip: '0', limit: '1' })).body['stats']).toHaveLength(1);
    expect((await ask({ start: '2026-11-24 10:16:01', skip: '1' })).body['stats']).toEqual([]);
    expect(await ask({})).toMatchObject({ status: 429 });
  });

  it.each([
    ['version', '1'],
    ['end', '2026-12-26 10:00:01'],
    ['end', '2026-11-24'],
    ['limit', '1001'],
    ['call_type', 'all'],
  ])('are refused for another %s: %s', async (name, value) => {
    expect(await ask({ [name]: value })).toMatchObject({ status: 400 });
  });
});

describe('the notices of the fake PBX', () => {
  let server: Server;
  let url: string;
  let got: { fields: Record<string, string>; signature: unknown }[];
  let answer: { status: number; body: string };

  beforeEach(async () => {
    got = [];
    answer = { status: 200, body: '' };
    server = createServer((request, reply) => {
      void readBody(request).then((body) => {
        const echo = new URL(request.url ?? '/', 'http://here').searchParams.get('zd_echo');
        if (echo === null) got.push({ fields: Object.fromEntries(new URLSearchParams(body)), signature: request.headers['signature'] });
        reply.writeHead(answer.status, { 'content-type': 'text/plain' }).end(echo ?? answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(() => {
    pbx.setWebhookUrl({ url: undefined });
    server.closeAllConnections();
    server.close();
  });

  it('go to an address that answers its trial, and to no other', async () => {
    expect(await call('POST', '/v1/pbx/callinfo/url/', { url })).toEqual({ status: 200, body: { status: 'success', url } });
    answer = { status: 404, body: '' };
    expect(await call('POST', '/v1/pbx/callinfo/url/', { url: `${url}/other` })).toMatchObject({ status: 400 });
    expect((await call('GET', '/v1/pbx/callinfo/')).body['url']).toBe(url);
    expect((await call('DELETE', '/v1/pbx/callinfo/url/')).body['url']).toBe('');
  });

  it('are signed over few of their fields', () => {
    const fields = { caller_id: '+442037691881', called_did: '442037691880', call_start: '2026-11-24 10:15:00' };
    expect(signNotice('examplesecret000000a1', { event: 'NOTIFY_START', ...fields, pbx_call_id: 'any' })).toBe(
      'ODBhZGRmMTA2Yjg0M2ZkNDVmY2Q2NGU2NzE1NjZlYjcyYzI1ZGYyNg==',
    );
    const out = { internal: '100', destination: '+442037691881', call_start: '2026-11-24 10:15:00' };
    expect(signNotice('examplesecret000000a1', { event: 'NOTIFY_OUT_START', ...out })).toBe(
      'ODQwMTY0ZGI4NDY2YTFkMTc0ZDY3MDZmZTljNzE2OTc3OTUzYmNhNw==',
    );
  });

  it('tell an incoming call step by step, with the time of the account', async () => {
    await pbx.enterUrl(url);
    const incoming = pbx.incoming('79161234567', '74950000000', new Date('2026-11-24T04:45:00Z')).ring('101').answer('101').end();
    await pbx.webhooks.idle();
    const same = { call_start: '2026-11-24 10:15:00', pbx_call_id: incoming.id };
    const both = { ...same, caller_id: '79161234567', called_did: '74950000000' };
    expect(incoming.id).toMatch(/^in_[0-9a-f]{40}$/);
    expect(got.map(({ fields }) => fields)).toEqual([
      { event: 'NOTIFY_START', ...both },
      { event: 'NOTIFY_INTERNAL', ...both, internal: '101' },
      { event: 'NOTIFY_ANSWER', ...same, caller_id: '79161234567', destination: '101', internal: '101' },
      {
        ...{ event: 'NOTIFY_END', ...both, internal: '101', last_internal: '101' },
        ...{ duration: '0', disposition: 'answered', status_code: '16', is_recorded: '0' },
      },
    ]);
    for (const { fields, signature } of got) expect(signature).toBe(signNotice('a-secret', fields));
  });

  it('tell a call that was asked for as two, the manager’s phone first', async () => {
    await pbx.enterUrl(url);
    pbx.modes.fullLogins = true;
    await call('GET', '/v1/request/callback/', { from: '102', to: '79161234567', format: 'json' });
    pbx.clicks[0]?.pickUp().end('busy');
    await pbx.webhooks.idle();
    expect(got.map(({ fields: { event, internal, destination, disposition } }) => [event, internal, destination, disposition])).toEqual([
      ['NOTIFY_OUT_START', '499499-102', '102', undefined],
      ['NOTIFY_ANSWER', '499499-102', '102', undefined],
      ['NOTIFY_OUT_END', '499499-102', '102', 'answered'],
      ['NOTIFY_OUT_START', '499499-102', '79161234567', undefined],
      ['NOTIFY_OUT_END', '499499-102', '79161234567', 'busy'],
    ]);
  });

  it('of a call end with the first that is answered with an error, and are posted once', async () => {
    await pbx.enterUrl(url);
    answer = { status: 500, body: '' };
    const failed = pbx.incoming('79161234567', '74950000000');
    await pbx.webhooks.idle();
    answer = { status: 200, body: '{"redirect":"101"}' };
    failed.end();
    const other = pbx.incoming('79161234568', '74950000000');
    await pbx.webhooks.idle();
    expect(got.map(({ fields }) => fields['pbx_call_id'])).toEqual([failed.id, other.id]);
    expect(pbx.answers.get(other.id)).toBe('{"redirect":"101"}');
  });
});

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
