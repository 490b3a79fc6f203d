import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type * as wire from '#crm-client/wire';
import { pdfPages, SAMPLE_NAMES, sampleOrder, wireCalculate, wireSave, wireShipmentSave } from '#testing';
import { Account, readRefusal, readResult, readSaved } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import type { Reply } from './support/reply.js';

type Tariff = wire.CallbackDeliveryResponseCalculate;

let deployment: Deployment;
let account: Account;
/** Another account of the same module. */
let stranger: Account;

beforeAll(async () => {
  deployment = await Deployment.start({ accounts: 2, workers: 0 });
  account = await Account.connect(deployment, deployment.nextCrm());
  stranger = await Account.connect(deployment, deployment.nextCrm());
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

function listTariffs(reply: Reply): Tariff[] {
  return readResult<Tariff[]>(reply, 'CallbackDeliveryCalculateResponse');
}

/** The tariff an order of the samples goes by, and the terminal when it goes to one. */
async function choiceFor(name: (typeof SAMPLE_NAMES)[number]): Promise<{ tariff: string; terminal?: string } | undefined> {
  const tariffs = listTariffs(await account.calculate(wireCalculate(sampleOrder(name))));
  const wanted = name.includes('Point') ? 'selfDelivery' : 'courier';
  const tariff = tariffs.find((one) => one.type === wanted && one.cost !== undefined);
  const terminal = tariff?.pickuppointList?.[0]?.code;
  return tariff?.code ? { tariff: tariff.code, ...(terminal && { terminal }) } : undefined;
}

/** The courier has no branch in the US. */
const SERVED: readonly string[] = SAMPLE_NAMES.filter((name) => name !== 'notServed' && name !== 'losAngelesCourier');

describe('calculate', () => {
  it.each(SAMPLE_NAMES)('answers the tariffs for %s', async (name) => {
    const order = sampleOrder(name);
    const tariffs = listTariffs(await account.calculate(wireCalculate(order)));
    expect(tariffs.length > 0).toBe(SERVED.includes(name));
    for (const tariff of tariffs) {
      expect(['courier', 'selfDelivery']).toContain(tariff.type);
      expect(tariff.minTerm ?? 0).toBeLessThanOrEqual(tariff.maxTerm ?? Infinity);
      expect((tariff.pickuppointList?.length ?? 0) > 0).toBe(tariff.type === 'selfDelivery');
    }
  });

  it('reads numbers as texts, empty objects as lists, null as missing, and ignores what it does not know', async () => {
    const plain = wireCalculate();
    const odd = JSON.parse(JSON.stringify(plain, (_key, value: unknown) => (typeof value === 'number' ? String(value) : value))) as Record<
      string,
      unknown
    >;
    const reply = await account.post('/delivery/calculate', {
      calculate: { ...odd, extraData: [], deliveryTime: [], store: null, shipmentDate: null, novelty: { deep: [1, 2, { x: null }] } },
    });
    expect(listTariffs(reply)).toEqual(listTariffs(await account.calculate(plain)));
  });

  it('accepts multipart like urlencoded', async () => {
    const body = wireCalculate(sampleOrder('madridCourier'));
    expect(listTariffs(await account.postMultipart('/delivery/calculate', { calculate: body }))).toEqual(
      listTariffs(await account.calculate(body)),
    );
  });

  it('prices the address of shipment when there is no other', async () => {
    const { deliveryAddress: _, ...body } = wireCalculate();
    expect(listTariffs(await account.calculate(body)).length).toBeGreaterThan(0);
  });
});

describe('the life of a delivery', () => {
  it.each(SAMPLE_NAMES.filter((name) => SERVED.includes(name)))('%s: save, get, edit, print, ship, delete', async (name) => {
    const choice = await choiceFor(name);
    if (!choice) throw new Error('no tariff can be chosen');
    const order = sampleOrder(name);
    const body = wireSave(choice.tariff, order, {
      delivery: { deliveryAddress: { ...order.to, ...(choice.terminal && { terminal: choice.terminal }) } },
    });
    const saved = readSaved(await account.save(body));
    expect(saved).toMatchObject({
      deliveryId: expect.any(String),
      trackNumber: expect.any(String),
      cost: expect.any(Number),
      status: 'created',
    });

    const got = readResult<wire.CallbackDeliveryResponseLoadDeliveryData>(
      await account.get('/delivery/get', { deliveryId: saved.deliveryId }),
      'CallbackDeliveryGetResponse',
    );
    expect(got).toMatchObject({
      trackNumber: saved.trackNumber,
      cost: saved.cost,
      tariff: choice.tariff,
      payerType: 'sender',
      shipmentDate: '2026-03-03',
      status: { code: 'created' },
      deliveryAddress: { city: order.to.city },
    });
    // In the account's zone.
    expect(got.status?.updatedAt).toMatch(/\+03:00$/);

    const edited = readSaved(await account.save({ ...body, deliveryId: saved.deliveryId, orderNumber: `${body.orderNumber}-2` }));
    expect(edited).toMatchObject({ deliveryId: saved.deliveryId, trackNumber: saved.trackNumber, status: 'created' });

    for (const type of ['label', 'waybill']) {
      const print = await account.post('/delivery/print', { print: { type, deliveryIds: [[saved.deliveryId]] } });
      expect([print.status, print.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      expect(print.headers.get('content-disposition')).toBe(`inline; filename="${type}-${body.orderNumber}-2.pdf"`);
      expect(
        pdfPages(print.bytes)
          .map((page) => page.text)
          .join(),
      ).toContain(saved.trackNumber);
    }

    const shipment = readResult<wire.CallbackDeliveryResponseShipmentSave>(
      await account.post('/delivery/shipment-save', { shipmentSave: wireShipmentSave([saved.deliveryId]) }),
      'CallbackDeliveryShipmentSaveResponse',
    );
    const manifest = await account.post('/delivery/print', {
      print: { entityType: 'shipment', type: 'manifest', deliveryIds: [[shipment.shipmentId]] },
    });
    expect(pdfPages(manifest.bytes).length).toBeGreaterThan(0);
    expect(
      (await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId: shipment.shipmentId, extraData: [] } })).json,
    ).toEqual({
      success: true,
    });

    expect((await account.delete(saved.deliveryId)).json).toEqual({ success: true });
    expect(readRefusal(await account.get('/delivery/get', { deliveryId: saved.deliveryId })).status).toBe(404);
  });

  it('prints many deliveries as one document, in the order asked', async () => {
    const saved = [await account.ship('8001'), await account.ship('8002'), await account.ship('8003')].reverse();
    const ids = saved.map((one) => one.deliveryId);
    const print = await account.post('/delivery/print', {
      print: { entityType: 'order', type: 'label', deliveryIds: [[ids[0], ids[1]], [ids[2]]] },
    });
    expect(print.headers.get('content-disposition')).toBe('inline; filename="label-8003A-and-2-more.pdf"');
    const pages = pdfPages(print.bytes).map((page) => page.text);
    expect(pages.map((text, index) => text.includes(saved[index]?.trackNumber ?? '?'))).toEqual([true, true, true]);
  });

  it('keeps the CRM’s data about its addresses', async () => {
    const known = { regionId: 1, cityId: 4, cityType: 'г.', streetId: 37, streetType: 'ул.', terminalData: { code: 'X', name: 'У метро' } };
    const order = sampleOrder('moscowCourier', { order: '8009' });
    const deliveryAddress = { ...order.to, ...known };
    const { deliveryId } = readSaved(await account.save(wireSave('courier', order, { delivery: { deliveryAddress } })));
    const got = readResult<wire.CallbackDeliveryResponseLoadDeliveryData>(
      await account.get('/delivery/get', { deliveryId }),
      'CallbackDeliveryGetResponse',
    );
    expect(got.deliveryAddress).toEqual(deliveryAddress);
  });

  it('goes to a legal person who has no last name', async () => {
    const order = sampleOrder('moscowCourier', { order: '8008' });
    const customer = { type: 'customer_corporate', id: 5, phones: ['+74951234567'] };
    const contragent = { contragentType: 'legal-entity', legalName: 'ООО «Ромашка»' };
    const { deliveryId } = readSaved(await account.save(wireSave('courier', order, { customer: { ...customer, contragent } as never })));
    const print = await account.post('/delivery/print', { print: { type: 'label', deliveryIds: [[deliveryId]] } });
    expect(pdfPages(print.bytes)[0]?.text.replace(/\s+/g, '')).toContain('ООО«Ромашка»');
  });

  it('shows which of its fields the user may change: statuses, tariff name, comment', async () => {
    const { deliveryId } = await account.ship('8010');
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'delivery-failed', comment: 'Никого нет дома' }]);
    const got = readResult<wire.CallbackDeliveryResponseLoadDeliveryData>(
      await account.get('/delivery/get', { deliveryId }),
      'CallbackDeliveryGetResponse',
    );
    expect(got).toMatchObject({ status: { code: 'delivery-failed', comment: 'Никого нет дома' }, tariffName: expect.any(String) });
  });

  it('is closed to changes once it is on its way', async () => {
    const { deliveryId } = await account.ship('8011');
    await deployment.operator('POST', '/deliveries/statuses', [{ deliveryId, code: 'delivered' }]);
    const body = wireSave('courier', sampleOrder('moscowCourier', { order: '8011' }), { deliveryId, orderNumber: 'changed' });
    expect(readRefusal(await account.save(body)).status).toBe(400);
    expect(readRefusal(await account.delete(deliveryId)).status).toBe(400);
  });

  it('prints a company with its name, contact person and INN', async () => {
    const contragent = { contragentType: 'legal-entity', legalName: 'ООО «Ромашка»', INN: '7707083893' };
    const customer = { type: 'customer_corporate', id: 7_101, firstName: 'Пётр', lastName: 'Ёлкин', phones: ['+79161234567'], contragent };
    const order = sampleOrder('moscowCourier', { order: '7101' });
    const { deliveryId } = readSaved(await account.save(wireSave('courier', order, { customer })));
    const print = await account.post('/delivery/print', { print: { type: 'waybill', deliveryIds: [[deliveryId]] } });
    const text = pdfPages(print.bytes)[0]?.text.replace(/\s+/g, '') ?? '';
    for (const part of ['ООО«Ромашка»,ЁлкинПётр', 'ИНН7707083893']) expect(text).toContain(part);
  });
});

describe('lists', () => {
  it('of tariffs and of points that take parcels in', async () => {
    const tariffs = readResult<wire.CallbackDeliveryTariff[]>(await account.get('/delivery/tariffs'), 'CallbackDeliveryTariffListResponse');
    expect(tariffs.map((tariff) => tariff.code)).toContain('courier');
    const query = { country: 'RU', region: 'Москва', regionId: '77', city: 'Москва', cityId: '1' };
    const points = readResult<wire.CallbackDeliveryTerminal[]>(
      await account.get('/delivery/shipment-points', query),
      'CallbackDeliveryShipmentPointListResponse',
    );
    expect(points.length).toBeGreaterThan(0);
    expect(
      readResult(await account.get('/delivery/shipment-points', { country: 'AQ' }), 'CallbackDeliveryShipmentPointListResponse'),
    ).toEqual([]);
    for (const alone of ['cityId', 'regionId']) {
      const refusal = readRefusal(await account.get('/delivery/shipment-points', { country: 'RU', [alone]: '4' }));
      expect([refusal.status, Object.keys(refusal.errors)]).toEqual([400, [alone]]);
    }
  });

  it('of suggestions', async () => {
    const suggestions = readResult<wire.CallbackDeliveryResponseAutocompleteItem[]>(
      await account.get('/delivery/autocomplete/sortingHub', { term: 'каз' }),
      'CallbackDeliveryAutocompleteResponse',
    );
    expect(suggestions.map((one) => one.value)).toEqual(['RU-KZN']);
    for (const query of [{}, { term: '' }, { term: '%_\\' }, { term: 'я'.repeat(255) }])
      readResult(
        await account.get('/delivery/autocomplete/sortingHub', query as Record<string, string>),
        'CallbackDeliveryAutocompleteResponse',
      );
    expect(readRefusal(await account.get('/delivery/autocomplete/nosuch', { term: 'x' })).status).toBe(404);
  });
});

describe('a refusal', () => {
  it("is shown in the account's language", async () => {
    const language = (value: string): Promise<Reply> => stranger.tellSettings({ system_language: { value } });
    const save = (): Promise<Reply> => stranger.save(wireSave('courier', sampleOrder('moscowCourier', { order: '9100' }), { order: '' }));
    await language('ru');
    try {
      expect(readRefusal(await save())).toMatchObject({ status: 400, errorMsg: 'Заказ: не должно быть пустым.' });
      expect(readRefusal(await stranger.delete('01900000-0000-7000-8000-000000000000'))).toEqual({
        status: 404,
        errorMsg: 'Здесь нет ничего с идентификатором "01900000-0000-7000-8000-000000000000".',
        errors: {},
      });
      await stranger.activity(true, true);
      expect(readRefusal(await save()).errorMsg).toBe('Модуль заморожен в этом аккаунте со стороны CRM.');
      await language('es');
      expect(readRefusal(await save()).errorMsg).toBe('El CRM congeló el módulo en esta cuenta.');
    } finally {
      await stranger.activity(true, false);
      await language('en');
    }
  });
});

describe('what belongs to another account', () => {
  it('does not exist', async () => {
    const { deliveryId } = await stranger.ship('9001');
    const shipment = readResult<{ shipmentId: string }>(
      await stranger.post('/delivery/shipment-save', { shipmentSave: wireShipmentSave([deliveryId]) }),
      'CallbackDeliveryShipmentSaveResponse',
    );
    const edit = wireSave('courier', sampleOrder('moscowCourier', { order: '9001' }), { deliveryId });
    const replies = [
      await account.get('/delivery/get', { deliveryId }),
      await account.delete(deliveryId),
      await account.save(edit),
      await account.post('/delivery/print', { print: { type: 'label', deliveryIds: [[deliveryId]] } }),
      await account.post('/delivery/shipment-save', { shipmentSave: wireShipmentSave([deliveryId]) }),
      await account.post('/delivery/shipment-save', {
        shipmentSave: { ...wireShipmentSave([deliveryId]), shipmentId: shipment.shipmentId },
      }),
      await account.post('/delivery/print', { print: { entityType: 'shipment', type: 'manifest', deliveryIds: [[shipment.shipmentId]] } }),
      await account.post('/delivery/shipment-delete', { shipmentDelete: { shipmentId: shipment.shipmentId } }),
    ];
    for (const reply of replies) expect(readRefusal(reply).status).toBe(404);
    // The same answer as for what never was.
    const never = '00000000-0000-7000-8000-000000000000';
    expect(readRefusal(await account.delete(never)).errorMsg.replace(never, deliveryId)).toBe(
      readRefusal(await account.delete(deliveryId)).errorMsg,
    );
    readSaved(await stranger.save(edit));
  });
});

describe('bad input', () => {
  const order = { ...wireSave('courier', sampleOrder('moscowCourier', { order: '7001' })) };
  const quote = wireCalculate();
  const parcel = quote.packages[0];
  /** Callback path, field, body, and the field that is named (none: only that it is refused). */
  const table: [what: string, path: string, field: string, body: object | string, named?: string][] = [
    ['malformed JSON', '/delivery/calculate', 'calculate', '{"packages":[', 'calculate'],
    ['JSON with a comma too many', '/delivery/save', 'save', '{"order":"1",}', 'save'],
    ['no object', '/delivery/calculate', 'calculate', '"text"', 'calculate'],
    ['a number', '/delivery/save', 'save', '5', 'save'],
    ['null', '/delivery/save', 'save', 'null', 'save'],
    ['a list', '/delivery/save', 'save', '[1,2,3]', 'save'],
    ['nothing', '/delivery/save', 'save', '', 'save'],
    ['an empty object', '/delivery/calculate', 'calculate', {}, 'packages'],
    ['no packages', '/delivery/calculate', 'calculate', { ...quote, packages: [] }, 'packages'],
    ['packages that are a text', '/delivery/calculate', 'calculate', { ...quote, packages: 'x' }, 'packages'],
    [
      'a package without weight',
      '/delivery/calculate',
      'calculate',
      { ...quote, packages: [{ ...parcel, weight: undefined }] },
      'packages[0].weight',
    ],
    ['a weight of nothing', '/delivery/calculate', 'calculate', { ...quote, packages: [{ ...parcel, weight: 0 }] }, 'packages[0].weight'],
    ['a negative weight', '/delivery/calculate', 'calculate', { ...quote, packages: [{ ...parcel, weight: -5 }] }, 'packages[0].weight'],
    [
      'a weight in words',
      '/delivery/calculate',
      'calculate',
      { ...quote, packages: [{ ...parcel, weight: 'heavy' }] },
      'packages[0].weight',
    ],
    [
      'a weight of 1e999',
      '/delivery/calculate',
      'calculate',
      JSON.stringify(quote).replace(/"weight":\d+/, '"weight":1e999'),
      'packages[0].weight',
    ],
    [
      'a weight that is an object',
      '/delivery/calculate',
      'calculate',
      { ...quote, packages: [{ ...parcel, weight: { $gt: 0 } }] },
      'packages[0].weight',
    ],
    [
      'a second package that is wrong',
      '/delivery/calculate',
      'calculate',
      { ...quote, packages: [parcel, { ...parcel, width: -1 }] },
      'packages[1].width',
    ],
    [
      'no address',
      '/delivery/calculate',
      'calculate',
      { ...quote, deliveryAddress: undefined, shipmentAddress: undefined },
      'deliveryAddress',
    ],
    ['an address that is a text', '/delivery/calculate', 'calculate', { ...quote, deliveryAddress: 'Moscow' }, 'deliveryAddress'],
    [
      'a city that is an object',
      '/delivery/calculate',
      'calculate',
      { ...quote, deliveryAddress: { city: { a: 1 } } },
      'deliveryAddress.city',
    ],
    ['a negative amount', '/delivery/calculate', 'calculate', { ...quote, cod: -1 }, 'cod'],
    ['an amount of 1e300', '/delivery/calculate', 'calculate', { ...quote, declaredValue: 1e300 }, 'declaredValue'],
    ['a currency of four letters', '/delivery/calculate', 'calculate', { ...quote, currency: 'RUBL' }, 'currency'],
    ['an unknown payer', '/delivery/calculate', 'calculate', { ...quote, payerType: 'nobody' }, 'payerType'],
    ['a day that is none', '/delivery/calculate', 'calculate', { ...quote, shipmentDate: '2026-02-31' }, 'shipmentDate'],
    ['a date in words', '/delivery/calculate', 'calculate', { ...quote, deliveryDate: 'tomorrow' }, 'deliveryDate'],
    ['a month 13', '/delivery/calculate', 'calculate', { ...quote, deliveryDate: '2026-13-01' }, 'deliveryDate'],
    ['a time that is none', '/delivery/calculate', 'calculate', { ...quote, deliveryTime: { from: '25:99' } }, 'deliveryTime.from'],
    ['an extraData that is a text', '/delivery/calculate', 'calculate', { ...quote, extraData: 'x' }, 'extraData'],
    [
      '501 packages',
      '/delivery/calculate',
      'calculate',
      { ...quote, packages: Array.from({ length: 501 }, () => ({ weight: 1 })) },
      'packages',
    ],
    ['nesting 10,000 deep', '/delivery/calculate', 'calculate', `{"packages":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    [
      'an extraData 5,000 deep',
      '/delivery/calculate',
      'calculate',
      `{"packages":[{"weight":1}],"deliveryAddress":{"city":"x"},"extraData":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
      'extraData',
    ],
    [
      'an extraData of 2,000 values',
      '/delivery/calculate',
      'calculate',
      { ...quote, extraData: Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n}`, n])) },
      'extraData',
    ],
    ['no order', '/delivery/save', 'save', { ...order, order: undefined }, 'order'],
    ['an order of NULs', '/delivery/save', 'save', { ...order, order: '\0\0' }, 'order'],
    ['an order of 300 letters', '/delivery/save', 'save', { ...order, order: 'x'.repeat(300) }, 'order'],
    ['no delivery', '/delivery/save', 'save', { ...order, delivery: undefined }, 'delivery'],
    ['no tariff', '/delivery/save', 'save', { ...order, delivery: { ...order.delivery, tariff: undefined } }, 'delivery.tariff'],
    [
      'a tariff that is a list',
      '/delivery/save',
      'save',
      { ...order, delivery: { ...order.delivery, tariff: ['courier'] } },
      'delivery.tariff',
    ],
    ['an unknown tariff', '/delivery/save', 'save', { ...order, delivery: { ...order.delivery, tariff: 'rocket' } }, 'delivery.tariff'],
    [
      'a withCod that is a text',
      '/delivery/save',
      'save',
      { ...order, delivery: { ...order.delivery, withCod: 'perhaps' } },
      'delivery.withCod',
    ],
    ['a year 0000', '/delivery/save', 'save', { ...order, delivery: { ...order.delivery, deliveryDate: '0000-01-01' } }],
    [
      'a place that is not served',
      '/delivery/save',
      'save',
      { ...order, delivery: { ...order.delivery, deliveryAddress: { countryIso: 'AQ', city: 'Vostok' } } },
      'delivery.deliveryAddress',
    ],
    ['a deliveryId that is none', '/delivery/save', 'save', { ...order, deliveryId: "1' OR '1'='1" }],
    ['a customer that is a text', '/delivery/save', 'save', { ...order, customer: 'Olga' }, 'customer'],
    ['phones that are lists', '/delivery/save', 'save', { ...order, customer: { phones: [['1']] } }, 'customer.phones[0]'],
    [
      'an item of minus one',
      '/delivery/save',
      'save',
      { ...order, packages: [{ weight: 1, items: [{ quantity: -1 }] }] },
      'packages[0].items[0].quantity',
    ],
    [
      'an item whose sum is beyond counting',
      '/delivery/save',
      'save',
      { ...order, packages: [{ weight: 1, items: [{ quantity: 1e12, declaredValue: 1e9 }] }] },
    ],
    [
      'a price of 1e400',
      '/delivery/save',
      'save',
      JSON.stringify(order).replace(/"cost":[\d.]+/, '"cost":1e400'),
      'packages[0].items[0].cost',
    ],
    ['delete without an id', '/delivery/delete', 'delete', {}, 'deliveryId'],
    ['delete of a list', '/delivery/delete', 'delete', { deliveryId: ['a'] }, 'deliveryId'],
    ['print without a type', '/delivery/print', 'print', { deliveryIds: [['x']] }, 'type'],
    ['print of an unknown form', '/delivery/print', 'print', { type: 'poster', deliveryIds: [['x']] }, 'type'],
    ['print of nothing', '/delivery/print', 'print', { type: 'label', deliveryIds: [] }, 'deliveryIds'],
    ['print of empty lists', '/delivery/print', 'print', { type: 'label', deliveryIds: [[], []] }, 'deliveryIds'],
    ['print of a flat list', '/delivery/print', 'print', { type: 'label', deliveryIds: ['x'] }, 'deliveryIds[0]'],
    ['print of an unknown kind', '/delivery/print', 'print', { entityType: 'poster', type: 'label', deliveryIds: [['x']] }, 'entityType'],
    ['print of an unknown id', '/delivery/print', 'print', { type: 'label', deliveryIds: [['x']] }, 'deliveryIds[0][0]'],
    ['print of 101', '/delivery/print', 'print', { type: 'label', deliveryIds: [Array.from({ length: 101 }, () => 'x')] }, 'deliveryIds'],
    ['a shipment of nothing', '/delivery/shipment-save', 'shipmentSave', { orders: [] }, 'orders'],
    ['a shipment without deliveries', '/delivery/shipment-save', 'shipmentSave', { orders: [{}] }, 'orders[0].deliveryId'],
    ['a shipment of the unknown', '/delivery/shipment-save', 'shipmentSave', { orders: [{ deliveryId: 'x' }] }, 'orders[0].deliveryId'],
    ['a shipment on no day', '/delivery/shipment-save', 'shipmentSave', { date: '31.12.2026', orders: [{ deliveryId: 'x' }] }, 'date'],
    ['a shipment to delete without an id', '/delivery/shipment-delete', 'shipmentDelete', {}, 'shipmentId'],
    ['a shipment to delete that is none', '/delivery/shipment-delete', 'shipmentDelete', { shipmentId: 'x' }],
  ];

  it.each(table)('%s at %s', async (...row) => {
    const [, path, field, body, named] = row;
    for (const reply of [await account.post(path, { [field]: body }), await account.postMultipart(path, { [field]: body })]) {
      const { status, errorMsg, errors } = readRefusal(reply);
      expect([400, 404]).toContain(status);
      if (named !== undefined) expect(Object.keys(errors)).toContain(named);
      expect(errorMsg.length).toBeLessThan(1000);
      // Paths are for developers, in `errors`.
      expect(errorMsg).not.toMatch(/\w\[|[a-z]\.[a-z]|[a-z][A-Z]/);
    }
  });

  it('is refused however a clientId is wrong', async () => {
    const body = `calculate=${encodeURIComponent(JSON.stringify(quote))}`;
    const send = (form: string): Promise<Reply> =>
      deployment.send('/courier/callbacks/delivery/calculate', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      });
    const { clientId } = account;
    for (const form of [
      body,
      `clientId=&${body}`,
      `clientId[]=${clientId}&clientId[]=x&${body}`,
      `clientId=${clientId}&clientId=${clientId}&${body}`,
    ])
      expect(readRefusal(await send(form))).toMatchObject({ status: 400, errors: { clientId: 'is required' } });
    for (const wrong of ['x', `${clientId} `, clientId.toLowerCase(), '%00', '%ED%A0%80', "' OR ''='", 'я'.repeat(10_000)])
      expect(readRefusal(await send(`clientId=${wrong}&${body}`)).status).toBe(403);
    expect((await send(`clientId=${clientId}&${body}`)).status).toBe(200);
    // A module that is not hosted, and a callback that does not exist.
    expect(readRefusal(await deployment.send('/nosuch/callbacks/delivery/calculate', { method: 'POST' })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(readRefusal(await account.post('/delivery/nosuch', {})).status).toBe(404);
    expect(readRefusal(await account.get('/delivery/calculate')).status).toBe(404);
  });

  it('is refused whatever the body and its type', async () => {
    const send = (contentType: string | undefined, body: string | Uint8Array): Promise<Reply> =>
      deployment.send('/courier/callbacks/delivery/save', {
        method: 'POST',
        body: typeof body === 'string' ? body : Buffer.from(body),
        headers: contentType === undefined ? {} : { 'content-type': contentType },
      });
    const form = 'application/x-www-form-urlencoded';
    const statuses: Record<string, number> = {};
    const bodies: [string, string | undefined, string | Uint8Array][] = [
      ['empty', form, ''],
      ['only signs', form, '&&==&%'],
      ['broken escapes', form, 'clientId=%&save=%zz%E0%A4'],
      ['not UTF-8', form, new Uint8Array([0xff, 0xfe, 0x3d, 0xff])],
      ['prototype keys', form, '__proto__[x]=1&constructor=2&__proto__=3'],
      ['a thousand fields', form, Array.from({ length: 5000 }, (_, n) => `f${n}=1`).join('&')],
      ['JSON', 'application/json', '{"clientId":5}'],
      ['malformed JSON', 'application/json', '{"clientId":'],
      ['JSON null', 'application/json', 'null'],
      ['JSON with prototype keys', 'application/json', '{"__proto__":{"x":1}}'],
      ['JSON that says it is empty', 'application/json', ''],
      ['text', 'text/plain', 'clientId=x'],
      ['XML', 'application/xml', '<a/>'],
      ['nonsense', 'a/b; c', 'x'],
      ['no type that is one', ';;;', 'x'],
      ['multipart without a boundary', 'multipart/form-data', 'x'],
      ['multipart cut short', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="clientId"\r\n\r\nx'],
      ['multipart of nothing', 'multipart/form-data; boundary=b', '--b--\r\n'],
      ['multipart with prototype keys', 'multipart/form-data; boundary=b', part('__proto__', 'x')],
      ['multipart of empty parts', 'multipart/form-data; boundary=b', '--b\r\n'.repeat(100_000)],
      ['equal names', form, 'a&'.repeat(20_000)],
      ['nested JSON', 'application/json', '['.repeat(10_000) + ']'.repeat(10_000)],
      ['multipart with a file for a client', 'multipart/form-data; boundary=b', part('clientId"; filename="x', 'x')],
    ];
    for (const [what, type, body] of bodies) statuses[what] = readRefusal(await send(type, body)).status;
    expect(Object.entries(statuses).filter(([, status]) => ![400, 403, 413, 415].includes(status))).toEqual([]);
    // Also before anyone is authenticated, and if there is no route.
    const refused = ['a thousand fields', 'multipart cut short', 'multipart of empty parts', 'equal names', 'nested JSON'];
    for (const [what, type, body] of bodies.filter(([name]) => refused.includes(name)))
      for (const path of ['/nowhere', '/courier/register', '/operator/api/session', '/courier/account/api/session', '/v/1']) {
        const reply = await deployment.send(path, { method: 'POST', headers: { 'content-type': String(type) }, body: body as string });
        expect([what, path, readRefusal(reply).status]).toEqual([what, path, 400]);
      }
  });

  it('that is huge is 413', async () => {
    const huge = JSON.stringify({ ...quote, padding: 'x'.repeat(5 * 1024 * 1024) });
    expect(readRefusal(await account.post('/delivery/calculate', { calculate: huge })).status).toBe(413);
    expect(readRefusal(await account.postMultipart('/delivery/calculate', { calculate: huge })).status).toBe(413);
  });

  it('in a GET is refused too', async () => {
    const statuses = await Promise.all([
      account.get('/delivery/get'),
      account.get('/delivery/get', { deliveryId: '' }),
      account.get('/delivery/get', { deliveryId: '\0' }),
      account.get('/delivery/get', { deliveryId: 'x'.repeat(300) }),
      account.get('/delivery/get', { deliveryId: '00000000-0000-0000-0000-000000000000' }),
      account.get('/delivery/get', { deliveryId: 'x' }, 'nobody'),
      account.get('/delivery/autocomplete/sortingHub', { term: 'x'.repeat(300) }),
      account.get('/delivery/autocomplete/%00', { term: 'x' }),
      account.get('/delivery/autocomplete/__proto__', { term: 'x' }),
      deployment.send(`/courier/callbacks/delivery/get?clientId=${account.clientId}&deliveryId=a&deliveryId=b`),
      deployment.send(`/courier/callbacks/delivery/get?clientId=${account.clientId}&deliveryId[$ne]=a`),
      deployment.send('/courier/callbacks/delivery/%zz'),
      deployment.send(`/courier/callbacks/delivery/autocomplete/${'x'.repeat(2000)}`),
    ]);
    expect(statuses.map((reply) => readRefusal(reply).status)).toEqual([400, 400, 400, 400, 404, 403, 400, 404, 404, 400, 400, 400, 400]);
  });

  it('with NUL and lone surrogates in texts is cleaned and taken', async () => {
    const body = JSON.stringify(wireSave('courier', sampleOrder('moscowCourier', { order: '7100' }))).replace(
      /"(firstName|name|notes|text)":"/g,
      '"$1":"\\u0000\\ud800A\\udc00',
    );
    const { deliveryId } = readSaved(await account.post('/delivery/save', { save: body }));
    const print = await account.post('/delivery/print', { print: { type: 'waybill', deliveryIds: [[deliveryId]] } });
    expect(print.status).toBe(200);
    readResult(await account.get('/delivery/get', { deliveryId }), 'CallbackDeliveryGetResponse');
  });

  it('with prototype keys is taken without them', async () => {
    const body = JSON.stringify(wireSave('courier', sampleOrder('moscowCourier', { order: '7101' }))).replace(
      '"extraData":[]',
      '"extraData":{"__proto__":{"polluted":1},"constructor":{"x":1},"courierNote":"5"},"__proto__":{"polluted":true}',
    );
    const saved = readSaved(await account.post('/delivery/save', { save: body }));
    expect(saved.extraData).toMatchObject({ courierNote: '5' });
    expect(JSON.stringify(saved)).not.toContain('polluted');
  });

  it('leaves the service unchanged', async () => {
    expect(deployment.api?.isRunning).toBe(true);
    expect((await account.calculate(quote)).status).toBe(200);
    expect(deployment.api?.lastOutput ?? '').not.toContain('"level":50');
  });
});

function part(name: string, value: string): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--b--\r\n`;
}
