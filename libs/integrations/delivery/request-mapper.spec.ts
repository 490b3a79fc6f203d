import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadInputError, getParser } from '#platform';
import { sampleOrder, wireCalculate, type WireItem, wireSave, wireShipmentSave } from '#testing';
import { CalculateDto, SaveDto, ShipmentSaveDto } from './dto/callback.dto.js';
import type { Collect } from './port/index.js';
import { buildReference, buildShortKey, toCalculateRequest, toSaveRequest, toShipmentRequest } from './request-mapper.js';

const saved = (changes: Parameters<typeof wireSave>[2] = {}): ReturnType<typeof toSaveRequest> =>
  toSaveRequest(getParser(SaveDto).parse(wireSave('courier', sampleOrder(), changes)));
const collectErrors = (call: () => unknown): object => {
  try {
    call();
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
  return {};
};

describe('calculate', () => {
  const asked = (changes: object): ReturnType<typeof toCalculateRequest> =>
    toCalculateRequest(getParser(CalculateDto).parse({ ...wireCalculate(), ...changes }));

  it('has exact amounts, addresses and dates', () => {
    expect(
      asked({
        declaredValue: 0.1 + 0.2,
        cod: '1234.5',
        currency: 'rub',
        shipmentDate: '2026-03-01 12:30:00',
        deliveryTime: { from: '9:30' },
      }),
    ).toMatchObject({
      declaredValue: { minor: 30, currency: 'RUB' },
      cod: { minor: 123_450, currency: 'RUB' },
      currency: 'RUB',
      shipmentDate: '2026-03-01',
      deliveryTime: { from: '09:30' },
      payerType: 'sender',
      extraData: {},
    });
    expect(asked({ deliveryAddress: { countryIso: 'es', city: 'Madrid' } }).to).toEqual({ countryIso: 'ES', city: 'Madrid' });
  });

  it('keeps amounts without a currency apart', () => {
    expect(asked({ currency: undefined, cod: 5 })).toMatchObject({ cod: { minor: 500, currency: 'XXX' } });
    expect(asked({ currency: undefined })).not.toHaveProperty('currency');
  });

  it('counts yen and dinars in their own digits', () => {
    expect(asked({ currency: 'JPY', cod: 1200 }).cod).toEqual({ minor: 1200, currency: 'JPY' });
    expect(asked({ currency: 'KWD', cod: 1.2345 }).cod).toEqual({ minor: 1235, currency: 'KWD' });
  });

  it.each([
    [{ deliveryAddress: null, shipmentAddress: null }, 'deliveryAddress'],
    [{ currency: 'R1B' }, 'currency'],
    [{ payerType: 'nobody' }, 'payerType'],
    [{ deliveryDate: '2026-02-30' }, 'deliveryDate'],
  ])('refuses %j', (changes, field) => {
    expect(Object.keys(collectErrors(() => asked(changes)))).toEqual([field]);
  });
});

it('a side of 0 is not measured', () => {
  const packages = [{ weight: 500, length: 0, width: 0, height: 120, items: [] }];
  expect(saved({ packages }).parcels).toEqual([{ weight: 500, height: 120, items: [] }]);
});

describe('save', () => {
  it.each([
    [{ contragent: { contragentType: 'legal-entity', legalName: ' ООО «Ромашка» ' } }, { name: 'ООО «Ромашка»', company: 'ООО «Ромашка»' }],
    [
      { firstName: 'Пётр', contragent: { contragentType: 'enterpreneur', legalName: 'ИП Ёлкин' } },
      { name: 'Пётр', company: 'ИП Ёлкин' },
    ],
    [{ firstName: 'Пётр', contragent: { contragentType: 'individual', legalName: '' } }, { name: 'Пётр' }],
    [{ contragent: { contragentType: 'legal-entity' } }, {}],
  ])('of the buyer %j', (customer, person) => {
    const body = { ...wireSave('courier', sampleOrder()), customer };
    expect(toSaveRequest(getParser(SaveDto).parse(body)).recipient).toEqual(person);
  });

  it('adds up what the items declare, by their quantity', () => {
    const items = [
      { quantity: 3, declaredValue: 0.1, cod: 0.1 },
      { quantity: 0.5, declaredValue: 0.25 },
    ];
    const request = saved({
      packages: [
        { weight: 1, items },
        { weight: 2, items: [{ quantity: 1, declaredValue: 1 }] },
      ],
    });
    expect(request.declaredValue).toEqual({ minor: 30 + 13 + 100, currency: 'RUB' });
  });

  describe('what is collected at the door', () => {
    const items = [
      { quantity: 2, cost: 1990.5, cod: 1990.5 },
      { quantity: 1.5, cost: 100, cod: 33.33 },
    ];
    const collected = (delivery: object, list: object[] = items): Collect | undefined =>
      saved({ packages: [{ weight: 1, items: list as WireItem[] }], delivery: { withCod: true, ...delivery } }).collect;
    const unnamed = items.map(({ cod: _cod, ...item }) => item);

    it('is the sum of the items by quantity and of the delivery, without the price of the delivery', () => {
      const perItem = [[398_100, 5_000]];
      expect(collected({ cod: 350, cost: 350 })).toEqual({ currency: 'RUB', goods: 403_100, delivery: 35_000, total: 438_100, perItem });
      expect(collected({ cod: 0, cost: 350 })).toMatchObject({ goods: 403_100, delivery: 0, total: 403_100 });
      expect(collected({ cod: 500, cost: 350 })).toMatchObject({ goods: 403_100, delivery: 50_000, total: 453_100 });
      expect(collected({ cod: undefined, cost: 350, withCod: undefined })).toMatchObject({ delivery: 0, total: 403_100 });
    });

    it('is nothing without cash on delivery, or without an amount', () => {
      expect(collected({ withCod: false, cod: 5_000, cost: 350 })).toBeUndefined();
      expect(collected({ cod: 0, cost: 350 }, unnamed)).toBeUndefined();
    });

    it('is only the delivery if the goods are paid', () => {
      expect(collected({ cod: 350, cost: 350 }, unnamed)).toMatchObject({ goods: 0, delivery: 35_000, perItem: [[0, 0]] });
    });

    it('is spread over the items where the account sends all of it in the delivery’s field', () => {
      const all = { goods: 413_100, delivery: 35_000, total: 448_100, perItem: [[398_100, 15_000]] };
      expect(collected({ cod: 4_481, cost: 350 }, unnamed)).toMatchObject(all);
      expect(
        collected(
          { cod: 4_481, cost: 350 },
          items.map((item) => ({ ...item, cod: 0 })),
        ),
      ).toMatchObject(all);
      expect(collected({ cod: 351, cost: 350 }, unnamed)).toMatchObject({ goods: 100, delivery: 35_000, perItem: [[97, 3]] });
      expect(collected({ cod: 400, cost: 350 }, [])).toMatchObject({ goods: 5_000, delivery: 35_000, perItem: [[]] });
      expect(collected({ cod: 400, cost: 350 }, [{ quantity: 1 }])).toMatchObject({ goods: 5_000, perItem: [[5_000]] });
    });

    it('is what the CRM names in all, whatever the split and the digits of the currency', () => {
      const amount = (digits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 5_000_000 }).map((minor) => minor / 10 ** digits);
      const orders = fc.constantFrom(['JPY', 0] as const, ['RUB', 2] as const, ['KWD', 3] as const).chain(([currency, digits]) =>
        fc.record({
          ...{ currency: fc.constant(currency), digits: fc.constant(digits), cod: amount(digits), cost: amount(digits) },
          payerType: fc.constantFrom('sender', 'receiver'),
          lists: fc.array(
            fc.array(
              fc.record({ quantity: fc.integer({ min: 1, max: 9 }), cost: amount(digits), cod: fc.oneof(fc.constant(0), amount(digits)) }),
              { maxLength: 4 },
            ),
            { minLength: 1, maxLength: 3 },
          ),
        }),
      );
      fc.assert(
        fc.property(orders, ({ currency, digits, cod, cost, payerType, lists }) => {
          const packages = lists.map((list) => ({ weight: 1, items: list }));
          const { collect } = saved({ currency, packages, delivery: { withCod: true, cod, cost, payerType } });
          const toMinor = (value: number): number => Math.round(value * 10 ** digits);
          const due = lists.flat().reduce((sum, item) => sum + toMinor(item.cod) * item.quantity, toMinor(cod));
          expect(collect?.total ?? 0).toBe(due);
          if (!collect) return;
          expect(collect.goods + collect.delivery).toBe(due);
          expect(collect.perItem.map((parts) => parts.length)).toEqual(lists.map((list) => list.length));
          if (lists.flat().length > 0) expect(collect.perItem.flat().reduce((sum, part) => sum + part, 0)).toBe(collect.goods);
          expect([collect.delivery, ...collect.perItem.flat()].every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
        }),
      );
    });
  });

  it('has names and the first phone that is one', () => {
    const customer = { type: 'customer', id: 1, firstName: 'Ольга', lastName: 'Кузнецова', phones: ['', '+7916'] };
    expect(saved({ customer }).recipient).toEqual({ name: 'Кузнецова Ольга', phone: '+7916' });
    expect(saved({ customer: { ...customer, firstName: '', lastName: '', phones: [] } }).recipient).toEqual({});
  });

  it('reads extra data as a map, an empty list, or a list of pairs', () => {
    const of = (extraData: object): object => saved({ delivery: { extraData: extraData as never[] } }).extraData;
    expect(of([])).toEqual({});
    expect(of({ note: 'x', fragile: true, n: 5, list: ['a', 1, { deep: 1 }], nothing: null, deep: { a: 1 } })).toEqual({
      ...{ note: 'x', fragile: true, n: 5, list: ['a', '1'] },
    });
    expect(of([{ note: 'x' }, { n: 5, deep: { a: 1 } }])).toEqual({ note: 'x', n: 5 });
    expect(
      of([
        { code: 'note', value: 'x' },
        { code: 'n', value: 5 },
      ]),
    ).toEqual({ note: 'x', n: 5 });
  });
});

describe('our reference', () => {
  it('is one to thirty plain characters, another for another generation', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.integer({ min: 1, max: 9999 }), (order, generation) => {
        const reference = buildReference(order, generation);
        expect(reference).toMatch(/^[A-Za-z0-9-]{1,30}$/);
        expect(buildReference(order, generation)).toBe(reference);
        expect(buildReference(order, generation + 1)).not.toBe(reference);
      }),
    );
  });

  it('shows the order where it is short and plain', () => {
    expect([buildReference('1234', 1), buildReference('A-1', 12)]).toEqual(['1234-1', 'A-1-12']);
    expect(buildReference('заказ', 1)).not.toBe(buildReference('заказы', 1));
  });
});

describe('our short key', () => {
  it('is one to ten digits and small letters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.integer({ min: 1, max: 9999 }), (order, generation) => {
        expect(buildShortKey(order, generation)).toMatch(/^[0-9a-z]{1,10}$/);
      }),
    );
  });

  it('differs for each order and generation', () => {
    const order = fc.oneof(fc.integer({ min: 1, max: 9_999_999_999 }).map(String), fc.string({ minLength: 1 }));
    const made = fc.array(fc.tuple(order, fc.integer({ min: 1, max: 200 })), { maxLength: 100 });
    fc.assert(
      fc.property(made, (list) => {
        const keys = new Map(list.map(([id, generation]) => [`${generation} ${id}`, buildShortKey(id, generation)]));
        expect(new Set(keys.values()).size).toBe(keys.size);
      }),
    );
  });
});

describe('obvious nonsense', () => {
  const order = sampleOrder('moscowCourier');
  const errorsOf = (changes: Parameters<typeof wireSave>[2]): string[] =>
    Object.keys(collectErrors(() => toSaveRequest(getParser(SaveDto).parse(wireSave('courier', order, changes)))));
  const errorsOfIndex = (index: string, countryIso?: string): string[] =>
    errorsOf({ delivery: { tariff: 'courier', deliveryAddress: { city: 'Минск', index, ...(countryIso && { countryIso }) } } });

  it('is refused by its field: a phone without digits, an e-mail without an at sign, a postal code of letters', () => {
    expect(errorsOf({ manager: { id: 1, phone: 'abc', email: 'abc' } })).toEqual(['manager.phone', 'manager.email']);
    for (const country of ['RU', 'by', 'KZ']) expect(errorsOfIndex('абв', country)).toEqual(['delivery.deliveryAddress.index']);
    const shipment = { manager: { id: 1, phone: 'нет' }, address: { countryIso: 'RU', index: 'abc' } };
    for (const [field, value] of Object.entries(shipment))
      expect(collectErrors(() => toShipmentRequest(getParser(ShipmentSaveDto).parse(wireShipmentSave(['x'], { [field]: value }))))).toEqual(
        {
          [field === 'manager' ? 'manager.phone' : 'address.index']: expect.any(String),
        },
      );
  });

  it('is nothing that a real order may hold', () => {
    for (const phone of ['', '101', 'доб. 101', '+7 (495) 123-45-67 доб. 5'])
      expect(errorsOf({ manager: { id: 1, phone, email: ' anna@example.com ' } })).toEqual([]);
    for (const index of ['', '-', '220004', 'BY220004', '220004, Минск']) expect(errorsOfIndex(index, 'BY')).toEqual([]);
    for (const [index, country] of [
      ['HM CX', 'BM'],
      ['абв', 'XX'],
      ['абв', undefined],
    ] as const)
      expect(errorsOfIndex(index, country)).toEqual([]);
  });
});

describe('shipments', () => {
  it('have a day, times and a manager', () => {
    const request = toShipmentRequest(
      getParser(ShipmentSaveDto).parse(wireShipmentSave(['x'], { time: { from: '9:05', to: '18:00:00' } })),
    );
    expect(request).toMatchObject({
      date: '2026-03-03',
      time: { from: '09:05', to: '18:00' },
      manager: { name: 'Менеджер Анна' },
      storeCode: 'main',
    });
    expect(
      collectErrors(() => toShipmentRequest(getParser(ShipmentSaveDto).parse(wireShipmentSave(['x'], { date: '2026-04-31' })))),
    ).toEqual({
      date: 'is not a valid date',
    });
  });
});
