import { describe, expect, it } from '@jest/globals';
import type { ExistingDelivery } from '#delivery/port';
import { providerContext, webhookRequest } from '#testing';
import type { Apiship } from './apiship.api.js';
import { ApishipSettings } from './apiship.settings.js';
import { ApishipWebhook, trackOrders } from './tracking.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const context = providerContext(new ApishipSettings(), { now: NOW });

describe('orders that are tracked', () => {
  it('are asked for by hundreds, each once', async () => {
    const asked: number[][] = [];
    const api = {
      statuses: (_context: unknown, { json }: { json: { orderIds: number[] } }) =>
        Promise.resolve(asked.push(json.orderIds)).then(() => ({})),
      orderStatus: (_context: unknown, { id }: { id: string }) => Promise.resolve({ orderInfo: { orderId: id } }),
      unlessMissing: (answer: unknown) => answer,
      unless: (_meaning: unknown, answer: unknown) => answer,
    } as unknown as Apiship;
    const ids = Array.from({ length: 201 }, (_, index) => index + 1);
    const deliveries = ids.map((id) => ({ externalId: String(id), status: 'uploaded', createdAt: NOW, statusAt: NOW }));
    await trackOrders(api, deliveries as unknown as ExistingDelivery[], context);
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 1]);
    expect(asked.flat()).toEqual(ids);
  });
});

describe('an event', () => {
  const parse = (status: object): object[] =>
    new ApishipWebhook().parse(
      webhookRequest(JSON.stringify({ orderInfo: { orderId: '7' }, status: { key: 'delivered', ...status } })),
      context,
    );

  it.each([
    ['its own', { created: '2026-11-24T10:00:00+03:00', createdProvider: '2026-11-24T09:00:00+03:00' }, '2026-11-24T07:00:00.000Z'],
    ['the carrier’s', { createdProvider: '2026-11-24T09:00:00+03:00' }, '2026-11-24T06:00:00.000Z'],
    ['that of its arrival where it has none', {}, NOW.toISOString()],
    ['that of its arrival where it cannot be read', { created: 'yesterday' }, NOW.toISOString()],
  ])('has a time: %s', (_which, times, updatedAt) => {
    expect(parse(times)).toMatchObject([{ reports: [{ externalId: '7', code: 'delivered', updatedAt: new Date(updatedAt) }] }]);
  });
});
