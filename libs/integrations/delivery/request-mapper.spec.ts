import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadInputError, parserOf } from '#platform';
import { sampleOrder, wireCalculate, wireSave, wireShipmentSave } from '#testing';
import { CalculateDto, SaveDto, ShipmentSaveDto } from './dto/callback.dto.js';
import { calculateRequestOf, hashOfRequest, referenceOf, saveRequestOf, shipmentRequestOf } from './request-mapper.js';

const saved = (changes: Parameters<typeof wireSave>[2] = {}): ReturnType<typeof saveRequestOf> =>
  saveRequestOf(parserOf(SaveDto).parse(wireSave('courier', sampleOrder(), changes)));
const errorsOf = (call: () => unknown): object => {
  try {
    call();
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
  return {};
};

describe('calculate', () => {
  const asked = (changes: object): ReturnType<typeof calculateRequestOf> =>
    calculateRequestOf(parserOf(CalculateDto).parse({ ...wireCalculate(), ...changes }));

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
    expect(Object.keys(errorsOf(() => asked(changes)))).toEqual([field]);
  });
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
    expect(saveRequestOf(parserOf(SaveDto).parse(body)).recipient).toEqual(person);
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

  it("takes the order's own sum to be collected; the items' only when there is none", () => {
    const packages = [{ weight: 1, items: [{ quantity: 2, cod: 10 }] }];
    expect(saved({ packages, delivery: { cod: 5, withCod: true } }).cod).toEqual({ minor: 500, currency: 'RUB' });
    expect(saved({ packages, delivery: { cod: undefined, withCod: undefined } })).toMatchObject({ withCod: true, cod: { minor: 2000 } });
    expect(saved({ packages, delivery: { cod: undefined, withCod: false } })).toMatchObject({ withCod: false });
    expect(saved({ packages, delivery: { cod: undefined, withCod: false } })).not.toHaveProperty('cod');
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

describe('the hash of a request', () => {
  it('is the same for the same order, whatever the order of its fields and our reference', () => {
    const body = wireSave('courier', sampleOrder());
    const reversed = Object.fromEntries(Object.entries({ ...body, unknown: 1 }).reverse());
    expect(hashOfRequest(saveRequestOf(parserOf(SaveDto).parse(reversed)))).toBe(hashOfRequest(saved()));
    expect(hashOfRequest({ ...saved(), reference: 'other' } as ReturnType<typeof saved>)).toBe(hashOfRequest(saved()));
    const extras = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ].map((extraData) => hashOfRequest(saved({ delivery: { extraData } })));
    expect(extras[0]).toBe(extras[1]);
  });

  it('is another when anything is', () => {
    const hashes = [
      ...[{}, { orderNumber: 'x' }, { site: 'x' }, { currency: 'EUR' }, { packages: [{ weight: 1, items: [] }] }],
      ...[{ cost: 1 }, { tariff: 'x' }, { shipmentDate: '2026-01-01' }, { extraData: { a: 1 } }].map((delivery) => ({ delivery })),
    ].map((changes) => hashOfRequest(saved(changes)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('our reference', () => {
  it('is one to thirty plain characters, another for another generation', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.integer({ min: 1, max: 9999 }), (order, generation) => {
        const reference = referenceOf(order, generation);
        expect(reference).toMatch(/^[A-Za-z0-9-]{1,30}$/);
        expect(referenceOf(order, generation)).toBe(reference);
        expect(referenceOf(order, generation + 1)).not.toBe(reference);
      }),
    );
  });

  it('shows the order where it is short and plain', () => {
    expect([referenceOf('1234', 1), referenceOf('A-1', 12)]).toEqual(['1234-1', 'A-1-12']);
    expect(referenceOf('заказ', 1)).not.toBe(referenceOf('заказы', 1));
  });
});

describe('shipments', () => {
  it('have a day, times and a manager', () => {
    const request = shipmentRequestOf(parserOf(ShipmentSaveDto).parse(wireShipmentSave(['x'], { time: { from: '9:05', to: '18:00:00' } })));
    expect(request).toMatchObject({
      date: '2026-03-03',
      time: { from: '09:05', to: '18:00' },
      manager: { name: 'Менеджер Анна' },
      storeCode: 'main',
    });
    expect(errorsOf(() => shipmentRequestOf(parserOf(ShipmentSaveDto).parse(wireShipmentSave(['x'], { date: '2026-04-31' }))))).toEqual({
      date: 'is no day of the calendar',
    });
  });
});
