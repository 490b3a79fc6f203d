import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type * as wire from '#crm-client/wire';
import { FakeCarrier, pdfPages, sampleOrder, wireCalculate, wireSave, wireShipmentSave } from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import type { JsonObject } from '../../../lab/sandbox-crm/src/json.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, startBrowser } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { HookService } from './support/hook-service.js';
import { openInCrm } from './support/open-in-crm.js';
import type { Reply } from './support/reply.js';
import { until } from './support/until.js';

const MODULE = 'fake-carrier';
const SECOND = { apiKey: 'key-of-second', webhookSecret: 'webhook-secret-of-second' };
/** The seller of orders that the second contract is for. */
const SELLER = 'ООО «Второе»';
/** The carrier's prices for the sample order, in roubles. */
const PRICES = { express: 820, economy: 410 };

interface Preview {
  quoted: {
    row: number | null;
    contract: string | null;
    passed: { row: number; why: string }[];
    tariffs: { code: string; price: number; cost: number; currency: string; change: string }[];
  };
  saved: Preview['quoted'];
}

const RULES = {
  contracts: [{ code: 'Second', ...SECOND }],
  senders: [{ code: 'Anna', senderName: 'Anna', senderPhone: '+79160000000' }],
  rows: [
    { legalEntity: SELLER, contract: 'Second', sender: 'Anna' },
    { store: 'mad', contract: 'Second', price: { percent: 10, roundTo: 50, rounding: 'up', freeFrom: 10_000, currency: 'RUB' } },
    { store: 'kwd', price: { amount: 1.5, currency: 'KWD', percent: 50 } },
  ],
};

let deployment: Deployment;
let carrier: FakeCarrier;
let account: Account;
let id: string;
let order = 100;

const at = (code: string): { code: string; name: string } => ({ code, name: code });
const orders = (key: 'first' | 'second'): string[] =>
  (carrier.findBook(key === 'first' ? carrier.apiKey : SECOND.apiKey)?.orders ?? []).map(({ reference }) => reference);
const save = (changes: Parameters<typeof wireSave>[2] = {}, tariff = 'express'): Promise<Reply> =>
  account.save(wireSave(tariff, sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` }), changes));
const ship = async (changes?: Parameters<typeof wireSave>[2]): Promise<string> => {
  order += 1;
  return readSaved(await save(changes)).deliveryId;
};
const putRules = (rules: object): Promise<Reply> => deployment.askOperator('PUT', `/connections/${id}/rules`, rules);
const setRules = async (rules: object): Promise<object> => {
  const reply = await putRules(rules);
  if (reply.status !== 200) throw new Error(reply.bytes.toString());
  return (reply.json as { values: object }).values;
};
const kept = (deliveryId: string): Promise<Record<string, unknown>> => deployment.operator('GET', `/deliveries/${deliveryId}`);
const quote = async (store: string, changes: Parameters<typeof wireCalculate>[1] = {}): Promise<Record<string, number | undefined>> => {
  const reply = await account.calculate(wireCalculate(sampleOrder('moscowCourier'), { store: at(store), ...changes }));
  const tariffs = readResult<wire.CallbackDeliveryResponseCalculate[]>(reply, 'CallbackDeliveryCalculateResponse');
  return Object.fromEntries(tariffs.map(({ code, cost }) => [code ?? '', cost ?? undefined]));
};
const preview = (sample: object): Promise<Preview> =>
  deployment.operator('POST', `/connections/${id}/rules/preview`, {
    currency: 'RUB',
    countryIso: 'RU',
    city: 'Москва',
    weight: 850,
    ...sample,
  });

beforeAll(async () => {
  carrier = await FakeCarrier.start();
  carrier.addAccount(SECOND.apiKey, SECOND.webhookSecret);
  deployment = await Deployment.start({ accounts: 8, withFakeCarrier: true });
  account = await Account.connect(deployment, deployment.nextCrm(), MODULE);
  ({ id } = await deployment.getConnection(account.crm));
  const { url: baseUrl, apiKey, webhookSecret } = carrier;
  await deployment.operator('PUT', `/connections/${id}/settings`, { baseUrl, apiKey, webhookSecret });
}, START_MS);
afterAll(async () => {
  await deployment?.stop();
  await carrier?.close();
});
beforeEach(async () => {
  await setRules(RULES);
});
afterEach(() => {
  carrier.setModes({ asynchronous: undefined });
  carrier.webhooks.mode = 'auto';
  expect(carrier.duplicates()).toEqual([]);
  expect(deployment.complaints()).toEqual([]);
});

describe('a delivery under another contract', () => {
  it('lives under it: made, asked for, printed, edited, reported by webhook and withdrawn', async () => {
    const deliveryId = await ship({ legalEntity: SELLER });
    const reference = `${order}-1`;
    expect([orders('first').includes(reference), orders('second').includes(reference)]).toEqual([false, true]);
    expect(carrier.orders(reference)[0]?.request.sender).toEqual({ name: 'Anna', phone: '+79160000000' });
    expect(await kept(deliveryId)).toMatchObject({ contract: 'Second', sender: 'Anna', cost: PRICES.express, shownCost: 350 });
    const got = await account.get('/delivery/get', { deliveryId });
    expect(readResult<object>(got, 'CallbackDeliveryGetResponse')).toMatchObject({ cost: PRICES.express, status: { code: 'registered' } });
    // An edit keeps the delivery's contract, even if the rules now choose another one for the order.
    const edited = await account.save(wireSave('economy', sampleOrder('moscowCourier', { order: String(order) }), { deliveryId }));
    expect(readSaved(edited)).toMatchObject({ deliveryId, cost: PRICES.economy });
    expect(carrier.orders(reference)[0]?.request).toMatchObject({ service: 'economy', sender: { name: 'Anna' } });
    const own = await ship();
    expect(orders('first')).toContain(`${order}-1`);
    expect(await kept(own)).not.toHaveProperty('contract');
    const printed = await account.post('/delivery/print', { print: { type: 'label', deliveryIds: [[deliveryId, own, deliveryId]] } });
    expect(pdfPages(printed.bytes)).toHaveLength(3);
    carrier.pushStatus(reference, 'collected', { at: new Date(Date.now() + 2_000) });
    await until('the CRM knows', () => account.crm.listCodes(deliveryId).includes('collected'));
    const other = await ship({ legalEntity: SELLER });
    expect((await account.delete(other)).status).toBe(200);
    expect(carrier.orders(`${order}-1`)[0]?.state).toBe('cancelled');
  });

  it('answers a repeat as before when the rules have changed', async () => {
    const deliveryId = await ship({ legalEntity: SELLER });
    await setRules({ ...RULES, rows: [] });
    expect(readSaved(await save({ legalEntity: SELLER })).deliveryId).toBe(deliveryId);
    expect(orders('second').filter((one) => one === `${order}-1`)).toHaveLength(1);
    expect(orders('first')).not.toContain(`${order}-1`);
  });

  it('is looked up there when the reply was lost', async () => {
    order += 1;
    carrier.fail('createOrder', { kind: 'drop-after' });
    const first = await save({ legalEntity: SELLER });
    expect(first.status).toBeGreaterThanOrEqual(500);
    await setRules({ ...RULES, rows: [] });
    const saved = await until('the save is answered', async () => {
      const reply = await save({ legalEntity: SELLER });
      return reply.status === 200 && readSaved(reply);
    });
    expect(await kept(saved.deliveryId)).toMatchObject({ contract: 'Second', sender: 'Anna' });
    expect(carrier.orders(`${order}-1`)).toHaveLength(1);
  });

  it('is polled there, like deliveries of other contracts', async () => {
    carrier.webhooks.mode = 'off';
    carrier.setModes({ asynchronous: {} });
    const second = await ship({ legalEntity: SELLER });
    carrier.validate(`${order}-1`);
    const first = await ship();
    carrier.validate(`${order}-1`);
    await until('the CRM knows', () => [first, second].every((one) => account.crm.listCodes(one).includes('registered')), 40_000);
  });

  it('is shipped only with deliveries of its contract', async () => {
    const [first, second, third] = [await ship(), await ship({ legalEntity: SELLER }), await ship({ legalEntity: SELLER })];
    const shipmentSave = (deliveries: string[], changes: object = {}): Promise<Reply> =>
      account.post('/delivery/shipment-save', { shipmentSave: { ...wireShipmentSave(deliveries), ...changes } });
    const refused = readRefusal(await shipmentSave([second, first]));
    expect([refused.status, Object.keys(refused.errors)]).toEqual([400, ['orders[1].deliveryId']]);
    const reply = await shipmentSave([second, third]);
    const { shipmentId = '' } = readResult<wire.CallbackDeliveryResponseShipmentSave>(reply, 'CallbackDeliveryShipmentSaveResponse');
    expect(carrier.findBook(SECOND.apiKey)?.shipments).toHaveLength(1);
    const print = { entityType: 'shipment', type: 'act', deliveryIds: [[shipmentId]] };
    expect(pdfPages((await account.post('/delivery/print', { print })).bytes)).toHaveLength(1);
    expect(readRefusal(await shipmentSave([first], { shipmentId })).status).toBe(400);
    expect((await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId } })).status).toBe(200);
    expect(carrier.findBook(SECOND.apiKey)?.shipments[0]?.state).toBe('cancelled');
  });

  it('keeps its contract from being removed or renamed while it is in progress', async () => {
    const deliveryId = await ship({ legalEntity: SELLER });
    const refused = readRefusal(await putRules({ ...RULES, contracts: [], rows: [] }));
    expect(refused.errors).toMatchObject({ contracts: expect.stringContaining('«Second»') as unknown });
    expect(readRefusal(await putRules({ ...RULES, senders: [{ code: 'Ann' }], rows: [] })).errors).toHaveProperty('senders');
    await account.delete(deliveryId);
    const { items } = await deployment.operator<{ items: { id: string; contract?: string; status: string }[] }>(
      ...(['GET', `/deliveries?connection=${id}&limit=500`] as const),
    );
    for (const one of items) {
      if (one.contract === undefined || one.status === 'cancelled') continue;
      const [left] = carrier.orders().filter(({ id: externalId }) => externalId === (one as { externalId?: string }).externalId);
      if (left) carrier.pushStatus(left.id, 'delivered', { at: new Date(Date.now() + 3_000) });
      await until('it is at its end', async () => (await kept(one.id)).status === 'delivered');
    }
    expect(await setRules({})).toEqual({ contracts: [], senders: [], rows: [] });
  });
});

describe('the cost that is shown', () => {
  it('comes from the first row that fits a quote, and saves keep the price of the carrier', async () => {
    expect(await quote('main')).toMatchObject(PRICES);
    expect(await quote('mad')).toMatchObject({ express: 950, economy: 500 });
    expect(await quote('mad', { declaredValue: 9_999.99 })).toMatchObject({ express: 950 });
    expect(await quote('mad', { declaredValue: 10_000 })).toMatchObject({ express: 0, economy: 0 });
    expect(await quote('kwd')).toMatchObject(PRICES);
    order += 1;
    const saved = readSaved(await save({ store: at('mad'), delivery: { cost: 950 } }));
    expect(saved.cost).toBe(PRICES.express);
    expect(await kept(saved.deliveryId)).toMatchObject({ contract: 'Second', cost: PRICES.express, shownCost: 950, currency: 'RUB' });
  });

  it('is tried on a sample order, with the choice that a save would make', async () => {
    const seen = await preview({ store: 'mad', legalEntity: SELLER, declaredValue: 500 });
    expect(seen.quoted).toMatchObject({
      row: 1,
      contract: 'Second',
      passed: [{ row: 0, why: 'the legal entity is not known' }],
    });
    expect(seen.quoted.tariffs).toContainEqual(
      expect.objectContaining({ code: 'express', price: PRICES.express, cost: 950, currency: 'RUB', change: 'changed' }),
    );
    expect(seen.saved).toMatchObject({ row: 0, contract: 'Second', sender: 'Anna' });
    const rows = [{ store: 'mad', price: { percent: 50 } }];
    const draft = await preview({ store: 'mad', rules: { ...RULES, rows } });
    expect(draft.quoted.tariffs).toContainEqual(expect.objectContaining({ code: 'economy', cost: 615 }));
    expect((await preview({ store: 'elsewhere' })).quoted).toMatchObject({ row: null, contract: null });
    expect((await preview({ store: 'kwd' })).quoted.tariffs[0]?.change).toBe('currency');
    const bad = readRefusal(
      await deployment.askOperator('POST', `/connections/${id}/rules/preview`, {
        weight: 'NaN',
        currency: 'RUB',
        countryIso: 'RU',
        city: 'x',
      }),
    );
    expect(bad.errors).toEqual({ weight: 'must be a number' });
  });

  it('is also that of an own courier, whose sender the rules choose', async () => {
    const courier = await Account.connect(deployment, deployment.nextCrm());
    const { id: own } = await deployment.getConnection(courier.crm);
    const ask = async (): Promise<number | undefined> => {
      const reply = await courier.calculate(wireCalculate(sampleOrder('moscowCourier'), { store: at('msk') }));
      return readResult<wire.CallbackDeliveryResponseCalculate[]>(reply, 'CallbackDeliveryCalculateResponse')[0]?.cost ?? undefined;
    };
    const before = (await ask()) ?? 0;
    const rules = {
      senders: [{ code: 'Shop 2', senderName: 'Second Shop' }],
      rows: [{ store: 'msk', sender: 'Shop 2', price: { amount: 100, currency: 'RUB' } }],
    };
    await deployment.operator('PUT', `/connections/${own}/rules`, rules);
    expect(await ask()).toBe(before + 100);
    const { deliveryId } = await courier.ship('7001', 'courier', { store: at('msk') });
    expect(await kept(deliveryId)).toMatchObject({ sender: 'Shop 2' });
    const printed = await courier.post('/delivery/print', { print: { type: 'label', deliveryIds: [[deliveryId]] } });
    expect(pdfPages(printed.bytes)[0]?.text).toContain('Second Shop');
    const refused = readRefusal(await deployment.askOperator('PUT', `/connections/${own}/rules`, { rows: [{ sender: 'Nobody' }] }));
    expect(refused.errors).toHaveProperty(['rows[0].sender']);
  });
});

describe('the number of the buyer’s document', () => {
  const NUMBER = '85010144';
  const sent = (): string | undefined => carrier.orders(`${order}-1`).at(-1)?.request.recipient.document;
  const fill = (customFields: JsonObject | []): void => {
    const present = account.crm.findOrder(String(order));
    if (present) Object.assign(present, { customFields });
    else account.crm.context.rows('orders').push({ id: order, status: 'new', payments: [], customFields });
  };

  it('is read from the order once a field is chosen, and sent to the carrier only', async () => {
    order += 1;
    fill({ vat: NUMBER });
    account.crm.clear();
    expect((await save()).status).toBe(200);
    expect([sent(), account.crm.callsTo('orders.list')]).toEqual([undefined, []]);
    await setRules({ ...RULES, rows: [], documentField: 'vat' });
    order += 1;
    fill({ vat: NUMBER });
    const { deliveryId } = readSaved(await save());
    expect(sent()).toBe(NUMBER);
    // A repeat reads nothing. An edit reads the order again.
    expect(readSaved(await save()).deliveryId).toBe(deliveryId);
    expect(account.crm.callsTo('orders.list')).toHaveLength(1);
    fill({ vat: 77 });
    expect((await save({}, 'economy')).status).toBe(200);
    expect(sent()).toBe('77');
    fill([]);
    expect((await save({}, 'express')).status).toBe(200);
    expect(sent()).toBeUndefined();
    await until('the journal has the order', async () =>
      JSON.stringify(await deployment.operator('GET', '/journal?limit=500')).includes('/orders'),
    );
    const rows = await deployment.stores.query<{ row: string }>('SELECT j::text AS row FROM journal_entry j');
    expect(rows.filter(({ row }) => row.includes('recipient')).length).toBeGreaterThan(0);
    for (const text of [JSON.stringify(rows), deployment.lastOutput]) expect(text).not.toContain(NUMBER);
  });

  it('stops the save while the CRM cannot be read, and a later save makes the delivery', async () => {
    await setRules({ ...RULES, rows: [], documentField: 'vat' });
    order += 1;
    fill({ vat: NUMBER });
    const end = account.crm.fail('/api/v5/orders*', { kind: 'error-before', status: 503 }, 99);
    const refused = readRefusal(await save());
    end();
    expect([refused.status, refused.errorMsg]).toEqual([502, expect.stringContaining('CRM')]);
    expect(carrier.orders(`${order}-1`)).toEqual([]);
    expect((await save()).status).toBe(200);
    expect(sent()).toBe(NUMBER);
  });
});

describe('rules in the form', () => {
  it('never show a secret, and keep a secret that is left out', async () => {
    const shown = { contracts: [{ code: 'Second', apiKey: { set: true }, webhookSecret: { set: true } }] };
    expect(await setRules(RULES)).toMatchObject(shown);
    expect(await setRules({ ...RULES, contracts: [{ code: 'Second' }] })).toMatchObject(shown);
    const rows = await deployment.stores.query<{ rules: string }>('SELECT rules_sealed AS rules FROM connection WHERE id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain(SECOND.apiKey);
    await ship({ legalEntity: SELLER });
    expect(orders('second')).toContain(`${order}-1`);
  });

  it.each<[string, object, string]>([
    ['a markup that is no number', { rows: [{ price: { percent: 'NaN' } }] }, 'rows[0].price.percent'],
    ['a step below zero', { rows: [{ price: { roundTo: -1, currency: 'RUB' } }] }, 'rows[0].price.roundTo'],
    ['a sum without a currency', { rows: [{ price: { amount: 1 } }] }, 'rows[0].price.currency'],
    ['more decimals than the currency has', { rows: [{ price: { amount: 1.5, currency: 'CLP' } }] }, 'rows[0].price.amount'],
    ['a list that is none', { rows: null }, 'rows'],
    ['a condition that is misspelt', { rows: [{ stores: 'madrid' }] }, 'rows[0].stores'],
    ['a member that is not known', { row: [] }, 'row'],
    ['a contract that is not there', { rows: [{ contract: 'Third' }] }, 'rows[0].contract'],
    ['goods in a warehouse that the module lacks', { stock: 'shipped' }, 'stock'],
    ['a name twice', { contracts: [{ code: 'Second' }, { code: 'Second' }] }, 'contracts[1].code'],
    ['a secret that is too short', { contracts: [{ code: 'Second', webhookSecret: 'short' }] }, 'contracts[0].webhookSecret'],
  ])('are refused at the field: %s', async (_, changes, path) => {
    const refused = readRefusal(await putRules({ ...RULES, rows: [], ...changes }));
    expect([refused.status, Object.keys(refused.errors)]).toEqual([400, [path]]);
  });

  it('are shown on the page too, only for its own account', async () => {
    const { token } = await AccountPage.open(account);
    const headers = { authorization: `Bearer ${token}` };
    const mine = await deployment.send(`/${MODULE}/account/api/rules`, { headers });
    expect(mine.json).toMatchObject({ values: { rows: RULES.rows.map(({ price: _, ...row }) => row) } });
    const other = await Account.connect(deployment, deployment.nextCrm(), MODULE);
    const theirs = await AccountPage.open(other);
    const seen = await deployment.send(`/${MODULE}/account/api/rules`, { headers: { authorization: `Bearer ${theirs.token}` } });
    expect(seen.json).toMatchObject({ values: { contracts: [], senders: [], rows: [] } });
    expect((await deployment.send(`/${MODULE}/account/api/rules`)).status).toBe(401);
    const found = await deployment.send(`/${MODULE}/account/api/lookups/legalEntities?term=ejemplo`, { headers });
    expect(found.json).toMatchObject({ items: [{ value: 'Ejemplo, S.L.', hint: 'main-es' }, { value: 'Ejemplo, S.A. de C.V.' }] });
  });

  it('are not replaced by a user who read older ones', async () => {
    await setRules(RULES);
    const read = async (): Promise<string> => (await deployment.operator<{ version: string }>('GET', `/connections/${id}/rules`)).version;
    const version = await read();
    const put = (percent: number, of: string): Promise<Reply> =>
      deployment.askOperator('PUT', `/connections/${id}/rules?version=${of}`, { ...RULES, rows: [{ price: { percent } }] });
    const replies = await Promise.all([1, 2, 3, 4].map((percent) => put(percent, version)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    const [first] = replies.filter(({ status }) => status === 200);
    expect(first?.json).toMatchObject({ version: await read() });
    const { token } = await AccountPage.open(account);
    const page = { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{"rows":[]}' };
    const late = await deployment.send(`/${MODULE}/account/api/rules?version=${version}`, page);
    expect([late.status, (late.json as { errorMsg: string }).errorMsg]).toEqual([409, expect.any(String)]);
    expect((await put(5, await read())).status).toBe(200);
  });

  it('are tried at the service, each contract separately', async () => {
    const service = await HookService.start();
    try {
      const hooked = await Account.connect(deployment, deployment.nextCrm(), 'hooked-carrier');
      const { id: own } = await deployment.getConnection(hooked.crm);
      const right = { apiKey: service.apiKey, webhookSecret: 'a-webhook-secret' };
      await deployment.operator('PUT', `/connections/${own}/settings`, { baseUrl: service.url, ...right });
      const put = (contracts: object[]): Promise<Reply> => deployment.askOperator('PUT', `/connections/${own}/rules`, { contracts });
      const wrong = readRefusal(await put([{ code: 'A' }, { code: 'B', apiKey: 'wrong' }]));
      expect(wrong.errors).toEqual({ 'contracts[1].apiKey': 'is not accepted' });
      service.accept('key of B');
      expect((await put([{ code: 'A' }, { code: 'B', apiKey: 'key of B' }])).status).toBe(200);
      service.revoke('key of B');
      const check = await deployment.operator('POST', `/connections/${own}/check`, {});
      expect(check).toMatchObject({ state: 'errors', errors: { 'rules.contracts[1].apiKey': 'is not accepted' } });
    } finally {
      await service.close();
    }
  });
});

(browserPath === undefined ? describe.skip : describe)('the section of the account page', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, START_MS);
  afterAll(() => browser?.close());

  it('enters contracts and rows, says what is wrong at the field, moves rows, and tries them on an order', async () => {
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: 'en', updated_at: '2026-01-01 10:00:00' } };
    const shop = await Account.connect(deployment, crm, MODULE);
    const { id: own } = await deployment.getConnection(crm);
    const { url: baseUrl, apiKey, webhookSecret } = carrier;
    await deployment.operator('PUT', `/connections/${own}/settings`, { baseUrl, apiKey, webhookSecret });
    const frame = await openInCrm(page, shop);
    await frame.getByRole('link', { name: 'Rules' }).click();
    const rules = frame.locator('.settings-form').first();
    const [sample, panel] = [frame.locator('.rules-trial'), frame.locator('dialog[open]')];
    const done = (): Promise<void> => panel.getByRole('button', { name: 'Done' }).click();
    await rules.getByRole('button', { name: 'Add: Contracts' }).click();
    await panel.getByLabel('Name').fill('Second');
    await panel.getByLabel('API key').fill(SECOND.apiKey);
    await panel.getByLabel('Webhook secret').fill(SECOND.webhookSecret);
    await done();
    const add = rules.getByRole('button', { name: 'Add: Rules, tried from the top' });
    await add.click();
    await panel.getByLabel('Contract').fill('Second');
    await done();
    await add.click();
    await panel.getByRole('combobox', { name: 'Warehouse' }).fill('mad');
    await panel.getByLabel('Contract').fill('Third');
    await panel.getByLabel('Markup or discount', { exact: true }).fill('10');
    await done();
    const save = async (): Promise<string> => {
      await rules.getByRole('button', { name: 'Save the rules' }).click();
      const note = rules.locator('.save-bar [role=status]');
      await note.getByText(/aved/).waitFor();
      return note.innerText();
    };
    expect(await save()).toBe('Not saved: correct the marked fields.');
    await panel.getByText('Is not in the list: "Third"').waitFor();
    await panel.getByLabel('Contract').fill('Second');
    await done();
    await rules.getByRole('button', { name: 'Move up: Rules, tried from the top 2' }).click();
    expect(await save()).toBe('Saved. The rules are now active.');
    const { values } = await deployment.operator<{ values: object }>('GET', `/connections/${own}/rules`);
    expect(values).toMatchObject({
      contracts: [{ code: 'Second', apiKey: { set: true } }],
      rows: [{ store: 'mad', contract: 'Second', price: { percent: 10 } }, { contract: 'Second' }],
    });

    await sample.getByRole('combobox', { name: 'Warehouse' }).fill('mad');
    await sample.getByLabel('Currency of the order').selectOption('RUB');
    await sample.getByLabel('To: country').selectOption('RU');
    await sample.getByLabel('To: city').fill('Москва');
    await sample.getByRole('button', { name: 'Try' }).click();
    const shown = frame.locator('.rules-result tbody tr', { hasText: 'Express to the door' });
    expect(await shown.innerText()).toMatch(/RUB\s820\.00\s+RUB\s902\.00\s+Changed by the rule/);
    expect(await frame.locator('.rules-result').innerText()).toMatch(/When prices are requested\s+rule 1 applies\. Contract: Second\./i);

    // The operator saves others meanwhile.
    const others = { contracts: [{ code: 'Second' }], rows: [{ store: 'mad', contract: 'Second' }] };
    await deployment.operator('PUT', `/connections/${own}/rules`, others);
    await rules.getByRole('button', { name: 'Move up: Rules, tried from the top 2' }).click();
    await rules.getByRole('button', { name: 'Save the rules' }).click();
    await frame.getByText('Another user has saved these settings in the meantime. Load them to continue.').waitFor();
    await frame.getByRole('button', { name: 'Load', exact: true }).click();
    await frame.getByText('Your changes are in the form and not saved yet.').waitFor();
    expect(await save()).toBe('Saved. The rules are now active.');
    // The server rejected these requests on purpose, so the browser's messages are not problems of the page.
    expect(complaints.filter((one) => !/40[09]/.test(one))).toEqual([]);
  });
});
