import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackForm, FakeCarrier, sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';

/** A row as the operator sees it. */
interface Row {
  id: string;
  kind: string;
  direction: string;
  name: string;
  outcome: string;
  error: string | null;
  status: number | null;
  address: string;
  request: string | null;
  subjects: string[];
  connectionId: string | null;
  requestBody?: { type: string; size?: number; content?: unknown };
  replyBody?: { type: string; size?: number; content?: unknown };
}

let deployment: Deployment;
let carrier: FakeCarrier;
let account: Account;
let courier: Account;

const list = async (query: string): Promise<Row[]> =>
  (await deployment.operator<{ items: Row[] }>('GET', `/journal?${query}&limit=200`)).items;
const read = (row: Row | undefined): Promise<Row> => deployment.operator('GET', `/journal/${row?.id}`);
const sample = (order: string): ReturnType<typeof sampleOrder> => sampleOrder('moscowCourier', { order, orderNumber: `${order}A` });
/** Lists all rows of a query once the deployment is at rest. Expects rows with these names. */
async function findAll(query: string, ...names: string[]): Promise<Row[]> {
  await deployment.settled();
  const rows = await list(query);
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  return rows;
}

describe('the journal of a deployment', () => {
  beforeAll(async () => {
    carrier = await FakeCarrier.start();
    deployment = await Deployment.start({ accounts: 2, withFakeCarrier: true, variables: { JOURNAL_CALCULATE_SAMPLE: '3' } });
    account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    courier = await Account.connect(deployment, deployment.nextCrm());
    const { id } = await deployment.getConnection(account.crm);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await carrier?.close();
  });

  it('contains an order’s callback, the calls of the carrier, its webhook, and the calls to the CRM', async () => {
    const { deliveryId } = readSaved(await account.save(wireSave('express', sample('501'))));
    carrier.pushStatus('501-1', 'in_transit', { at: new Date(Date.now() + 2_000) });
    await until('the CRM knows', () => account.crm.listCodes(deliveryId).includes('in-transit'));

    const [callback] = await findAll('subject=order:501&kind=callback', 'delivery.save');
    expect(callback).toMatchObject({ direction: 'in', outcome: 'ok', status: 200, address: `/${MODULE}/callbacks/delivery/save` });
    expect(callback?.subjects).toEqual(expect.arrayContaining(['order:501', 'order:501A', `delivery:${deliveryId}`]));
    const calls = await findAll(`request=${callback?.request}`, 'delivery.save', 'save');
    expect(calls.filter(({ kind }) => kind === 'provider')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'save', direction: 'out', outcome: 'ok', subjects: expect.arrayContaining(['order:501']) }),
      ]),
    );
    const told = await findAll(`subject=delivery:${deliveryId}&kind=crm`, 'delivery.tracking');
    expect(told[0]).toMatchObject({ outcome: 'ok', direction: 'out', connectionId: callback?.connectionId });
    expect(told[0]?.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v5\/delivery\/generic\//);
    const externalId = carrier.orders('501-1')[0]?.id;
    const [webhook] = await findAll(`subject=delivery:${externalId}&kind=webhook`, 'webhook');
    expect(webhook).toMatchObject({ direction: 'in', outcome: 'ok', status: 200 });

    const shown = await read(callback);
    expect(shown.requestBody?.content).toMatchObject({
      save: { order: '501', orderNumber: '501A', customer: { firstName: expect.stringMatching(/^\*{3}/) } },
    });
    expect(shown.replyBody?.content).toMatchObject({ success: true, result: { deliveryId } });
  });

  it('has a part of the calculations, and every failure', async () => {
    const calculate = (): Promise<unknown> => courier.post('/delivery/calculate', { calculate: wireCalculate(sample('1')) });
    for (let n = 0; n < 3; n++) await calculate();
    expect(await findAll('name=delivery.calculate', 'delivery.calculate')).toHaveLength(1);
    for (let n = 0; n < 2; n++) await courier.post('/delivery/calculate', { calculate: { packages: 'none' } });
    expect(await findAll('name=delivery.calculate&outcome=refused')).toHaveLength(2);
  });

  it('has requests that were rejected before they were read: an unknown client, a body that is too large', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-request-id': 'nobody-1' };
    const body = callbackForm('nobody-knows-it', { delete: { deliveryId: '7' } });
    expect((await deployment.send('/courier/callbacks/delivery/delete', { method: 'POST', headers, body })).status).toBe(403);
    const [row] = await findAll('request=nobody-1', 'delivery.delete');
    expect(row).toMatchObject({ connectionId: null, outcome: 'refused', status: 403, subjects: ['delivery:7'] });
    const tooLarge = `clientId=x&save=${'x'.repeat(5_000_000)}`;
    await deployment.send('/courier/callbacks/delivery/save', {
      method: 'POST',
      headers: { ...headers, 'x-request-id': 'large-1' },
      body: tooLarge,
    });
    expect((await read((await findAll('request=large-1', 'delivery.save'))[0])).requestBody?.size).toBe(tooLarge.length);
  });

  it('has each attempt of a call that failed, with the adapter’s error', async () => {
    carrier.faults.add('*', { kind: 'error-before', status: 503 }, 99);
    await account.post('/delivery/calculate', { calculate: wireCalculate(sample('502')) });
    carrier.faults.clear();
    const failed = await findAll('provider=fake-carrier&kind=provider&outcome=failed', 'calculate');
    expect(failed.filter(({ name }) => name === 'calculate').map(({ status, outcome }) => [status, outcome])).toEqual([
      [503, 'unavailable'],
      [503, 'unavailable'],
      [503, 'unavailable'],
    ]);
  });

  it('holds no name, phone, address, e-mail or key, and finds a phone all the same', async () => {
    const order = sample('503');
    await account.save(wireSave('express', order));
    await courier.save(wireSave('courier', order));
    const wire = wireSave('express', order);
    const texts = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value === 'string' && value.length > 3) texts.add(value);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
    };
    collect([wire.customer, wire.manager, wire.delivery.deliveryAddress, wire.delivery.shipmentAddress]);
    expect((await findAll('subject=order:503', 'delivery.save')).length).toBeGreaterThanOrEqual(3);
    const dump = JSON.stringify(await deployment.stores.query('SELECT * FROM journal_entry'));
    const secrets = [carrier.apiKey, carrier.webhookSecret, account.clientId, courier.clientId, deployment.variables.OPERATOR_TOKEN ?? ''];
    const found = [...texts, ...secrets].filter((text) => text.length > 3 && dump.includes(text));
    // Codes of the CRM and types of addresses are not personal data.
    expect(found.filter((text) => /\d{4}|[А-Я@ ]/.test(text))).toEqual([]);
    const phone = [...texts].find((text) => text.startsWith('+7')) ?? '';
    expect((await list(`phone=${encodeURIComponent(phone)}`)).map(({ name }) => name)).toEqual(expect.arrayContaining(['delivery.save']));
  });

  it('is emptied of a buyer who is erased, by their phone and deliveries, and of no one else', async () => {
    const phones = { first: '+79162223344', other: '+79162223355' };
    const ship = async (order: string, phone: string): Promise<string> =>
      readSaved(
        await courier.save(wireSave('courier', sample(order), { customer: { type: 'customer', id: Number(order), phones: [phone] } })),
      ).deliveryId;
    const deliveryId = await ship('601', phones.first);
    await ship('602', phones.other);
    await findAll('subject=order:601', 'delivery.save');
    await findAll('subject=order:602', 'delivery.save');
    const { id } = await deployment.getConnection(courier.crm);
    await deployment.operator('DELETE', `/connections/${id}/buyers?phone=${encodeURIComponent(phones.first)}`);
    const bodies = async (query: string): Promise<unknown[]> =>
      Promise.all((await list(query)).map(async (row) => (await read(row)).requestBody));
    expect(await bodies(`subject=delivery:${deliveryId}&kind=callback`)).toEqual([null]);
    expect(await list(`phone=${encodeURIComponent(phones.first)}`)).toEqual([]);
    expect(await bodies('subject=order:602&kind=callback')).not.toContain(null);
    expect(await list(`phone=${encodeURIComponent(phones.other)}`)).toHaveLength(1);
  });

  it('rejects an invalid filter', async () => {
    const answer = await deployment.askOperator('GET', '/journal?subject=7&kind=order&from=yesterday');
    expect(answer.status).toBe(400);
    expect(Object.keys((answer.json as { errors: object }).errors)).toEqual(expect.arrayContaining(['kind', 'from']));
    expect((await deployment.askOperator('GET', '/journal?subject=7')).status).toBe(400);
    expect((await deployment.askOperator('GET', '/journal/7')).status).toBe(404);
  });
});
