import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntryView, FaultList, Marketplace, OrderList, ReferenceLists } from '../src/control/control-types.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

/** Reads events of the stream until `count` of a kind have arrived. */
async function readEvents(url: string, event: string, count: number, act: () => Promise<unknown>, headers = {}): Promise<string[]> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const found: string[] = [];
  const acting = act();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8');
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (block.includes(`event: ${event}\n`)) found.push(/^data: (.*)$/m.exec(block)?.[1] ?? '');
    if (found.length >= count) break;
  }
  stop.abort();
  await acting;
  return found;
}

describe('the control API, as the screens use it', () => {
  const module = new StandInModule();
  const bench = new SandboxBench();

  beforeAll(async () => {
    await module.listen();
    await bench.start();
    await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    for (const firstName of ['Ana', 'Boris', 'Clara'])
      await bench.control('POST', '/accounts/default/orders', {
        firstName,
        phone: '+34600000001',
        items: [{ productName: 'Tea', initialPrice: 10 }],
      });
  });

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it('returns each violation with the sentence of the contract, in the reply and in the log of exchanges', async () => {
    module.wrong.set('calculate', { status: 200, body: { success: true, result: [{ code: 'x', name: 'X', type: 'courier', price: 1 }] } });
    const { body } = await bench.control('POST', '/accounts/default/modules/stand-in/callbacks/calculate', { order: '1' });
    module.wrong.clear();
    const explained = [
      {
        message: 'result[0].price: is not a field of the contract',
        sentence: 'The CRM reads replies strictly: use exactly the documented types, no `null`, and no other fields.',
        page: 'README.md',
      },
    ];
    expect(body).toMatchObject({ ok: false, explained });
    const entries = (await bench.control('GET', '/exchanges?violations=1&limit=1')).body['entries'];
    expect(entries).toMatchObject([{ name: 'calculate', explained }]);
  });

  it('tells it of connecting as well', async () => {
    module.wrong.set('config', { status: 200, body: { success: true, scopes: [] } });
    const { body } = await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
    module.wrong.clear();
    expect(body['explained']).toMatchObject([
      { message: expect.stringContaining('scopes must name'), page: 'simple-connection.md' },
      { message: expect.stringContaining('registerUrl must be a URL'), page: 'simple-connection.md' },
    ]);
  });

  it('finds orders by known fields, the newest first, up to a limit', async () => {
    const read = async (query: string): Promise<OrderList> =>
      (await bench.control('GET', `/accounts/default/orders${query}`)).body as unknown as OrderList;
    expect((await read('')).orders.map(({ firstName }) => firstName)).toEqual(['Ana', 'Boris', 'Clara']);
    expect(await read('?limit=2')).toMatchObject({ total: 3, orders: [{ firstName: 'Boris' }, { firstName: 'Clara' }] });
    expect(await read('?search=bOR')).toMatchObject({ total: 1, orders: [{ firstName: 'Boris' }] });
    expect(await read('?search=nobody')).toEqual({ total: 0, orders: [] });
  });

  it('has the lists that forms choose from, and orders to begin with', async () => {
    const lists = (await bench.control('GET', '/accounts/default/references')).body as unknown as ReferenceLists;
    expect(lists.sites[0]).toMatchObject({ code: 'main', name: expect.any(String) });
    for (const list of [lists.stores, lists.users, lists.paymentTypes, lists.statuses]) expect(list.length).toBeGreaterThan(0);
    expect((await bench.control('GET', '/demo-orders')).body['orders']).toHaveLength(12);
  });

  it('finds the first connected module with an integration, and where a module is that gives no address', async () => {
    const modules = '/accounts/default/modules';
    expect((await bench.control('GET', `${modules}/@delivery`)).body).toMatchObject({
      code: 'stand-in',
      connection: { moduleUrl: module.url },
    });
    expect((await bench.control('POST', `${modules}/@delivery/callbacks/tariffList`, {})).body).toMatchObject({ ok: true });
    expect(await bench.control('GET', `${modules}/@loyalty`)).toMatchObject({
      status: 404,
      body: { errorMsg: expect.stringContaining('has loyalty') },
    });
    expect((await bench.control('POST', `${modules}/stand-in/connect`, {})).body).toMatchObject({ ok: true });
    const beside = (await bench.control('POST', `${modules}/other/connect`, {})).body;
    expect(beside).toMatchObject({ ok: false, code: 'other' });
    const { entries } = (await bench.control('GET', '/exchanges?name=config&limit=1')).body;
    expect(entries).toMatchObject([{ url: new URL('other/config', module.url).href }]);
  });

  it('counts what each fault spoiled, also after it is off', async () => {
    await bench.control('POST', '/faults', { kind: '503', path: '/api/v5/orders*' });
    await bench.control('POST', '/faults', { kind: '500', times: 1, path: '/api/credentials' });
    await bench.get('/api/v5/orders');
    await bench.get('/api/v5/orders');
    await bench.get('/api/credentials');
    const list = (await bench.control('GET', '/faults')).body as unknown as FaultList;
    expect(list.faults).toMatchObject([{ kind: '503', struck: 2 }]);
    expect(list.struck).toEqual({ '500': 1, '503': 2 });
    await bench.control('DELETE', '/faults');
    expect((await bench.control('GET', '/faults')).body).toMatchObject({ faults: [], struck: { '500': 1, '503': 2 } });
  });

  it('streams each exchange immediately, after the exchanges that a reader missed, and other changes', async () => {
    const names = (texts: string[]): string[] => texts.map((text) => (JSON.parse(text) as EntryView).name);
    const live = `${bench.url}/sandbox/live?account=default`;
    const ask = (): Promise<unknown> => bench.control('POST', '/accounts/default/modules/stand-in/callbacks/tariffList', {});
    const [first] = await readEvents(live, 'entry', 1, ask);
    expect(names([first ?? ''])).toEqual(['tariffList']);
    const { id } = JSON.parse(first ?? '') as EntryView;
    await bench.get('/api/credentials');
    expect(names(await readEvents(live, 'entry', 2, ask, { 'last-event-id': String(id) }))).toEqual(['api.credentials', 'tariffList']);
    expect(await readEvents(live, 'changed', 1, () => bench.control('POST', '/accounts/default/orders', {}))).toEqual(['{}']);
    // The server stops listening for a closed reader, which it detects a moment later.
    while (bench.sandbox.news.listenerCount('entry') > 0) await delay(5);
  });

  it('lets no other page change anything, though it could send an empty body', async () => {
    const send = (from: string): Promise<Response> =>
      fetch(`${bench.url}/sandbox/faults`, { method: 'DELETE', headers: { 'sec-fetch-site': from } });
    expect((await send('cross-site')).status).toBe(403);
    expect((await send('same-site')).status).toBe(403);
    expect((await send('same-origin')).status).toBe(200);
  });

  it('offers the modules of the deployment, or reports why it cannot', async () => {
    const deployment = createServer((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(
          JSON.stringify({ modules: [{ code: 'acme', name: 'Acme', integration: 'delivery', connect: 'http://x.example/acme/config' }] }),
        ),
    );
    await new Promise<void>((resolve) => deployment.listen(0, '127.0.0.1', resolve));
    const other = new SandboxBench({ modulesUrl: `http://127.0.0.1:${(deployment.address() as AddressInfo).port}` });
    await other.start();
    const read = async (): Promise<Marketplace> => (await other.control('GET', '/marketplace')).body as unknown as Marketplace;
    expect(await read()).toEqual({
      modules: [{ code: 'acme', name: 'Acme', integration: 'delivery', moduleUrl: 'http://x.example/acme' }],
    });
    await new Promise((resolve) => deployment.close(resolve));
    expect(await read()).toMatchObject({ modules: [], problem: expect.stringContaining('is the deployment running?') });
    await other.stop();
    expect((await bench.control('GET', '/marketplace')).body).toMatchObject({ modules: [] });
  });
});
