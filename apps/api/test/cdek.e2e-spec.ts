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
  const connect = (replace = false): Promise<object> => deployment.operator('POST', `/connections/${connection}/connect`, { replace });

  beforeAll(async () => {
    cdek = await CdekDouble.start();
    crm = await Crm.start();
    deployment = await Deployment.start({ crms: [crm], apart: true, variables: { MODULES: 'cdek', CDEK_URL: cdek.url } });
    account = await Account.connect(deployment, crm, 'cdek');
    const { items } = await deployment.operator<{ items: { id: string }[] }>('GET', '/connections');
    connection = items[0]?.id ?? '';
    // As the worker will, in its time.
    expect(await connect()).toMatchObject({ state: 'connected' });
    expect(cdek.webhooks.subscriptions).toMatchObject([{ url: `${deployment.url}/cdek/webhooks/${connection}`, type: 'ORDER_STATUS' }]);
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

  it('believes a webhook only after it has read the order, and moves back for a status that is taken back', async () => {
    const { deliveryId } = await ship('3');
    const number = listOrders('3')[0]?.number ?? '';
    const id = cdek.webhooks.subscriptions[0]?.url ?? '';
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

  it('keeps nothing of posts that name none of its orders, slows a flood of them, and hears CDEK all the same', async () => {
    const { deliveryId } = await ship('9');
    const [number, url] = [listOrders('9')[0]?.number ?? '', cdek.webhooks.subscriptions[0]?.url ?? ''];
    const stranger = async (): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          type: 'ORDER_STATUS',
          uuid: crypto.randomUUID(),
          attributes: { code: 'DELIVERED', status_date_time: new Date().toISOString() },
        }),
      });
    const kept = async (): Promise<number> => (await deployment.stores.query('SELECT 1 FROM inbox_event')).length;
    const before = await kept();
    const flood = await Promise.all(Array.from({ length: 300 }, stranger));
    const statuses = new Set(flood.map(({ status }) => status));
    expect([...statuses]).toEqual(expect.arrayContaining([200, 429]));
    // On a slow machine the flood may also meet the api's own bound on what waits for the database.
    for (const status of statuses) expect([200, 429, 503]).toContain(status);
    expect(flood.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
    expect(await kept()).toBe(before);
    // CDEK posts from the address that has just posted too much.
    await aSecond();
    cdek.pushStatus(number, 'TAKEN_BY_COURIER');
    await becomes(deliveryId, 'with-courier');
    expect(await kept()).toBeGreaterThan(before);
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
    expect(crm.findDelivery(refused.deliveryId)?.history.at(-1)?.comment).toBe('Улица не найдена');
    cdek.setModes({ validateAfterMs: 50, refuseWith: undefined });
    expect(readSaved(await save('5', { deliveryId: refused.deliveryId, orderNumber: '5B' })).trackNumber).toBe(
      listOrders('5')[0]?.cdek_number,
    );
    await becomes(refused.deliveryId, 'created');
  });

  it('says a refusal at once in CDEK’s words, and lets the corrected order through', async () => {
    cdek.setModes({ refuseWith: 'Улица не найдена' });
    expect(readRefusal(await save('6'))).toMatchObject({ status: 400, errorMsg: 'CDEK: Улица не найдена' });
    cdek.setModes({ refuseWith: undefined });
    await ship('6');
  });

  it('quotes and takes no payer that was not registered', async () => {
    expect(account.registration.integrations?.delivery?.payerType).toEqual(['sender']);
    const quote = { ...wireCalculate(sampleOrder('petersburgPoint')), payerType: 'receiver' };
    expect(readRefusal(await account.calculate(quote)).errors).toEqual({ payerType: 'must be one of: sender' });
    expect(readRefusal(await save('61', { delivery: { payerType: 'receiver' } })).errors).toEqual({
      'delivery.payerType': 'must be one of: sender',
    });
  });

  it.each([
    ['drops the reply', { kind: 'drop-after' }],
    ['answers 500 after it acted', { kind: 'error-after' }],
    ['does nothing', { kind: 'drop-before' }],
    ['acts late', { kind: 'late', ms: 3_000 }],
  ] as const)(
    'makes one order when CDEK %s',
    async (what, fault) => {
      const order = `7${what.length}`;
      cdek.fail('createOrder', fault);
      expect(readRefusal(await save(order)).status).toBe(504);
      await until('it is saved', async () => (await save(order)).status === 200, 60_000);
      expect(listOrders(order)).toHaveLength(1);
    },
    90_000,
  );

  it('makes one order when the api is killed while CDEK works', async () => {
    cdek.fail('createOrder', { kind: 'delay', ms: 500 });
    const cut = save('8').catch(() => undefined);
    await until('it is sent', () =>
      cdek.captured.some(({ call, body }) => call === 'createOrder' && (body as { number: string }).number.startsWith('8-')),
    );
    await deployment.api?.kill();
    await cut;
    await deployment.startApi();
    await until('it is saved', async () => (await save('8')).status === 200, 60_000);
    expect(listOrders('8')).toHaveLength(1);
    // Found again before the CRM repeated its save: until then the CRM knew no such delivery, and said so.
    for (const complaint of crm.complaints) expect(complaint).toMatch(/delivery\.tracking: .*no delivery "[^"]+" of this module is known$/);
    crm.clear();
  });

  it('calls the courier, changes the call and finds one whose reply was lost', async () => {
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
    const lost = wireShipmentSave([three.deliveryId], { date, address: { ...sampleOrder('moscowCourier').from, house: '77' } });
    expect(readRefusal(await shipments(lost)).status).toBe(504);
    await until('it is saved', async () => (await shipments(lost)).status === 200, 60_000);
    expect(cdek.intakes()).toHaveLength(2);
    expect((await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId: made.shipmentId ?? '' } })).status).toBe(200);
    expect(cdek.intakes()).toHaveLength(1);
  });

  it('names company and contact person of a legal person', async () => {
    const contragent = { contragentType: 'legal-entity', legalName: 'ООО «Ромашка»', INN: '7707083893' };
    const customer = { type: 'customer_corporate', id: 62, firstName: 'Пётр', lastName: 'Ёлкин', phones: ['+79161234567'], contragent };
    readSaved(await save('62', { customer }));
    const recipient = { company: 'ООО «Ромашка»', name: 'Ёлкин Пётр', contragent_type: 'LEGAL_ENTITY' };
    expect(listOrders('62')[0]?.body.recipient).toMatchObject(recipient);
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
    expect(cdek.webhooks.subscriptions).toHaveLength(1);
  });

  it('asks before it takes the place of another program', async () => {
    const { subscriptions } = cdek.webhooks;
    subscriptions.length = 0;
    for (const name of ['one', 'two']) cdek.webhooks.subscribe(`https://${name}.example/crm?key=1`, 'ORDER_STATUS');
    const conflict = [{ address: expect.stringMatching(/^https:\/\/(one|two)\.example\/crm$/) }];
    expect(await connect()).toMatchObject({ state: 'conflict', conflict });
    expect(subscriptions).toHaveLength(2);
    expect(await connect(true)).toMatchObject({ state: 'connected' });
    expect(subscriptions.filter(({ url }) => url.startsWith(deployment.url))).toHaveLength(1);
    expect(subscriptions).toHaveLength(2);
  });
});
