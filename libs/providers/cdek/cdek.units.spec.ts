import { describe, expect, it } from '@jest/globals';
import { sampleOrder } from '#testing';
import { addVat, readVatRate, toCentimetres, toGrams } from './cdek.units.js';
import { hasMoved, isFinal, KNOWN_CDEK_CODES, STATUSES, readStatus } from './cdek.statuses.js';
import { formatAddress, readPhone } from './parties.js';

describe('units', () => {
  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [299.5, 30],
  ])('%s mm are %s cm', (millimetres, expected) => expect(toCentimetres(millimetres)).toBe(expected));

  it.each([
    [0, 1],
    [850, 850],
    [850.2, 851],
  ])('%s g are %s g', (weight, expected) => expect(toGrams(weight)).toBe(expected));

  it.each([
    ['8 (916) 123-45-67', undefined, { number: '+79161234567' }],
    ['8 495 123-45-67 доб. 12', 'RU', { number: '+74951234567', additional: '12' }],
    ['701 123 45 67', 'KZ', { number: '+77011234567' }],
    ['+375 29 123 45 67', 'RU', { number: '+375291234567' }],
    ['not a number', 'RU', undefined],
    ['12', 'RU', undefined],
    ['', undefined, undefined],
    ['8 (916) 123-45-67', 'AQ', undefined],
  ])('the phone %s of %s', (text, country, expected) => expect(readPhone(text, country)).toEqual(expected));

  it.each([
    ['order', '20.00', 20],
    ['order', 'none', undefined],
    ['order', undefined, undefined],
    ['order', '12.5', undefined],
    ['none', '20.00', undefined],
    ['0', '20.00', 0],
    ['10', undefined, 10],
  ] as const)('VAT by the setting %s of an item with %s is %s', (setting, own, rate) => expect(readVatRate(setting, own)).toBe(rate));

  it('VAT is what is in the amount, to the kopeck', () => {
    expect(addVat({ minor: 10_000, currency: 'RUB' }, 20)).toEqual({ value: 100, vat_rate: 20, vat_sum: 16.67 });
    expect(addVat({ minor: 10_000, currency: 'RUB' }, 0)).toEqual({ value: 100, vat_rate: 0, vat_sum: 0 });
    expect(addVat({ minor: 1, currency: 'RUB' }, undefined)).toEqual({ value: 0.01 });
  });

  it('an address is one line, labelled where people label', () => {
    expect(formatAddress(sampleOrder('moscowCourier').to)).toBe('ул. Лесная, д. 7, корп. стр. 2, подъезд 3, этаж 5, кв. 41');
    expect(formatAddress(sampleOrder('madridCourier').to)).toBe('Calle de Fuencarral, 121, 3, 3º Dcha.');
    expect(formatAddress({ text: 'как есть' })).toBe('как есть');
    expect(formatAddress(undefined)).toBe('');
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
  ])('CDEK’s %s is %s', (cdek, code) => expect(readStatus(cdek)).toBe(code));

  it('only DELIVERED, NOT_DELIVERED and REMOVED end a life, and only DELIVERED is a success', () => {
    expect(KNOWN_CDEK_CODES.filter((code) => isFinal(readStatus(code))).sort()).toEqual(['DELIVERED', 'NOT_DELIVERED', 'REMOVED']);
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
