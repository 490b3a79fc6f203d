import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createProgram } from '../src/cli/program.js';
import { readEnvironment } from '../src/environment.js';
import { type JsonObject, asObject, asObjects } from '../src/json.js';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

const RECOMMENDATION = {
  actions: { recommendation: '/callbacks/recommendation' },
  modes: [
    { code: 'analogs', names: { en: 'Analogs' } },
    { code: 'season', names: { en: 'Of the season' } },
  ],
};

describe("the CRM's side of recommendations", () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const ids: { [name: string]: string } = {};

  const control = async (path: string, body?: JsonObject): Promise<JsonObject> =>
    (await bench.control(body === undefined ? 'GET' : 'POST', `/accounts/default/${path}`, body)).body;
  const connect = (recommendation: JsonObject): Promise<JsonObject> => {
    module.registrationPatch = { integrations: { recommendation } };
    return control('modules/stand-in/connect', { moduleUrl: module.url });
  };
  const ask = (body: JsonObject): Promise<JsonObject> => control('modules/stand-in/callbacks/recommendation', body);
  const sent = (): JsonObject => ({ ...module.received.findLast((one) => one.name === 'recommendation')?.fields });
  const answer = (body: unknown, status = 200): unknown => module.wrong.set('recommendation', { status, body });

  beforeAll(async () => {
    await bench.start();
    await module.listen();
    for (const [name, price] of Object.entries({ Samovar: 100.5, Tray: 20, Tea: 3 })) {
      const offer = await control('offers', { name, externalId: name.toLowerCase(), price, groups: ['Tea time', 'Gifts'] });
      ids[name] = String(offer['productId']);
    }
    ids['Nameless'] = String((await control('offers', { name: 'Nameless' }))['productId']);
  });

  beforeEach(async () => {
    expect(await connect(RECOMMENDATION)).toMatchObject({
      ok: true,
      capabilities: expect.arrayContaining(['recommendation: recommendation', 'recommendation modes: analogs, season']),
    });
  });

  afterEach(() => module.wrong.clear());

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it.each([
    ['no action', { ...RECOMMENDATION, actions: {} }, 'actions names no action'],
    [
      'a mode twice',
      { ...RECOMMENDATION, modes: [RECOMMENDATION.modes[0], RECOMMENDATION.modes[0]] },
      'modes[1].code "analogs" is there twice',
    ],
    ['a mode without a code', { ...RECOMMENDATION, modes: [{ names: { en: 'X' } }] }, 'modes[0].code is missing'],
  ])('takes a registration with %s, with a hint', async (_what, recommendation, hint) => {
    expect(await connect(recommendation as JsonObject)).toMatchObject({ ok: true });
    expect(await bench.hints()).toEqual([`integrationModule.integrations.recommendation.${hint}`]);
  });

  it('refuses a registration with an unknown action', async () => {
    await connect({ ...RECOMMENDATION, actions: { recommend: '/x' } });
    expect(Object.keys(asObject(module.registered['errors'] as JsonObject))).toEqual([
      'integrationModule.integrations.recommendation.actions.recommend',
    ]);
  });

  it('sends products by either id, as PHP writes a list, and shows what is recommended by name', async () => {
    answer({ by: 'id', ids: [ids['Tray'], '999999'] });
    expect(await ask({ products: [ids['Samovar'] ?? '', 'tea'], mode: 'season' })).toMatchObject({
      ok: true,
      violations: [],
      mode: 'season',
      asked: [{ name: 'Samovar', minPrice: 100.5, groups: ['Tea time', 'Gifts'] }, { name: 'Tea' }],
      products: [{ id: Number(ids['Tray']), externalId: 'tray', name: 'Tray', minPrice: 20 }],
      unknown: ['999999'],
    });
    expect(sent()).toEqual({ clientId: module.clientId, 'ids[0]': ids['Samovar'], 'ids[1]': ids['Tea'], mode: 'season' });
    answer({ by: 'externalId', ids: [] });
    // The module's first mode is the default.
    expect(await ask({ products: ['samovar'], by: 'externalId' })).toMatchObject({ ok: true, mode: 'analogs', products: [], unknown: [] });
    expect(sent()).toEqual({ clientId: module.clientId, 'externalIds[0]': 'samovar', mode: 'analogs' });
  });

  it("offers the CRM's own modes if the module adds them, or lacks modes", async () => {
    answer({ by: 'id', ids: [] });
    expect(await ask({ products: ['tea'], mode: 'buying_with' })).toMatchObject({
      errorMsg: 'There is no mode "buying_with". There are: analogs, season',
    });
    await connect({ ...RECOMMENDATION, addDefaultModes: true });
    expect(await ask({ products: ['tea'], mode: 'buying_with' })).toMatchObject({ ok: true });
    await connect({ actions: RECOMMENDATION.actions });
    expect(await ask({ products: ['tea'] })).toMatchObject({ ok: true, mode: 'buying_with' });
  });

  it('judges replies strictly', async () => {
    const violations = async (body: JsonObject): Promise<unknown> => {
      answer(body);
      return (await ask({ products: ['samovar'] }))['violations'];
    };
    const tray = ids['Tray'] ?? '';
    expect(await violations({})).toEqual(['by: must be id or externalId, not undefined', 'ids: is required, a list']);
    expect(await violations({ by: 'externalId', ids: ['tray'] })).toEqual(['by: must be the field that was asked in, id']);
    expect(await violations({ by: 'id', ids: [tray, ids['Samovar'] ?? '', tray] })).toEqual([
      `ids[1]: "${ids['Samovar']}" was asked for and cannot be recommended`,
      `ids[2]: "${tray}" is there twice`,
    ]);
    expect(await violations({ by: 'id', ids: [Number(tray)] })).toEqual([expect.stringMatching(/^ids\[0\]: /)]);
    expect(await violations({ by: 'id', ids: [], success: true })).toEqual([expect.stringMatching(/^success: /)]);
    answer({ success: false, errorMsg: 'Not now' }, 503);
    expect(await ask({ products: ['tea'] })).toMatchObject({ ok: false, refusal: '503 Not now', violations: [], products: [] });
    answer('nothing');
    expect((await ask({ products: ['tea'] }))['violations']).toEqual(['the body is not a JSON object']);
  });

  it('reports the problems of a request', async () => {
    for (const [body, message] of [
      [{ products: ['nothing'] }, 'There is no product "nothing"'],
      [{ products: [] }, 'Name one product'],
      [{ products: ['tea'], by: 'name' }, 'by must be'],
      [{ products: [ids['Nameless']], by: 'externalId' }, 'has no externalId'],
    ] as const)
      expect((await ask(body as unknown as JsonObject))['errorMsg']).toContain(message);
    expect((await bench.control('POST', '/accounts/default/offers', { name: 'X', price: -1 })).body['errorMsg']).toContain('price must be');
    answer({ success: false, errorMsg: 'Wrong mode' }, 400);
    expect(await ask({ body: { 'ids[0]': 'x', mode: 'best' } })).toMatchObject({ refusal: '400 Wrong mode' });
    expect(sent()).toMatchObject({ 'ids[0]': 'x', mode: 'best' });
    module.registrationPatch = {};
    await control('modules/stand-in/connect', { moduleUrl: module.url });
    expect((await ask({ products: ['tea'] }))['errorMsg']).toContain('registered no recommendations');
  });

  it('goes by hand: recommend', async () => {
    const run = async (...words: string[]): Promise<string> => {
      const lines: string[] = [];
      const program = createProgram(readEnvironment({}), { print: (text) => lines.push(text), exit: () => undefined });
      await program.parseAsync(['node', 'sandbox', '--sandbox', bench.url, ...words]);
      return lines.join('\n');
    };
    expect(await run('stock', 'add-offer', 'Mug', '--external-id', 'mug', '--price', '7', '--group', 'Gifts', 'Mugs')).toContain('Mug');
    const products = asObjects((await bench.get('/api/v5/store/products', { filter: { externalId: 'mug' } })).body['products']);
    expect(products).toMatchObject([{ name: 'Mug', minPrice: 7, groups: [{}, {}] }]);
    answer({ by: 'externalId', ids: ['mug', 'gone'] });
    expect(await run('recommend', 'samovar', 'tea', '--mode', 'season', '--external-ids')).toMatch(
      /ok \(HTTP 200\)[^]*season of Samovar, Tea:\n +1\. {2}Mug {2}7 {2}Gifts, Mugs [^]*not in the catalogue: gone/,
    );
    answer({ by: 'id', ids: [] });
    expect(await run('recommend', 'tea')).toContain('analogs of Tea: nothing');
  });
});
