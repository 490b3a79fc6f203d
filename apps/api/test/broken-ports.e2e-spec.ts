import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PROVIDER_KINDS, type ProviderKind } from '#provider-kit';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import type { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { installPackage, place, writeProbe } from './support/outside-provider.js';
import { PaymentDesk } from './support/payment-desk.js';
import type { Reply } from './support/reply.js';
import type { ServerProcess } from './support/server-process.js';
import { pack, StockDesk } from './support/stock-desk.js';
import { until } from './support/until.js';

type Kind = Exclude<ProviderKind, 'delivery'>;

const BUDGET_MS = 3_000;

/** How any reply may be broken: by the name of the way, made out of the sound reply. */
const COMMON = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { defineProvider } from '@crossdock/provider-kit';

const say = (text) => ({ en: text, es: text, ru: text });
const read = (name) => { const file = new URL(name, import.meta.url); return existsSync(file) ? readFileSync(file, 'utf8') : ''; };
const readBook = () => read('book.txt').split('\\n').filter(Boolean).map((line) => JSON.parse(line));
const write = (entry) => appendFileSync(new URL('book.txt', import.meta.url), JSON.stringify(entry) + '\\n');
const ANY = {
  'a text': () => 'done',
  'a number': () => 7,
  'null': () => null,
  'nothing': () => undefined,
  'an empty object': () => ({}),
  'a list': () => [1],
  'a promise without an end': () => new Promise(() => undefined),
  'a thrown text': () => { throw 'out of paper'; },
  'a thrown nothing': () => { throw undefined; },
  'a thrown object': () => { throw Object.create(null); },
  'an error': () => { throw new TypeError("Cannot read properties of undefined (reading 'id')"); },
  'an error of a wrong kind': () => { throw Object.assign(new (class extends Error {})('timeout'), { kind: 'timeout' }); },
  'a getter that throws': (good) => Object.defineProperty({ ...good }, Object.keys(good)[0], { get() { throw new Error('not loaded'); }, enumerable: true }),
};
/** Returns the reply of a method, broken as specified in modes.txt (\`method=way\`). */
function reply(method, good, ways = {}) {
  const [asked, way] = read('modes.txt').split('=');
  if (asked !== method) return good;
  const make = ways[way] ?? ANY[way];
  if (!make) throw new Error('unknown way ' + way);
  return make(good);
}
class Settings {}
const base = (code) => ({
  code, title: say(code), logo: '<svg xmlns="http://www.w3.org/2000/svg"/>', countries: ['RU', 'ES'],
  settings: Settings, createDefaultSettings: () => new Settings(),
});
`;

const PROVIDERS: Readonly<Record<Kind, string>> = {
  payment: `
const POLLUTED = JSON.parse('{"__proto__":{"polluted":true}}');
const set = (name, value) => (good) => ({ ...good, [name]: value });
const WAYS = {
  'an unknown status': set('status', 'lost-in-space'),
  'no amount': set('captured', { currency: 'RUB' }),
  'a fractional amount': set('captured', { minor: 100.5, currency: 'RUB' }),
  'a negative amount': set('captured', { minor: -100, currency: 'RUB' }),
  'another currency': set('captured', { minor: 100, currency: 'USD' }),
  'a moment of another millennium': set('paidAt', new Date(-8.64e15)),
  'the id of another payment': set('externalId', 'taken'),
  'an id with NUL': set('externalId', 'a\\0b'),
  'an id of a megabyte': set('externalId', 'x'.repeat(1e6)),
  'a million of refunds': set('refunds', new Array(1e6).fill({ externalId: 'r' })),
  'a polluted memory': set('memory', POLLUTED),
  'two refunds of one id': (good) => ({ ...good, refunds: [...good.refunds, { ...good.refunds.at(-1), reference: undefined }] }),
};
const toState = ({ reference, minor, refunds }) => ({
  externalId: 'id-' + reference, status: 'succeeded', captured: { minor, currency: 'RUB' }, refunds, memory: {},
});
const find = (reference) => {
  const entries = readBook().filter((entry) => entry.reference === reference);
  if (!entries[0]) return undefined;
  const refunds = entries.slice(1).map(({ refund, minor }) => ({ externalId: 'r-' + refund, reference: refund, amount: { minor, currency: 'RUB' }, status: 'succeeded' }));
  return toState({ ...entries[0], refunds });
};
export default defineProvider({ kind: 'payment', create: () => ({
  manifest: {
    ...base('acme-payment'), recovery: { kind: 'find', settleSeconds: 60 },
    currencies: ['RUB'], invoiceTypes: ['link'], captureModes: ['automatic'],
    listShops: () => [{ code: 'main', name: 'Main', active: true, capture: 'automatic' }],
  },
  async create({ reference, amount: { minor } }) {
    write({ reference, minor });
    if (read('modes.txt') === 'taken') return { ...find(reference), externalId: 'taken' };
    return reply('create', find(reference), WAYS);
  },
  async find(reference) { return reply('find', find(reference), WAYS); },
  async get({ id }) { return reply('get', find(id), WAYS); },
  async openCheckout({ id }) { return { state: find(id) }; },
  async refund({ id }, { key, amount: { minor } }) {
    write({ reference: id, refund: key, minor });
    return reply('refund', find(id), WAYS);
  },
}) });`,
  store: `
const WAYS = {
  'no key': (good) => good.map((one) => ({ ...one, offer: {} })),
  'a negative figure': (good) => good.map((one) => ({ ...one, stores: [{ store: 'main', available: -1 }] })),
  'an endless figure': (good) => good.map((one) => ({ ...one, stores: [{ store: 'main', available: 1e300 }] })),
  'a fractional price': (good) => good.map((one) => ({ ...one, stores: [{ store: 'main', available: 1, purchasePrice: { minor: 1.5, currency: 'RUB' } }] })),
  'another currency': (good) => good.map((one) => ({ ...one, stores: [{ store: 'main', available: 1, purchasePrice: { minor: 1, currency: 'USD' } }] })),
  'a document without an id': () => ({ documents: [{ number: '1' }] }),
  'an id with NUL': () => ({ documents: [{ id: 'a\\0b' }] }),
  'a memory that is a list': () => ({ memory: [] }),
  'no list of events': () => ({ events: [] }),
  'a promise of events': async () => [{ id: '1' }],
};
export default defineProvider({ kind: 'store', create: () => ({
  manifest: { ...base('acme-store'), recovery: { kind: 'idempotency-key' }, listCallPoints: () => ({ inventoriesUpload: [], inventoriesActualize: [] }) },
  async readStocks(offers) {
    return reply('readStocks', offers.map(({ xmlId }) => ({ offer: { key: xmlId }, stores: [{ store: 'main', available: 5 }] })), WAYS);
  },
  async reserve({ order, packs }) {
    if (!readBook().some((one) => one.order === order)) write({ order, packs: packs.length });
    return reply('reserve', { memory: { order } }, WAYS);
  },
  webhook: {
    verify: () => reply('verify', true),
    parse: () => reply('parse', [{ id: '1' }], WAYS),
  },
}) });`,
  telephony: `
const WAYS = {
  'an id with NUL': () => ({ externalId: 'a\\0b' }),
  'an id of a megabyte': () => ({ externalId: 'x'.repeat(1e6) }),
  'an empty id': () => ({ externalId: '' }),
  'an unknown direction': (good) => ({ ...good, call: { ...good.call, direction: 'sideways' } }),
  'a moment that is a text': (good) => ({ ...good, call: { ...good.call, startedAt: 'yesterday' } }),
  'an unknown signal': (good) => ({ ...good, signals: [{ type: 'ring', codes: [] }] }),
  'a promise': async (good) => good,
};
export default defineProvider({ kind: 'telephony', create: () => ({
  manifest: {
    ...base('acme-telephony'), recovery: { kind: 'find', settleSeconds: 60 }, placedCalls: 'returned',
    events: { incoming: true, outgoing: true, hangup: true }, isConfigured: () => true, listExtensions: () => [{ code: '101', userId: 11 }],
    listExternalPhones: () => [], readCountry: () => 'RU', readRecordDays: () => undefined,
  },
  async call({ reference }) { write({ reference }); return reply('call', { externalId: 'id-' + reference }, WAYS); },
  async findCall(reference) { return readBook().some((one) => one.reference === reference); },
  track({ call }) {
    return reply('track', { call: { externalId: call, direction: 'in', phone: '+79161234567', startedAt: new Date() }, signals: [] }, WAYS);
  },
  webhook: {
    verify: () => reply('verify', true),
    parse: (request) => { const id = String(request.query.get('id')); return reply('parse', [{ id, call: id, data: {} }], { 'no list of events': () => ({}) }); },
  },
}) });`,
  chat: `
const WAYS = {
  'a moment that is a text': () => '2026-11-30',
  'no moment at all': () => new Date(NaN),
  'a negative count': () => ({ count: -1 }),
  'a fractional count': () => ({ count: 0.5 }),
  'a page without an address': () => ({ count: 1, lastVisit: { source: 'direct', startedAt: new Date(), endedAt: new Date(), pages: [{ at: new Date() }] } }),
  'a million of pages': () => ({ count: 1, lastVisit: { source: 'direct', startedAt: new Date(), endedAt: new Date(), pages: new Array(1e6).fill({}) } }),
};
export default defineProvider({ kind: 'chat', create: () => ({
  manifest: { ...base('acme-chat'), recovery: { kind: 'none' }, describeTransport: () => ({ active: false }), describeBot: () => undefined },
  async findLastOnline() { return reply('findLastOnline', new Date(), WAYS); },
  async readVisits() { return reply('readVisits', { count: 3 }, WAYS); },
}) });`,
  recommendation: `
const WAYS = { 'numbers': () => [1, 2], 'empty texts': () => ['', ' '], 'a hole': () => Array(3), 'a million and one': () => new Array(1_000_001).fill('1') };
export default defineProvider({ kind: 'recommendation', create: () => ({
  manifest: { ...base('acme-recommendation'), recovery: { kind: 'none' }, modes: [{ code: 'any', name: say('Any') }], scopes: [], addDefaultModes: () => false },
  async recommend() { return reply('recommend', ['7', '8'], WAYS); },
}) });`,
};

/**
 * A carrier that breaks its port as the tariff of a save and the city of a quote say. Its orders are in a
 * file, so that api and worker see the same.
 */
const CARRIER = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { defineProvider } from '@crossdock/provider-kit';

const say = (text) => ({ en: text, es: text, ru: text });
const BOOK = new URL('book.txt', import.meta.url);
const read = () => (existsSync(BOOK) ? readFileSync(BOOK, 'utf8').trim().split('\\n').map((line) => JSON.parse(line)) : []);
class Settings {}

const good = { code: 'good', name: 'Good', type: 'courier', cost: { minor: 35000, currency: 'RUB' } };
const TARIFFS = {
  'no code': { ...good, code: undefined },
  'no type': { ...good, type: undefined },
  'negative': { ...good, cost: { minor: -1, currency: 'RUB' } },
  'fractional': { ...good, cost: { minor: 350.5, currency: 'RUB' } },
  'no cost': { ...good, cost: undefined },
  'currency': { ...good, cost: { minor: 35000, currency: 'USD' } },
  'empty': {},
  'nothing': null,
};
const WRONG = {
  'status': { status: 'lost-in-space' },
  'same id': { externalId: 'taken' },
  'no id': { externalId: '' },
  'cost': { cost: { minor: 1.5, currency: 'RUB' } },
  'money': { cost: { minor: 1, currency: 'EUR' } },
};

export default defineProvider({ kind: 'delivery', create: () => ({
  manifest: {
    code: 'acme', title: say('Acme'), logo: '<svg xmlns="http://www.w3.org/2000/svg"/>', countries: ['RU', 'ES'],
    settings: Settings, createDefaultSettings: () => new Settings(), recovery: { kind: 'find', settleSeconds: 60 },
    statuses: [{ code: 'made', name: say('Made'), isEditable: true }, { code: 'done', name: say('Done'), isFinal: true }, { code: 'gone', name: say('Gone'), isFinal: true }],
    cancelledStatus: 'gone', forms: [{ entity: 'order', code: 'label', label: say('Label') }], dataFields: [], shipmentDataFields: [],
    payerTypes: ['receiver', 'sender'], printLimit: 10, cod: true, packages: true, selfShipment: false, trackNumber: false, requiredFields: [],
  },
  async calculate({ to }) {
    const [wrong, alone] = to.city.split(', ');
    if (wrong === 'hang') await new Promise(() => undefined);
    return alone ? [TARIFFS[wrong]] : [TARIFFS[wrong], good];
  },
  async save({ reference, tariff }) {
    if (tariff === 'late') await new Promise((resolve) => setTimeout(resolve, ${BUDGET_MS + 1_000}));
    const made = { externalId: tariff === 'first' ? 'taken' : 'id-' + reference, status: 'made', cost: good.cost };
    appendFileSync(BOOK, JSON.stringify({ reference, made, tariff }) + '\\n');
    return { ...made, ...WRONG[tariff] };
  },
  async find(reference) { return read().find((one) => one.reference === reference && one.tariff !== 'late')?.made; },
  async print() { return Buffer.from('<html>no label</html>'); },
  async track(deliveries) {
    const updatedAt = new Date();
    return deliveries.flatMap(({ externalId, status }) => [
      { externalId, code: 'lost-in-space', updatedAt },
      ...(status === 'made' ? [{ externalId, code: 'done', updatedAt }] : []),
    ]);
  },
}) });
`;

const KINDS = Object.keys(PROVIDERS) as Kind[];

let folder: string;
let deployment: Deployment;
let crm: Crm;
const accounts = {} as Record<Kind, Account>;
let payments: PaymentDesk;
let stocks: StockDesk;
let last = 100;

/** Makes one method of a provider reply in a broken way from now on. Without `way` all methods work. */
function breakPort(kind: Kind, method?: string, way?: string): void {
  writeFileSync(join(folder, `acme-${kind}/modes.txt`), method === undefined ? '' : way === undefined ? method : `${method}=${way}`);
}

const countEntries = (kind: Kind, part: string): number =>
  readFileSync(join(folder, `acme-${kind}/book.txt`), 'utf8')
    .split('\n')
    .filter((line) => line.includes(part)).length;
const readMetrics = async (): Promise<string> =>
  (await deployment.send('/metrics', { headers: { authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN}` } })).bytes.toString();
/** Problems counted of a call, by field. */
const readProblems = async (provider: string, call: string): Promise<Record<string, number>> => {
  const found = (await readMetrics()).matchAll(
    new RegExp(`^provider_reply_problems_total\\{provider="${provider}",call="${call}",field="(.*)"\\} (\\d+)$`, 'gm'),
  );
  return Object.fromEntries([...found].map(([, field, count]) => [field, Number(count)]));
};
const readLog = (): string => (deployment.api as ServerProcess).lastOutput;
/** The api's output arrives a moment after its reply. */
const isLogged = (text: string): Promise<true> => until(`it is logged: ${text}`, () => readLog().includes(text));
const readHung = async (provider: string, call: string): Promise<number> => {
  const found = new RegExp(`^provider_calls_hung_total\\{provider="${provider}",call="${call}"\\} (\\d+)$`, 'm').exec(await readMetrics());
  return Number(found?.[1] ?? 0);
};

/**
 * Checks that a broken reply was answered with a clear error, and reported with provider and field. `field`
 * undefined: the call hangs.
 */
async function expectReported(
  kind: Kind,
  call: string,
  { act, status, field }: { act: () => Promise<Reply>; status: number; field: string | undefined },
): Promise<void> {
  const before = await readProblems(`acme-${kind}`, call);
  const hung = await readHung(`acme-${kind}`, call);
  const refusal = readRefusal(await act());
  expect([refusal.status, refusal.errorMsg]).toEqual([status, expect.stringMatching(/[\p{L} ]{20}/u)]);
  if (field === undefined) {
    await isLogged(`acme-${kind} (acme-${kind}) hangs: it goes on with ${call}`);
    expect(await readHung(`acme-${kind}`, call)).toBe(hung + 1);
    return;
  }
  const label = field.replace(/\[\w*\]/g, '[]');
  const after = await readProblems(`acme-${kind}`, call);
  expect([label, after[label] ?? 0]).toEqual([label, (before[label] ?? 0) + 1]);
  await isLogged(`The reply of acme-${kind} (acme-${kind}) to ${call} is wrong: ${field === '' ? 'it' : field} `);
}

/** Ways of breaking that every port meets. */
const FEW: readonly string[] = ['a text', 'a promise without an end', 'an error'];

/** Ways that break the reply of any method, with the reported field. One guard is around all ports. */
const anyWay = (first: string): [way: string, field: string | undefined][] => [
  ['a text', ''],
  ['null', ''],
  ['a promise without an end', undefined],
  ['a thrown text', ''],
  ['a thrown nothing', ''],
  ['a thrown object', ''],
  ['an error', ''],
  ['an error of a wrong kind', ''],
  ['a getter that throws', first],
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-broken-'));
  for (const kind of KINDS) {
    place(join(folder, `acme-${kind}/index.js`), COMMON + PROVIDERS[kind]);
    place(join(folder, `acme-${kind}/book.txt`), '');
  }
  place(join(folder, 'acme/index.js'), CARRIER);
  // No node_modules at all.
  place(join(folder, 'probe/index.js'), writeProbe('delivery', 'probe'));
  installPackage(folder, '@acme/crossdock-carrier', writeProbe('delivery', 'packed'));
  for (const kind of KINDS) place(join(folder, `${kind}-probe.js`), writeProbe(kind, `probe-${kind}`));
  const modules = [
    ...['acme', ...KINDS.map((kind) => `acme-${kind}`), 'probe'].map((code) => ({ code, provider: `./${code}` })),
    ...[
      { code: 'probe-too', provider: './probe/index.js' },
      { code: 'courier', provider: 'courier' },
      { code: 'packed', provider: '@acme/crossdock-carrier' },
    ],
    ...KINDS.map((kind) => ({ code: `probe-${kind}`, provider: join(folder, `${kind}-probe.js`) })),
  ];
  writeFileSync(join(folder, 'modules.json'), JSON.stringify(modules));
  deployment = await Deployment.start({
    ...{ accounts: 8, apart: true, shipped: true },
    variables: { MODULES_FILE: '', MODULES_DIR: folder, ACME_TRIES: '7', LOG_LEVEL: 'warn', PROVIDER_BUDGET_MS: String(BUDGET_MS) },
  });
  crm = deployment.nextCrm();
  payments = await PaymentDesk.open(deployment, crm, 'acme-payment');
  accounts.payment = payments.account;
  stocks = await StockDesk.open(deployment, deployment.nextCrm(), 'acme-store');
  accounts.store = stocks.account;
  for (const kind of ['telephony', 'chat', 'recommendation'] as const)
    accounts[kind] = await Account.connect(deployment, deployment.nextCrm(), `acme-${kind}`);
  breakPort('payment', 'taken');
  await payments.invoice({ orderNumber: '1A', items: [] });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  last++;
  for (const kind of KINDS) breakPort(kind);
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('a provider that modules.json names by path or package', () => {
  it('is hosted, of each kind, by api and worker', async () => {
    const { items } = await deployment.operator<{ items: { code: string }[] }>('GET', '/modules');
    const modules = new Map(items.map((item) => [item.code, item]));
    expect(modules.get('probe')).toMatchObject({ integration: 'delivery', provider: 'probe', kind: 'adapter', from: './probe' });
    expect(modules.get('probe-too')).toMatchObject({ provider: 'probe', from: './probe/index.js' });
    expect(modules.get('packed')).toMatchObject({ provider: 'packed', from: '@acme/crossdock-carrier' });
    expect(modules.get('courier')).not.toHaveProperty('from');
    for (const kind of PROVIDER_KINDS.filter((one) => one !== 'delivery'))
      expect(modules.get(`probe-${kind}`)).toMatchObject({ integration: kind, kind: 'adapter', from: join(folder, `${kind}-probe.js`) });
    expect(deployment.workers.every((worker) => worker.isRunning)).toBe(true);
  });

  it.each(['probe', 'packed'])(
    '%s keeps settings within settings and their secrets, quotes, and refuses in its own words',
    async (module) => {
      const crm = deployment.nextCrm();
      const account = await Account.connect(deployment, crm, module);
      const { id } = await deployment.getConnection(crm);
      const depot = { code: 'north', password: 'hunter2' };
      await deployment.operator('PUT', `/connections/${id}/settings`, { depots: [depot] });
      const shown = await deployment.operator<object>('GET', `/connections/${id}/settings`);
      expect(shown).toMatchObject({ values: { depots: [{ code: 'north', password: { set: true } }] } });
      expect(await account.calculate(wireCalculate())).toMatchObject({
        status: 200,
        json: { success: true, result: [{ code: 'north', name: 'hunter2' }] },
      });
      const refused = readRefusal(await account.save(wireSave('north', sampleOrder('moscowCourier'))));
      expect(refused).toMatchObject({ status: 400, errorMsg: 'The street is not served after 7 tries' });
      expect(deployment.complaints()).toEqual([]);
    },
  );
});

describe('a carrier that breaks its port', () => {
  let account: Account;
  let connection: string;

  const countMade = (order: string): number =>
    readFileSync(join(folder, 'acme/book.txt'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"reference":"${order}-`)).length;
  const save = (order: string, tariff: string): Promise<Reply> =>
    account.save(wireSave(tariff, sampleOrder('moscowCourier', { order, orderNumber: `${order}A` })));
  const quote = (city: string): Promise<Reply> => {
    const question = wireCalculate();
    return account.calculate({ ...question, deliveryAddress: { ...question.deliveryAddress, city } });
  };
  const stores = <Row extends object>(text: string, values: unknown[]): Promise<Row[]> => deployment.stores.query(text, values);
  const readMetric = async (call: string, field: string): Promise<number> => (await readProblems('acme', call))[field] ?? 0;
  const tell = async (order: string): Promise<string> => {
    const { events } = await deployment.operator<{ events: { title: string }[] }>(
      'GET',
      `/stories/order/${order}?connection=${connection}`,
    );
    return events.map(({ title }) => title).join('\n');
  };

  beforeAll(async () => {
    account = await Account.connect(deployment, deployment.nextCrm(), 'acme');
    connection = (await deployment.getConnection(account.crm)).id;
    readSaved(await save('1', 'first'));
  }, START_MS);

  it.each([
    ['no code', '[].code', 'must be a text'],
    ['no type', '[].type', 'must be one of: courier, selfDelivery'],
    ['negative', '[].cost.minor', 'must be a whole number'],
    ['fractional', '[].cost.minor', 'must be a whole number'],
    ['no cost', '[].cost', 'is missing'],
    ['currency', '[].cost.currency', 'must be RUB, not USD'],
    ['empty', '[].code', 'must be a text'],
    ['nothing', '[]', 'must be an object'],
  ])('has a wrong tariff left out of a quote, reported by field: %s', async (wrong, field, problem) => {
    const before = await readMetric('calculate', field);
    const result = readResult<{ code: string }[]>(await quote(wrong), 'CallbackDeliveryCalculateResponse');
    expect(result.map(({ code }) => code)).toEqual(['good']);
    expect(await readMetric('calculate', field)).toBe(before + 1);
    await isLogged(`${field.replace('[]', '[0]')} ${problem}`);
    // No tariff remains: the service is at fault, not the address.
    const refusal = readRefusal(await quote(`${wrong}, alone`));
    expect([refusal.status, refusal.errorMsg]).toEqual([502, expect.stringContaining('Acme')]);
  });

  it.each([
    ['status', 'status', `must be one of the manifest's statuses: made, done, gone`],
    ['no id', 'externalId', 'must be a text'],
    ['same id', 'externalId', 'is the id of the delivery of order 1'],
    ['cost', 'cost.minor', 'must be a whole number'],
  ])('makes an order once although its reply is wrong, and is asked for it: %s', async (wrong, field, problem) => {
    const order = `7-${wrong.replace(' ', '')}`;
    const before = await readMetric('save', field);
    expect(readRefusal(await save(order, wrong)).status).toBe(504);
    expect(await readMetric('save', field)).toBe(before + 1);
    expect(await tell(order)).toContain(`Acme (acme) to save is wrong: ${field} ${problem}`);
    const { deliveryId } = await until('the order is found', async () => {
      const reply = await save(order, wrong);
      return reply.status === 200 && readSaved(reply);
    });
    expect(countMade(order)).toBe(1);
    expect(await deployment.operator('GET', `/deliveries/${deliveryId}`)).toMatchObject({ externalId: `id-${order}-1` });
  });

  it('keeps a cost in another currency than the order’s, and does not send it to the CRM', async () => {
    const { deliveryId, ...saved } = readSaved(await save('94', 'money'));
    expect(saved).not.toHaveProperty('cost');
    expect(await deployment.operator('GET', `/deliveries/${deliveryId}`)).toMatchObject({ currency: 'EUR' });
  });

  it('gets a 504 at its time when it ignores the signal, and the call is reported as hanging', async () => {
    const startedAt = Date.now();
    const refusal = readRefusal(await quote('hang'));
    const ms = Date.now() - startedAt;
    expect([refusal.status, refusal.errorMsg]).toEqual([504, expect.stringContaining('Acme')]);
    expect(ms).toBeGreaterThanOrEqual(BUDGET_MS);
    const metrics = await readMetrics();
    expect(metrics).toContain('provider_calls_hung_total{provider="acme",call="calculate"} 1');
    expect(metrics).toContain('crossdock_provider_calls_hanging{provider="acme",call="calculate"} 1');
    expect(metrics).toMatch(/provider_call_duration_seconds_count\{provider="acme",call="calculate",outcome="unknown_outcome"\} 1/);
    await isLogged('Acme (acme) hangs: it goes on with calculate');
    const { needs } = await until('the console shows it', async () => {
      const overview = await deployment.operator<{ needs: { kind: string; words: string }[] }>('GET', '/overview');
      return overview.needs.some(({ kind }) => kind === 'hanging') && overview;
    });
    expect(needs).toContainEqual(expect.objectContaining({ words: expect.stringContaining('Acme has not ended 1 call after'), count: 1 }));
  });

  it('has an order recorded that it makes after the time of the call, although it cannot find it', async () => {
    expect(readRefusal(await save('92', 'late')).status).toBe(504);
    const { deliveryId } = await until('the late reply is stored', async () => {
      const reply = await save('92', 'late');
      return reply.status === 200 && readSaved(reply);
    });
    expect(countMade('92')).toBe(1);
    expect(await deployment.operator('GET', `/deliveries/${deliveryId}`)).toMatchObject({ externalId: 'id-92-1' });
  }, 60_000);

  it('has an order that it made without an answer announced to the shop, and explained instead of replayed', async () => {
    expect(readRefusal(await save('93', 'late')).status).toBe(504);
    const story = (): Promise<{ waiting: string[]; nextSteps: string[] }> =>
      deployment.operator('GET', `/stories/order/93?connection=${connection}`);
    await until('the story explains it', async () => (await story()).waiting.some((note) => note.includes('the next save of the order')));
    expect((await story()).nextSteps.filter((step) => step.includes('replay'))).toEqual([]);
    await until('the shop is told', () => account.crm.notifications.some((text) => text.includes('93A')));
    // Statuses wait for the CRM to know the delivery.
    await stores('UPDATE delivery SET poll_at = now() WHERE order_ref = $1', ['93']);
    await until(
      'it ends',
      async () => (await stores<{ status: string }>('SELECT status FROM delivery WHERE order_ref = $1', ['93']))[0]?.status === 'done',
    );
    const { deliveryId } = readSaved(await save('93', 'late'));
    expect(countMade('93')).toBe(1);
    expect((await story()).waiting.filter((note) => note.includes('the next save of the order'))).toEqual([]);
    const [sent, ...others] = await until('the status is sent', async () => {
      const select = `SELECT state, extract(epoch FROM sent_at - created_at)::float AS seconds FROM outbox WHERE kind = 'delivery.tracking' AND subject = $1`;
      const rows = await stores<{ state: string; seconds: number }>(select, [deliveryId]);
      return rows.every(({ state }) => state === 'sent') && rows.length > 0 && rows;
    });
    expect(others).toEqual([]);
    // The CRM must have read the reply, from which it knows the delivery.
    expect(sent?.seconds).toBeGreaterThan(4);
  }, 60_000);

  it('prints no document that is not a PDF', async () => {
    const { deliveryId } = readSaved(await save('90', 'good'));
    const refusal = readRefusal(
      await account.post('/delivery/print', { print: { entityType: 'order', type: 'label', deliveryIds: [[deliveryId]] } }),
    );
    expect([refusal.status, refusal.errorMsg]).toEqual([502, expect.stringContaining('Acme')]);
    await isLogged('to print is wrong: it must be a file that begins with %PDF-');
  });

  it('has a report with an unknown status left out, and the others applied', async () => {
    const { deliveryId } = readSaved(await save('91', 'good'));
    await account.get('/delivery/get', { deliveryId });
    const { status } = await deployment.operator<{ status: string }>('GET', `/deliveries/${deliveryId}`);
    expect(status).toBe('done');
    expect(await readMetric('track', '[].code')).toBeGreaterThan(0);
  });
});

describe('a gateway that breaks its port', () => {
  const ways: [way: string, field: string | undefined][] = [
    ...anyWay('externalId'),
    ['nothing', ''],
    ['an empty object', 'status'],
    ['an unknown status', 'status'],
    ['no amount', 'captured.minor'],
    ['a fractional amount', 'captured.minor'],
    ['a negative amount', 'captured.minor'],
    ['another currency', 'captured.currency'],
    ['a moment of another millennium', 'paidAt'],
    ['the id of another payment', 'externalId'],
    ['an id with NUL', 'externalId'],
    ['an id of a megabyte', 'externalId'],
    ['a million of refunds', 'refunds'],
    ['a polluted memory', 'memory[__proto__]'],
  ];

  it.each(ways)('makes an invoice once, and its payment is found: %s', async (way, field) => {
    const body = payments.body({ orderNumber: `${last}A`, items: [] });
    breakPort('payment', 'create', way);
    await expectReported('payment', 'create', { act: () => payments.create(body), status: 504, field });
    if (field !== undefined) {
      const rows = await deployment.stores.query<{ error: string }>(`SELECT error FROM operation WHERE subject = $1`, [body.invoiceUuid]);
      expect(rows[0]?.error).toContain(`The reply of acme-payment (acme-payment) to create is wrong: `);
    }
    breakPort('payment');
    const { paymentId } = await until('the payment is found', async () => {
      const reply = await payments.create(body);
      return reply.status === 200 && (reply.json as { result: { paymentId: string } }).result;
    });
    payments.keepPaymentId(body.invoiceUuid, paymentId);
    expect(countEntries('payment', paymentId)).toBe(1);
  });

  it.each([
    ['another currency', 'captured.currency'],
    ['two refunds of one id', 'refunds[1].externalId'],
    ['a thrown text', ''],
    ['a promise without an end', undefined],
  ])('refunds once, and the refund is found: %s', async (way, field) => {
    const { paymentId } = await payments.invoice({ orderNumber: `${last}A`, items: [] });
    await payments.status(paymentId);
    breakPort('payment', 'refund', way);
    await expectReported('payment', 'refund', { act: () => payments.refund(paymentId, 100), status: 504, field });
    breakPort('payment');
    await until('the refund is found', async () => (await payments.refund(paymentId, 100)).status === 200);
    expect(countEntries('payment', paymentId)).toBe(2);
  });

  it('is not believed when it is read or searched', async () => {
    const { paymentId } = await payments.invoice({ orderNumber: `${last}A`, items: [] });
    for (const way of ['an unknown status', 'another currency', 'a thrown text', 'a text']) {
      breakPort('payment', 'get', way);
      const { status } = await accounts.payment.get('/payment/status', { paymentId });
      expect([200, 502]).toContain(status);
    }
    breakPort('payment');
    expect(await payments.status(paymentId)).toMatchObject({ status: 'succeeded', amount: 1234.5 });
    const body = payments.body({ orderNumber: `${last}B`, items: [] });
    breakPort('payment', 'create', 'a text');
    expect(readRefusal(await payments.create(body)).status).toBe(504);
    breakPort('payment', 'find', 'another currency');
    const before = await readProblems('acme-payment', 'find');
    expect(readRefusal(await payments.create(body)).status).toBe(504);
    expect((await readProblems('acme-payment', 'find'))['captured.currency']).toBe((before['captured.currency'] ?? 0) + 1);
  });
});

describe('a warehouse that breaks its port', () => {
  const ask = (): Promise<Reply> => accounts.store.post('/store/inventories-upload', { offers: [{ xmlId: 'x1' }, { xmlId: 'x2' }] });

  it.each([
    ...anyWay('0').filter(([way]) => FEW.includes(way)),
    ['a list', '[0]'] as const,
    ['no key', '[0].offer.key'] as const,
    ['a negative figure', '[0].stores[0].available'] as const,
    ['an endless figure', '[0].stores[0].available'] as const,
    ['a fractional price', '[0].stores[0].purchasePrice.minor'] as const,
  ])('has no stocks taken from it: %s', async (way, field) => {
    breakPort('store', 'readStocks', way);
    const label = field?.replace(/\[\w*\]/g, '[]') ?? '';
    const before = (await readProblems('acme-store', 'readStocks'))[label] ?? 0;
    const reply = await ask();
    expect(readRefusal(reply).status).toBe(field === undefined ? 504 : 502);
    breakPort('store');
    expect((await ask()).status).toBe(200);
    if (field === undefined) return;
    expect((await readProblems('acme-store', 'readStocks'))[label]).toBeGreaterThan(before);
    await isLogged(`to readStocks is wrong: ${field === '' ? 'it' : field} `);
  });

  it.each([
    ...anyWay('memory').filter(([way]) => FEW.includes(way)),
    ['a document without an id', 'documents[0].id'] as const,
    ['an id with NUL', 'documents[0].id'] as const,
    ['a memory that is a list', 'memory'] as const,
  ])('reserves once, and the repeat is answered: %s', async (way, field) => {
    breakPort('store', 'reserve', way);
    await expectReported('store', 'reserve', { act: () => stocks.reserve(last, [pack('x1', 1)]), status: 504, field });
    breakPort('store');
    await until('it is reserved', async () => (await stocks.reserve(last, [pack('x1', 1)])).status === 200);
    expect(countEntries('store', `"order":"${last}"`)).toBe(1);
  });

  it.each([
    ['parse', 'a text', ''],
    ['parse', 'no list of events', ''],
    ['parse', 'a promise of events', ''],
    ['parse', 'a thrown text', ''],
    ['parse', 'an error', ''],
    ['verify', 'a text', ''],
    ['verify', 'nothing', ''],
    ['verify', 'a thrown text', ''],
  ])('has its webhook refused when %s gives %s', async (method, way, field) => {
    breakPort('store', method, way);
    const act = (): Promise<Reply> => deployment.send(`/acme-store/webhooks/${stocks.connection}`, { method: 'POST', body: '{}' });
    await expectReported('store', 'webhook', { act, status: 400, field });
    expect(
      await deployment.stores.query(
        `SELECT 1 FROM inbox_event WHERE connection_id IN (SELECT id FROM connection WHERE module_code = 'acme-store')`,
      ),
    ).toEqual([]);
  });
});

it('has a webhook sent again later when its verification waits for keys without an end', async () => {
  breakPort('store', 'verify', 'a promise without an end');
  const reply = await deployment.send(`/acme-store/webhooks/${stocks.connection}`, { method: 'POST', body: '{}' });
  breakPort('store');
  expect(reply.status).toBe(502);
});

describe('a PBX that breaks its port', () => {
  it.each([
    ...anyWay('externalId').filter(([way]) => FEW.includes(way)),
    ['an id with NUL', 'externalId'] as const,
    ['an id of a megabyte', 'externalId'] as const,
    ['an empty id', 'externalId'] as const,
  ])('places a call once, and it is found: %s', async (way, field) => {
    const phone = `+7916123${last}1`.slice(0, 12);
    const act = (): Promise<Reply> => accounts.telephony.get('/telephony/make-call', { code: '101', phone });
    breakPort('telephony', 'call', way);
    const before = countEntries('telephony', 'reference');
    await expectReported('telephony', 'call', { act, status: 504, field });
    breakPort('telephony');
    expect(
      (
        await until('the call is found', async () => {
          const reply = await act();
          return reply.status === 200 && reply;
        })
      ).status,
    ).toBe(200);
    expect(countEntries('telephony', 'reference')).toBe(before + 1);
  });

  it.each([
    ['an unknown direction', 'call.direction'],
    ['a moment that is a text', 'call.startedAt'],
    ['an unknown signal', 'signals[0].type'],
    ['a promise', 'call'],
    ['a thrown text', ''],
    ['an error', ''],
    ['a text', ''],
  ])('takes no update from an event: %s', async (way, field) => {
    const { id } = await deployment.getConnection(accounts.telephony.crm);
    breakPort('telephony', 'track', way);
    const call = `call-${last}`;
    expect((await deployment.send(`/acme-telephony/webhooks/${id}?id=${call}`, { method: 'POST', body: '{}' })).status).toBe(200);
    const worker = deployment.workers[0] as ServerProcess;
    await until('it is reported', () =>
      Promise.resolve(worker.lastOutput.includes(`(acme-telephony) to track is wrong: ${field === '' ? 'it' : field} `)),
    );
    expect(await deployment.stores.query('SELECT 1 FROM telephony_call WHERE external_id = $1', [call])).toEqual([]);
    breakPort('telephony');
    await deployment.stores.query(`UPDATE inbox_event SET due_at = now() WHERE event_id LIKE $1`, [`%${call}`]);
    await until(
      'the event is applied once the provider is well',
      async () => (await deployment.stores.query('SELECT 1 FROM telephony_call WHERE external_id = $1', [call])).length === 1,
    );
  });
});

describe('a chat that breaks its port', () => {
  it.each([
    ...anyWay('count').filter(([way]) => FEW.includes(way)),
    ['a negative count', 'count'] as const,
    ['a fractional count', 'count'] as const,
    ['a page without an address', 'lastVisit.pages[0].url'] as const,
    ['a million of pages', 'lastVisit.pages'] as const,
  ])('has no visits taken from it: %s', async (way, field) => {
    breakPort('chat', 'readVisits', way);
    const act = (): Promise<Reply> => accounts.chat.get('/chat/visits', { externalChatId: 'c1' });
    await expectReported('chat', 'readVisits', { act, status: field === undefined ? 504 : 502, field });
    breakPort('chat');
    expect((await act()).status).toBe(200);
  });

  it.each([
    ['a moment that is a text', ''],
    ['no moment at all', ''],
    ['a thrown text', ''],
    ['a number', ''],
  ])('has no moment taken from it: %s', async (way, field) => {
    breakPort('chat', 'findLastOnline', way);
    const act = (): Promise<Reply> => accounts.chat.get('/chat/online', { externalUserId: 'u1' });
    await expectReported('chat', 'findLastOnline', { act, status: 502, field });
    breakPort('chat');
    expect((await act()).status).toBe(200);
  });
});

describe('a recommender that breaks its port', () => {
  it('is left alone for a moment after five calls without an end', async () => {
    const act = async (): Promise<number> =>
      readRefusal(await accounts.recommendation.get('/recommendation', { 'ids[]': '1', mode: 'any' })).status;
    const before = await readHung('acme-recommendation', 'recommend');
    breakPort('recommendation', 'recommend', 'a promise without an end');
    for (let n = 0; n < 5; n++) expect(await act()).toBe(504);
    expect(await act()).toBe(502);
    // The provider was not called.
    expect(await readHung('acme-recommendation', 'recommend')).toBe(before + 5);
    expect(await readMetrics()).toContain('crossdock_breakers_open{provider="acme-recommendation"} 1');
    breakPort('recommendation');
    await until('it is called again', async () => {
      const { status } = await accounts.recommendation.get('/recommendation', { 'ids[]': '1', mode: 'any' });
      return status === 200;
    });
  }, 60_000);

  it.each([
    ...anyWay('0').filter(([way]) => FEW.includes(way)),
    ['numbers', '[0]'] as const,
    ['empty texts', '[0]'] as const,
    ['a hole', '[0]'] as const,
    ['a million and one', ''] as const,
  ])('has no products taken from it: %s', async (way, field) => {
    breakPort('recommendation', 'recommend', way);
    const act = (): Promise<Reply> => accounts.recommendation.get('/recommendation', { 'ids[]': '1', mode: 'any' });
    expect(readRefusal(await act()).status).toBe(field === undefined ? 504 : 502);
    breakPort('recommendation');
    expect((await act()).status).toBe(200);
    if (field !== undefined) await isLogged(`to recommend is wrong: ${field === '' ? 'it' : field} `);
  });
});
