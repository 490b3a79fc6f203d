import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sampleOrder, saveRequest } from '#testing';
import type { SaveRequest } from '#delivery/port';
import { centimetres, collected, grams, phoneOf, piecesOf, vatOf, withVat } from './cdek.units.js';
import { hasMoved, isFinal, KNOWN_CDEK_CODES, STATUSES, statusOf } from './cdek.statuses.js';
import { lineOf } from './cdek.mapper.js';

describe('units', () => {
  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [299.5, 30],
  ])('%s mm are %s cm', (millimetres, expected) => expect(centimetres(millimetres)).toBe(expected));

  it.each([
    [0, 1],
    [850, 850],
    [850.2, 851],
  ])('%s g are %s g', (weight, expected) => expect(grams(weight)).toBe(expected));

  it.each([
    ['8 (916) 123-45-67', undefined, { number: '+79161234567' }],
    ['8 495 123-45-67 доб. 12', 'RU', { number: '+74951234567', additional: '12' }],
    ['701 123 45 67', 'KZ', { number: '+77011234567' }],
    ['+375 29 123 45 67', 'RU', { number: '+375291234567' }],
    ['not a number', 'RU', undefined],
    ['12', 'RU', undefined],
    ['', undefined, undefined],
    ['8 (916) 123-45-67', 'AQ', undefined],
  ])('the phone %s of %s', (text, country, expected) => expect(phoneOf(text, country)).toEqual(expected));

  it.each([
    ['order', '20.00', 20],
    ['order', 'none', undefined],
    ['order', undefined, undefined],
    ['order', '12.5', undefined],
    ['none', '20.00', undefined],
    ['0', '20.00', 0],
    ['10', undefined, 10],
  ] as const)('VAT by the setting %s of an item with %s is %s', (setting, own, rate) => expect(vatOf(setting, own)).toBe(rate));

  it('VAT is what is in the amount, to the kopeck', () => {
    expect(withVat({ minor: 10_000, currency: 'RUB' }, 20)).toEqual({ value: 100, vat_rate: 20, vat_sum: 16.67 });
    expect(withVat({ minor: 10_000, currency: 'RUB' }, 0)).toEqual({ value: 100, vat_rate: 0, vat_sum: 0 });
    expect(withVat({ minor: 1, currency: 'RUB' }, undefined)).toEqual({ value: 0.01 });
  });

  describe('what is collected', () => {
    const order = (changes: Partial<SaveRequest>): SaveRequest =>
      saveRequest('r', '137', sampleOrder('moscowCourier'), { withCod: true, ...changes });
    const item = (minor: number, quantity: number, cod = minor): SaveRequest['parcels'][number]['items'][number] => ({
      quantity,
      cost: { minor, currency: 'RUB' },
      cod: { minor: cod, currency: 'RUB' },
    });

    it('is the items’ own amounts, and the rest for the delivery', () => {
      const request = order({ parcels: [{ weight: 1, items: [item(1_000, 2), item(50, 1)] }], cod: { minor: 2_350, currency: 'RUB' } });
      expect(collected(request)).toEqual({ pieces: [[1_000, 50]], delivery: 300 });
    });

    it('is shared by price when only the sum is known, or less than the items is asked for', () => {
      const parcels = [{ weight: 1, items: [item(1_000, 1, 0), item(500, 2, 0)] }];
      expect(collected(order({ parcels, cod: { minor: 2_300, currency: 'RUB' }, cost: { minor: 300, currency: 'RUB' } }))).toEqual({
        pieces: [[1_000, 500]],
        delivery: 300,
      });
      expect(
        collected(order({ parcels: [{ weight: 1, items: [item(1_000, 1), item(500, 2)] }], cod: { minor: 1_001, currency: 'RUB' } })),
      ).toEqual({ pieces: [[500, 250]], delivery: 1 });
    });

    it('is nothing when nothing is to be paid', () => {
      const parcels = [{ weight: 1, items: [item(1_000, 1)] }];
      expect(collected(order({ parcels, withCod: false, cod: { minor: 1_000, currency: 'RUB' } }))).toEqual({ pieces: [[0]], delivery: 0 });
    });

    it('always adds up to the sum, and nothing is negative', () => {
      const amount = fc.integer({ min: 0, max: 10_000_000 });
      const items = fc.array(
        fc.record({
          quantity: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0.5, 1.5, 2.25)),
          cost: amount,
          cod: fc.oneof(fc.constant(0), amount),
        }),
        { maxLength: 5 },
      );
      fc.assert(
        fc.property(fc.array(items, { minLength: 1, maxLength: 4 }), amount, amount, (lists, total, cost) => {
          const request = order({
            parcels: lists.map((list) => ({ weight: 1, items: list.map((one) => item(one.cost, one.quantity, one.cod)) })),
            cod: { minor: total, currency: 'RUB' },
            cost: { minor: cost, currency: 'RUB' },
          });
          const { pieces, delivery } = collected(request);
          const goods = request.parcels.reduce(
            (sum, parcel, at) => parcel.items.reduce((all, one, n) => all + (pieces[at]?.[n] ?? 0) * piecesOf(one), sum),
            0,
          );
          expect(goods + delivery).toBe(total);
          expect([delivery, ...pieces.flat()].every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
        }),
      );
    });
  });

  it('an address is one line, labelled where people label', () => {
    expect(lineOf(sampleOrder('moscowCourier').to)).toBe('ул. Лесная, д. 7, корп. стр. 2, подъезд 3, этаж 5, кв. 41');
    expect(lineOf(sampleOrder('madridCourier').to)).toBe('Calle de Fuencarral, 121, 3, 3º Dcha.');
    expect(lineOf({ text: 'как есть' })).toBe('как есть');
    expect(lineOf(undefined)).toBe('');
  });
});

describe('statuses', () => {
  it.each([
    ['ACCEPTED', 'registering'],
    ['CREATED', 'created'],
    ['INVALID', 'refused'],
    ['REMOVED', 'cancelled'],
    ['RECEIVED_AT_SHIPMENT_WAREHOUSE', 'accepted'],
    ['RETURNED_TO_SENDER_CITY_WAREHOUSE', 'back-at-sender-warehouse'],
    ['RETURNED_TO_SENDER_WAREHOUSE', 'back-at-sender-warehouse'],
    ['READY_FOR_SHIPMENT_IN_SENDER_CITY', 'leaving'],
    ['READY_TO_SHIP_AT_SENDING_OFFICE', 'leaving'],
    ['SENT_TO_TRANSIT_CITY', 'in-transit'],
    ['SENT_TO_RECIPIENT_CITY', 'in-transit'],
    ['IN_CUSTOMS_LOCAL', 'in-customs'],
    ['CUSTOMS_COMPLETE', 'customs-cleared'],
    ['ACCEPTED_IN_RECIPIENT_CITY', 'in-city'],
    ['MET_AT_RECIPIENT_OFFICE', 'in-city'],
    ['ACCEPTED_AT_PICK_UP_POINT', 'at-point'],
    ['POSTOMAT_POSTED', 'in-locker'],
    ['TAKEN_BY_COURIER', 'with-courier'],
    ['ISSUED_FOR_DELIVERY', 'with-courier'],
    ['RETURNED_TO_RECIPIENT_CITY_WAREHOUSE', 'attempt-failed'],
    ['POSTOMAT_SEIZED', 'returning'],
    ['POSTOMAT_RECEIVED', 'collected'],
    ['DELIVERED', 'delivered'],
    ['NOT_DELIVERED', 'not-delivered'],
    ['LOST_BY_BEAR', 'unrecognised'],
  ])('CDEK’s %s is %s', (cdek, code) => expect(statusOf(cdek)).toBe(code));

  it('only DELIVERED, NOT_DELIVERED and REMOVED end a life, and only DELIVERED is a success', () => {
    expect(KNOWN_CDEK_CODES.filter((code) => isFinal(statusOf(code))).sort()).toEqual(['DELIVERED', 'NOT_DELIVERED', 'REMOVED']);
    expect(STATUSES.filter((status) => 'isFinal' in status && !('isError' in status)).map(({ code }) => code)).toEqual([
      'delivered',
      'cancelled',
    ]);
  });

  it('an order can be changed until CDEK has the parcel', () => {
    expect(STATUSES.filter(({ code }) => !hasMoved(code)).map(({ code }) => code)).toEqual([
      'registering',
      'refused',
      'change-refused',
      'created',
    ]);
    expect(STATUSES.filter((status) => 'isEditable' in status).every(({ code }) => !hasMoved(code))).toBe(true);
  });
});
