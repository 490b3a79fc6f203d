import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type JsonObject, asObject, asObjects } from '../src/json.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

describe("the CRM's side of widgets", () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const call = (body: JsonObject): Promise<{ status: number; body: JsonObject }> =>
    bench.control('POST', '/accounts/default/modules/stand-in/widget-calls', body);
  const lastExchange = async (): Promise<JsonObject> =>
    asObject(asObjects((await bench.control('GET', '/exchanges?limit=1')).body['entries']).at(-1));

  beforeAll(async () => {
    await bench.start();
    await module.listen();
    module.registrationPatch = {
      integrations: { embedJs: { entrypoint: '/embed/widget.js', runner: 'worker', targets: ['order/card:delivery.after'] } },
    };
    const connected = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    expect(connected.body).toMatchObject({ ok: true });
  });
  afterEach(() => module.wrong.clear());
  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it("adds the account's clientId to a call, passes on status and text, and lists it", async () => {
    module.wrong.set('embed', { status: 422, body: { errorMsg: 'No' } });
    const payload = JSON.stringify({ version: 1, order: { id: 214 } });
    expect((await call({ action: '/embed/badge', payload })).body).toEqual({ status: 422, body: '{"errorMsg":"No"}' });
    expect(module.received.at(-1)).toMatchObject({ name: 'embed', fields: { clientId: module.clientId, payload } });
    expect(await lastExchange()).toMatchObject({
      name: 'embed.badge',
      status: 422,
      request: { payload: { order: { id: 214 } } },
      violations: [],
    });
  });

  it('sends no payload if the widget gave none, and takes only paths', async () => {
    module.wrong.set('embed', { status: 200, body: {} });
    await call({ action: 'embed/badge' });
    expect(module.received.at(-1)?.fields).toEqual({ clientId: module.clientId });
    expect(await call({ action: '/embed/badge?x=1' })).toMatchObject({
      status: 400,
      body: { errorMsg: 'action must be a path without a query' },
    });
  });

  it.each([
    ['redirects', { status: 302, body: {} }, 'status 302: a redirect loses the form'],
    ['fails', { status: 503, body: {} }, 'status 503: the widget cannot explain it'],
    ['sends too much', { status: 200, body: 'a'.repeat(100_001) }, 'the reply has 100003 bytes, more than 100000'],
  ])('notes a module that %s', async (_what, reply, violation) => {
    module.wrong.set('embed', reply);
    await call({ action: '/embed/badge', payload: '{}' });
    expect(await lastExchange()).toMatchObject({ violations: [violation] });
  });

  it('answers like the vendor’s sandbox if the module is unreachable', async () => {
    await module.close();
    expect((await call({ action: '/embed/badge' })).body).toMatchObject({ status: 500, body: expect.stringContaining('"ok":false') });
    await module.listen();
  });
});
