import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ExistingDelivery, type SaveRequest, toArticle } from '#delivery/port';
import { ProviderError } from '#provider-kit';
import {
  ApiShipDouble,
  calculateRequest,
  existingDelivery,
  MemoryCache,
  parcel,
  providerContext,
  sampleOrder,
  saveRequest,
} from '#testing';
import { ApishipProvider } from './apiship.provider.js';
import { type ApishipContext, createDefaultSettings } from './apiship.settings.js';
import { STATUSES } from './apiship.statuses.js';
import { toRoubles } from './apiship.units.js';
import { buildOrder } from './order-save.js';

/** ApiShip as it behaves: its double with delays, faults, and a mode for each reading of its pages. */
describe('ApiShip, its queue, its carriers and its bad days', () => {
  let apiship: ApiShipDouble;
  let provider: ApishipProvider;
  let context: ApishipContext;
  let count = 0;

  beforeAll(async () => {
    apiship = await ApiShipDouble.start();
    provider = new ApishipProvider(apiship.url);
  });
  beforeEach(() => {
    apiship.reset();
    apiship.webhooks.mode = 'off';
    apiship.setModes({ uploadAfterMs: undefined });
    context = providerContext(createDefaultSettings(), { now: new Date(), cache: new MemoryCache() });
  });
  afterEach(() => expect(countTwice()).toBe(0));
  afterAll(() => apiship.close());

  const make = (changes: Partial<SaveRequest> = {}): SaveRequest =>
    saveRequest(`B-${++count}`, 'cdek:11:door', sampleOrder('moscowCourier', { order: String(count) }), changes);

  /** Standing orders beyond the first of each of our numbers. */
  function countTwice(): number {
    const numbers = apiship.standing().map(({ body }) => body.order.clientNumber);
    return numbers.length - new Set(numbers).size;
  }

  async function register(request = make()): Promise<ExistingDelivery> {
    const saved = await provider.save(request, context);
    return existingDelivery(saved, request, { statusAt: context.now, createdAt: context.now });
  }

  const kindOf = (error: unknown): string => (error instanceof ProviderError ? error.kind : String(error));

  /** One item that owes 122, at a rate of VAT. */
  const owing = (vatRate: string): Partial<SaveRequest> => ({
    parcels: [parcel('RUB', 12_200, 500)].map((one) => ({ ...one, items: one.items.map((item) => ({ ...item, vatRate })) })),
    declaredValue: { minor: 12_200, currency: 'RUB' },
    collect: { currency: 'RUB', goods: 12_200, delivery: 0, total: 12_200, perItem: [[12_200]] },
  });

  it('gets VAT of 22 % for 20 %, unless the shop keeps it, and no rate that it does not have', async () => {
    expect((await provider.save(make(owing('20.00')), context)).warnings).toMatchObject([
      { en: 'VAT of 20 % was sent as 22 %, the rate since 2026.' },
    ]);
    expect(apiship.standing().at(-1)?.body.places).toMatchObject([{ items: [{ cost: 122, costVat: 22 }] }]);
    apiship.setModes({ oldVat: 'taken' });
    const keeps = providerContext(Object.assign(createDefaultSettings(), { raisesVat: false }), {
      now: new Date(),
      cache: new MemoryCache(),
    });
    expect((await provider.save(make(owing('20.00')), keeps)).warnings).toBeUndefined();
    expect(apiship.standing().at(-1)?.body.places).toMatchObject([{ items: [{ costVat: 20 }] }]);
    await expect(provider.save(make(owing('12.00')), context)).rejects.toMatchObject({
      ...{ kind: 'invalid', fields: { 'packages[0].items[0].vatRate': { en: expect.any(String) } } },
    });
    const { collect: _collect, ...prepaid } = owing('12.00');
    expect((await provider.save(make(prepaid), context)).status).toBe('pending');
  });

  it('gets the article that CDEK gets', async () => {
    const parcels = [parcel('RUB', 12_200, 500)].map((one) => ({
      ...one,
      items: one.items.map((item) => ({ ...item, externalId: `Чай «ёлка» ${'x'.repeat(30)}` })),
    }));
    const request = make({ parcels, declaredValue: { minor: 12_200, currency: 'RUB' } });
    await provider.save(request, context);
    const article = request.parcels[0]?.items.map(toArticle)[0];
    expect(article).toMatch(/^Чай _елка_/);
    expect(apiship.standing().at(-1)?.body.places).toMatchObject([{ items: [{ articul: article }] }]);
  });

  it('receives the carrier’s number by a poll, in one request for all', async () => {
    const deliveries = [await register(), await register()];
    for (const { externalId } of deliveries) apiship.upload(externalId);
    const reports = await provider.track(deliveries, context);
    expect(reports.filter(({ code, trackNumber }) => code === 'uploaded' && trackNumber)).toHaveLength(2);
    expect(apiship.countCalls('statuses')).toBe(1);
  });

  it.each([
    ['none', undefined],
    ['planned', 47_040],
    ['actual', 48_290],
  ] as const)('returns the cost of an order when its carrier has reported it: %s', async (costs, minor) => {
    apiship.setModes({ costs });
    const delivery = await register();
    expect((await provider.get(delivery, context)).cost).toBeUndefined();
    apiship.upload(delivery.externalId);
    expect((await provider.get(delivery, context)).cost).toEqual(minor && { minor, currency: 'RUB' });
  });

  it.each(['wait', 'resend'] as const)('fixes a rejected order with an edit, if an edit is sufficient: %s', async (edits) => {
    apiship.setModes({ edits });
    const delivery = await register();
    apiship.upload(delivery.externalId, 'нет такой улицы');
    const [refused] = (await provider.track([delivery], context)).slice(-1);
    expect(refused).toMatchObject({ code: 'uploadingError', comment: expect.stringContaining('нет такой улицы') });
    const request = { ...delivery.request, recipient: { ...delivery.request.recipient, phone: '+79169999999' } };
    const saved = await provider.save(request, context, { ...delivery, status: 'uploadingError' });
    expect(saved).toMatchObject({ externalId: delivery.externalId });
    apiship.upload(delivery.externalId);
    const { trackNumber, trackUrl } = await provider.get({ ...delivery, ...saved }, context);
    expect([trackNumber, trackUrl]).toEqual([expect.stringMatching(/./), `https://track.example/${trackNumber}`]);
    expect(apiship.orders()[0]?.body.recipient.phone).toBe('79169999999');
  });

  it('does not take the old refusal for a new one while a corrected order is in progress', async () => {
    const delivery = await register();
    apiship.upload(delivery.externalId, 'нет такой улицы');
    const statusAt = new Date(Date.now() + 5_000);
    const [report] = await provider.track([{ ...delivery, status: 'pending', statusAt }], context);
    // Dated as ApiShip did: it is in the history already, and changes nothing.
    expect(report?.updatedAt.getTime()).toBeLessThan(statusAt.getTime());
  });

  it.each(['error-after', 'drop-after'] as const)('finds an order whose reply was lost: %s', async (kind) => {
    apiship.fail('createOrder', { kind });
    const request = make();
    const lost = await provider.save(request, context).catch((error: unknown) => error);
    expect(kindOf(lost)).toBe('unknown_outcome');
    const found = await provider.find(request.reference, context);
    expect(found?.externalId).toBeTruthy();
    expect((await provider.save(request, context)).externalId).toBe(found?.externalId);
    expect(apiship.standing()).toHaveLength(1);
  });

  it('finds nothing if nothing was done, but stays undecided about an order too new to have a status', async () => {
    apiship.fail('createOrder', { kind: 'error-before' });
    const request = make();
    await expect(provider.save(request, context)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(await provider.find(request.reference, context)).toBeUndefined();
    apiship.setModes({ newStatus: 'none' });
    const delivery = await register(request);
    expect(delivery.status).toBe('pending');
    await expect(provider.find(request.reference, context)).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(await provider.track([delivery], context)).toEqual([]);
    expect((await provider.get(delivery, context)).status).toBe('pending');
  });

  it.each(['shown', 'hidden'] as const)('makes another order once the first is cancelled, which is %s', async (findCancelled) => {
    apiship.setModes({ findCancelled });
    const request = make();
    const delivery = await register(request);
    await provider.cancel(delivery, context);
    expect(await provider.find(request.reference, context)).toBeUndefined();
    expect((await provider.save(request, context)).externalId).not.toBe(delivery.externalId);
  });

  it('takes a cancellation that was answered 500 for unknown, and a second one for done', async () => {
    const delivery = await register();
    apiship.fail('cancelOrder', { kind: 'error-after' });
    await expect(provider.cancel(delivery, context)).rejects.toMatchObject({ kind: 'unknown_outcome' });
    expect(apiship.countCalls('cancelOrder')).toBe(1);
    await provider.cancel(delivery, context);
  });

  it('changes no order that the carrier has', async () => {
    const delivery = await register();
    apiship.upload(delivery.externalId);
    apiship.pushStatus(delivery.externalId, 'onWay');
    await expect(provider.save(delivery.request, context, delivery)).rejects.toMatchObject({ kind: 'rejected' });
    expect(apiship.countCalls('changeOrder')).toBe(0);
  });

  it('maps every status of ApiShip, and keeps the stored one if ApiShip’s means nothing', async () => {
    const delivery = await register();
    apiship.upload(delivery.externalId);
    for (const code of STATUSES.codes.filter((one) => one !== 'deliveryCanceled')) {
      apiship.pushStatus(delivery.externalId, code);
      expect((await provider.get(delivery, context)).status).toBe(code);
    }
    apiship.pushStatus(delivery.externalId, 'onWay', { at: new Date() });
    for (const key of ['unknown', 'notApplicable']) {
      apiship.pushStatus(delivery.externalId, key);
      expect((await provider.get({ ...delivery, status: 'onWay' }, context)).status).toBe('onWay');
      expect(
        await provider.track([{ ...delivery, status: 'onWay', trackNumber: (await provider.get(delivery, context)).trackNumber }], context),
      ).toEqual([]);
    }
  });

  it.each(['numbers', 'strings'] as const)('reports the statuses of an order between two polls, with ids that are %s', async (ids) => {
    apiship.setModes({ ids });
    const delivery = await register();
    apiship.upload(delivery.externalId);
    for (const key of ['onPointIn', 'onWay', 'delivered']) apiship.pushStatus(delivery.externalId, key);
    const reports = await provider.track([delivery], context);
    expect(reports.map(({ code }) => code).slice(-3)).toEqual(['onPointIn', 'onWay', 'delivered']);
    const [first, ...rest] = reports.map(({ updatedAt }) => updatedAt.getTime());
    expect(rest.every((at, index) => at >= (index === 0 ? (first ?? 0) : (rest[index - 1] ?? 0)))).toBe(true);
  });

  it('reports an order deleted at ApiShip as gone, an hour after it was made', async () => {
    const delivery = await register();
    const gone = { ...delivery, externalId: '987654' };
    expect(await provider.track([gone], context)).toEqual([]);
    const [report] = await provider.track([{ ...gone, createdAt: new Date(Date.now() - 7_200_000) }], context);
    expect(report).toMatchObject({ code: 'deliveryCanceled', externalId: '987654' });
  });

  it('pays for one calculation of equal questions', async () => {
    const ask = (): Promise<unknown> => provider.calculate(calculateRequest(sampleOrder('petersburgPoint')), context);
    expect(await ask()).toEqual(await ask());
    expect(apiship.account.calculations).toBe(1);
  });

  it('reads lists to their end, however they are cut and counted', async () => {
    for (const totals of ['meta', 'top'] as const) {
      apiship.setModes({ totals, morePointIds: 3_000 });
      const fresh = { ...context, cache: new MemoryCache() };
      const points = await provider.listPickupPoints({ city: 'Москва' }, fresh);
      expect(points.map(({ code }) => code)).toEqual(['501', '504', '505']);
      const tariffs = await provider.calculate(calculateRequest(sampleOrder('petersburgPoint')), fresh);
      expect(
        tariffs
          .find(({ code }) => code === 'cdek:11:point')
          ?.pickupPoints?.map(({ code }) => code)
          .sort(),
      ).toEqual(['511', '512', '513']);
    }
  });

  it('reads lists in small pages where ApiShip has no larger ones', async () => {
    apiship.setModes({ pointsMost: 30 });
    expect(await provider.listPickupPoints({ city: 'Москва' }, context)).toHaveLength(3);
  });

  it.each(['string', 'number'] as const)('names a contract as a %s, where ApiShip takes it only so', async (connectIds) => {
    apiship.setModes({ connectIds });
    Object.assign(context.settings, { carriers: [{ code: 'cdek', connection: '7001' }] });
    const delivery = await register();
    const request = { ...delivery.request, recipient: { ...delivery.request.recipient, phone: '+79169999999' } };
    await provider.save(request, context, delivery);
    const [order] = apiship.standing();
    expect([String(order?.body.order.providerConnectId), order?.body.recipient.phone]).toEqual(['7001', '79169999999']);
  });

  it('asks for money that is the sum of its parts, to the kopeck, whatever is collected', () => {
    const kopecks = (sum: number): number => Math.round(sum * 100);
    fc.assert(
      fc.property(
        fc.array(fc.record({ price: fc.integer({ min: 0, max: 9_999_999 }), quantity: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 0, max: 99_999 }),
        fc.integer({ min: 0, max: 99_999_999 }),
        (items, delivery, owed) => {
          const parcels = items.map(({ price, quantity }) => parcel('RUB', price, 500, { quantity }));
          const perItem = items.map((_item, index) => [Math.floor(owed / (index + 1))]);
          const goods = perItem.flat().reduce((sum, one) => sum + one, 0);
          const collect = { currency: 'RUB', goods, delivery, total: goods + delivery, perItem };
          const { cost, places } = buildOrder(make({ parcels, collect }), context);
          const lines = places.flatMap((place) => place.items);
          expect(cost.codCost).toBe(toRoubles(goods + delivery));
          expect(lines.reduce((sum, line) => sum + kopecks(line.cost) * line.quantity, 0) + delivery).toBe(kopecks(cost.codCost));
          expect(lines.reduce((sum, line) => sum + kopecks(line.assessedCost) * line.quantity, 0)).toBe(kopecks(cost.assessedCost));
        },
      ),
      { numRuns: 60 },
    );
  });
});
