import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METHODS, listFields, type MethodName, type MethodSpec, type TypeName } from '#crm-client/wire';
import { EXACT, type ReadingRules, read } from '../src/contract/type-reader.js';
import { type Json, type JsonObject, asObject, asObjects, isObject } from '../src/json.js';
import { SandboxBench, encode } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

/** The contract's own types. The API writes an object without fields as `[]`. */
const ANSWER: ReadingRules = { ...EXACT, emptyObjects: 'list-too' };

/** Converts lists that the API keys by code or id to lists. */
function normalise(method: MethodSpec<TypeName>, body: JsonObject): JsonObject {
  const shown = structuredClone(body);
  for (const field of method.keyed) if (isObject(shown[field])) shown[field] = Object.values(asObject(shown[field])) as Json[];
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    if (isObject(value['payments'])) value['payments'] = Object.values(value['payments']) as Json[];
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(shown);
  return shown;
}

describe('every method replies in the shape of the contract', () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const visited = new Set<MethodName>();

  /** Calls a method by its row in the table. A reply with 200 must match the method's type exactly. */
  async function call(
    name: MethodName,
    path: { readonly [part: string]: string | number } = {},
    input: { readonly [field: string]: unknown } = {},
  ): Promise<JsonObject> {
    const method: MethodSpec<TypeName> | undefined = METHODS.find((one) => one.key === name);
    if (!method) throw new Error(name);
    const url = method.path.replace(/\{(\w+)\}/g, (_whole, part: string) => encodeURIComponent(String(path[part] ?? `no-${part}`)));
    const json = new Set(
      method.request === null ? [] : [...listFields(method.request)].filter(([, type]) => type.json).map(([field]) => field),
    );
    const plain = encode(Object.fromEntries(Object.entries(input).filter(([field]) => !json.has(field))));
    const documents = Object.entries(input)
      .filter(([field]) => json.has(field))
      .map(([field, value]): [string, string] => [field, JSON.stringify(value)]);
    const form = new URLSearchParams([...plain, ...documents]);
    const response =
      method.verb === 'GET'
        ? await fetch(`${bench.url}${url}?${form.toString()}`, { headers: { 'x-api-key': bench.key } })
        : await fetch(`${bench.url}${url}`, { method: 'POST', headers: { 'x-api-key': bench.key }, body: form });
    const body = (await response.json()) as JsonObject;
    if (response.status !== 200) throw new Error(`${name}: ${response.status} ${JSON.stringify(body)}`);
    const { violations } = read(normalise(method, body), method.response, ANSWER);
    expect({ name, violations }).toEqual({ name, violations: [] });
    expect(body['success']).toBe(true);
    visited.add(name);
    return body;
  }

  beforeAll(async () => {
    await bench.start();
    await module.listen();
    await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
  });

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it('api, settings, features, statistics, segments', async () => {
    expect((await call('api.apiVersions'))['versions']).toContain('5.0');
    expect(asObjects((await call('features.check', {}, { features: ['a', 'b'] }))['features'])).toHaveLength(2);
    await call('api.credentials');
    await call('api.systemInfo');
    await call('settings.get');
    await call('segments.list', {}, { filter: { active: true } });
    await call('statistics.update');
    await expect(call('statistics.update')).rejects.toThrow('400');
  });

  it('references: lists, keyed where the real API keys them, and edits', async () => {
    const lists = METHODS.filter((method) => method.group === 'references' && method.verb === 'GET');
    for (const method of lists) await call(method.key);
    expect((await call('references.statuses'))['statuses']).toMatchObject({ new: { code: 'new', group: 'new' } });
    const edits: [MethodName, string, JsonObject][] = [
      ['references.costGroupsEdit', 'costGroup', { name: 'G', color: '#4191ff' }],
      ['references.costItemsEdit', 'costItem', { name: 'I', group: 'delivery', type: 'const', appliesToOrders: true }],
      ['references.deliveryServicesEdit', 'deliveryService', { name: 'S' }],
      ['references.deliveryTypesEdit', 'deliveryType', { name: 'T', defaultCost: 10 }],
      ['references.legalEntitiesEdit', 'legalEntity', { legalName: 'L', contragentType: 'legal-entity', countryIso: 'ES' }],
      ['references.orderMethodsEdit', 'orderMethod', { name: 'M' }],
      ['references.orderTypesEdit', 'orderType', { name: 'O' }],
      ['references.paymentStatusesEdit', 'paymentStatus', { name: 'P' }],
      ['references.paymentTypesEdit', 'paymentType', { name: 'P' }],
      ['references.priceTypesEdit', 'priceType', { name: 'R' }],
      ['references.productStatusesEdit', 'productStatus', { name: 'X' }],
      ['references.sitesEdit', 'site', { name: 'N', url: 'https://n.example' }],
      ['references.statusesEdit', 'status', { name: 'Z', group: 'new' }],
      ['references.storesEdit', 'store', { name: 'W' }],
      ['references.unitsEdit', 'unit', { name: 'U', sym: 'u' }],
    ];
    for (const [name, field, value] of edits) {
      await call(name, { code: 'fresh' }, { [field]: { ...value, code: 'fresh' } });
      await call(name, { code: 'fresh' }, { [field]: { ordering: 7 } });
      await expect(call(name, { code: 'other' }, { [field]: {} })).rejects.toThrow('is required for a new one');
    }
    for (const method of lists.filter((one) => one.key.includes('couriers') || one.key.includes('currencies'))) await call(method.key);
    const courier = await call('references.couriersCreate', {}, { courier: { firstName: 'C' } });
    await call('references.couriersEdit', { id: Number(courier['id']) }, { courier: { lastName: 'D' } });
    const currency = await call('references.currenciesCreate', {}, { currency: { code: 'USD' } });
    await call('references.currenciesEdit', { id: Number(currency['id']) }, { currency: { manualConvertValue: 90 } });
    for (const method of lists) await call(method.key);
  });

  it('users', async () => {
    await call('users.list', {}, { filter: { isManager: true, status: 'free' }, limit: 50 });
    await call('users.get', { id: 1 });
    await call('users.status', { id: 1 }, { status: 'dinner' });
    expect(asObject((await call('users.get', { id: 1 }))['user'])['status']).toBe('dinner');
    await call('users.status', { id: 1 }, { status: 'free' });
    await call('users.userGroups');
    await expect(call('users.status', { id: 1 }, { status: 'asleep' })).rejects.toThrow('400');
  });

  it('customers', async () => {
    const { id } = await call(
      'customers.create',
      {},
      {
        site: 'main',
        customer: {
          externalId: 'c1',
          firstName: "Ан'на",
          phones: [{ number: '+7 900 000-11-22' }],
          address: { city: 'Москва' },
          addTags: ['a', 'b'],
          birthday: '1990-02-03',
        },
      },
    );
    await call('customers.edit', { identifier: 'c1' }, { customer: { lastName: 'Смит', vip: true, removeTags: ['a'] } });
    const { customer } = await call('customers.get', { identifier: Number(id) }, { by: 'id' });
    expect(customer).toMatchObject({ externalId: 'c1', lastName: 'Смит', tags: [{ name: 'b' }] });
    const uploaded = await call(
      'customers.upload',
      {},
      { customers: [{ externalId: 'c2' }, { externalId: 'c3', phones: [{ number: '1' }] }] },
    );
    expect(uploaded['uploadedCustomers']).toEqual([
      { id: 2, externalId: 'c2' },
      { id: 3, externalId: 'c3' },
    ]);
    await call('customers.fixExternalIds', {}, { customers: [{ id: 2, externalId: 'c2b' }] });
    await call('customers.subscriptions', { identifier: 'c1' }, { subscriptions: [{ channel: 'email', active: true }] });
    await call('customers.notesCreate', {}, { note: { text: 'Note', customer: { id: 1 } } });
    const notes = await call('customers.notes', {}, { filter: { customerIds: [1] } });
    expect(notes['notes']).toMatchObject([{ text: 'Note' }]);
    await call('customers.notesDelete', { id: 1 });
    await call('customers.combine', {}, { resultCustomer: { id: 1 }, customers: [{ id: 3 }] });
    expect(asObjects((await call('customers.list', {}, { filter: { ids: [1, 3] } }))['customers'])).toHaveLength(1);
    const history = asObjects((await call('customers.history', {}, { filter: { sinceId: 0 } }))['history']);
    expect(history.some((entry) => entry['created'] === true)).toBe(true);
    expect(history.at(-1)).toMatchObject({ deleted: true, combinedTo: { id: 1 }, apiKey: { current: true } });
  });

  it('corporate customers', async () => {
    await call(
      'customersCorporate.create',
      {},
      {
        customerCorporate: {
          externalId: 'k1',
          nickName: 'ACME',
          companies: [{ name: 'ACME Ltd', isMain: true }],
          addresses: [{ city: 'Madrid' }],
        },
      },
    );
    await call('customersCorporate.upload', {}, { customersCorporate: [{ externalId: 'k2', nickName: 'B' }] });
    await call('customersCorporate.fixExternalIds', {}, { customersCorporate: [{ id: 2, externalId: 'k2b' }] });
    await call('customersCorporate.edit', { identifier: 'k1' }, { customerCorporate: { nickName: 'ACME 2' } });
    const at = { identifier: 'k1' };
    const address = await call('customersCorporate.addressesCreate', at, {
      address: { name: 'Main', externalId: 'a1', city: 'Sevilla', isMain: true },
    });
    await call(
      'customersCorporate.addressesEdit',
      { customerId: 'k1', addressId: Number(address['id']) },
      { entityBy: 'id', address: { name: 'Renamed' } },
    );
    expect((await call('customersCorporate.addresses', at, { filter: { city: 'sevilla' } }))['addresses']).toMatchObject([
      { name: 'Renamed', isMain: true },
    ]);
    await call('customersCorporate.companiesCreate', at, { company: { name: 'Second', externalId: 'f2' } });
    await call('customersCorporate.companiesEdit', { customerId: 'k1', companyId: 'f2' }, { company: { brand: 'Br' } });
    await call('customersCorporate.companies', at);
    const contact = await call('customersCorporate.contactsCreate', at, { contact: { customer: { externalId: 'c1' } } });
    await call(
      'customersCorporate.contactsEdit',
      { customerId: 'k1', contactId: Number(contact['id']) },
      { entityBy: 'id', contact: { isMain: true } },
    );
    await call('customersCorporate.contacts', at, { filter: { contactExternalIds: ['c1'] } });
    expect((await call('customersCorporate.get', at))['customerCorporate']).toMatchObject({
      nickName: 'ACME 2',
      mainCompany: { name: 'ACME Ltd' },
      mainAddress: { name: 'Renamed' },
      mainCustomerContact: { isMain: true },
    });
    await call('customersCorporate.notesCreate', {}, { note: { text: 'N', customer: { externalId: 'k1' } } });
    await call('customersCorporate.notes');
    await call('customersCorporate.notesDelete', { id: 1 });
    await call('customersCorporate.combine', {}, { resultCustomer: { id: 1 }, customers: [{ id: 2 }] });
    await call('customersCorporate.list', {}, { filter: { companyName: 'acme' } });
    await call('customersCorporate.history');
  });

  it('orders and packs', async () => {
    const items = [
      { offer: { externalId: 'kettle' }, quantity: 2, initialPrice: 100.5 },
      { productName: 'Free', initialPrice: 10, externalId: 'i2' },
    ];
    const made = await call(
      'orders.create',
      {},
      {
        order: {
          externalId: 'o1',
          firstName: 'Ann',
          phone: '+79000001122',
          customer: { externalId: 'c1' },
          items,
          payments: [{ type: 'cash' }],
          delivery: { code: 'courier-own', cost: 99, address: { city: 'Москва', street: 'Тверская' } },
        },
      },
    );
    expect(made['order']).toMatchObject({ summ: 211, totalSumm: 310, customer: { externalId: 'c1' }, payments: { 1: { amount: 310 } } });
    await call(
      'orders.upload',
      {},
      { orders: [{ externalId: 'o2' }, { externalId: 'o3', items: [{ productName: 'A', initialPrice: 5 }] }] },
    );
    const item = asObjects(asObject(made['order'])['items'])[0];
    await call(
      'orders.edit',
      { identifier: 'o1' },
      { order: { status: 'assembling', statusComment: 'Go', items: [{ id: item?.['id'], quantity: 3 }] } },
    );
    const got = await call('orders.get', { identifier: 1 }, { by: 'id' });
    expect(asObjects(asObject(got['order'])['items'])).toMatchObject([{ quantity: 3 }]);
    expect((await call('orders.statuses', {}, { externalIds: ['o1'] }))['orders']).toMatchObject([
      { status: 'assembling', group: 'assembling' },
    ]);
    await call('orders.fixExternalIds', {}, { orders: [{ id: 2, externalId: 'o2b' }] });
    await call('orders.linksCreate', {}, { link: { comment: 'Same', orders: [{ id: 1 }, { externalId: 'o3' }] } });
    const payment = await call(
      'orders.paymentsCreate',
      {},
      { payment: { type: 'bank-card', externalId: 'p2', amount: 5, order: { externalId: 'o1' } } },
    );
    await call('orders.paymentsEdit', { identifier: 'p2' }, { payment: { status: 'paid' } });
    expect(asObject((await call('orders.get', { identifier: 'o1' }))['order'])['prepaySum']).toBe(5);
    await call('orders.paymentsEdit', { identifier: Number(payment['id']) }, { by: 'id', payment: { amount: 6 } });
    expect(asObject((await call('orders.get', { identifier: 'o1' }))['order'])['prepaySum']).toBe(6);
    await call('orders.paymentsDelete', { id: Number(payment['id']) });
    const pack = await call('packs.create', {}, { pack: { itemId: item?.['id'], store: 'msk', quantity: 1, purchasePrice: 50 } });
    await call('packs.edit', { id: Number(pack['id']) }, { pack: { quantity: 2, store: 'msk' } });
    await call('packs.get', { id: Number(pack['id']) });
    await call('packs.list', {}, { filter: { orderId: 1 } });
    await call('packs.delete', { id: Number(pack['id']) });
    await call('packs.history', {}, { filter: { sinceId: 0 } });
    await call('orders.combine', {}, { technique: 'summ', order: { id: 2 }, resultOrder: { id: 3 } });
    await call(
      'orders.list',
      {},
      {
        filter: { extendedStatus: ['assembling'], minPrice: 1, createdAtFrom: '2020-01-01', customerExternalId: 'c1' },
        limit: 20,
        page: 1,
      },
    );
    const history = asObjects((await call('orders.history', {}, { filter: { orderId: 1 } }))['history']);
    expect(history.map((entry) => entry['field'])).toEqual(expect.arrayContaining(['status', 'items']));
  });

  it('delivery with a module: cancel, plates, shipments, tracking', async () => {
    await bench.control('POST', '/accounts/default/modules/stand-in/callbacks/save', { order: '1' });
    const url = `${bench.url}/api/v5/orders/o1/plates/1/print`;
    const plate = await fetch(url, { headers: { 'x-api-key': bench.key } });
    expect(plate.headers.get('content-type')).toBe('application/pdf');
    visited.add('orders.platesPrint');
    await call(
      'delivery.tracking',
      { subcode: 'stand-in' },
      {
        statusUpdate: [
          { deliveryId: module.deliveries[0]?.deliveryId, history: [{ code: 'transit', updatedAt: '2026-05-05T10:00:00+00:00' }] },
        ],
      },
    );
    await call('orders.deliveryCancel', { identifier: 'o1' });
    await expect(call('orders.deliveryCancel', { identifier: 'o1' })).rejects.toThrow('400');
    await call('delivery.calculate', {}, { deliveryTypeCodes: ['courier-own', 'unknown'], order: { weight: 1 } });
    const shipment = await call(
      'delivery.shipmentsCreate',
      {},
      {
        deliveryType: 'stand-in',
        deliveryShipment: { store: 'msk', date: '2026-05-06', orders: [{ externalId: 'o1' }], time: { from: '10:00', to: '12:00' } },
      },
    );
    await call('delivery.shipmentsEdit', { id: Number(shipment['id']) }, { deliveryShipment: { comment: 'Gate 3' } });
    await call('delivery.shipmentsGet', { id: Number(shipment['id']) });
    expect(
      (await call('delivery.shipments', {}, { filter: { orderNumber: '1A', dateFrom: '2026-05-01' } }))['deliveryShipments'],
    ).toMatchObject([{ integrationCode: 'stand-in', comment: 'Gate 3' }]);
  });

  it('payments', async () => {
    await call('payments.createInvoice', {}, { createInvoice: { paymentId: 1, returnUrl: 'https://shop.example' } });
    const invoice = bench.sandbox.account('default')?.records['invoices']?.[0];
    const uuid = String(invoice?.['invoiceUuid']);
    expect(
      (await call('payments.check', {}, { check: { invoiceUuid: uuid, amount: Number(invoice?.['amount']), currency: 'RUB' } }))['result'],
    ).toEqual({ success: true });
    expect((await call('payments.check', {}, { check: { invoiceUuid: uuid, amount: 1, currency: 'RUB' } }))['result']).toMatchObject({
      success: false,
    });
    await call(
      'payments.updateInvoice',
      {},
      {
        updateInvoice: {
          invoiceUuid: uuid,
          paymentId: 'ext',
          status: 'succeeded',
          paidAt: '2026-01-01 10:00:00',
          refund: { id: 'r', status: 'pending', amount: 1 },
        },
      },
    );
    expect((await call('payments.getInvoice', { invoiceUuid: uuid }))['invoice']).toMatchObject({ status: 'succeeded', externalId: 'ext' });
    expect(asObjects(asObject((await call('orders.get', { identifier: 'o1' }))['order'])['payments'])).toMatchObject([{ status: 'paid' }]);
    const paid = { paymentId: 1, externalId: 'x', amount: 1, currency: 'RUB', status: 'succeeded' };
    await call('payments.importInvoice', {}, { invoice: paid });
    const wrong: [object, string][] = [
      [{ status: 'pending' }, 'invoice.status'],
      [{ paymentId: 99 }, 'invoice.paymentId'],
      [{ paymentId: 'x' }, 'invoice.paymentId'],
      [{ externalId: '' }, 'invoice.externalId'],
      [{ refunds: [{ status: 'succeeded', amount: 1 }] }, 'invoice.refunds[0].id'],
      [
        { refunds: [{ id: 'r', status: 'pending', amount: 1, externalId: 'e', createdAt: '2026-01-01 10:00:00' }] },
        'invoice.refunds[0].status',
      ],
    ];
    for (const [fields, field] of wrong)
      await expect(call('payments.importInvoice', {}, { invoice: { ...paid, ...fields } })).rejects.toThrow(field);
    await expect(call('payments.updateInvoice', {}, { updateInvoice: { invoiceUuid: 'nope' } })).rejects.toThrow('is not known');
    await call('payments.updateInvoice', {}, { updateInvoice: { invoiceUuid: uuid, surprise: 1 } });
    const { entries } = (await bench.control('GET', '/exchanges?name=updateInvoice&limit=1')).body;
    expect(asObjects(entries)[0]?.['notes']).toContain('updateInvoice.surprise is not a field of the contract');
  });

  it('integration modules', async () => {
    await call('integration.get', { code: 'stand-in' });
    await call('integration.edit', { code: 'stand-in' }, { integrationModule: module.registration() });
    expect(
      (
        await call(
          'integration.edit',
          { code: 'bare' },
          {
            integrationModule: {
              code: 'bare',
              integrationCode: 'bare',
              name: 'B',
              logo: 'https://b.example/l.svg',
              clientId: 'x',
              baseUrl: 'https://b.example',
              accountUrl: 'https://b.example/a',
              availableCountries: ['ES'],
            },
          },
        )
      )['info'],
    ).toEqual([]);
    const { apiKey } = await call('integration.updateScopes', { code: 'stand-in' }, { requires: { scopes: ['order_read'] } });
    expect((await bench.get('/api/v5/orders', {}, String(apiKey))).status).toBe(200);
    expect((await bench.get('/api/v5/users', {}, String(apiKey))).status).toBe(403);
  });

  it('store', async () => {
    await call(
      'store.productsBatchCreate',
      {},
      { products: [{ name: 'Новый товар', catalogId: 1, externalId: 'n1', groups: [{ externalId: 'home' }] }] },
    );
    await call(
      'store.productBatchEdit',
      {},
      {
        products: [
          { id: 5, name: 'Renamed' },
          { id: 999, name: 'x' },
        ],
      },
    );
    const stocks = await call(
      'store.inventoriesUpload',
      {},
      {
        offers: [
          { externalId: 'n1', stores: [{ code: 'msk', available: 4, purchasePrice: 2.5 }] },
          { xmlId: 'none', stores: [] },
        ],
        site: 'main',
      },
    );
    expect(stocks).toMatchObject({ processedOffersCount: 1, notFoundOffers: [{ xmlId: 'none' }] });
    await call(
      'store.pricesUpload',
      {},
      {
        prices: [
          { externalId: 'n1', prices: [{ code: 'base', price: 77 }] },
          { id: 998, prices: [] },
        ],
      },
    );
    expect((await call('store.inventories', {}, { filter: { details: 1, offerExternalId: ['n1'] } }))['offers']).toEqual([
      expect.objectContaining({ quantity: 4, purchasePrice: 2.5, stores: [{ store: 'msk', quantity: 4, purchasePrice: 2.5 }] }),
    ]);
    expect(asObjects((await call('store.products', {}, { filter: { externalId: 'n1' } }))['products'])).toMatchObject([
      { minPrice: 77, offers: [{ price: 77 }] },
    ]);
    await call('store.offers', {}, { filter: { properties: { colour: 'белый' }, sinceId: 1 }, limit: 250 });
    const group = await call(
      'store.productGroupsCreate',
      {},
      { productGroup: { name: 'G', externalId: 'g', site: 'main', parentExternalId: 'home' } },
    );
    await call('store.productGroupsEdit', { identifier: Number(group['id']) }, { by: 'id', productGroup: { name: 'G2' } });
    await call('store.productGroups', {}, { filter: { minLevel: 2 } });
    await call('store.productsProperties');
    await call('store.productsPropertyValues', {}, { filter: { propertyCode: 'colour' } });
  });

  it('files: raw upload, links, download', async () => {
    const upload = await fetch(`${bench.url}/api/v5/files/upload`, {
      method: 'POST',
      headers: { 'x-api-key': bench.key, 'content-type': 'application/x-www-form-urlencoded' },
      body: '%PDF-1.4 raw = bytes & more',
    });
    const { file } = (await upload.json()) as { file: { id: number; type: string; size: number } };
    expect(file).toMatchObject({ type: 'application/pdf', size: 27, filename: 'API upload' });
    visited.add('files.upload');
    await call(
      'files.edit',
      { fileId: file.id },
      { file: { filename: 'Накладная.pdf', attachment: [{ order: { externalId: 'o1' } }, { customer: { id: 1 } }] } },
    );
    expect((await call('files.list', {}, { filter: { orderIds: [1], isAttached: 1 } }))['files']).toMatchObject([
      { filename: 'Накладная.pdf' },
    ]);
    await call('files.get', { fileId: file.id });
    const download = await fetch(`${bench.url}/api/v5/files/${file.id}/download`, { headers: { 'x-api-key': bench.key } });
    expect(await download.text()).toBe('%PDF-1.4 raw = bytes & more');
    expect(download.headers.get('content-disposition')).toContain(encodeURIComponent('Накладная.pdf'));
    visited.add('files.download');
    await call('files.delete', { fileId: file.id });
    await expect(call('files.get', { fileId: file.id })).rejects.toThrow('404');
  });

  it('tasks', async () => {
    const { id } = await call(
      'tasks.create',
      {},
      { task: { text: 'Call back', performerId: 1, datetime: '2026-04-01 10:00', order: { externalId: 'o1' }, phone: '123' } },
    );
    await call('tasks.edit', { id: Number(id) }, { task: { complete: true } });
    expect((await call('tasks.get', { id: Number(id) }))['task']).toMatchObject({ complete: true, order: { number: '1A' }, performer: 1 });
    await call('tasks.list', {}, { filter: { status: 'completed', performers: [1] } });
    await call('tasks.history', {}, { filter: { sinceId: 0, taskId: Number(id) } });
    await call('tasks.getComments', { id: Number(id) });
  });

  it('telephony', async () => {
    expect(
      await call('telephony.callEvent', {}, { event: { phone: '+79000001122', type: 'in', codes: ['100'], userIds: [1, 77] } }),
    ).toMatchObject({ notExistCodes: ['100'], notExistUsers: [77] });
    await expect(call('telephony.callEvent', {}, { event: { phone: '+79000001122', type: 'in' } })).rejects.toThrow(
      /^telephony\.callEvent: 400 .*"event\.codes"/,
    );
    const one = {
      date: '2026-04-01 10:00:00',
      type: 'in',
      phone: '+79000001122',
      userId: 1,
      result: 'no answer',
      duration: 5,
      durationWaiting: 5,
      externalId: 'call-1',
    };
    expect(await call('telephony.callsUpload', {}, { calls: [one] })).toMatchObject({ processedCallsCount: 1, duplicateCalls: [] });
    expect(await call('telephony.callsUpload', {}, { calls: [one] })).toMatchObject({ processedCallsCount: 0, duplicateCalls: ['call-1'] });
    expect(await call('telephony.manager', {}, { phone: '7 (900) 000-11-22', details: 1 })).toMatchObject({
      manager: { id: '1' },
      customer: { externalId: 'c1' },
      links: { customerLink: expect.any(String) },
    });
    expect(await call('telephony.manager', {}, { phone: '5', details: 1 })).not.toHaveProperty('customer');
    await expect(call('telephony.callsUpload', {}, { calls: [{ ...one, result: 'no answered' }] })).rejects.toThrow('calls[0].result');
  });

  it('notifications, within their balance', async () => {
    const notification = { type: 'api.error', message: '<b>Down</b>', userIds: [1] };
    for (let count = 0; count < 3; count += 1) await call('notifications.send', {}, { notification });
    await expect(call('notifications.send', {}, { notification })).rejects.toThrow('429');
    await expect(
      call('notifications.send', {}, { notification: { ...notification, type: 'api.info', message: '<script>x</script>' } }),
    ).rejects.toThrow('not allowed');
  });

  it('costs and custom fields', async () => {
    const cost = { dateFrom: '2026-01-01', dateTo: '2026-01-31', summ: 10.5, costItem: 'courier', order: { externalId: 'o1' } };
    const { id } = await call('costs.create', {}, { cost });
    await call('costs.costsUpload', {}, { costs: [cost, cost, cost] });
    await call('costs.edit', { id: Number(id) }, { cost: { comment: 'c' } });
    await call('costs.get', { id: Number(id) });
    await call('costs.list', {}, { filter: { costItems: ['courier'], minSumm: 1, orderNumber: '1A' } });
    await call('costs.delete', { id: Number(id) });
    expect(await call('costs.costsDelete', {}, { ids: [2, 99] })).toMatchObject({ count: 1, notRemovedIds: [99] });
    // The list of ids as one JSON field.
    expect(await call('costs.costsDelete', {}, { ids: '[3,98]' })).toMatchObject({ count: 1, notRemovedIds: [98] });
    await call(
      'customFields.dictionariesCreate',
      {},
      { customDictionary: { code: 'sizes', name: 'Sizes', elements: [{ code: 's', name: 'S' }] } },
    );
    await call('customFields.dictionariesEdit', { code: 'sizes' }, { customDictionary: { name: 'Sizes 2' } });
    await call('customFields.dictionariesGet', { code: 'sizes' });
    await call('customFields.dictionaries');
    await call(
      'customFields.create',
      { entity: 'order' },
      { customField: { code: 'size', name: 'Size', type: 'dictionary', dictionary: 'sizes' } },
    );
    await call('customFields.edit', { entity: 'order', code: 'size' }, { customField: { name: 'Size 2' } });
    await call('customFields.get', { entity: 'order', code: 'size' });
    await call('customFields.list', {}, { filter: { entity: 'order' } });
  });

  it('carts and favourites', async () => {
    const at = { site: 'main', customerId: 'c1' };
    expect((await call('customerInteraction.cartGet', at))['cart']).toEqual([]);
    await call('customerInteraction.cartSet', at, {
      cart: { externalId: 'cart', customer: { externalId: 'c1' }, items: [{ offer: { externalId: 'cup' }, quantity: 2, price: 5 }] },
    });
    expect((await call('customerInteraction.cartGet', { site: '1', customerId: '1' }, { by: 'id', siteBy: 'id' }))['cart']).toMatchObject({
      externalId: 'cart',
      items: [{ quantity: 2 }],
    });
    await call('customerInteraction.cartClear', at, { cart: { customer: { externalId: 'c1' } } });
    await call('customerInteraction.favoritesAdd', at, { favorite: { offer: { externalId: 'cup' } } });
    await call('customerInteraction.favoritesAdd', at, { favorite: { offer: { id: 2 } } });
    expect((await call('customerInteraction.favorites', at))['favorites']).toEqual([
      { offer: { id: 2, externalId: 'cup', xmlId: 'xml-cup' } },
    ]);
    await call('customerInteraction.favoritesRemove', at, { favorite: { offer: { id: 2 } } });
    expect((await call('customerInteraction.favorites', at))['favorites']).toEqual([]);
  });

  it('loyalty', async () => {
    const { loyaltyAccount } = await call(
      'loyalty.accountCreate',
      {},
      { site: 'main', loyaltyAccount: { phoneNumber: '123', customer: { externalId: 'c1' } } },
    );
    const at = { id: Number(asObject(loyaltyAccount)['id']) };
    await expect(call('loyalty.accountBonusCredit', at, { amount: 5 })).rejects.toThrow('not activated');
    await call('loyalty.accountActivate', at);
    await call('loyalty.accountBonusCredit', at, { amount: 100, activationDate: '2026-01-01' });
    await call('loyalty.accountBonusCharge', at, { amount: 30 });
    expect(asObject((await call('loyalty.accountGet', at))['loyaltyAccount'])['amount']).toBe(70);
    await call('loyalty.accountEdit', at, { loyaltyAccount: { cardNumber: '5' } });
    await call('loyalty.accounts', {}, { filter: { minAmount: 50 } });
    await call('loyalty.accountBonusOperations', at);
    await call('loyalty.bonusOperations', {}, { limit: 20 });
    await call('loyalty.getBonusAccountDetails', { ...at, status: 'burn_soon' });
    await call('loyalty.loyalties');
    await call('loyalty.get', { id: 1 });
    await call(
      'loyalty.calculate',
      {},
      { site: 'main', order: { customer: { externalId: 'c1' }, items: [{ initialPrice: 100, quantity: 2 }] } },
    );
    await call('orders.loyaltyApply', {}, { order: { externalId: 'o1' }, bonuses: 20 });
    await call('orders.cancelBonusOperations', {}, { order: { externalId: 'o1' } });
    expect(asObject((await call('loyalty.accountGet', at))['loyaltyAccount'])['amount']).toBe(70);
  });

  it('verification and web analytics', async () => {
    const started = (await bench.control('POST', '/accounts/default/verifications', {})).body;
    await call('verification.smsStatus', { checkId: String(started['checkId']) });
    await call('verification.smsConfirm', {}, { verification: { checkId: started['checkId'], code: started['code'] } });
    await call('webAnalytics.clientIdsUpload', {}, { clientIds: [{ value: 'ga', customer: { externalId: 'c1' }, site: 'main' }] });
    await call('webAnalytics.sourcesUpload', {}, { sources: [{ source: 'google', order: { externalId: 'o1' }, site: 'main' }] });
    await call('webAnalytics.visitsUpload', {}, { visits: [{ clientId: 'ga', site: 'main', pageViews: 3 }] });
    const partly = await bench.post('/api/v5/web-analytics/sources/upload', {
      sources: [
        { source: 'x', order: { externalId: 'none' } },
        { source: 'y', order: { externalId: 'o1' } },
      ],
    });
    expect(partly).toMatchObject({ status: 460, body: { success: false, failedSources: [{ source: 'x' }], errors: [expect.any(String)] } });
  });

  it('leaves no method out', () => {
    expect(METHODS.map((method) => method.key).filter((key) => !visited.has(key))).toEqual([]);
  });
});
