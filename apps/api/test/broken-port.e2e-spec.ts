import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { place } from './support/outside-provider.js';
import type { Reply } from './support/reply.js';
import type { ServerProcess } from './support/server-process.js';
import { until } from './support/until.js';

/**
 * A carrier that breaks its port as the tariff of a save and the city of a quote say. Its orders are in a
 * file, so that api and worker see the same.
 */
const PROVIDER = `
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
    if (tariff === 'late') await new Promise((resolve) => setTimeout(resolve, 7_000));
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

let folder: string;
let deployment: Deployment;
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
const readMetrics = async (): Promise<string> =>
  (await deployment.send('/metrics', { headers: { authorization: `Bearer ${deployment.variables.OPERATOR_TOKEN}` } })).bytes.toString();
const readMetric = async (call: string, field: string): Promise<number> => {
  const text = await readMetrics();
  const line = `provider_reply_problems_total{provider="acme",call="${call}",field="${field}"} `;
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.slice(line.length) ?? 0,
  );
};
const readLog = (): string => (deployment.api as ServerProcess).lastOutput;
const tell = async (order: string): Promise<string> => {
  const { events } = await deployment.operator<{ events: { title: string }[] }>('GET', `/stories/order/${order}?connection=${connection}`);
  return events.map(({ title }) => title).join('\n');
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-broken-'));
  place(join(folder, 'acme/index.js'), PROVIDER);
  writeFileSync(join(folder, 'modules.json'), JSON.stringify([{ code: 'acme', provider: './acme' }]));
  deployment = await Deployment.start({
    accounts: 1,
    apart: true,
    shipped: true,
    variables: { MODULES_FILE: join(folder, 'modules.json'), LOG_LEVEL: 'warn' },
  });
  account = await Account.connect(deployment, deployment.nextCrm(), 'acme');
  connection = (await deployment.getConnection(account.crm)).id;
  readSaved(await save('1', 'first'));
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => expect(deployment.complaints()).toEqual([]));

describe('a carrier that breaks its port', () => {
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
    const logged = readLog().length;
    const result = readResult<{ code: string }[]>(await quote(wrong), 'CallbackDeliveryCalculateResponse');
    expect(result.map(({ code }) => code)).toEqual(['good']);
    expect(await readMetric('calculate', field)).toBe(before + 1);
    await until('it is logged', () =>
      Promise.resolve(
        readLog()
          .slice(logged)
          .includes(`${field.replace('[]', '[0]')} ${problem}`),
      ),
    );
    // No tariff remains: the service is at fault, not the address.
    const refusal = readRefusal(await quote(`${wrong}, alone`));
    expect([refusal.status, refusal.errorMsg]).toEqual([502, expect.stringContaining('Acme')]);
  });

  it.each([
    ['status', 'status', `must be one of the manifest's statuses: made, done, gone`],
    ['no id', 'externalId', 'must be a text'],
    ['same id', 'externalId', 'is the id of the delivery of order 1'],
    ['cost', 'cost.minor', 'must be a whole number'],
    ['money', 'cost.currency', 'must be RUB, not EUR'],
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

  it('gets a 504 at its time when it ignores the signal, and the call is reported as hanging', async () => {
    const startedAt = Date.now();
    const refusal = readRefusal(await quote('hang'));
    const ms = Date.now() - startedAt;
    expect([refusal.status, refusal.errorMsg]).toEqual([504, expect.stringContaining('Acme')]);
    expect(ms).toBeGreaterThanOrEqual(5_000);
    const metrics = await readMetrics();
    expect(metrics).toContain('provider_calls_hung_total{provider="acme",call="calculate"} 1');
    expect(metrics).toContain('crossdock_provider_calls_hanging{provider="acme",call="calculate"} 1');
    expect(metrics).toMatch(/provider_call_duration_seconds_count\{provider="acme",call="calculate",outcome="unknown_outcome"\} 1/);
    expect(readLog()).toContain('Acme (acme) hangs: it goes on with calculate');
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
    await until('the shop is told', () => Promise.resolve(account.crm.notifications.some((text) => text.includes('93A'))));
    // Statuses wait for the CRM to know the delivery.
    await stores('UPDATE delivery SET poll_at = now() WHERE order_ref = $1', ['93']);
    await until(
      'it ends',
      async () => (await stores<{ status: string }>('SELECT status FROM delivery WHERE order_ref = $1', ['93']))[0]?.status === 'done',
    );
    const { deliveryId } = readSaved(await save('93', 'late'));
    expect(countMade('93')).toBe(1);
    expect((await story()).waiting.filter((note) => note.includes('the next save of the order'))).toEqual([]);
    await until('the status is sent', async () => {
      const rows = await stores<{ state: string }>(`SELECT state FROM outbox WHERE kind = 'delivery.tracking' AND subject = $1`, [
        deliveryId,
      ]);
      return rows.length === 1 && rows[0]?.state === 'sent';
    });
  }, 60_000);

  it('prints no document that is not a PDF', async () => {
    const { deliveryId } = readSaved(await save('90', 'good'));
    const refusal = readRefusal(
      await account.post('/delivery/print', { print: { entityType: 'order', type: 'label', deliveryIds: [[deliveryId]] } }),
    );
    expect([refusal.status, refusal.errorMsg]).toEqual([502, expect.stringContaining('Acme')]);
    expect(readLog()).toContain('to print is wrong: it must be a PDF');
  });

  it('has a report with an unknown status left out, and the others applied', async () => {
    const { deliveryId } = readSaved(await save('91', 'good'));
    await account.get('/delivery/get', { deliveryId });
    const { status } = await deployment.operator<{ status: string }>('GET', `/deliveries/${deliveryId}`);
    expect(status).toBe('done');
    expect(await readMetric('track', '[].code')).toBeGreaterThan(0);
  });
});
