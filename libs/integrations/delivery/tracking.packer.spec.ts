import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { toStatusUpdates, type TrackingPayload } from './tracking.packer.js';

const UTC = { timeZone: 'UTC', language: 'en' };
let lastId = 0;
const entry = (
  subject: string,
  code: string,
  minute: number,
  more: Partial<TrackingPayload> = {},
): Parameters<typeof toStatusUpdates>[0][number] => ({
  id: String(++lastId),
  subject,
  payload: { code, updatedAt: new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString(), ...more },
});

describe('status updates', () => {
  it('are one item a delivery, its statuses in their order', () => {
    const items = toStatusUpdates(
      [entry('a', 'created', 1), entry('b', 'created', 2), entry('a', 'delivered', 3, { comment: 'at the door' })],
      UTC,
    );
    expect(items).toEqual([
      {
        deliveryId: 'a',
        history: [
          { code: 'created', updatedAt: '2026-03-01T10:01:00+00:00' },
          { code: 'delivered', updatedAt: '2026-03-01T10:03:00+00:00', comment: 'at the door' },
        ],
      },
      { deliveryId: 'b', history: [{ code: 'created', updatedAt: '2026-03-01T10:02:00+00:00' }] },
    ]);
  });

  it('hold the last track number and cost, and all extra data as texts', () => {
    const [item] = toStatusUpdates(
      [
        entry('a', 'created', 1, { trackNumber: 'OLD', cost: toMoney(100, 'RUB'), extraData: { floor: 3, tags: ['x', 'y'] } }),
        entry('a', 'sorting', 2, { trackNumber: 'NEW', cost: toMoney(250, 'RUB'), extraData: { floor: 4, lift: true } }),
        entry('a', 'delivered', 3),
      ],
      UTC,
    );
    expect(item).toMatchObject({ trackNumber: 'NEW', cost: 2.5, extraData: { floor: '4', tags: 'x, y', lift: 'true' } });
  });

  it('are sent in the zone of the account', () => {
    expect(toStatusUpdates([entry('a', 'created', 1)], { ...UTC, timeZone: 'Europe/Moscow' })[0]?.history).toEqual([
      { code: 'created', updatedAt: '2026-03-01T13:01:00+03:00' },
    ]);
  });

  it('name a delivery as the CRM does, which may have had it from another module', () => {
    const items = toStatusUpdates([entry('a', 'created', 1), entry('b', 'created', 2, { crmId: 'old-7' })], UTC);
    expect(items.map(({ deliveryId }) => deliveryId)).toEqual(['a', 'old-7']);
  });

  it('say in the language of the shop what was taken and what comes back', () => {
    const remarks = {
      taken: [{ name: 'Cup', quantity: 1, of: 3 }],
      related: [{ kind: 'return' as const, externalId: 'u-1', trackNumber: '1234567890', state: 'going' as const }],
    };
    const say = (language: string, more: object): string | null | undefined =>
      toStatusUpdates([entry('a', 'delivered', 1, more)], { ...UTC, language })[0]?.history?.[0]?.comment;
    expect(say('en', { remarks, comment: 'At the door' })).toBe(
      'At the door. Taken: Cup, 1 of 3. Return 1234567890: going back to the shop',
    );
    expect(say('ru', { remarks })).toBe('Выкуплено: Cup, 1 из 3. Возврат 1234567890: едет обратно в магазин');
    expect(say('en', { remarks: { taken: [] } })).toBe('The recipient accepted no items');
  });
});
