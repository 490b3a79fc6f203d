import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { CdekDouble, pdfPages, sampleOrder, wireCalculate, wireSave, wireShipmentSave } from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

/** CDEK's adapter in a whole deployment: CRM callbacks, the worker and a misbehaving double of CDEK. */
describe('CDEK, from callback to tracking', () => {
  let cdek: CdekDouble;
  let crm: Crm;
  let deployment: Deployment;
  let account: Account;
  let connection: string;

  beforeAll(async () => {
    cdek = await CdekDouble.start();
    crm = await Crm.start();
    deployment = await Deployment.start({ crms: [crm], variables: { MODULES: 'cdek', CDEK_URL: cdek.url } });
    account = await Account.connect(deployment, crm, 'cdek');
    const { items } = await deployment.operator<{ items: { id: string }[] }>('GET', '/connections');
    connection = items[0]?.id ?? '';
    // The default settings are CDEK's public test account: nothing has to be saved first.
    await until('a worker has set up the webhook', () => cdek.subscriptions.length > 0);
    expect(cdek.subscriptions).toMatchObject([{ url: `${deployment.url}/cdek/webhooks/${connection}`, type: 'ORDER_STATUS' }]);
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await crm?.close();
    await cdek?.close();
  });
  afterEach(() => {
    cdek.setModes({ validateAfterMs: 50, refuseWith: undefined });
    // No order twice, and nothing the CRM would not understand.
    expect(cdek.duplicates()).toEqual([]);
    expect(crm.complaints).toEqual([]);
  });

  const save = (order: string, changes: Parameters<typeof wireSave>[2] = {}): Promise<Reply> =>
    account.save(wireSave('137', sampleOrder('moscowCourier', { order, orderNumber: `${order}A` }), changes));
  const ship = async (order: string): Promise<ReturnType<typeof readSaved>> => readSaved(await save(order));
  const listOrders = (order: string) => cdek.standing().filter(({ number }) => number.startsWith(`${order}-`));
  const findLastStatus = (id: string): string | undefined => crm.findDelivery(id)?.history.at(-1)?.code;
  const becomes = (id: string, code: string): Promise<boolean> =>
    until(`the CRM is told ${code}`, () => findLastStatus(id) === code, 40_000);
  const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_100));

  it('quotes, registers once, edits, prints and deletes', async () => {
    const tariffs = readResult<wire.CallbackDeliveryResponseCalculate[]>(
      await account.calculate(wireCalculate(sampleOrder('petersburgPoint'))),
      'CallbackDeliveryCalculateResponse',
    );
    expect(tariffs.map(({ code }) => code)).toEqual(['136', '137', '138', '139', '366', '368']);
    const [one, two] = [await ship('1'), await ship('2')];
    expect(one).toMatchObject({ status: 'created', trackNumber: listOrders('1')[0]?.cdek_number });
    expect((await ship('1')).deliveryId).toBe(one.deliveryId);
    await save('1', { deliveryId: one.deliveryId, delivery: { extraData: { comment: 'новый' } } });
    expect(listOrders('1')[0]?.body.comment).toContain('новый');
    const print = { print: { type: 'label', entityType: 'order', deliveryIds: [[two.deliveryId], [one.deliveryId]] } };
    const pages = pdfPages((await account.post('/delivery/print', print)).bytes).map(({ text }) => text);
    expect([pages[0]?.includes(two.trackNumber ?? '?'), pages[1]?.includes(one.trackNumber ?? '?')]).toEqual([true, true]);
    expect((await account.delete(one.deliveryId)).status).toBe(200);
    expect(listOrders('1')).toEqual([]);
    expect((await ship('1')).trackNumber).not.toBe(one.trackNumber);
  });

  it('makes a return from the buyer once an operator decides so and the settings have its tariff', async () => {
    const { deliveryId } = await ship('30');
    const number = listOrders('30')[0]?.number ?? '';
    const path = `/deliveries/${deliveryId}/decisions`;
    cdek.pushStatus(number, 'TAKEN_BY_COURIER');
    await becomes(deliveryId, 'with-courier');
    expect(await deployment.operator('GET', path)).toMatchObject({ kinds: ['deliver', 'return'] });
    cdek.pushStatus(number, 'DELIVERED');
    await becomes(deliveryId, 'delivered');
    expect(await deployment.operator('GET', path)).toEqual({ kinds: ['clientReturn'], days: [] });
    const decide = (): Promise<Reply> => deployment.askOperator('POST', path, { kind: 'clientReturn' });
    expect(readRefusal(await decide())).toMatchObject({ status: 400, errorMsg: expect.stringContaining('tariff of returns') });
    const settings = `/connections/${connection}/settings`;
    const { values } = await deployment.operator<{ values: object }>('GET', settings);
    await deployment.operator('PUT', settings, { ...values, returnTariff: 136 });
    // After a lost reply the worker finds the return by its link.
    cdek.fail('returnFromClient', { kind: 'drop-after' });
    expect((await decide()).status).toBe(504);
    const shown = await until('the return is known', async () => {
      await deployment.stores.query(`UPDATE operation SET check_at = now() WHERE state = 'unknown'`);
      const view = await deployment.operator<{ related?: object[] }>('GET', `/deliveries/${deliveryId}`);
      return view.related && view;
    });
    expect(shown.related).toMatchObject([{ kind: 'clientReturn', state: 'going' }]);
    expect((await decide()).status).toBe(200);
    expect([cdek.returns(number).length, cdek.countCalls('returnFromClient')]).toEqual([1, 1]);
    await deployment.operator('PUT', settings, values);
  });

  it('believes a webhook only after it has read the order, and moves back for a status that is taken back', async () => {
    const { deliveryId } = await ship('3');
    const number = listOrders('3')[0]?.number ?? '';
    const id = cdek.subscriptions[0]?.url ?? '';
    const forged = {
      type: 'ORDER_STATUS',
      uuid: listOrders('3')[0]?.uuid,
      attributes: { code: 'DELIVERED', status_date_time: new Date().toISOString() },
    };
    expect(
      (await fetch(id, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(forged) })).status,
    ).toBe(200);
    await aSecond();
    cdek.pushStatus(number, 'TAKEN_BY_COURIER');
    await becomes(deliveryId, 'with-courier');
    expect(crm.findDelivery(deliveryId)?.history.map(({ code }) => code)).not.toContain('delivered');
    await aSecond();
    cdek.pushStatus(number, 'DELIVERED');
    await becomes(deliveryId, 'delivered');
    await aSecond();
    cdek.revokeStatus(number, 'DELIVERED');
    await becomes(deliveryId, 'with-courier');
    await aSecond();
    cdek.pushStatus(number, 'DELIVERED');
    await becomes(deliveryId, 'delivered');
  });

  it('acknowledges a flood of strangers’ posts, stores none, and receives CDEK’s in the meantime', async () => {
    const { deliveryId } = await ship('9');
    const [number, url] = [listOrders('9')[0]?.number ?? '', cdek.subscriptions[0]?.url ?? ''];
    const post = (body: string): Promise<Response> => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const stranger = (): Promise<Response> =>
      post(
        JSON.stringify({
          type: 'ORDER_STATUS',
          uuid: crypto.randomUUID(),
          attributes: { code: 'DELIVERED', status_date_time: new Date().toISOString() },
        }),
      );
    const kept = async (): Promise<number> => (await deployment.stores.query('SELECT 1 FROM inbox_event')).length;
    const before = await kept();
    cdek.webhooks.mode = 'hold';
    cdek.pushStatus(number, 'ACCEPTED_IN_RECIPIENT_CITY');
    // CDEK deletes the subscription after any other answer.
    const strangers = Array.from({ length: 150 }, stranger);
    const own = cdek.webhooks.flush();
    const flood = await Promise.all([...strangers, ...Array.from({ length: 150 }, stranger)]);
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([200]));
    await own;
    expect(cdek.webhooks.attempts.at(-1)).toMatchObject({ status: 200 });
    cdek.webhooks.mode = 'auto';
    await becomes(deliveryId, 'in-city');
    // Nothing by strangers, and CDEK’s event if there was room for it.
    expect((await kept()) - before).toBeLessThanOrEqual(1);
    // CDEK posts from the address that has just posted too much.
    await aSecond();
    cdek.pushStatus(number, 'TAKEN_BY_COURIER');
    await becomes(deliveryId, 'with-courier');
    expect(await kept()).toBeGreaterThan(before);
  });

  it('acknowledges what it cannot read, counts it, and shows the operator the last twenty', async () => {
    const [url, seen] = [cdek.subscriptions[0]?.url ?? '', cdek.calls.length];
    const post = async (body: string): Promise<number> => (await fetch(url, { method: 'POST', body })).status;
    for (let n = 1; n <= 25; n++) expect(await post(JSON.stringify({ type: 'ORDER_STATUS', uuid: String(n), name: 'Ольга' }))).toBe(200);
    expect([await post('no JSON'), await post(''), await post(`"${'x'.repeat(70_000)}"`)]).toEqual([200, 200, 200]);
    type Unreadable = { count: number; samples: { problem: string; size: number; body: unknown }[] };
    const read = (): Promise<Unreadable> => deployment.operator('GET', `/connections/${connection}/unreadable-webhooks`);
    await until('they are counted', async () => (await read()).count === 28);
    const { samples } = await read();
    expect(samples).toHaveLength(20);
    expect(samples[0]).toMatchObject({ problem: 'is longer than 65536 bytes', size: 70_002 });
    expect(samples.at(-1)).toMatchObject({ problem: 'The webhook names no status or no time', body: { type: 'ORDER_STATUS', uuid: '9' } });
    expect(JSON.stringify(samples)).not.toContain('Ольга');
    expect(cdek.calls.slice(seen).filter(({ call }) => call === 'getOrder')).toEqual([]);
  });

  it('tells number or refusal later when CDEK takes its time', async () => {
    cdek.setModes({ validateAfterMs: 5_000 });
    const slow = await ship('4');
    expect([slow.status, slow.trackNumber]).toEqual(['registering', undefined]);
    await becomes(slow.deliveryId, 'created');
    expect(crm.findDelivery(slow.deliveryId)?.trackNumber).toBe(listOrders('4')[0]?.cdek_number);
    cdek.setModes({ refuseWith: 'Улица не найдена' });
    const refused = await ship('5');
    await becomes(refused.deliveryId, 'refused');
    expect(crm.findDelivery(refused.deliveryId)?.history.at(-1)?.comment).toBe('СДЭК: «Улица не найдена»');
    cdek.setModes({ validateAfterMs: 50, refuseWith: undefined });
    expect(readSaved(await save('5', { deliveryId: refused.deliveryId, orderNumber: '5B' })).trackNumber).toBe(
      listOrders('5')[0]?.cdek_number,
    );
    await becomes(refused.deliveryId, 'created');
  });

  it('quotes and takes no payer that was not registered', async () => {
    expect(account.registration.integrations?.delivery?.payerType).toEqual(['sender']);
    const quote = { ...wireCalculate(sampleOrder('petersburgPoint')), payerType: 'receiver' };
    expect(readRefusal(await account.calculate(quote)).errors).toEqual({ payerType: 'must be one of: sender' });
    expect(readRefusal(await save('61', { delivery: { payerType: 'receiver' } })).errors).toEqual({
      'delivery.payerType': 'must be one of: sender',
    });
  });

  it('calls the courier, changes the call and finds a call whose reply was lost', async () => {
    const date = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const shipments = (body: object): Promise<Reply> => account.post('/delivery/shipment-save', { shipmentSave: body });
    const [one, two, three] = [await ship('9'), await ship('10'), await ship('11')];
    const body = wireShipmentSave([one.deliveryId, two.deliveryId], { date });
    const made = readResult<wire.CallbackDeliveryResponseShipmentSave>(await shipments(body), 'CallbackDeliveryShipmentSaveResponse');
    const changed = { ...wireShipmentSave([one.deliveryId], { date, comment: 'другое' }), shipmentId: made.shipmentId };
    expect(
      readResult<wire.CallbackDeliveryResponseShipmentSave>(await shipments(changed), 'CallbackDeliveryShipmentSaveResponse').shipmentId,
    ).toBe(made.shipmentId);
    expect(cdek.intakes()).toMatchObject([{ body: { comment: expect.stringContaining('другое') } }]);
    cdek.fail('createIntake', { kind: 'drop-after' });
    const lost = wireShipmentSave([three.deliveryId], { date, address: { ...sampleOrder('moscowCourier').from, building: '77' } });
    expect(readRefusal(await shipments(lost)).status).toBe(504);
    await until('it is saved', async () => (await shipments(lost)).status === 200, 60_000);
    expect(cdek.intakes()).toHaveLength(2);
    expect((await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId: made.shipmentId ?? '' } })).status).toBe(200);
    expect(cdek.intakes()).toHaveLength(1);
  });

  it('does not store what CDEK refuses, and names the fields', async () => {
    const page = await AccountPage.open(account);
    const values = await page.values<{ senderName: string }>();
    expect(readRefusal(await page.save({ ...values, senderName: 'Лавка', clientSecret: 'not-the-password' })).errors).toEqual({
      clientId: expect.any(String),
      clientSecret: expect.any(String),
    });
    expect(await page.values()).toEqual(values);
    expect((await page.save({ ...values, senderName: 'Лавка' })).status).toBe(200);
    expect(cdek.subscriptions).toHaveLength(1);
  });

  it('tells in the story that another rate of VAT was sent', async () => {
    const { parcels } = sampleOrder('moscowCourier');
    const items = (parcels[0]?.items ?? []).map(({ offerId = '', name = '' }) => ({
      offerId,
      name,
      quantity: 1,
      cost: 122,
      cod: 122,
      vatRate: '20.00',
    }));
    const packages = [{ packageId: '1', weight: 500, items }];
    const { deliveryId } = readSaved(await save('70', { packages, delivery: { withCod: true, cod: 0, cost: 0 } }));
    expect(listOrders('70')[0]?.body.packages).toMatchObject([
      { length: 10, width: 10, height: 10, items: [{ payment: { value: 122, vat_rate: 22, vat_sum: 22 } }] },
    ]);
    const story = await deployment.operator<{ events: { title: string }[] }>('GET', `/stories/delivery/${deliveryId}`);
    expect(story.events.map(({ title }) => title).join(' ')).toContain('It succeeded. VAT of 20 % was sent as 22 %, the rate since 2026.');
  });

  it('makes one order when the api is killed while CDEK works', async () => {
    await deployment.separate('api');
    cdek.fail('createOrder', { kind: 'delay', ms: 500 });
    const cut = save('8').catch(() => undefined);
    await until('it is sent', () =>
      cdek.calls.some(({ call, body }) => call === 'createOrder' && (body as { number?: string }).number?.startsWith('8-')),
    );
    await deployment.killApi();
    await cut;
    await deployment.startApi();
    await until('it is saved', async () => (await save('8')).status === 200, 60_000);
    expect(listOrders('8')).toHaveLength(1);
    // Found again before the CRM repeated its save: until then the CRM did not know the delivery.
    for (const complaint of crm.complaints) expect(complaint).toMatch(/delivery\.tracking: .*no delivery "[^"]+" of this module is known$/);
    crm.clear();
  });
});
