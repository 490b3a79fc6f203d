import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpDouble } from './http-double.js';

describe('HttpDouble', () => {
  let double: HttpDouble;
  beforeEach(async () => {
    double = await HttpDouble.start();
  });
  afterEach(() => double.close());

  const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${double.url}${path}`, { method: 'POST', body, headers });

  it('answers what is expected and keeps what came', async () => {
    double
      .expect('POST', '/orders')
      .withQuery({ city: 'Málaga' })
      .withHeader('X-Key', /^k/)
      .withJson({ a: 1 })
      .reply({ status: 201, json: { id: 7 }, headers: { 'x-id': '7' } });
    const reply = await post('/orders?city=M%C3%A1laga&more=1', '{"a":1}', { 'x-key': 'key' });
    expect([reply.status, reply.headers.get('x-id'), await reply.json()]).toEqual([201, '7', { id: 7 }]);
    expect(double.requests).toHaveLength(1);
    expect(double.requests[0]?.json()).toEqual({ a: 1 });
    double.assertAllMet();
  });

  it('replies by the request, a given number of times, in the expected order', async () => {
    double
      .expect('POST', /^\/o\/\d+$/)
      .withForm({ a: '1' })
      .times(2)
      .reply((request) => ({ text: request.path }));
    double.expect('POST', '/o/3').reply({ bytes: new Uint8Array([1, 2]) });
    expect(await (await post('/o/1', 'a=1&b=2')).text()).toBe('/o/1');
    expect(await (await post('/o/2', 'a=1')).text()).toBe('/o/2');
    expect(new Uint8Array(await (await post('/o/3', 'a=1')).arrayBuffer())).toEqual(new Uint8Array([1, 2]));
  });

  it('complains of a request that none expects', async () => {
    double.expect('POST', '/orders').withJson((body: unknown) => body === 2);
    expect((await post('/orders', '1')).status).toBe(501);
    expect((await post('/orders', 'no json')).status).toBe(501);
    await post('/orders', '2');
    await post('/orders', '2');
    expect(() => double.assertAllMet()).toThrow(/was not expected: POST \/orders\? 1[^]*no json[^]*was not expected[^]* 2/);
    await expect(double.close()).rejects.toThrow('was not expected');
    double = await HttpDouble.start();
  });

  it('complains of a request that did not come', async () => {
    double.expect('GET', '/never').withQuery({ q: '1' });
    expect(() => double.assertAllMet()).toThrow('did not come: GET /never with query {"q":"1"} (0 of 1)');
    double.reset();
  });

  it('breaks replies', async () => {
    const get = (path: string): Promise<string> =>
      fetch(`${double.url}${path}`, { signal: AbortSignal.timeout(100) }).then((reply) => reply.text());
    for (const fault of ['drop-after', 'cut', 'hang', 'stall'] as const) {
      double.expect('GET', `/${fault}`).reply({ json: { a: 'long enough' }, fault });
      await expect(get(`/${fault}`)).rejects.toThrow();
    }
    double.expect('GET', '/bad').reply({ status: 200, fault: 'invalid-json', delayMs: 1 });
    const bad = await get('/bad');
    expect(() => JSON.parse(bad) as unknown).toThrow();
  });
});
