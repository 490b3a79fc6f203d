import { describe, expect, it } from '@jest/globals';
import { toMoney } from '#provider-kit';
import { toStatusUpdates, type TrackingPayload } from './tracking.packer.js';

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
      'UTC',
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
      'UTC',
    );
    expect(item).toMatchObject({ trackNumber: 'NEW', cost: 2.5, extraData: { floor: '4', tags: 'x, y', lift: 'true' } });
  });

  it('are sent in the zone of the account', () => {
    expect(toStatusUpdates([entry('a', 'created', 1)], 'Europe/Moscow')[0]?.history).toEqual([
      { code: 'created', updatedAt: '2026-03-01T13:01:00+03:00' },
    ]);
  });

  it('name a delivery as the CRM does, which may have had it from another module', () => {
    const items = toStatusUpdates([entry('a', 'created', 1), entry('b', 'created', 2, { crmId: 'old-7' })], 'UTC');
    expect(items.map(({ deliveryId }) => deliveryId)).toEqual(['a', 'old-7']);
  });
});
