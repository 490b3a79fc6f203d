import { describe, expect, it } from '@jest/globals';
import { providerContext, sampleOrder } from '#testing';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';
import { addVat, openVat, toPackageSize } from './cdek.units.js';
import { hasMoved, isFinal, readStatus, STATUSES } from './cdek.statuses.js';
import { formatAddress, readPhone } from './parties.js';

describe('units', () => {
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

  const vatContext = (settings: Partial<CdekSettings>, now = new Date('2026-03-02')): CdekContext =>
    providerContext({ ...createDefaultSettings(), ...settings }, { now });

  /** The rate that is sent, and the rate that it replaces. Undefined if it is refused. */
  const choose = (
    own: string | undefined,
    country: string,
    context: CdekContext,
  ): { rate: number | null; instead?: number } | undefined => {
    const vat = openVat(country, context);
    try {
      const rate = vat.choose(1, own, 'vatRate');
      const [, instead] = /VAT of (\d+) %/.exec(vat.warnings.map(({ en }) => en).join()) ?? [];
      return { rate, ...(instead !== undefined && { instead: Number(instead) }) };
    } catch {
      return undefined;
    }
  };

  it.each([
    ['order', '22.00', { rate: 22 }],
    ['order', '20.00', { rate: 22, instead: 20 }],
    ['order', 'none', { rate: null }],
    ['order', '', { rate: null }],
    ['order', undefined, { rate: null }],
    ['order', '12.5', undefined],
    ['order', '20/120', undefined],
    ['order', '12.00', undefined],
    ['none', '20.00', { rate: null }],
    ['0', '20.00', { rate: 0 }],
    ['20', undefined, { rate: 22, instead: 20 }],
  ] as const)('VAT by the setting %s of an item with %s is %j', (vatRate, own, sent) =>
    expect(choose(own, 'RU', vatContext({ vatRate }))).toEqual(sent),
  );

  it.each([
    [{}, '12.00', 'KZ', { rate: 16, instead: 12 }],
    [{ currency: 'KZT' }, '12.00', 'KZ', { rate: 16, instead: 12 }],
    // The VAT of Belarus is still 20 %, which CDEK's pages no longer name.
    [{ currency: 'BYN' }, '20.00', 'BY', undefined],
    [{ raisesVat: false }, '20.00', 'RU', { rate: 20 }],
    [{ raisesVat: false }, '12.00', 'KZ', { rate: 12 }],
  ] as const)('VAT with %j of %s to %s is %j', (settings, own, country, sent) =>
    expect(choose(own, country, vatContext(settings))).toEqual(sent),
  );

  it('VAT of 20 % stays what it was until the end of 2025 in Moscow', () => {
    expect(choose('20', 'RU', vatContext({}, new Date('2025-12-31T20:59:59Z')))).toEqual({ rate: 20 });
    expect(choose('20', 'RU', vatContext({}, new Date('2025-12-31T21:00:00Z')))).toEqual({ rate: 22, instead: 20 });
  });

  it('VAT is the exact share of the amount, and a zero amount has no rate', () => {
    expect(addVat({ minor: 10_000, currency: 'RUB' }, 22)).toEqual({ value: 100, vat_rate: 22, vat_sum: 18.03 });
    expect(addVat({ minor: 10_000, currency: 'RUB' }, 0)).toEqual({ value: 100, vat_rate: 0, vat_sum: 0 });
    expect(addVat({ minor: 1, currency: 'RUB' }, null)).toEqual({ value: 0.01, vat_rate: null });
    expect(addVat({ minor: 0, currency: 'RUB' }, 22)).toEqual({ value: 0 });
  });

  it.each([
    [{ weight: 99 }, false, { weight: 99 }],
    [{ weight: 100 }, false, { weight: 100, length: 10, width: 20, height: 30 }],
    [{ weight: 50 }, true, { weight: 50, length: 10, width: 20, height: 30 }],
    [{ weight: 50, width: 55 }, false, { weight: 50, length: 10, width: 6, height: 30 }],
  ])('a parcel of %j, to a locker: %s, is %j', (size, toLocker, sent) =>
    expect(toPackageSize({ ...size, items: [] }, vatContext({ boxLength: 10, boxWidth: 20, boxHeight: 30 }), { toLocker })).toEqual(sent),
  );

  it('an address is one line, labelled where people label', () => {
    expect(formatAddress(sampleOrder('moscowCourier').to)).toBe('ул. Лесная, д. 7, стр. 2, подъезд 3, этаж 5, кв. 41');
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

  it('only DELIVERED, NOT_DELIVERED and REMOVED end a life, and only DELIVERED, in part too, and a return are successes', () => {
    expect(STATUSES.serviceCodes.filter((code) => isFinal(readStatus(code))).sort()).toEqual(['DELIVERED', 'NOT_DELIVERED', 'REMOVED']);
    expect(STATUSES.list.filter(({ isFinal: isEnd, isError }) => isEnd && !isError).map(({ code }) => code)).toEqual([
      'delivered',
      'partly-delivered',
      'returned',
      'cancelled',
    ]);
  });

  it('an order can be changed until CDEK has the parcel', () => {
    expect(STATUSES.codes.filter((code) => !hasMoved(code))).toEqual(['registering', 'refused', 'change-refused', 'created']);
    expect(STATUSES.list.filter(({ isEditable }) => isEditable).every(({ code }) => !hasMoved(code))).toBe(true);
  });
});
