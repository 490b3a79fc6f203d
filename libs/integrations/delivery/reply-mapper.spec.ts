import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { saveRequest } from '#testing';
import { DeliveryEntity } from './delivery.entity.js';
import { toCalculateReply, toGetReply, formatInstant, toSavedRow, toSaveReply, toTerminal } from './reply-mapper.js';

const wire = (value: object): unknown => JSON.parse(JSON.stringify(value)) as unknown;

function row(changes: Partial<DeliveryEntity> = {}): DeliveryEntity {
  const at = new Date('2026-03-01T10:00:00Z');
  return Object.assign(new DeliveryEntity(), {
    ...{ id: 'd-1', trackNumber: null, status: 'created', statusAt: at, statusComment: null, costMinor: null, costCurrency: null },
    ...{ tariff: 'courier', request: saveRequest('courier', '1-1'), extraData: {}, createdAt: at, deletedAt: null },
    ...changes,
  });
}

describe('tariffs', () => {
  it('hold what they have, and nothing empty', () => {
    expect(wire(toCalculateReply({ code: 'c', name: 'C', type: 'courier' }))).toEqual({ code: 'c', name: 'C', type: 'courier' });
    expect(
      wire(
        toCalculateReply({
          ...{
            code: 'p',
            name: 'P',
            type: 'selfDelivery',
            group: 'g',
            description: 'd',
            cost: toMoney(123_450, 'RUB'),
            minTerm: 0,
            maxTerm: 3,
          },
          ...{ extraData: { a: 1 }, extraDataAvailable: [], pickupPoints: [{ code: 'x', name: 'X', address: 'A' }] },
        }),
      ),
    ).toEqual({
      ...{ code: 'p', name: 'P', type: 'selfDelivery', group: 'g', description: 'd', cost: 1234.5, minTerm: 0, maxTerm: 3 },
      ...{ extraData: { a: 1 }, extraDataAvailable: [], pickuppointList: [{ code: 'x', name: 'X', address: 'A' }] },
    });
  });

  it('cost what they cost in their currency', () => {
    expect(toCalculateReply({ code: 'c', name: 'C', type: 'courier', cost: toMoney(1200, 'JPY') }).cost).toBe(1200);
    expect(toCalculateReply({ code: 'c', name: 'C', type: 'courier', cost: toMoney(0, 'EUR') }).cost).toBe(0);
  });
});

describe('points', () => {
  it('have coordinates as texts', () => {
    const point = { code: 'x', name: 'X', address: 'A', coordinates: { latitude: 55.7, longitude: -99 } };
    expect(wire(toTerminal(point))).toEqual({ code: 'x', name: 'X', address: 'A', coordinates: { latitude: '55.7', longitude: '-99' } });
  });
});

describe('a stored delivery', () => {
  it('replies to a save with the stored values', () => {
    expect(toSaveReply(toSavedRow(row()))).toEqual({ deliveryId: 'd-1', status: 'created' });
    const full = row({ trackNumber: 'T', costMinor: '41500', costCurrency: 'RUB', extraData: { a: 'x' } });
    expect(toSaveReply(toSavedRow(full))).toEqual({
      deliveryId: 'd-1',
      trackNumber: 'T',
      cost: 415,
      status: 'created',
      extraData: { a: 'x' },
    });
  });

  it('answers get in the zone of the account', () => {
    const reply = toGetReply(row({ statusComment: 'c' }), 'Courier', 'Europe/Madrid');
    expect(reply).toMatchObject({
      tariff: 'courier',
      tariffName: 'Courier',
      status: { code: 'created', updatedAt: '2026-03-01T11:00:00+01:00', comment: 'c' },
    });
    expect(wire(reply)).not.toHaveProperty('extraData');
  });
});

describe('an instant', () => {
  it.each([
    ['2026-07-01T00:00:00Z', 'UTC', '2026-07-01T00:00:00+00:00'],
    ['2026-07-01T00:00:00Z', 'Europe/Moscow', '2026-07-01T03:00:00+03:00'],
    ['2026-12-31T23:30:00Z', 'America/Mexico_City', '2026-12-31T17:30:00-06:00'],
    ['2026-03-29T00:59:59Z', 'Europe/Madrid', '2026-03-29T01:59:59+01:00'],
    ['2026-03-29T01:00:00Z', 'Europe/Madrid', '2026-03-29T03:00:00+02:00'],
    ['2026-07-01T00:00:00Z', 'Asia/Kolkata', '2026-07-01T05:30:00+05:30'],
  ])('%s in %s is %s', (date, zone, text) => {
    expect(formatInstant(new Date(date), zone)).toBe(text);
  });
});
