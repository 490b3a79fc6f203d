import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import {
  ApiShipDouble,
  type ApiShipOrder,
  apiShipWebhookBody,
  pdfPages,
  sampleOrder,
  wireCalculate,
  wireSave,
  wireShipmentSave,
} from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { hangCalls } from './support/hang-calls.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

type Quote = wire.CallbackDeliveryResponseCalculate;
type Saved = ReturnType<typeof readSaved>;

const TOKEN = 'apiship-double-token';
/** A tariff of the double that CDEK's courier brings to the door. */
const COURIER = 'cdek:11:door';
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** ApiShip tells times to the second. */
const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_100));

/** ApiShip's adapter in a whole deployment: CRM callbacks, the worker and a misbehaving double of ApiShip. */
describe('ApiShip, from callback to tracking', () => {
  let apiship: ApiShipDouble;
  let crm: Crm;
  let deployment: Deployment;
  let account: Account;
  let connection: string;

  beforeAll(async () => {
    apiship = await ApiShipDouble.start();
    crm = await Crm.start();
    deployment = await Deployment.start({ crms: [crm], variables: { MODULES: 'apiship', APISHIP_URL: apiship.url } });
    account = await Account.connect(deployment, crm, 'apiship');
    const { items } = await deployment.operator<{ items: { id: string }[] }>('GET', '/connections');
    connection = items[0]?.id ?? '';
    const page = await AccountPage.open(account);
    const { status, bytes } = await page.save({ ...(await page.values()), contour: 'production', token: TOKEN });
    expect([status, bytes.toString()]).toEqual([200, expect.not.stringContaining(TOKEN)]);
    await until('its webhook is made', () => apiship.account.subscriptions.length > 0);
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await crm?.close();
    await apiship?.close();
  });
  beforeEach(() => {
    apiship.faults.clear();
    apiship.webhooks.mode = 'auto';
    apiship.setModes({ uploadAfterMs: 50, refuseWith: undefined, newStatus: 'pending', findLagMs: 0, changes: 'taken', cancels: 'taken' });
  });
  afterEach(() => {
    // Each order of the CRM exists at most once at ApiShip, and the CRM understood every call.
    const orders = apiship.standing().map(({ body }) => body.order.clientNumber.split('-')[0]);
    expect(orders).toEqual([...new Set(orders)]);
    expect(crm.complaints).toEqual([]);
  });

  const save = (order: string, { delivery, ...changes }: NonNullable<Parameters<typeof wireSave>[2]> = {}, sample = sampleOrder()) =>
    account.save(
      wireSave(COURIER, { ...sample, order, orderNumber: `${order}A` }, { ...changes, delivery: { shipmentDate: day(1), ...delivery } }),
    );
  const ship = async (...parameters: Parameters<typeof save>): Promise<Saved> => readSaved(await save(...parameters));
  const listOrders = (order: string): ApiShipOrder[] =>
    apiship.standing().filter(({ body }) => body.order.clientNumber.split('-')[0] === order);
  const numberOf = (order: string): string => listOrders(order)[0]?.body.order.clientNumber ?? '';
  const findLastStatus = (id: string): string | undefined => crm.findDelivery(id)?.history.at(-1)?.code;
  const becomes = (id: string, code: string): Promise<boolean> =>
    until(`the CRM is told ${code}`, () => findLastStatus(id) === code, 40_000);
  const quote = async (...parameters: Parameters<typeof wireCalculate>): Promise<Quote[]> =>
    readResult<Quote[]>(await account.calculate(wireCalculate(...parameters)), 'CallbackDeliveryCalculateResponse');
  const poll = (id: string): Promise<unknown[]> => deployment.stores.query(`UPDATE delivery SET poll_at = now() WHERE id = $1`, [id]);
  const print = (entityType: string, type: string, deliveryIds: string[][]): Promise<Reply> =>
    account.post('/delivery/print', { print: { type, entityType, deliveryIds } });

  it('quotes doors and points by carrier, with insurance, and pays for a question once', async () => {
    const order = sampleOrder('petersburgPoint');
    const tariffs = await quote(order);
    expect(new Set(tariffs.map(({ type }) => type))).toEqual(new Set(['courier', 'selfDelivery']));
    const { body } = apiship.calls.findLast(({ call }) => call === 'calculate') as { body: Record<string, unknown> };
    expect(body).toMatchObject({
      places: [{ weight: 2_400, length: 30, width: 20, height: 10 }],
      assessedCost: 12_990.5,
      includeFees: true,
    });
    expect(body['timeout']).toBeLessThanOrEqual(4_000);
    const paid = apiship.account.calculations;
    expect(await quote(order)).toEqual(tariffs);
    expect(apiship.account.calculations).toBe(paid);
    expect(await quote(sampleOrder('notServed'))).toEqual([]);
    // A slow carrier is left out, and the quotes of the others arrive in time.
    apiship.setModes({ carrierMs: { dpd: 20_000 } });
    const some = await quote(sampleOrder('moscowCourier'));
    expect([some.length > 0, some.some(({ code }) => code?.startsWith('dpd'))]).toEqual([true, false]);
    apiship.setModes({ carrierMs: {} });
  });

  it('offers a buyer who pays at the door only points that take money, and registers the one chosen', async () => {
    const order = sampleOrder('petersburgPoint', { withCod: true, deliveryCost: { minor: 30_000, currency: 'RUB' } });
    const tariff = (await quote(order)).find(({ code }) => code === 'cdek:11:point');
    const points = tariff?.pickuppointList?.map(({ code }) => code) ?? [];
    expect([points.includes('511'), points.includes('512')]).toEqual([true, false]);
    const deliveryAddress = { ...order.to, terminal: '511' };
    const body = wireSave('cdek:11:point', { ...order, order: '31' }, { delivery: { shipmentDate: day(1), deliveryAddress } });
    readSaved(await account.save(body));
    expect(listOrders('31')[0]?.body).toMatchObject({
      order: { deliveryType: 2, pointOutId: 511, pickupType: 1 },
      cost: { assessedCost: 12_990.5, codCost: 13_290.5, deliveryCost: 300 },
    });
    delete body.delivery.deliveryAddress;
    expect(readRefusal(await account.save({ ...body, order: '32' })).status).toBe(400);
    expect(listOrders('32')).toEqual([]);
  });

  it('sends no shipment date in the past', async () => {
    await ship('33', { delivery: { shipmentDate: '2026-03-03' } });
    expect(listOrders('33')[0]?.body.order.pickupDate).toBeUndefined();
  });

  it('registers once in ApiShip’s units, with money to the kopeck, and gets the carrier’s number', async () => {
    const saved = await ship('1', {}, sampleOrder('moscowManyPackagesCod'));
    const [order] = listOrders('1');
    expect(order?.body).toMatchObject({
      order: { providerKey: 'cdek', deliveryType: 1, pickupDate: day(1) },
      cost: { deliveryCost: 450, deliveryCostVat: 22, isDeliveryPayedByRecipient: true },
      recipient: { phone: '74951234567', countryCode: 'RU', addressString: expect.stringContaining('Таганская') },
    });
    expect(order?.body.places).toHaveLength(12);
    expect(order?.body.places[0]).toMatchObject({ weight: 1_100, length: 26, width: 19, height: 6 });
    await until('the CRM has the number', () => crm.findDelivery(saved.deliveryId)?.trackNumber === order?.providerNumber);
    expect((await ship('1', {}, sampleOrder('moscowManyPackagesCod'))).deliveryId).toBe(saved.deliveryId);
  });

  it('prints labels in the requested order, not before they are ready, and sends the link no token', async () => {
    const [one, two] = [await ship('2'), await ship('3')];
    await Promise.all([becomes(one.deliveryId, 'uploaded'), becomes(two.deliveryId, 'uploaded')]);
    const labels = await print('order', 'label', [[two.deliveryId], [one.deliveryId]]);
    expect(labels.status).toBe(200);
    expect(pdfPages(labels.bytes).map(({ text }) => /Label (\d+)-/.exec(text)?.[1])).toEqual(['3', '2']);
    expect(apiship.calls.filter(({ call }) => call === 'file').some(({ withToken }) => withToken)).toBe(false);
    apiship.setModes({ uploadAfterMs: undefined });
    const late = await ship('4');
    expect(readRefusal(await print('order', 'label', [[late.deliveryId]])).status).toBe(400);
    apiship.upload(numberOf('4'));
  });

  it('follows statuses by webhooks that come twice and in reverse, and believes none before it has asked', async () => {
    const { deliveryId } = await ship('5');
    await becomes(deliveryId, 'uploaded');
    const [order] = listOrders('5');
    const url = apiship.account.subscriptions[0]?.url ?? '';
    if (!order) throw new Error('there is no order');
    const status = { ...order.statuses[0], key: 'delivered', created: '2030-01-01T00:00:00+03:00' } as ApiShipOrder['statuses'][number];
    const headers = { 'content-type': 'application/json' };
    const forged = await fetch(url, { method: 'POST', headers, body: JSON.stringify(apiShipWebhookBody({ order, status })) });
    expect(forged.status).toBe(200);
    await aSecond();
    apiship.webhooks.mode = 'hold';
    for (const key of ['onPointIn', 'onWay', 'delivering', 'delivered']) {
      apiship.pushStatus(order.orderId, key);
      await aSecond();
    }
    await apiship.webhooks.flush({ reverse: true, copies: 2 });
    await becomes(deliveryId, 'delivered');
    expect(crm.listCodes(deliveryId).filter((code) => code === 'delivered')).toHaveLength(1);
    expect(crm.listBackwardDeliveries()).toEqual([]);
  }, 60_000);

  it('learns by a poll what webhooks have lost after three tries', async () => {
    const { deliveryId } = await ship('6');
    await becomes(deliveryId, 'uploaded');
    await aSecond();
    apiship.webhooks.mode = 'off';
    apiship.pushStatus(numberOf('6'), 'onWay');
    await poll(deliveryId);
    await becomes(deliveryId, 'onWay');
    // A status without information about the parcel changes nothing.
    for (const key of ['unknown', 'notApplicable', 'somethingNew']) apiship.pushStatus(numberOf('6'), key);
    const asked = apiship.countCalls('statuses');
    await poll(deliveryId);
    await until('ApiShip is asked', () => apiship.countCalls('statuses') > asked);
    await aSecond();
    expect(findLastStatus(deliveryId)).toBe('onWay');
  }, 60_000);

  it('ignores events of orders that are not its own', async () => {
    const headers = { 'content-type': 'application/json' };
    const event = {
      orderInfo: { orderId: '9', clientNumber: 'other' },
      status: { key: 'delivered', created: '2026-11-24T12:05:00+03:00' },
    };
    for (const body of [JSON.stringify(event), '{}', 'not JSON'])
      expect((await fetch(apiship.account.subscriptions[0]?.url ?? '', { method: 'POST', headers, body })).status).toBeLessThan(500);
  });

  it('tells a carrier’s refusal that comes later, and an edit repairs it', async () => {
    apiship.setModes({ refuseWith: 'Улица не найдена' });
    const refused = await ship('7');
    await becomes(refused.deliveryId, 'uploadingError');
    expect(crm.findDelivery(refused.deliveryId)?.history.at(-1)?.comment).toContain('Улица не найдена');
    apiship.setModes({ refuseWith: undefined });
    const [{ orderId } = { orderId: 0 }] = listOrders('7');
    await save('7', { deliveryId: refused.deliveryId, orderNumber: '7B' });
    await becomes(refused.deliveryId, 'uploaded');
    expect(listOrders('7')).toMatchObject([{ orderId, providerNumber: expect.stringMatching(/^\d+$/) }]);
  }, 60_000);

  it('edits and cancels until the carrier has the parcel, after which the number is free', async () => {
    const { deliveryId } = await ship('8');
    await becomes(deliveryId, 'uploaded');
    const customer = { type: 'customer', id: 8, firstName: 'Пётр', lastName: 'Ёлкин', phones: ['8 (916) 765-43-21'] };
    readSaved(await save('8', { deliveryId, customer }));
    expect(listOrders('8')[0]?.body.recipient.phone).toBe('79167654321');
    apiship.setModes({ changes: 'refused', cancels: 'refused' });
    expect(readRefusal(await save('8', { deliveryId })).status).toBe(400);
    expect(readRefusal(await account.delete(deliveryId)).status).toBe(400);
    apiship.setModes({ changes: 'taken', cancels: 'taken' });
    expect((await account.delete(deliveryId)).status).toBe(200);
    expect(listOrders('8')).toEqual([]);
    const again = await ship('8');
    expect([again.deliveryId === deliveryId, listOrders('8').length]).toEqual([false, 1]);
  }, 60_000);

  it('makes one order when the reply of ApiShip is lost', async () => {
    apiship.fail('createOrder', { kind: 'drop-after' });
    expect(readRefusal(await save('101')).status).toBe(504);
    await until('it is saved', async () => (await save('101')).status === 200, 60_000);
    expect(listOrders('101')).toHaveLength(1);
  }, 90_000);

  it('calls a courier once for the orders of one carrier, and does not repeat a call whose reply was lost', async () => {
    const saved = [await ship('13'), await ship('14')];
    await Promise.all(saved.map(({ deliveryId }) => becomes(deliveryId, 'uploaded')));
    const body = wireShipmentSave(
      saved.map(({ deliveryId }) => deliveryId),
      { date: day(1) },
    );
    const shipments = (shipmentSave: object): Promise<Reply> => account.post('/delivery/shipment-save', { shipmentSave });
    const other = readSaved(
      await account.save(wireSave('dpd:21:door', sampleOrder('moscowCourier', { order: '15' }), { delivery: { shipmentDate: day(1) } })),
    );
    await becomes(other.deliveryId, 'uploaded');
    const mixed = wireShipmentSave([saved[0]?.deliveryId ?? '', other.deliveryId], { date: day(1) });
    expect(readRefusal(await shipments(mixed)).status).toBe(400);
    expect(apiship.countCalls('callCourier')).toBe(0);
    const made = readResult<wire.CallbackDeliveryResponseShipmentSave>(await shipments(body), 'CallbackDeliveryShipmentSaveResponse');
    expect(apiship.courierCalls()).toMatchObject([{ body: { providerKey: 'cdek', weight: 1_700, orderIds: { length: 2 } } }]);
    const acts = await print('shipment', 'acts', [[made.shipmentId ?? '']]);
    expect(pdfPages(acts.bytes).map(({ text }) => text)).toEqual([expect.stringMatching(/Act cdek[^]*13-[^]*14-/)]);
    expect((await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId: made.shipmentId ?? '' } })).status).toBe(200);
    expect(apiship.courierCalls()).toEqual([]);
    apiship.fail('callCourier', { kind: 'error-after' });
    expect(readRefusal(await shipments(body)).status).toBeGreaterThanOrEqual(400);
    await shipments(body);
    expect(apiship.courierCalls()).toHaveLength(1);
  }, 60_000);

  it('kill -9 of api and worker between ApiShip’s acts and our commits: nothing twice, nothing lost', async () => {
    // Calls that hang last until the kill.
    deployment.variables.PROVIDER_BUDGET_MS = '20000';
    await deployment.separate();
    const [edited, deleted, called, reported] = [await ship('111'), await ship('112'), await ship('113'), await ship('114')] as const;
    await Promise.all([edited, deleted, called, reported].map(({ deliveryId }) => becomes(deliveryId, 'uploaded')));
    await aSecond();
    const customer = { type: 'customer', id: 11, firstName: 'Яна', lastName: 'Ёж', phones: ['+7 916 222-33-44'] };
    const edit = (): Promise<Reply> => save('111', { deliveryId: edited.deliveryId, customer });
    const shipmentSave = wireShipmentSave([called.deliveryId], { date: day(2) });
    const call = (): Promise<Reply> => account.post('/delivery/shipment-save', { shipmentSave });
    const before = apiship.courierCalls().length;
    const { ended } = await hangCalls(apiship, [
      // The worker reads the statuses that a webhook announced.
      ['statuses', () => Promise.resolve(apiship.pushStatus(numberOf('114'), 'onWay'))],
      ['createOrder', () => save('12')],
      ['changeOrder', edit],
      ['cancelOrder', () => account.delete(deleted.deliveryId)],
      ['callCourier', call],
    ]);
    await deployment.crash();
    await ended;
    // The holder is dead, and another process may take them.
    await deployment.stores.query(`UPDATE operation SET lease_until = now() WHERE state = 'running'`);
    await until('it is saved', async () => (await save('12')).status === 200);
    expect(listOrders('12')).toHaveLength(1);
    await until('the edit is saved', async () => (await edit()).status === 200);
    expect(listOrders('111')).toMatchObject([{ body: { recipient: { phone: '79162223344' } } }]);
    await until('it is deleted', async () => [200, 404].includes((await account.delete(deleted.deliveryId)).status));
    expect(listOrders('112')).toEqual([]);
    expect((await save('112')).status).toBe(200);
    // ApiShip lists no calls: the manager has to look, and nothing is sent again.
    await until('it is unknown', async () => (await call()).status === 504);
    expect(readRefusal(await call())).toMatchObject({ status: 504, errorMsg: expect.stringContaining('ApiShip') });
    expect(apiship.courierCalls()).toHaveLength(before + 1);
    // Long before the next poll: what the dead worker had taken is due again within a minute.
    const due = `SELECT 1 FROM delivery WHERE id = $1 AND poll_at < now() + interval '1 minute'`;
    expect(await deployment.stores.query(due, [reported.deliveryId])).toHaveLength(1);
    await poll(reported.deliveryId);
    await becomes(reported.deliveryId, 'onWay');
    expect(crm.listCodes(reported.deliveryId).filter((code) => code === 'onWay')).toHaveLength(1);
    // Found again before the CRM repeated its save: until then the CRM did not know the delivery.
    for (const complaint of crm.complaints) expect(complaint).toMatch(/delivery\.tracking: .*no delivery "[^"]+" of this module is known$/);
    crm.clear();
  }, 240_000);

  it('reveals its token to no one', async () => {
    const journal = JSON.stringify(await deployment.operator('GET', '/journal?limit=200'));
    expect(journal).toContain('/v1/orders');
    for (const text of [journal, deployment.lastOutput]) expect(text).not.toContain(TOKEN);
    expect(apiship.calls.every(({ url }) => !url.includes(TOKEN))).toBe(true);
  });

  it('does not store a token that ApiShip refuses, and names the field', async () => {
    const page = await AccountPage.open(account);
    const values = await page.values();
    expect(readRefusal(await page.save({ ...values, token: 'not-the-token' })).errors).toMatchObject({ token: expect.any(String) });
    expect(await page.values()).toEqual(values);
    expect(JSON.stringify(values)).not.toContain(TOKEN);
    expect((await page.save(values)).status).toBe(200);
    expect(apiship.account.subscriptions).toHaveLength(1);
    expect(apiship.account.subscriptions[0]?.url).toContain(`/apiship/webhooks/${connection}`);
  });
});
