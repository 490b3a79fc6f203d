import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { buildSettingsForm, Reach } from '#platform';
import { type CacheOptions, type ProviderCache, ProviderError } from '#provider-kit';
import { type SaveRequest, makeOrderNumber } from '#delivery/port';
import {
  calculateRequest,
  existingDelivery,
  existingShipment,
  HttpDouble,
  MemoryCache,
  parcel,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
} from '#testing';
import { ApishipProvider } from './apiship.provider.js';
import { type ApishipContext, type ApishipSettings, checkSettings, createDefaultSettings } from './apiship.settings.js';

const TOKEN = 'token-of-the-cabinet';

/** One process's view of a shared cache: it keeps copies of fetched values. */
class CopyingCache implements ProviderCache {
  private readonly copies = new Map<string, unknown>();

  constructor(private readonly shared: ProviderCache) {}

  async fetch<Value>(key: string, options: CacheOptions, load: () => Promise<Value>): Promise<Value> {
    if (!this.copies.has(key)) this.copies.set(key, await this.shared.fetch(key, options, load));
    return this.copies.get(key) as Value;
  }

  update<Value>(key: string, options: CacheOptions, change: (value: Value | undefined, now: number) => Value): Promise<Value> {
    this.copies.delete(key);
    return this.shared.update(key, options, change);
  }

  forget(key: string, scope?: CacheOptions['scope']): Promise<void> {
    this.copies.delete(key);
    return this.shared.forget(key, scope);
  }
}
const PDF = Buffer.from('%PDF-1.4 a label');

/** The wire, call by call: a double that expects exact requests and replies in the shapes of the service. */
describe('ApiShip on the wire', () => {
  let double: HttpDouble;
  let provider: ApishipProvider;
  let context: ApishipContext;

  beforeEach(async () => {
    double = await HttpDouble.start();
    provider = new ApishipProvider(double.url, 'crossdock');
    context = makeContext();
  });
  afterEach(() => double.close());

  function makeContext(settings: Partial<ApishipSettings> = {}, changes: Partial<ApishipContext> = {}): ApishipContext {
    const own = { contour: 'production', token: TOKEN, carriers: [{ code: 'cdek', connection: '7001' }], ...settings } as const;
    return providerContext(Object.assign(createDefaultSettings(), own), { cache: new MemoryCache(), ...changes });
  }

  function expectLists(): void {
    double.expect('GET', '/v1/lists/providers').reply({ json: { rows: [{ key: 'cdek', name: 'СДЭК' }], meta: { total: 1 } } });
    double
      .expect('GET', '/v1/lists/points')
      .withQuery({ filter: 'providerKey=cdek;city=Санкт-Петербург' })
      .reply({
        json: {
          rows: [
            {
              id: 501,
              providerKey: 'cdek',
              code: 'SPB1',
              name: 'Невский',
              postIndex: '191186',
              lat: 59.9,
              lng: 30.3,
              availableOperation: 3,
              cod: 1,
            },
            { id: 502, providerKey: 'cdek', code: 'SPB2', name: 'Приём', postIndex: '191186', lat: 59.9, lng: 30.3, availableOperation: 1 },
            { id: 503, providerKey: 'cdek', code: 'SPB3', name: 'Малый', limits: { maxWeight: 1000 }, availableOperation: 2 },
          ],
          total: 3,
        },
      });
  }

  async function fail(call: Promise<unknown>): Promise<ProviderError> {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ProviderError);
    return error as ProviderError;
  }

  const refusal = (code: string, message = 'Отказано'): { json: object } => ({ json: { code, message } });
  const save = (changes: Partial<SaveRequest> = {}, tariff = 'cdek:11:door'): SaveRequest =>
    saveRequest('A-1042', tariff, sampleOrder(), changes);
  const stored = (request = save(), status = 'pending'): ReturnType<typeof existingDelivery> =>
    existingDelivery({ externalId: '1112', status }, request);

  describe('quotes', () => {
    it('asks in whole grams and centimetres with the bare token, and pays for an equal question once', async () => {
      expectLists();
      double
        .expect('POST', '/v1/calculator')
        .withHeader('authorization', TOKEN)
        .withHeader('platform', 'crossdock')
        .withJson({
          from: { countryCode: 'RU', index: '115280', region: 'Москва', city: 'Москва', addressString: '115280, Москва' },
          to: {
            ...{ countryCode: 'RU', index: '191186', region: 'Санкт-Петербург', city: 'Санкт-Петербург' },
            addressString: '191186, Санкт-Петербург',
          },
          places: [{ weight: 2400, length: 31, width: 20, height: 10 }],
          pickupTypes: [1],
          providerKeys: ['cdek'],
          assessedCost: 12_990.5,
          codCost: 0,
          includeFees: true,
          timeout: 3500,
          extraParams: { 'cdek.providerConnectId': '7001' },
        })
        .reply({
          json: {
            deliveryToDoor: [
              {
                providerKey: 'cdek',
                tariffs: [
                  {
                    tariffId: 11,
                    tariffName: 'Посылка',
                    pickupTypes: [1, 2],
                    deliveryCost: 512.4,
                    feesIncluded: true,
                    calendarDaysMin: 2,
                    calendarDaysMax: 4,
                  },
                  { tariffId: 12, tariffName: 'Сам', pickupTypes: [2], deliveryCost: 100, feesIncluded: true },
                  { tariffId: 14, pickupTypes: [1], deliveryCost: 100.1, feesIncluded: false, insuranceFee: 15.25, cashServiceFee: 2.5 },
                  { tariffId: 15, pickupTypes: [1], deliveryCost: 100.1, feesIncluded: false, insuranceFee: null, cashServiceFee: null },
                ],
              },
            ],
            deliveryToPoint: [
              {
                providerKey: 'cdek',
                tariffs: [
                  {
                    tariffId: 11,
                    tariffName: 'Посылка',
                    pickupTypes: [1],
                    deliveryCost: 300,
                    workDaysMin: 3,
                    workDaysMax: 3,
                    pointIds: [501, 502, 503, 777],
                  },
                ],
              },
            ],
          },
        });
      const order = sampleOrder('petersburgPoint', { parcels: [parcel('RUB', 1_299_050, 2_400, { length: 301 })] });
      const tariffs = await provider.calculate(calculateRequest(order), context);
      expect(tariffs.map(({ code, cost }) => [code, cost?.minor])).toEqual([
        ['cdek:11:door', 51_240],
        ['cdek:14:door', 11_785],
        ['cdek:15:door', 10_010],
        ['cdek:11:point', 30_000],
      ]);
      expect(tariffs[0]).toMatchObject({ name: 'СДЭК: Посылка', minTerm: 2, maxTerm: 4 });
      expect(tariffs[2]?.description).toContain('без сборов');
      // 502 only accepts parcels, 503 is for a kilogram, 777 does not exist.
      expect(tariffs[3]?.pickupPoints?.map(({ code }) => code)).toEqual(['501']);
      expect(await provider.calculate(calculateRequest(order), makeContext({}, { cache: context.cache }))).toEqual(tariffs);
    });

    it('belong to the point where a carrier accepts parcels', async () => {
      expectLists();
      double.expect('POST', '/v1/calculator').reply({ json: { deliveryToDoor: [], deliveryToPoint: [] } });
      const own = makeContext({ carriers: [{ code: 'cdek', pickup: 'point', point: 502 }] }, { cache: context.cache });
      await provider.calculate(calculateRequest(sampleOrder('petersburgPoint')), own);
      const { body } = double.requests.find(({ path }) => path === '/v1/calculator') ?? {};
      expect(JSON.parse(String(body))).toMatchObject({ pickupTypes: [2], extraParams: { 'cdek.pointInId': '502' } });
    });

    it('reports that calculations are used up', async () => {
      expectLists();
      double.expect('POST', '/v1/calculator').reply({ status: 402, delayMs: 100, ...refusal('060001') });
      const error = await fail(provider.calculate(calculateRequest(sampleOrder('petersburgPoint')), context));
      expect([error.kind, error.localText?.ru]).toEqual(['rejected', expect.stringContaining('пополните баланс')]);
    });

    it('returns prices only in roubles, and makes no call for other currencies', async () => {
      const error = await fail(provider.calculate(calculateRequest(sampleOrder('madridCourier')), context));
      expect([error.kind, error.fields]).toEqual(['invalid', { currency: expect.objectContaining({ en: expect.any(String) }) }]);
    });
  });

  describe('orders', () => {
    it('are whole to the kopeck: goods, delivery and cash on delivery', async () => {
      double
        .expect('POST', '/v1/orders')
        .withHeader('authorization', TOKEN)
        .withJson({
          order: {
            clientNumber: makeOrderNumber('A-1042', context.connectionId),
            description: '№ 1001A',
            providerKey: 'cdek',
            providerConnectId: '7001',
            pickupType: 1,
            deliveryType: 1,
            tariffId: 11,
            weight: 850,
            length: 30,
            width: 20,
            height: 10,
            pickupDate: '2026-03-03',
          },
          cost: { assessedCost: 4_980, codCost: 5_330.01, deliveryCost: 350, deliveryCostVat: 22, isDeliveryPayedByRecipient: true },
          sender: {
            countryCode: 'RU',
            postIndex: '115280',
            region: 'Москва',
            city: 'Москва',
            addressString: '115280, Москва, ул. Ленинская Слобода, д. 19',
            contactName: 'Shop',
            phone: '74950000000',
          },
          recipient: {
            countryCode: 'RU',
            postIndex: '125047',
            region: 'Москва',
            city: 'Москва',
            addressString: '125047, Москва, ул. Лесная, д. 7, стр. 2, подъезд 3, этаж 5, кв. 41',
            contactName: 'Кузнецова Ольга Ильинична',
            phone: '79161234567',
            email: 'olga@example.com',
            comment: 'Домофон 41, звонить за час',
          },
          places: [
            {
              placeNumber: '1',
              weight: 850,
              length: 30,
              width: 20,
              height: 10,
              items: [
                {
                  articul: 'offer-249000',
                  description: 'Футболка хлопковая, синяя',
                  quantity: 1,
                  weight: 425,
                  assessedCost: 2490,
                  cost: 2490.01,
                  costVat: 22,
                },
                {
                  articul: 'offer-249000',
                  description: 'Футболка хлопковая, синяя',
                  quantity: 1,
                  weight: 425,
                  assessedCost: 2490,
                  cost: 2490,
                  costVat: 22,
                },
              ],
            },
          ],
          extraParams: [{ key: 'cdek.PartialDelivery', value: 'true' }],
        })
        .reply({ json: { orderId: 1112, created: '2026-03-02T12:00:00+03:00' } });
      const collect = { currency: 'RUB', goods: 498_001, delivery: 35_000, total: 533_001, perItem: [[498_001]] };
      const saved = await provider.save(save({ collect, extraData: { service: 'cdek.PartialDelivery' } }), context);
      expect(saved).toEqual({
        externalId: '1112',
        status: 'pending',
        warnings: [expect.objectContaining({ en: 'VAT of 20 % was sent as 22 %, the rate since 2026.' })],
      });
    });

    it('go to a point, from a point, with marks of one piece each and a Russian phone', async () => {
      double
        .expect('POST', '/v1/orders')
        .withJson((body: { order: object; cost: object; recipient: { phone: string }; places: { items: object[] }[] }) => {
          expect(body.order).toMatchObject({ pickupType: 2, pointInId: 44, deliveryType: 2, pointOutId: 501 });
          expect(body.cost).toMatchObject({ codCost: 0, deliveryCost: 0, isDeliveryPayedByRecipient: false });
          expect(body.recipient.phone).toBe('79161234567');
          expect(body.places[0]?.items).toMatchObject([
            { quantity: 1, markCode: 'MARK-1', cost: 0 },
            { quantity: 1, cost: 0 },
          ]);
          return true;
        })
        .reply({ json: { orderId: '1113' } });
      const order = sampleOrder();
      const [one] = order.parcels;
      const [item] = one?.items ?? [];
      if (!one || !item) throw new Error('the sample has an item');
      const request = save(
        {
          parcels: [{ ...one, items: [{ ...item, markingCodes: ['MARK-1'] }] }],
          to: { ...order.to, terminal: '501' },
          recipient: { name: 'Ольга', phone: '8 (916) 123-45-67' },
        },
        'cdek:11:point',
      );
      const own = makeContext({ carriers: [{ code: 'cdek', pickup: 'point', point: 44 }] });
      expect((await provider.save(request, own)).externalId).toBe('1113');
    });

    it('are not sent if something is missing, and name it', async () => {
      const cases: [Partial<SaveRequest>, string, Partial<ApishipSettings>, string][] = [
        [{}, 'dpd:21:door', {}, 'delivery.tariff'],
        [{}, 'cdek:11:door', { tariffs: [12] }, 'delivery.tariff'],
        [{}, 'cdek:11:point', {}, 'delivery.deliveryAddress.terminal'],
        [{}, 'cdek:11:door', { carriers: [], pickup: 'point' }, 'delivery.shipmentAddress.terminal'],
        [{ recipient: { phone: '+79161234567' } }, 'cdek:11:door', {}, 'customer.lastName'],
        [{ recipient: { name: 'Ольга', phone: '12' } }, 'cdek:11:door', {}, 'customer.phones'],
        [{ to: {} }, 'cdek:11:door', {}, 'delivery.deliveryAddress'],
        [{ currency: 'EUR' }, 'cdek:11:door', {}, 'currency'],
        [{ from: undefined }, 'cdek:11:door', { fromCity: undefined }, 'delivery.shipmentAddress'],
      ];
      for (const [changes, tariff, settings, field] of cases) {
        const error = await fail(provider.save(save(changes, tariff), makeContext(settings)));
        expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['invalid', [field]]);
      }
    });

    it('name the callback’s field that ApiShip complains about, in its words', async () => {
      double.expect('POST', '/v1/orders').reply({
        status: 400,
        json: { code: '040002', message: 'Ошибка', errors: [{ field: 'order.pickupDate', message: 'Выходной <b>день</b>' }] },
      });
      const error = await fail(provider.save(save(), context));
      expect(error).toMatchObject({
        kind: 'rejected',
        fields: { shipmentDate: 'Выходной день' },
        message: 'ApiShip: «Ошибка; Выходной день»',
      });
    });

    it('that already have our number are adopted, and changed only if they differ', async () => {
      const duplicate = {
        status: 400,
        json: { code: '040002', message: 'Ошибка', errors: [{ field: 'order.clientNumber', message: 'Занят' }] },
      };
      const state = {
        orderInfo: { orderId: '1112', providerNumber: '10001' },
        status: { key: 'uploaded', created: '2026-03-02T12:00:00+03:00' },
      };
      for (const isSame of [true, false]) {
        double.expect('POST', '/v1/orders').reply(duplicate);
        double
          .expect('GET', '/v1/orders/status')
          .withQuery({ clientNumber: makeOrderNumber('A-1042', context.connectionId) })
          .reply({ json: state });
        double
          .expect('GET', '/v1/orders/1112')
          .reply({ json: { order: { tariffId: isSame ? 11 : 12 }, recipient: { phone: '79161234567' } } });
        if (!isSame) double.expect('PUT', '/v1/orders/1112').reply({ json: { message: 'ok' } });
        expect(await provider.save(save(), context)).toEqual({ externalId: '1112', trackNumber: '10001', status: 'uploaded' });
      }
    });

    it('are canceled by a GET that is sent once, with any result', async () => {
      double.expect('GET', '/v1/orders/1112/cancel').reply({ status: 500, json: { message: 'internal' } });
      expect((await fail(provider.cancel(stored(), context))).kind).toBe('unknown_outcome');
      double.expect('GET', '/v1/orders/1112/cancel').reply({ status: 400, ...refusal('040081') });
      await provider.cancel(stored(), context);
      double.expect('GET', '/v1/orders/1112/cancel').reply({ json: { orderId: 1112, canceled: '2026-03-02T12:00:00+03:00' } });
      await provider.cancel(stored(), context);
      double.expect('GET', '/v1/orders/1112/cancel').reply({ json: { orderId: 1112, canceled: false } });
      expect((await fail(provider.cancel(stored(), context))).kind).toBe('rejected');
    });

    it('that the carrier keeps are a refusal, though its status is 403', async () => {
      double.expect('GET', '/v1/orders/1112/cancel').reply({ status: 403, ...refusal('040306', 'Заказ уже в пути') });
      expect(await fail(provider.cancel(stored(), context))).toMatchObject({ kind: 'rejected', message: 'ApiShip: «Заказ уже в пути»' });
    });

    it('without statuses are not taken for orders never made', async () => {
      double.expect('GET', '/v1/orders/status').reply({ status: 404, ...refusal('040018') });
      expect((await fail(provider.find('A-1042', context))).kind).toBe('rate_limited');
      double.expect('GET', '/v1/orders/status').reply({ status: 404, ...refusal('040080') });
      expect(await provider.find('A-1042', context)).toBeUndefined();
      double
        .expect('GET', '/v1/orders/status')
        .reply({ json: { orderInfo: { orderId: 7 }, status: { key: 'deliveryCanceled', created: '2026-03-02T12:00:00+03:00' } } });
      expect(await provider.find('A-1042', context)).toBeUndefined();
    });
  });

  describe('access', () => {
    it('by login asks for a token once, and again when that one is refused', async () => {
      const own = makeContext({ contour: 'test', token: undefined });
      double
        .expect('POST', '/v1/users/login')
        .withJson({ login: 'test', password: 'test' })
        .reply({ json: { token: 'one' } });
      double.expect('POST', '/v1/users/login').reply({ json: { accessToken: 'two' } });
      double
        .expect('GET', '/v1/orders/1112/cancel')
        .withHeader('authorization', 'one')
        .reply({ status: 403, ...refusal('040304') });
      double
        .expect('GET', '/v1/orders/1112/cancel')
        .withHeader('authorization', 'two')
        .times(2)
        .reply({ json: { orderId: 1112, canceled: true } });
      await provider.cancel(stored(), own);
      await provider.cancel(stored(), own);
    });

    it('that is refused for good is a matter of the settings', async () => {
      double.expect('GET', '/v1/orders/1112/cancel').reply({ status: 401, ...refusal('040101') });
      expect((await fail(provider.cancel(stored(), context))).kind).toBe('auth');
      const own = makeContext({ contour: 'test', token: undefined });
      double.expect('POST', '/v1/users/login').reply({ status: 403, ...refusal('040302') });
      expect((await fail(provider.cancel(stored(), own))).kind).toBe('auth');
    });

    it('stops for all processes after a 429, until ApiShip allows calls again', async () => {
      let now = Date.now();
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
      double.expect('GET', '/v1/orders/1112/cancel').reply({ status: 429, headers: { 'retry-after': '120' }, json: {} });
      expect(await fail(provider.cancel(stored(), context))).toMatchObject({ kind: 'rate_limited' });
      const other = new ApishipProvider(double.url);
      now += 60_000;
      expect(await fail(other.cancel(stored(), context))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
      double.expect('GET', '/v1/orders/1112/cancel').reply({ json: {} });
      now += 61_000;
      await other.cancel(stored(), context);
      clock.mockRestore();
    });

    it('is by login in the test contour, which is not encrypted', () => {
      const check = (changes: Partial<ApishipSettings>): string[] =>
        Object.keys(checkSettings(Object.assign(createDefaultSettings(), changes), 'en'));
      expect(check({})).toEqual([]);
      expect(check({ token: 'x' })).toEqual(['token']);
      expect(check({ password: undefined })).toEqual(['login']);
      expect(check({ contour: 'production', login: undefined })).toEqual(['token']);
      expect(check({ contour: 'production', token: 'x', login: undefined })).toEqual([]);
    });
  });

  describe('documents', () => {
    const ready = (): ReturnType<typeof existingDelivery> =>
      existingDelivery({ externalId: '1112', status: 'uploaded', trackNumber: '10001' }, save());

    it('are fetched from where they are stored, without the token', async () => {
      const storage = await HttpDouble.start();
      double
        .expect('POST', '/v1/orders/labels')
        .withJson({ orderIds: [1112], format: 'pdf' })
        .times(2)
        .reply({ json: { url: `${storage.url}/x.pdf`, failedOrders: [] } });
      storage
        .expect('GET', '/x.pdf')
        .when('no token', ({ headers }) => headers['authorization'] === undefined && headers['platform'] === undefined)
        .reply({ bytes: PDF });
      const request = { entity: 'order' as const, form: 'label', deliveries: [ready()] };
      expect(Buffer.from(await provider.print(request, context))).toEqual(PDF);
      // An address inside of the operator's network is not a storage of files.
      const strict = makeContext({}, { reach: new Reach([]) });
      expect((await fail(provider.print(request, strict))).kind).toBe('unavailable');
      await storage.close();
    });

    it('name the order that cannot be printed', async () => {
      double
        .expect('POST', '/v1/orders/labels')
        .reply({ json: { url: null, failedOrders: [{ orderId: 1112, message: 'Документ ещё не готов' }] } });
      const error = await fail(provider.print({ entity: 'order', form: 'label', deliveries: [ready()] }, context));
      expect([error.kind, error.message]).toEqual(['rejected', expect.stringMatching(/1001A.*не готов/)]);
      double.expect('GET', '/v1/orders/1112/status').reply({ json: { orderInfo: { orderId: 1112 }, status: { key: 'uploading' } } });
      const early = await fail(provider.print({ entity: 'order', form: 'label', deliveries: [stored()] }, context));
      expect(early.kind).toBe('rejected');
    });
  });

  describe('the courier', () => {
    const request = (): ReturnType<typeof shipmentRequest> => shipmentRequest('S-1', [stored(save(), 'uploaded')]);

    it('is called once for the parcels of a carrier, and its call is withdrawn before another', async () => {
      double
        .expect('POST', '/v1/courierCall')
        .withJson({
          providerKey: 'cdek',
          providerConnectId: 7001,
          date: '2026-03-03',
          timeStart: '10:00',
          timeEnd: '18:00',
          weight: 850,
          length: 30,
          width: 20,
          height: 10,
          orderIds: [1112],
          countryCode: 'RU',
          postIndex: '115280',
          region: 'Москва',
          city: 'Москва',
          street: 'ул. Ленинская Слобода',
          house: '19',
          contactName: 'Менеджер Анна',
          phone: '74957654321',
          comment: 'Вход со двора',
        })
        .reply({ json: { id: 31, providerNumber: 'C-31', created: '2026-03-02T12:00:00+03:00' } });
      const saved = await provider.saveShipment(request(), context);
      expect(saved).toEqual({ externalId: '31', extraData: { courierCall: '31', courierNumber: 'C-31' } });
      expect(await provider.saveShipment(request(), context)).toEqual(saved);
      expect(await provider.findShipment('S-1', context)).toEqual(saved);

      double.expect('POST', '/v1/courierCall/31/cancel').reply({ status: 400, ...refusal('040082') });
      double.expect('POST', '/v1/courierCall').reply({ json: { id: 32 } });
      const changed = await provider.saveShipment({ ...request(), comment: 'Вход с улицы' }, context, existingShipment(saved, request()));
      expect(changed).toEqual({ externalId: '31', extraData: { courierCall: '32' } });
      double.expect('POST', '/v1/courierCall/32/cancel').reply({ json: { id: 32, canceled: true } });
      await provider.cancelShipment(existingShipment(changed, request()), context, {});
    });

    it('whose call got no reply is not called again, because it is unknown whether they come', async () => {
      double.expect('POST', '/v1/courierCall').reply({ fault: 'drop-after' });
      expect((await fail(provider.saveShipment(request(), context))).kind).toBe('unknown_outcome');
      // Neither calls ApiShip: its other calls continue.
      const told = { kind: 'unknown_outcome', isRemembered: true };
      expect(await fail(provider.findShipment('S-1', context))).toMatchObject(told);
      expect(await fail(provider.saveShipment(request(), context))).toMatchObject(told);
      // Once the day of the visit has ended, the courier is no longer expected.
      const late = makeContext({}, { cache: context.cache, now: new Date('2026-03-04T12:00:00Z') });
      expect(await provider.findShipment('S-1', late)).toBeUndefined();
    });

    it('is called by the next process in place of the call that the one before it made', async () => {
      const another = makeContext({}, { cache: new CopyingCache(context.cache) });
      const own = makeContext({}, { cache: new CopyingCache(context.cache) });
      double.expect('POST', '/v1/courierCall').reply({ json: { id: 31 } });
      const saved = await provider.saveShipment(request(), own);
      for (const [id, comment, process] of [
        [31, 'Вход с улицы', another],
        [32, 'Вход со двора', own],
      ] as const) {
        double.expect('POST', `/v1/courierCall/${id}/cancel`).reply({ json: { id } });
        double.expect('POST', '/v1/courierCall').reply({ json: { id: id + 1 } });
        await provider.saveShipment({ ...request(), comment }, process, existingShipment(saved, request()));
      }
    });

    it('who was refused, even within a 200, may be called again', async () => {
      double.expect('POST', '/v1/courierCall').reply({ json: { id: null, error: 'Нет свободных курьеров' } });
      expect(await fail(provider.saveShipment(request(), context))).toMatchObject({
        kind: 'rejected',
        message: 'ApiShip: «Нет свободных курьеров»',
      });
      expect(await provider.findShipment('S-1', context)).toBeUndefined();
      double.expect('POST', '/v1/courierCall').reply({ json: { id: 33 } });
      expect((await provider.saveShipment(request(), context)).externalId).toBe('33');
    });

    it('of one carrier does not collect another’s parcels, and no courier is called for parcels that the shop brings', async () => {
      const mixed = shipmentRequest('S-2', [stored(), stored(save({}, 'dpd:21:door'))]);
      const error = await fail(provider.saveShipment(mixed, makeContext({ carriers: [] })));
      expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['invalid', ['orders']]);
      const own = makeContext({ pickup: 'point' });
      expect(await provider.saveShipment(request(), own)).toEqual({ externalId: 'S-1' });
      expect(await provider.findShipment('S-1', own, request())).toEqual({ externalId: 'S-1' });
    });
  });

  it('has a settings form whose secrets are secret', () => {
    const { fields } = buildSettingsForm(provider.manifest.settings);
    expect(fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['token', 'login', 'password']);
  });
});
