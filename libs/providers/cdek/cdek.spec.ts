import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSettingsForm } from '#platform';
import { type Contragent, ProviderError } from '#provider-kit';
import { type ExistingDelivery, type SaveRequest, makeOrderNumber } from '#delivery/port';
import {
  calculateRequest,
  type CapturedRequest,
  existingDelivery,
  existingShipment,
  HttpDouble,
  MemoryCache,
  parcel,
  pdfPages,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
} from '#testing';
import { CdekProvider } from './cdek.provider.js';
import { type CdekContext, type CdekSettings, checkSettings, createDefaultSettings } from './cdek.settings.js';

/** The wire, call by call: a double that expects exact requests and replies as CDEK's public pages show. */
describe('CDEK on the wire', () => {
  let double: HttpDouble;
  let provider: CdekProvider;
  let context: CdekContext;

  beforeEach(async () => {
    double = await HttpDouble.start();
    provider = new CdekProvider(double.url);
    context = makeContext();
  });
  afterEach(() => double.close());

  function makeContext(settings: Partial<CdekSettings> = {}, changes: Partial<CdekContext> = {}): CdekContext {
    return providerContext(Object.assign(createDefaultSettings(), { clientId: 'account', clientSecret: 'secret', ...settings }), {
      cache: new MemoryCache(),
      ...changes,
    });
  }

  function expectToken(token = 'token-1', times = 1): void {
    double
      .expect('POST', '/v2/oauth/token')
      .withForm({ grant_type: 'client_credentials', client_id: 'account', client_secret: 'secret' })
      .times(times)
      .reply({ json: { access_token: token, expires_in: 3600, token_type: 'bearer' } });
  }

  function expectCities(): void {
    double
      .expect('GET', '/v2/location/cities')
      .withQuery({ code: '44' })
      .reply({ json: [{ code: 44, city: 'Москва', region: 'Москва', country_code: 'RU' }] });
    double
      .expect('GET', '/v2/location/cities')
      .withQuery({ country_codes: 'RU', city: 'Санкт-Петербург' })
      .reply({ json: [{ code: 137, city: 'Санкт-Петербург', region: 'Санкт-Петербург', country_code: 'RU', payment_limit: -1 }] });
  }

  const petersburg = (changes: Partial<SaveRequest> = {}): SaveRequest =>
    saveRequest('2002-1', '137', sampleOrder('petersburgPoint'), changes);
  const number = makeOrderNumber('2002-1', 'connection-1');
  const uuid = '72753031-1820-4f99-9240-aab139f05ca5';

  function existing(changes: Partial<ExistingDelivery> = {}): ExistingDelivery {
    return existingDelivery({ externalId: uuid, trackNumber: '1106207236', status: 'created' }, petersburg(), changes);
  }

  describe('quotes', () => {
    const quoted = (): ReturnType<typeof calculateRequest> => calculateRequest(sampleOrder('petersburgPoint'));
    /** A declared value would have to be in the contract's currency. */
    const undeclared = (): ReturnType<typeof calculateRequest> => {
      const { declaredValue: _declared, ...request } = quoted();
      return request;
    };

    it('ask for all tariffs once, then for the price of each on offer with insurance and services', async () => {
      context = makeContext({
        tariffs: [{ code: 137 }, { code: 136, name: 'До пункта' }],
        services: [{ code: 'SMS', parameter: '1' }],
        codFeeBasisPoints: 300,
      });
      expectToken();
      expectCities();
      const question = {
        type: 1,
        date: '2026-03-03T00:00:00+0300',
        lang: 'rus',
        from_location: { code: 44, country_code: 'RU', city: 'Москва' },
        to_location: { code: 137, postal_code: '191186', country_code: 'RU', city: 'Санкт-Петербург' },
        packages: [{ weight: 2400, length: 30, width: 20, height: 10 }],
      };
      double
        .expect('POST', '/v2/calculator/tarifflist')
        .withHeader('authorization', 'Bearer token-1')
        .withJson(question)
        .reply({ json: fixture('tarifflist') });
      const services = [{ code: 'INSURANCE', parameter: '12991' }, { code: 'SMS', parameter: '1' }, { code: 'TRYING_ON' }];
      double
        .expect('POST', '/v2/calculator/tariff')
        .withJson({ ...question, tariff_code: 137, services })
        .reply({ json: { delivery_sum: 876.43, total_sum: 980.36, currency: 'RUB', period_min: 2, period_max: 3 } });
      double
        .expect('POST', '/v2/calculator/tariff')
        .withJson({ ...question, tariff_code: 136, services })
        .reply({ status: 400, json: { errors: [{ code: 'v2_unable_add_service', message: 'Услуга TRYING_ON недоступна' }] } });
      double
        .expect('GET', '/v2/deliverypoints')
        .withQuery({ city_code: '137', type: 'ALL' })
        .reply({ json: fixture('deliverypoints') });
      const tariffs = await provider.calculate(
        { ...quoted(), shipmentDate: '2026-03-03', cod: { minor: 100_000, currency: 'RUB' }, extraData: { services: ['TRYING_ON'] } },
        context,
      );
      expect(tariffs).toEqual([
        {
          code: '137',
          name: 'Посылка склад-дверь',
          type: 'courier',
          cost: { minor: 98_036 + 3_000, currency: 'RUB' },
          minTerm: 2,
          maxTerm: 5,
        },
        {
          code: '136',
          name: 'До пункта',
          type: 'selfDelivery',
          description: 'СДЭК: «Услуга TRYING_ON недоступна»',
          minTerm: 2,
          maxTerm: 3,
          // SPB12 takes neither money nor 2.4 kg.
          pickupPoints: [
            {
              code: 'SPB9',
              name: 'На Невском',
              address: '191186, Россия, Санкт-Петербург, Невский пр., 30',
              description: 'Вход со двора',
              schedule: 'Пн-Вс 10:00-21:00',
              phone: '+78125550101',
              coordinates: { latitude: 59.935, longitude: 30.32 },
            },
          ],
        },
      ]);
    });

    it('take sides rounded up to centimetres, several packages, and offer only what fits', async () => {
      context = makeContext({ tariffs: [{ code: 368 }, { code: 136 }, { code: 139 }], quoteServices: false });
      expectToken();
      expectCities();
      const parcels = [parcel('RUB', 1_000, 850.2, { length: 301, width: 199, height: 5 }), parcel('RUB', 1_000, 900)];
      double
        .expect('POST', '/v2/calculator/tarifflist')
        .withJson(
          (body: { packages: object[] }) =>
            JSON.stringify(body.packages) ===
            JSON.stringify([
              { weight: 851, length: 31, width: 20, height: 1 },
              { weight: 900, length: 30, width: 20, height: 10 },
            ]),
        )
        .reply({ json: fixture('tarifflist') });
      double.expect('GET', '/v2/deliverypoints').reply({ json: fixture('deliverypoints') });
      // A locker takes one parcel. A tariff with an unknown mode (139) is not offered.
      const tariffs = await provider.calculate({ ...quoted(), parcels }, context);
      expect(tariffs.map(({ code }) => code)).toEqual(['136']);
      expect(tariffs[0]?.pickupPoints?.map(({ code }) => code)).toEqual(['SPB9', 'SPB12']);
    });

    it('are requested in the order’s currency by CDEK’s number', async () => {
      context = makeContext({ tariffs: [{ code: 480 }], quoteServices: false });
      expectToken();
      expectCities();
      double
        .expect('POST', '/v2/calculator/tarifflist')
        .withJson((body: { currency?: number }) => body.currency === 4)
        .reply({ json: fixture('tarifflist') });
      expect(await provider.calculate({ ...undeclared(), currency: 'EUR' }, context)).toMatchObject([
        { code: '480', cost: { minor: 125_000, currency: 'EUR' } },
      ]);
      expect((await failure(provider.calculate({ ...undeclared(), currency: 'ISK' }, context))).kind).toBe('invalid');
    });

    it('a place that CDEK does not recognize is not served, and any other refusal is reported in its words', async () => {
      context = makeContext({ tariffs: [{ code: 480 }], quoteServices: false });
      expectToken();
      expectCities();
      double
        .expect('POST', '/v2/calculator/tarifflist')
        .reply({ status: 400, json: { errors: [{ code: 'v2_recipient_location_not_recognized', message: '…' }] } });
      expect(await provider.calculate(quoted(), context)).toEqual([]);
      double
        .expect('POST', '/v2/calculator/tarifflist')
        .reply({ status: 400, json: { errors: [{ code: 'v2_bad_request', message: 'Договор <b>заблокирован</b>: https://cdek.ru/x' }] } });
      expect(await failure(provider.calculate({ ...undeclared(), currency: 'EUR' }, context))).toMatchObject({
        kind: 'rejected',
        message: 'CDEK: «Договор заблокирован»',
      });
    });
  });

  describe('an order', () => {
    it('is sent in CDEK’s format, to the door', async () => {
      context = makeContext({ vatRate: '20', senderCompany: 'ООО Ромашка', services: [{ code: 'SMS', parameter: '1' }] });
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Москва' })
        .reply({ json: [{ code: 44, city: 'Москва', region: 'Москва', country_code: 'RU' }] });
      double
        .expect('POST', '/v2/orders')
        .withJson({
          type: 1,
          number: makeOrderNumber('1003-1', 'connection-1'),
          tariff_code: 137,
          comment: 'позвонить; 2026-03-05 10:00–18:00',
          shipment_point: 'MSK5',
          to_location: {
            code: 44,
            postal_code: '109004',
            country_code: 'RU',
            region: 'Москва',
            city: 'Москва',
            address: 'Таганская ул., д. 15, кв. 7',
          },
          delivery_recipient_cost: { value: 450, vat_rate: 22, vat_sum: 81.15 },
          sender: { company: 'ООО Ромашка', name: 'Shop', phones: [{ number: '+74950000000' }] },
          recipient: {
            name: 'Ахмадуллина Зульфия Рашидовна',
            email: 'zulfiya@example.com',
            phones: [{ number: '+74951234567', additional: '12' }],
          },
          services: [{ code: 'SMS', parameter: '1' }, { code: 'PART_DELIV' }],
          packages: [
            {
              number: '1',
              weight: 1100,
              length: 26,
              width: 19,
              height: 6,
              items: [
                {
                  name: 'Книга, том 1',
                  ware_key: 'offer-99999',
                  payment: { value: 999.99, vat_rate: 22, vat_sum: 180.33 },
                  cost: 999.99,
                  weight: 1100,
                  amount: 1,
                },
              ],
            },
            {
              number: '2',
              weight: 1350,
              length: 27,
              width: 19,
              height: 6,
              items: [
                {
                  name: 'Книга, том 2',
                  ware_key: 'offer-100000',
                  payment: { value: 1000, vat_rate: 22, vat_sum: 180.33 },
                  cost: 1000,
                  weight: 1350,
                  amount: 1,
                },
              ],
            },
          ],
        })
        .reply({ status: 202, json: fixture('accepted') });
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: fixture('order') });
      const order = sampleOrder('moscowManyPackagesCod');
      order.parcels = order.parcels.slice(0, 2);
      const saved = await provider.save(
        saveRequest('1003-1', '137', order, {
          from: { ...order.from, terminal: 'MSK5' },
          recipient: { name: 'Ахмадуллина Зульфия Рашидовна', phone: '8 (495) 123-45-67 доб. 12', email: 'zulfiya@example.com' },
          deliveryDate: '2026-03-05',
          deliveryTime: { from: '10:00', to: '18:00' },
          extraData: { comment: ' позвонить ', services: ['PART_DELIV'] },
        }),
        context,
      );
      // Some of CDEK's replies hold the number as a JSON number.
      expect(saved).toEqual({
        ...{ externalId: uuid, trackNumber: '1106207236', cost: { minor: 61_492, currency: 'RUB' }, status: 'created' },
        warnings: [
          expect.objectContaining({ en: 'VAT of 20 % was sent as 22 %, the rate since 2026.' }),
          expect.objectContaining({ en: 'CDEK replaced the shipment point MSK5 by MSK67.' }),
        ],
      });
    });

    it('goes to a point with only its code, from a door with the account’s address', async () => {
      context = makeContext({ fromAddress: 'ул. Складская, 1' });
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ code: '44' })
        .reply({ json: [{ code: 44, city: 'Москва', region: 'Москва', country_code: 'RU' }] });
      double
        .expect('GET', '/v2/deliverypoints')
        .withQuery({ code: 'SPB9', type: 'ALL' })
        .reply({ json: fixture('deliverypoints') });
      double
        .expect('POST', '/v2/orders')
        .withJson(
          (body: {
            from_location?: object;
            shipment_point?: string;
            delivery_point?: string;
            to_location?: object;
            delivery_recipient_cost?: object;
          }) =>
            JSON.stringify(body.from_location) ===
              JSON.stringify({ code: 44, country_code: 'RU', region: 'Москва', city: 'Москва', address: 'ул. Складская, 1' }) &&
            body.shipment_point === undefined &&
            body.delivery_point === 'SPB9' &&
            body.to_location === undefined &&
            body.delivery_recipient_cost === undefined,
        )
        .reply({ status: 202, json: fixture('accepted') });
      // CDEK replaces a closed office silently.
      const order = fixture('order') as { entity: object };
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: { ...order, entity: { ...order.entity, delivery_point: 'SPB12' } } });
      const saved = await provider.save(
        petersburg({ tariff: '138', to: { ...sampleOrder('petersburgPoint').to, terminal: 'SPB9' } }),
        context,
      );
      expect(saved.warnings).toMatchObject([{ en: 'CDEK replaced the pickup point SPB9 by SPB12. Tell the buyer.' }]);
    });

    it('cuts texts, makes keys unique, says pieces and marks apart', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      let sent:
        | { packages: { items: { name: string; ware_key: string; amount: number; marking?: string; weight: number; cost: number }[] }[] }
        | undefined;
      double.expect('POST', '/v2/orders').reply((request: CapturedRequest) => {
        sent = request.json() as typeof sent;
        return { status: 202, json: fixture('accepted') };
      });
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: fixture('order') });
      const item = {
        offerId: 'x'.repeat(80),
        name: '😀'.repeat(300),
        quantity: 3,
        declaredValue: { minor: 1_050, currency: 'RUB' },
        markingCodes: ['m1', 'm2'],
      };
      const parcels = [
        { weight: 1_000, items: [item, { ...item, markingCodes: [], quantity: 1.5, weight: 200.5 }] },
        { weight: 10, items: [] },
      ];
      await provider.save(petersburg({ parcels }), context);
      const [first, second] = sent?.packages ?? [];
      expect(first?.items.map(({ amount, marking, weight, cost }) => [amount, marking, weight, cost])).toEqual([
        [1, 'm1', 250, 10.5],
        [1, 'm2', 250, 10.5],
        [1, undefined, 250, 10.5],
        [1, undefined, 301, 15.75],
      ]);
      expect(first?.items.every(({ name, ware_key }) => [...name].length <= 255 && ware_key.length <= 20)).toBe(true);
      expect(new Set(first?.items.map(({ ware_key }) => ware_key)).size).toBe(4);
      expect(second?.items).toEqual([{ name: '1002A / 2', ware_key: '1002A / 2', payment: { value: 0 }, cost: 0, weight: 10, amount: 1 }]);
    });

    it.each([
      ['a legal person', 'legal-entity', { contragent_type: 'LEGAL_ENTITY' }],
      ['an entrepreneur', 'enterpreneur', {}],
      ['a company of an order that an earlier version stored', undefined, {}],
    ])('names company and contact person of %s', async (_whose, contragentType, mark) => {
      let sent: { recipient: object } | undefined;
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      double
        .expect('POST', '/v2/orders')
        .withJson((body: { recipient: object }) => ((sent = body), true))
        .reply({ status: 202, json: fixture('accepted') });
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: fixture('order') });
      const company = 'ООО «Ромашка»';
      const contragent = { contragentType, legalName: company, inn: '7707083893' } as Contragent;
      const customer = contragentType === undefined ? {} : { customer: { phones: [], contragent } };
      await provider.save(petersburg({ recipient: { name: 'Пётр Ёлкин', company, phone: '+79160000000' }, ...customer }), context);
      // CDEK's recipient has no field for the INN.
      expect(sent?.recipient).toEqual({ company, name: 'Пётр Ёлкин', ...mark, phones: [{ number: '+79160000000' }] });
    });

    it.each<[string, Partial<SaveRequest>, string]>([
      ['a tariff that is not on offer', { tariff: '480' }, 'delivery.tariff'],
      ['no name', { recipient: { phone: '+79160000000' } }, 'customer.lastName'],
      ['no phone', { recipient: { name: 'Пётр', phone: '12' } }, 'customer.phones'],
      ['a point tariff without a point', { tariff: '136' }, 'delivery.deliveryAddress.terminal'],
      ['another currency', { currency: 'EUR' }, 'currency'],
    ])('is not sent with %s', async (_what, changes, field) => {
      context = makeContext({}, { account: { timeZone: 'Europe/Moscow', language: 'es', workTimes: [], nonWorkingDays: [] } });
      if (changes.tariff === undefined) {
        expectToken();
        double
          .expect('GET', '/v2/location/cities')
          .withQuery({ city: 'Санкт-Петербург' })
          .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      }
      const error = await failure(provider.save(petersburg(changes), context));
      expect(error.kind).toBe('invalid');
      expect(Object.keys(error.fields ?? {})).toEqual([field]);
    });

    it('an immediate refusal has the callback’s fields', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      double.expect('POST', '/v2/orders').reply({
        status: 400,
        json: {
          errors: [
            { code: 'shipment_location_is_not_recognized', additional_code: '0x1', message: 'Передан некорректный код ПВЗ отправителя' },
          ],
        },
      });
      expect(await failure(provider.save(petersburg(), context))).toMatchObject({
        kind: 'rejected',
        message: 'CDEK: «Передан некорректный код ПВЗ отправителя»',
        fields: { 'delivery.shipmentAddress.terminal': 'Передан некорректный код ПВЗ отправителя' },
      });
    });

    it('a refusal after it was accepted is reported in CDEK’s words', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      double.expect('POST', '/v2/orders').reply({ status: 202, json: fixture('accepted') });
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: fixture('invalid') });
      expect(await failure(provider.save(petersburg(), context))).toMatchObject({
        kind: 'rejected',
        message: 'CDEK: «Не удалось определить город получателя»',
      });
    });

    it('an answer without an id is an unknown outcome', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      double.expect('POST', '/v2/orders').reply({ status: 202, json: { requests: [] } });
      expect((await failure(provider.save(petersburg(), context))).kind).toBe('unknown_outcome');
    });

    it('is changed with the ids of its packages, and lists the packages to remove', async () => {
      expectToken();
      double
        .expect('GET', `/v2/orders/${uuid}`)
        .times(2)
        .reply({ json: fixture('order') });
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург' }] });
      double
        .expect('PATCH', '/v2/orders')
        .withJson(
          (body: {
            uuid: string;
            number?: string;
            type?: number;
            comment: string;
            services: object[];
            delivery_recipient_cost: object;
            packages: { number: string; package_id?: string }[];
          }) => {
            expect(body).toMatchObject({ uuid, tariff_code: 137, comment: '', services: [], delivery_recipient_cost: { value: 0 } });
            expect([body.number, body.type]).toEqual([undefined, 1]);
            expect(body.packages.map(({ number: own, package_id }) => [own, package_id])).toEqual([
              ['1', '11111111-2222-3333-4444-555555555555'],
              ['2', undefined],
            ]);
            return true;
          },
        )
        .reply({
          status: 202,
          json: {
            entity: { uuid },
            requests: [{ request_uuid: '72753031-28fb-4e9f-9b9f-1c2b3d4e5f60', type: 'UPDATE', state: 'ACCEPTED' }],
          },
        });
      const changed = petersburg({ reference: 'another', parcels: [...petersburg().parcels, parcel('RUB', 100, 100)] });
      expect(await provider.save(changed, context, existing())).toMatchObject({ externalId: uuid, status: 'created' });
    });

    it.each([
      [{ delivery_date: '2026-03-05' }, '2026-03-05'],
      [{ delivery_date: '2026-03-05', delivery_detail: { date: '2026-03-06', delivery_sum: 510, total_sum: 614.92 } }, '2026-03-06'],
      [{ delivery_date: 'soon' }, undefined],
    ])('is sent with its day: %j', async (changes, deliveryDate) => {
      expectToken();
      const order = fixture('order') as { entity: object };
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: { ...order, entity: { ...order.entity, ...changes } } });
      expect((await provider.get(existing(), context)).deliveryDate).toBe(deliveryDate);
    });

    it('is found by our number, and not when there is none', async () => {
      expectToken();
      double
        .expect('GET', '/v2/orders')
        .withQuery({ im_number: number })
        .reply({ json: fixture('order') });
      expect(await provider.find('2002-1', context)).toEqual({ externalId: uuid, trackNumber: '1106207236', status: 'created' });
      double.expect('GET', '/v2/orders').reply({
        status: 400,
        json: { requests: [{ type: 'GET', state: 'INVALID', errors: [{ code: 'v2_entity_not_found_im_number', message: '…' }] }] },
      });
      expect(await provider.find('2002-2', context)).toBeUndefined();
      double.expect('GET', '/v2/orders').reply({ json: fixture('invalid') });
      expect(await provider.find('2002-1', context)).toBeUndefined();
    });

    it('is read by its id', async () => {
      expectToken();
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: fixture('order') });
      expect(await provider.get(existing(), context)).toEqual({
        externalId: uuid,
        trackNumber: '1106207236',
        cost: { minor: 61_492, currency: 'RUB' },
        status: 'created',
      });
    });

    it('numbers fit, are ASCII and differ by connection', () => {
      const longest = makeOrderNumber('a'.repeat(30), 'connection-1');
      expect(longest).toMatch(/^[\x20-\x7e]{1,40}$/);
      expect(longest).not.toBe(makeOrderNumber('a'.repeat(30), 'connection-2'));
    });
  });

  describe('tokens', () => {
    const tracked = (): Promise<unknown> => provider.track([existing()], context);

    it('are asked for once for calls at the same time, and kept', async () => {
      expectToken();
      double
        .expect('GET', `/v2/orders/${uuid}`)
        .times(6)
        .reply({ json: fixture('order') });
      await Promise.all([tracked(), tracked(), tracked(), tracked(), tracked()]);
      await tracked();
    });

    it('a rejected one is replaced once, and the calls are repeated, with or without an effect', async () => {
      expectToken('old');
      double
        .expect('GET', `/v2/orders/${uuid}`)
        .withHeader('authorization', 'Bearer old')
        .times(3)
        .reply({ status: 401, json: { errors: [{ code: 'v2_token_expired', message: '…' }] } });
      expectToken('new');
      double
        .expect('GET', `/v2/orders/${uuid}`)
        .withHeader('authorization', 'Bearer new')
        .times(4)
        .reply({ json: fixture('order') });
      await Promise.all([tracked(), tracked(), tracked()]);
      double
        .expect('DELETE', `/v2/orders/${uuid}`)
        .withHeader('authorization', 'Bearer new')
        .reply({ status: 400, json: { errors: [{ code: 'v2_token_expired', message: '…' }] } });
      expectToken('newest');
      double
        .expect('DELETE', `/v2/orders/${uuid}`)
        .withHeader('authorization', 'Bearer newest')
        .reply({ status: 202, json: { entity: { uuid }, requests: [] } });
      double.expect('GET', `/v2/orders/${uuid}`).reply({ status: 400, json: { errors: [{ code: 'v2_entity_not_found', message: '…' }] } });
      await provider.cancel(existing(), context);
    });

    it('a token that is about to expire is renewed before it is used', async () => {
      double
        .expect('POST', '/v2/oauth/token')
        .times(2)
        .reply({ json: { access_token: 'short', expires_in: 59 } });
      double.expect('GET', `/v2/orders/${uuid}`).reply({ json: fixture('order') });
      await tracked();
    });

    it('refused for good is a matter of credentials', async () => {
      expectToken('one');
      expectToken('two');
      double.expect('GET', `/v2/orders/${uuid}`).times(2).reply({ status: 401, json: {} });
      expect((await failure(provider.get(existing(), context))).kind).toBe('auth');
      double.reset();
      double
        .expect('POST', '/v2/oauth/token')
        .reply({ status: 400, json: { error: 'invalid_client', error_description: 'Bad client credentials' } });
      const wrong = makeContext({ clientSecret: 'wrong' });
      const error = await failure(provider.get(existing(), wrong));
      expect(error.kind).toBe('auth');
      expect(error.localText?.ru).toContain('проверьте идентификатор и пароль');
    });
  });

  describe('documents', () => {
    it('are started, awaited and fetched, and labels have the account’s format', async () => {
      context = makeContext({ labelFormat: 'A7' });
      expectToken();
      double
        .expect('POST', '/v2/print/barcodes')
        .withJson({ orders: [{ order_uuid: 'u-2' }, { order_uuid: 'u-1' }], format: 'A7' })
        .reply({ status: 202, json: { entity: { uuid: 'job' } } });
      double
        .expect('GET', '/v2/print/barcodes/job')
        .reply({ json: { entity: { statuses: [{ code: 'ACCEPTED', date_time: '2026-03-02T09:00:00+0000' }] } } });
      double.expect('GET', '/v2/print/barcodes/job').reply({
        json: {
          entity: {
            statuses: [
              { code: 'READY', date_time: '2026-03-02T09:00:01+0000' },
              { code: 'ACCEPTED', date_time: '2026-03-02T09:00:00+0000' },
            ],
          },
        },
      });
      double
        .expect('GET', '/v2/print/barcodes/job.pdf')
        .withHeader('accept', 'application/pdf')
        .reply({ bytes: Buffer.from('%PDF-1.4 labels') });
      const deliveries = [existing({ externalId: 'u-2' }), existing({ externalId: 'u-1' }), existing({ externalId: 'u-2' })];
      expect(Buffer.from(await provider.print({ entity: 'order', form: 'label', deliveries }, context)).toString()).toBe('%PDF-1.4 labels');
    });

    it('what is no PDF is refused, and an order not yet registered is not sent', async () => {
      expectToken();
      double
        .expect('POST', '/v2/print/orders')
        .withJson({ orders: [{ order_uuid: uuid }] })
        .reply({ status: 202, json: { entity: { uuid: 'job' } } });
      double
        .expect('GET', '/v2/print/orders/job')
        .reply({ json: { entity: { statuses: [{ code: 'READY', date_time: '2026-03-02T09:00:01+0000' }] } } });
      double.expect('GET', '/v2/print/orders/job.pdf').reply({ text: 'come back later' });
      expect((await failure(provider.print({ entity: 'order', form: 'waybill', deliveries: [existing()] }, context))).kind).toBe(
        'unavailable',
      );
      expect(
        (await failure(provider.print({ entity: 'order', form: 'label', deliveries: [existing({ status: 'registering' })] }, context)))
          .kind,
      ).toBe('rejected');
    });
  });

  describe('visits of the courier', () => {
    const accepted = { status: 202, json: { entity: { uuid: 'v-1' }, requests: [{ type: 'CREATE', state: 'ACCEPTED' }] } };
    const checked = { entity: { uuid: 'v-1', intake_number: 555, comment: '[s-1]' }, requests: [{ type: 'CREATE', state: 'SUCCESSFUL' }] };

    it('for several orders are one load, and for a single order contain it', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ code: '44' })
        .reply({ json: [{ code: 44, city: 'Москва', region: 'Москва', country_code: 'RU' }] });
      const visit = {
        intake_date: '2026-03-03',
        intake_time_from: '10:00',
        intake_time_to: '18:00',
        comment: 'Вход со двора [s-1]',
        sender: { name: 'Менеджер Анна', phones: [{ number: '+74957654321' }] },
        from_location: { code: 44, country_code: 'RU', region: 'Москва', city: 'Москва', address: 'ул. Ленинская Слобода, д. 19' },
        need_call: false,
      };
      double
        .expect('POST', '/v2/intakes')
        .withJson({ name: '2 × CDEK', weight: 4_800, length: 30, width: 20, height: 20, ...visit })
        .reply(accepted);
      double.expect('GET', '/v2/intakes/v-1').reply({ json: checked });
      const both = shipmentRequest('s-1', [existing({ externalId: 'u-1' }), existing({ externalId: 'u-2' })]);
      expect(await provider.saveShipment(both, context)).toEqual({ externalId: 'v-1', extraData: { intake: 'v-1', intakeNumber: '555' } });
      double
        .expect('POST', '/v2/intakes')
        .withJson({ order_uuid: 'u-1', ...visit, comment: 'Вход со двора [s-2]', need_call: true })
        .reply(accepted);
      double.expect('GET', '/v2/intakes/v-1').reply({ json: checked });
      await provider.saveShipment(shipmentRequest('s-2', [existing({ externalId: 'u-1' })], { extraData: { needCall: true } }), context);
    });

    it.each([
      ['no day', { date: undefined }, 'date'],
      ['a day that is over', { date: '2026-03-01' }, 'date'],
      ['a day too far ahead', { date: '2026-04-03' }, 'date'],
      ['hours at night', { time: { from: '20:00', to: '23:00' } }, 'time'],
    ])('are not asked for with %s', async (_what, changes, field) => {
      expectToken();
      double.expect('GET', '/v2/location/cities').reply({ json: [{ code: 44, city: 'Москва' }] });
      const error = await failure(provider.saveShipment(shipmentRequest('s-1', [existing()], changes), context));
      expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['invalid', [field]]);
    });

    it('are withdrawn by their present id, and a missing one counts as withdrawn', async () => {
      expectToken();
      double.expect('GET', '/v2/intakes/v-9').reply({ json: { ...checked, entity: { uuid: 'v-9' } } });
      double
        .expect('DELETE', '/v2/intakes/v-9')
        .reply({ status: 202, json: { entity: { uuid: 'v-9' }, requests: [{ type: 'DELETE', state: 'ACCEPTED' }] } });
      double.expect('GET', '/v2/intakes/v-9').reply({ status: 400, json: { errors: [{ code: 'v2_entity_not_found', message: '…' }] } });
      await provider.cancelShipment(
        existingShipment({ externalId: 'v-1', extraData: { intake: 'v-9' } }, shipmentRequest('s-1', [existing()])),
        context,
        {},
      );
    });
  });

  describe('points and cities', () => {
    it('points that accept parcels belong to the requested city, otherwise to the account’s city', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ country_codes: 'RU', city: 'Санкт-Петербург' })
        .reply({ json: [{ code: 137, city: 'Санкт-Петербург', country_code: 'RU' }] });
      double
        .expect('GET', '/v2/deliverypoints')
        .withQuery({ city_code: '137' })
        .reply({ json: fixture('deliverypoints') });
      const points = await provider.listPickupPoints({ city: 'Санкт-Петербург' }, context);
      expect(points.map(({ code }) => code)).toEqual(['SPB9']);
      // Cached: requested once.
      expect(await provider.listPickupPoints({ city: 'Санкт-Петербург', countryIso: 'RU' }, context)).toEqual(points);
      double
        .expect('GET', '/v2/location/cities')
        .withQuery({ code: '44' })
        .reply({ json: [{ code: 44, city: 'Москва', country_code: 'RU' }] });
      double.expect('GET', '/v2/deliverypoints').withQuery({ city_code: '44' }).reply({ json: [] });
      expect(await provider.listPickupPoints({}, context)).toEqual([]);
    });

    it('cities are suggested by their code', async () => {
      expectToken();
      double
        .expect('GET', '/v2/location/suggest/cities')
        .withQuery({ name: 'моск' })
        .reply({ json: [{ city_uuid: 'x', code: 44, full_name: 'Москва, Россия' }] });
      expect(await provider.autocomplete('city', ' Моск', context)).toEqual([{ value: '44', label: 'Москва, Россия' }]);
    });

    it('tariffs are the offered ones, and unknown ones by the account’s mode', async () => {
      context = makeContext({ tariffs: [{ code: 136 }, { code: 9_999, name: 'Свой', mode: 'point-door' }, { code: 8_888 }] });
      expect(await provider.listTariffs(context)).toEqual([
        { code: '136', name: 'Посылка склад-склад', type: 'selfDelivery' },
        { code: '9999', name: 'Свой', type: 'courier' },
      ]);
      expect(checkSettings(context.settings)).toEqual({ 'tariffs[2].mode': expect.any(String) });
    });
  });

  describe('subscriptions', () => {
    const ours = 'http://127.0.0.1:9/courier/webhooks/connection-1';
    const connect = (replace = false): ReturnType<CdekProvider['connect']> => provider.connect({ replace }, context);
    const expectList = (...json: object[]): unknown => double.expect('GET', '/v2/webhooks').reply({ json });
    const others = ['b', 'a'].map((uuid) => ({ uuid, url: `https://${uuid}.example/crm?key=secret#1`, type: 'ORDER_STATUS' }));

    it('are listed before one is made', async () => {
      expectToken();
      expectList();
      double
        .expect('POST', '/v2/webhooks')
        .withJson({ url: ours, type: 'ORDER_STATUS' })
        .reply({ json: { entity: { uuid: 's-1' } } });
      expect(await connect()).toEqual({});
      expect(double.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
    });

    it('an existing one is not made again, while webhooks of an old address and duplicates are removed', async () => {
      expectToken();
      expectList(
        { uuid: 's-1', url: ours, type: 'ORDER_STATUS' },
        { uuid: 's-2', url: ours, type: 'ORDER_STATUS' },
        { uuid: 's-3', url: 'https://old.example/prefix/courier/webhooks/connection-1', type: 'ORDER_STATUS' },
        { uuid: 's-4', url: ours, type: 'PRINT_FORM' },
        { uuid: 's-5', url: 'https://old.example/courier/webhooks/connection-10', type: 'ORDER_STATUS' },
        { uuid: 's-6', url: 'not an address', type: 'ORDER_STATUS' },
      );
      double.expect('DELETE', '/v2/webhooks/s-2').reply({ json: {} });
      double
        .expect('DELETE', '/v2/webhooks/s-3')
        .reply({ status: 400, json: { errors: [{ code: 'v2_entity_not_found', message: 'Подписка не найдена' }] } });
      expect(await connect()).toEqual({});
    });

    it('when others have both, none is touched and one is the conflict, without its query', async () => {
      expectToken();
      expectList(...others);
      expect(await connect()).toEqual({ conflict: [{ address: 'https://a.example/crm' }] });
      expect(double.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    });

    it('with consent the one that was named makes place, and only it', async () => {
      expectToken();
      expectList(...others);
      double.expect('DELETE', '/v2/webhooks/a').reply({ json: {} });
      double.expect('POST', '/v2/webhooks').reply({ json: { entity: { uuid: 's-1' } } });
      expect(await connect(true)).toEqual({});
    });

    it('consent takes nothing down while there is room', async () => {
      expectToken();
      expectList(...others.slice(1));
      double.expect('POST', '/v2/webhooks').reply({ json: { entity: { uuid: 's-1' } } });
      expect(await connect(true)).toEqual({});
    });

    it('of other kinds of event take the place too, but statuses are named first', async () => {
      expectToken();
      expectList({ uuid: '0', url: 'https://print.example', type: 'PRINT_FORM' }, ...others.slice(0, 1));
      expect(await connect()).toEqual({ conflict: [{ address: 'https://b.example/crm' }] });
    });

    it('are removed, only our own', async () => {
      expectToken();
      expectList({ uuid: 's-1', url: ours, type: 'ORDER_STATUS' }, ...others.slice(1));
      double.expect('DELETE', '/v2/webhooks/s-1').reply({ json: {} });
      await provider.disconnect(context);
    });

    it('a refusal is reported in CDEK’s words', async () => {
      expectToken();
      expectList();
      double
        .expect('POST', '/v2/webhooks')
        .reply({ status: 400, json: { errors: [{ code: 'v2_bad_request', message: 'Недопустимый адрес' }] } });
      expect(await failure(connect())).toMatchObject({ kind: 'rejected', message: 'CDEK: «Недопустимый адрес»' });
    });
  });

  it('refresh tries wrong credentials once an hour, until they are others', async () => {
    double
      .expect('POST', '/v2/oauth/token')
      .times(2)
      .reply({ status: 400, json: { error: 'invalid_client' } });
    for (let minute = 0; minute < 2; minute++) expect((await failure(provider.refresh(context))).kind).toBe('auth');
    const changed = { ...context, settings: { ...context.settings, clientSecret: 'another' } };
    expect((await failure(provider.refresh(changed))).kind).toBe('auth');
  });

  it('puts the documents of more than a hundred orders together, in their order', async () => {
    const { PDFDocument } = await import('@cantoo/pdf-lib');
    const file = async (...texts: string[]): Promise<Uint8Array> => {
      const document = await PDFDocument.create();
      for (const text of texts) document.addPage([200, 200]).drawText(text);
      return document.save();
    };
    expectToken();
    const uuids = Array.from({ length: 101 }, (_, index) => `u-${index}`);
    const job = (uuids_: string[], name: string, bytes: Uint8Array): void => {
      double
        .expect('POST', '/v2/print/orders')
        .withJson({ orders: uuids_.map((order_uuid) => ({ order_uuid })) })
        .reply({ status: 202, json: { entity: { uuid: name } } });
      double
        .expect('GET', `/v2/print/orders/${name}`)
        .reply({ json: { entity: { statuses: [{ code: 'READY', date_time: '2026-03-02T09:00:01+0000' }] } } });
      double.expect('GET', `/v2/print/orders/${name}.pdf`).reply({ bytes });
    };
    job(uuids.slice(0, 100), 'one', await file('first', 'second'));
    job(uuids.slice(100), 'two', await file('third'));
    const pdf = await provider.print(
      { entity: 'order', form: 'waybill', deliveries: uuids.map((externalId) => existing({ externalId })) },
      context,
    );
    expect(pdfPages(pdf).map(({ text }) => text.trim())).toEqual(['first', 'second', 'third']);
  });

  it('has a form for its settings, and defaults that CDEK’s test contour takes', () => {
    expect(
      buildSettingsForm(provider.manifest.settings)
        .fields.filter(({ secret }) => secret)
        .map(({ name }) => name),
    ).toEqual(['clientId', 'clientSecret']);
    expect(checkSettings(createDefaultSettings())).toEqual({});
    expect(
      checkSettings({ ...createDefaultSettings(), services: [{ code: 'INSURANCE' }, { code: 'SMS' }, { code: 'SMS' }], statusRules: [] }),
    ).toEqual({ 'services[0].code': expect.any(String), 'services[2].code': expect.any(String) });
  });
});

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const [result] = await Promise.allSettled([call]);
  if (result?.status !== 'rejected') throw new Error('it should have failed');
  expect(result.reason).toBeInstanceOf(ProviderError);
  return result.reason as ProviderError;
}
