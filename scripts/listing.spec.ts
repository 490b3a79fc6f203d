import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configure, TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildManifest, Card, findBundle, findGaps, listCallbacks, zipArchive } from './listing.mjs';
import { root } from './project.mjs';

const page = {
  ...{ code: 'registry', menu: 'activity_main_menu', menuItemOrdering: 100, pageHelpLink: null, isSettingsMainPage: false },
  menuItemTitle: { en: 'Parcels', es: 'Envíos', ru: 'Отправления' },
};
const embedJs = { entrypoint: '/embed/widget.js', runner: 'worker', targets: ['order/card:delivery.after'], pages: [page] };
const registration = {
  actions: { activity: '/activity', settings: '/settings' },
  integrations: {
    embedJs,
    delivery: {
      actions: { calculate: '/delivery/calculate' },
      deliveryDataFieldList: [{ autocompleteUrl: '/delivery/autocomplete/city' }],
    },
    store: { actions: [{ code: 'inventoriesUpload', url: '/store/inventories-upload' }] },
  },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-listing-'));
  const files = { 'widget.B-DwJRSA.js': 'run()', 'widget.B-DwJRSA.js.map': '{}', 'widget.ojAjWxvp.css': '.a{}', 'widget.js': 'run()' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function unzip(archive: Uint8Array) {
  configure({ useWebWorkers: false });
  const entries = await new ZipReader(new Uint8ArrayReader(archive)).getEntries();
  return new Map(
    await Promise.all(
      entries.map(async (entry) => [entry.filename, entry.directory ? '' : await entry.getData(new TextWriter())] as const),
    ),
  );
}

describe('the archive of a module', () => {
  it('has the keys that the partner account requires, and every file that they name', async () => {
    const bundle = findBundle(folder);
    if (!bundle) throw new Error('no bundle');
    const files = await unzip(await zipArchive(buildManifest('courier', '29000000', embedJs, bundle), folder));
    const manifest = JSON.parse(files.get('manifest.json') ?? '{}');
    expect(manifest).toEqual({
      ...{ code: 'courier', version: '29000000', runner: 'worker', targets: embedJs.targets, pages: [page] },
      ...{ entrypoint: 'widget.B-DwJRSA.js', scripts: ['widget.B-DwJRSA.js'], stylesheet: 'widget.ojAjWxvp.css' },
    });
    expect(manifest.scripts).toContain(manifest.entrypoint);
    expect([...files.keys()].toSorted()).toEqual(['manifest.json', ...manifest.scripts, manifest.stylesheet].toSorted());
    expect(files.get(manifest.entrypoint)).toBe('run()');
  });

  it('has no keys without values', () => {
    const bundle = { folder, script: 'widget.B-DwJRSA.js' };
    const keys = ['code', 'version', 'runner', 'entrypoint', 'scripts'];
    expect(Object.keys(buildManifest('courier', '1', { targets: [], pages: [] }, bundle))).toEqual(keys);
    expect(Object.keys(buildManifest('courier', '1', { pages: [page] }, bundle))).toEqual([...keys, 'pages']);
  });
});

describe('the listing of a module', () => {
  it.each<[string, Parameters<typeof findGaps>, string]>([
    ['its address', ['http://127.0.0.1:3000', '7', { folder: '', script: '' }], 'PUBLIC_URL'],
    ['a rising version', ['https://m.example', '1.0.0', { folder: '', script: '' }], '--version'],
    ['the bundle', ['https://m.example', '7', undefined], 'dist/widget'],
  ])('names %s if it is missing', (_title, facts, name) => {
    expect(findGaps(...facts)).toEqual([expect.stringContaining(name)]);
  });

  it('contains every callback of the registration', () => {
    expect(listCallbacks(registration)).toEqual({
      ...{ activity: '/activity', settings: '/settings', 'delivery.actions.calculate': '/delivery/calculate' },
      ...{ 'delivery.deliveryDataFieldList.0.autocompleteUrl': '/delivery/autocomplete/city' },
      'store.actions.0.url': '/store/inventories-upload',
      ...{ 'embed.badge': '/embed/badge', 'embed.view': '/embed/view', 'embed.act': '/embed/act', 'embed.registry': '/embed/registry' },
    });
  });

  it('has texts, reasons and addresses, and names each that is missing', () => {
    const text = { en: 'Courier', es: 'Mensajería', ru: 'Курьер' };
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
    const manifest = { code: 'courier', title: text, cod: true };
    const module = { code: 'courier', names: text, logos: { en: svg, es: svg, ru: svg }, countries: ['ES'], multiAccount: false };
    const hosted = { module, parts: [{ kind: 'delivery', manifest, provider: { save: true }, folder: 'libs/built-in/courier' }] };
    const facts = { registration, scopes: ['delivery_write'], url: 'https://m.example' };
    const card = new Card(hosted as never, facts);
    expect(card.data).toMatchObject({
      configUrl: 'https://m.example/courier/config',
      callbacks: { 'delivery.actions.calculate': 'https://m.example/courier/callbacks/delivery/calculate' },
    });
    const russian = card.write('ru', ['page.png']);
    for (const part of ['# Курьер', 'Испания', 'Передаёт в заказы статусы', '](page.png)', 'наложенный']) expect(russian).toContain(part);
    expect(card.gaps).toEqual([]);
    const poor = new Card({ ...hosted, module: { ...module, logos: { en: svg }, names: { en: 'Courier' }, countries: [] } } as never, {
      ...facts,
      ...{ scopes: ['unheard_of'], registration: { actions: {}, integrations: {} } },
    });
    poor.write('es', []);
    expect(poor.gaps.map((gap) => gap.split(':')[0])).toEqual([
      'callbacks',
      'countries',
      'courier, name',
      'unheard_of',
      'courier',
      'courier',
    ]);
  });

  it('has a reason for every scope in the code', () => {
    const { listing } = JSON.parse(readFileSync(join(root, 'scripts/docs/texts/en.json'), 'utf8'));
    const files = ['libs/integrations', 'libs/providers', 'libs/built-in', 'libs/onboarding', 'libs/widgets'].flatMap((place) =>
      readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
        .filter((name) => /(registration|manifest|registration\.service|crm-lists)\.ts$/.test(name))
        .map((name) => readFileSync(join(root, place, name), 'utf8')),
    );
    const scopes = new Set(files.flatMap((source) => [...source.matchAll(/'([a-z_]+_(?:read|write))'/g)].map(([, scope = '']) => scope)));
    expect(scopes.size).toBeGreaterThan(10);
    expect([...scopes].filter((scope) => !(scope in listing.scopes))).toEqual([]);
  });
});
