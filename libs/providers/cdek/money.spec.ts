import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderError } from '#provider-kit';
import type { CalculateRequest, Parcel, SaveRequest } from '#delivery/port';
import {
  accountSettings,
  buildCollect,
  calculateRequest,
  CdekDouble,
  existingDelivery,
  parcel,
  providerContext,
  sampleOrder,
  saveRequest,
} from '#testing';
import { CdekProvider } from './cdek.provider.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';

/**
 * An order's money, lines and sides, against a CDEK that rejects or misreads the same values as the real one.
 */
describe('an order at CDEK', () => {
  let cdek: CdekDouble;
  let provider: CdekProvider;

  beforeEach(async () => {
    cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 0 });
    provider = new CdekProvider(cdek.url);
  });
  afterEach(() => cdek.close());

  const makeContext = (settings: Partial<CdekSettings> = {}): CdekContext =>
    providerContext(Object.assign(createDefaultSettings(), settings), { now: new Date(), account: accountSettings({ language: 'en' }) });

  const CITIES = { RU: 'Санкт-Петербург', KZ: 'Алматы', BY: 'Минск', UZ: 'Ташкент' } as const;
  type Country = keyof typeof CITIES;

  /** Goods of 1,990.50 and a delivery of 10, owed at the door. */
  function order(country: Country, currency: string, vatRate = 'none', owed = 199_050, charge = 1_000): SaveRequest {
    const goods: Parcel = parcel(currency, 199_050, 850);
    const parcels = [{ ...goods, items: goods.items.map((item) => ({ ...item, vatRate, declaredValue: { minor: 0, currency } })) }];
    const collect = { ...buildCollect(owed, charge, currency), perItem: [[owed]] };
    return saveRequest('ref-1', '137', sampleOrder('petersburgPoint'), {
      ...{ currency, parcels, collect, vatRate, declaredValue: { minor: 0, currency } },
      to: { countryIso: country, city: CITIES[country], street: 'ул. Абая', building: '1', text: 'ул. Абая, 1' },
    });
  }
  const quote = ({ parcels, to, currency, collect }: SaveRequest): CalculateRequest => {
    const { declaredValue: _declared, ...rest } = calculateRequest(sampleOrder('petersburgPoint'));
    const cod = collect && { minor: collect.total, currency: collect.currency };
    return { ...rest, parcels, ...(to && { to }), ...(currency && { currency }), ...(cod && { cod }) };
  };
  const body = () => cdek.standing().at(-1)?.body;
  const payments = () => (body()?.packages ?? []).flatMap(({ items = [] }) => items.map(({ payment }) => payment));

  it.each<[string, Country, string, Partial<CdekSettings>, string]>([
    ['roubles to Almaty', 'KZ', 'RUB', {}, 'collects in KZT there'],
    ['roubles to Almaty, whatever the contract says', 'KZ', 'RUB', { collectsAbroad: true }, 'collects in KZT there'],
    ['tenge to Almaty under a contract in roubles', 'KZ', 'KZT', {}, 'turn on “My contract collects abroad”'],
    ['roubles to Minsk', 'BY', 'RUB', {}, 'collects in BYN there'],
    ['tenge to Saint Petersburg', 'RU', 'KZT', { collectsAbroad: true, currency: 'KZT' }, 'collects in RUB there'],
  ])('is refused with cash of %s: quoted, saved and changed', async (_what, country, currency, settings, words) => {
    const context = makeContext(settings);
    const wanted = order(country, currency);
    const expected = { kind: 'invalid', message: expect.stringContaining(words), fields: { currency: expect.any(Object) } };
    expect(await failure(provider.calculate(quote(wanted), context))).toMatchObject(expected);
    expect(await failure(provider.save(wanted, context))).toMatchObject(expected);
    const { collect: _collect, ...prepaid } = wanted;
    const delivery = existingDelivery(await provider.save(prepaid, context), prepaid);
    expect(await failure(provider.save(wanted, context, delivery))).toMatchObject(expected);
    expect(cdek.countCalls('changeOrder')).toBe(0);
    expect(cdek.standing()).toHaveLength(1);
  });

  it('adds no fee for cash in another currency than the price', async () => {
    const asked = quote(order('RU', 'RUB'));
    const price = async (cod: CalculateRequest['cod']): Promise<unknown> => {
      const { cod: _cod, ...rest } = asked;
      const [tariff] = await provider.calculate({ ...rest, ...(cod && { cod }) }, makeContext({ codFeeBasisPoints: 200 }));
      return tariff?.cost;
    };
    const free = await price(undefined);
    expect(await price({ minor: 100_000, currency: 'KZT' })).toEqual(free);
    expect(await price({ minor: 100_000, currency: 'RUB' })).not.toEqual(free);
  });

  it('collects tenge in Almaty if the contract does, without roubles', async () => {
    cdek.setModes({ collectsAbroad: true });
    const context = makeContext({ collectsAbroad: true });
    expect(await provider.calculate(quote(order('KZ', 'KZT')), context)).not.toEqual([]);
    expect(await provider.save(order('KZ', 'KZT', '12.00'), context)).toMatchObject({
      status: 'created',
      warnings: [expect.objectContaining({ en: 'VAT of 12 % was sent as 16 %, the rate since 2026.' })],
    });
    expect(payments()).toEqual([{ value: 1990.5, vat_rate: 16, vat_sum: 274.55 }]);
    expect(body()?.delivery_recipient_cost).toEqual({ value: 10, vat_rate: 16, vat_sum: 1.38 });
    expect(cdek.standing().map(({ uuid }) => cdek.collected(uuid))).toEqual([{ minor: 200_050, currency: 'KZT' }]);
  });

  it('declares values in the contract’s currency by the shop’s own rate, and not without one', async () => {
    cdek.setModes({ collectsAbroad: true });
    const { parcels, ...rest } = order('KZ', 'KZT');
    const value = { minor: 100_000, currency: 'KZT' };
    const wanted = {
      ...rest,
      declaredValue: value,
      parcels: parcels.map((one) => ({ ...one, items: one.items.map((item) => ({ ...item, declaredValue: value })) })),
    };
    const expected = { kind: 'invalid', message: expect.stringContaining('enter your rate for KZT') };
    expect(await failure(provider.save(wanted, makeContext({ collectsAbroad: true })))).toMatchObject(expected);
    expect(
      await failure(provider.calculate({ ...quote(wanted), declaredValue: value }, makeContext({ collectsAbroad: true }))),
    ).toMatchObject(expected);
    const exchangeRates = [{ currency: 'KZT', rate: 0.17 }];
    await provider.save(wanted, makeContext({ collectsAbroad: true, exchangeRates }));
    expect(body()?.packages[0]?.items?.map(({ cost }) => cost)).toEqual([170]);
    expect(cdek.standing().map(({ uuid }) => cdek.insured(uuid))).toEqual([{ minor: 17_000, currency: 'RUB' }]);
  });

  it('puts the delivery in a line in Belarus, where CDEK ignores its own field, also when it is changed', async () => {
    cdek.setModes({ contractCurrency: 'BYN' });
    const context = makeContext({ currency: 'BYN' });
    const delivery = existingDelivery(await provider.save(order('BY', 'BYN'), context), order('BY', 'BYN'));
    expect(delivery.status).toBe('created');
    expect(payments().map(({ value }) => value)).toEqual([1990.5, 10]);
    await provider.save(order('BY', 'BYN', 'none', 199_050, 2_000), context, delivery);
    expect(payments().map(({ value }) => value)).toEqual([1990.5, 20]);
    expect(body()?.delivery_recipient_cost).toEqual({ value: 0 });
    expect(cdek.collected(delivery.externalId)).toEqual({ minor: 201_050, currency: 'BYN' });
  });

  it.each([
    [0, 'collects no cash in Санкт-Петербург'],
    [2_000, 'collects at most 2000 RUB in Санкт-Петербург'],
  ])('is refused with cash where the city takes at most %d, and made prepaid', async (limit, words) => {
    cdek.setModes({ paymentLimits: { 137: limit } });
    const context = makeContext();
    const expected = { kind: 'invalid', message: expect.stringContaining(words) };
    expect(await failure(provider.calculate(quote(order('RU', 'RUB')), context))).toMatchObject(expected);
    expect(await failure(provider.save(order('RU', 'RUB'), context))).toMatchObject(expected);
    const atPoint = { ...order('RU', 'RUB'), tariff: '136', to: { countryIso: 'RU', city: 'Москва', terminal: 'SPB9' } };
    expect(await failure(provider.save(atPoint, context))).toMatchObject(expected);
    const { collect: _collect, ...prepaid } = order('RU', 'RUB');
    expect(await provider.calculate(quote(prepaid as SaveRequest), context)).not.toEqual([]);
    expect((await provider.save(prepaid, context)).status).toBe('created');
  });

  it('is made with cash of all that the city takes', async () => {
    const wanted = order('RU', 'RUB', 'none', 199_000);
    cdek.setModes({ paymentLimits: { 137: (wanted.collect?.total ?? 0) / 100 } });
    expect(await provider.calculate(quote(wanted), makeContext())).not.toEqual([]);
    expect((await provider.save(wanted, makeContext())).status).toBe('created');
  });

  it('is neither quoted nor made across customs', async () => {
    const context = makeContext({ currency: 'UZS' });
    const { collect: _collect, ...prepaid } = order('UZ', 'UZS');
    expect(await provider.calculate(quote(prepaid), context)).toEqual([]);
    expect(await failure(provider.save(prepaid, context))).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('customs papers'),
    });
    expect(cdek.countCalls('createOrder')).toBe(0);
    expect(provider.manifest.countries).toEqual(['RU', 'BY', 'KZ', 'AM', 'KG']);
  });

  it.each([
    ['20.00', {}, { vat_rate: 22, vat_sum: 358.94 }],
    ['10.00', {}, { vat_rate: 10, vat_sum: 180.95 }],
    ['none', {}, { vat_rate: null }],
    ['none', { vatRate: '20' as const }, { vat_rate: 22, vat_sum: 358.94 }],
  ])('owes VAT of %s with %j as %j', async (vatRate, settings, vat) => {
    expect((await provider.save(order('RU', 'RUB', vatRate), makeContext(settings))).status).toBe('created');
    expect(payments()).toEqual([{ value: 1990.5, ...vat }]);
  });

  it('keeps VAT of 20 % if the shop sets it, and rejects a rate that does not exist', async () => {
    cdek.setModes({ oldVat: 'taken' });
    await provider.save(order('RU', 'RUB', '20.00'), makeContext({ raisesVat: false }));
    expect(payments()).toEqual([{ value: 1990.5, vat_rate: 20, vat_sum: 331.75 }]);
    expect(await failure(provider.save({ ...order('RU', 'RUB', '18.00'), vatRate: 'none' }, makeContext()))).toMatchObject({
      kind: 'invalid',
      fields: { 'packages[0].items[0].vatRate': expect.any(Object) },
    });
  });

  it.each([
    [1_500, [999, 501]],
    [999, [999]],
    [126 * 999, Array.from({ length: 126 }, () => 999)],
  ])('has %d pieces in lines of at most 999', async (quantity, amounts) => {
    const { collect: _collect, ...prepaid } = order('RU', 'RUB');
    const parcels = prepaid.parcels.map((one) => ({ ...one, items: one.items.map((item) => ({ ...item, quantity, weight: 1 })) }));
    expect((await provider.save({ ...prepaid, parcels }, makeContext())).status).toBe('created');
    const items = body()?.packages[0]?.items ?? [];
    expect(items.map(({ amount }) => amount)).toEqual(amounts);
    expect(new Set(items.map(({ ware_key }) => ware_key)).size).toBe(amounts.length);
  });

  it('is refused with more lines than CDEK takes', async () => {
    const { collect: _collect, ...prepaid } = order('RU', 'RUB');
    const parcels = prepaid.parcels.map((one) => ({ ...one, items: one.items.map((item) => ({ ...item, quantity: 126 * 999 + 1 })) }));
    expect(await failure(provider.save({ ...prepaid, parcels }, makeContext()))).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('at most 126 lines'),
    });
  });

  it('names articles in characters that CDEK takes', async () => {
    const { collect: _collect, ...prepaid } = order('RU', 'RUB');
    const articles = ['Чай «ёлка» 5|1', '茶', 'x'.repeat(30), `${'x'.repeat(29)}y`, 'x'.repeat(30)];
    const [first] = prepaid.parcels[0]?.items ?? [];
    const parcels = prepaid.parcels.map((one) => ({
      ...one,
      items: articles.map((externalId) => ({ ...first, quantity: 1, externalId })),
    }));
    expect((await provider.save({ ...prepaid, parcels }, makeContext())).status).toBe('created');
    const keys = body()?.packages[0]?.items?.map(({ ware_key }) => ware_key) ?? [];
    expect(keys.slice(0, 2)).toEqual(['Чай _елка_ 5_1', '_']);
    expect(new Set(keys).size).toBe(5);
  });

  it('has the sides of the settings if the parcel was not measured', async () => {
    const { collect: _collect, ...prepaid } = order('RU', 'RUB');
    const parcels = prepaid.parcels.map(({ length: _length, width: _width, height: _height, ...one }) => one);
    const context = makeContext({ boxLength: 30, boxWidth: 20, boxHeight: 15 });
    expect(await provider.calculate(quote({ ...prepaid, parcels }), context)).not.toEqual([]);
    expect((await provider.save({ ...prepaid, parcels }, context)).status).toBe('created');
    expect(body()?.packages).toMatchObject([{ weight: 850, length: 30, width: 20, height: 15 }]);
    expect(createDefaultSettings()).toMatchObject({ boxLength: 10, boxWidth: 10, boxHeight: 10 });
  });

  describe('under a delivery contract', () => {
    const settings: Partial<CdekSettings> = { contractKind: 'delivery', tariffs: [{ code: 482 }] };
    const prepaid = (): SaveRequest => {
      const { collect: _collect, ...rest } = order('RU', 'RUB');
      return { ...rest, tariff: '482', declaredValue: { minor: 199_050, currency: 'RUB' } };
    };
    beforeEach(() => cdek.setModes({ contract: 'delivery' }));

    it('has a sender, insurance and neither lines nor a number, and is changed in the same way', async () => {
      const context = makeContext(settings);
      expect(
        (await provider.calculate({ ...quote(prepaid()), declaredValue: { minor: 199_050, currency: 'RUB' } }, context)).map(
          ({ code }) => code,
        ),
      ).toEqual(['482']);
      const delivery = existingDelivery(await provider.save(prepaid(), context), prepaid());
      expect(delivery.status).toBe('created');
      expect(body()).toMatchObject({ type: 2, sender: { name: 'Shop' }, services: [{ code: 'INSURANCE', parameter: '1991' }] });
      expect([body()?.number, body()?.packages[0]?.items]).toEqual([undefined, undefined]);
      const changed = { ...prepaid(), recipient: { name: 'Другой', phone: '+79160000000' } };
      expect((await provider.save(changed, context, delivery)).externalId).toBe(delivery.externalId);
      expect(body()?.recipient.name).toBe('Другой');
    });

    it('collects nothing, quoted or saved', async () => {
      const wanted = { ...order('RU', 'RUB'), tariff: '482' };
      const expected = { kind: 'invalid', message: expect.stringContaining('collects nothing') };
      expect(await failure(provider.calculate(quote(wanted), makeContext(settings)))).toMatchObject(expected);
      expect(await failure(provider.save(wanted, makeContext(settings)))).toMatchObject(expected);
    });

    it('stays unknown when its reply is lost: it cannot be found by a number, and the manager learns where to check', async () => {
      const expected = {
        ...{ kind: 'unknown_outcome', needsPerson: true },
        localText: { en: expect.stringContaining('look for it in CDEK’s cabinet') },
      };
      cdek.fail('createOrder', { kind: 'drop-after' });
      expect(await failure(provider.save(prepaid(), makeContext(settings)))).toMatchObject(expected);
      expect(await failure(provider.find('ref-1', makeContext(settings)))).toMatchObject({ ...expected, isRemembered: true });
      expect([cdek.countCalls('createOrder'), cdek.countCalls('findOrder')]).toEqual([1, 0]);
    });

    it('is not made again by a change after CDEK refused it', async () => {
      const context = makeContext(settings);
      cdek.setModes({ validateAfterMs: undefined });
      const delivery = existingDelivery(await provider.save(prepaid(), { ...context, signal: AbortSignal.timeout(500) }), prepaid());
      cdek.validate(delivery.externalId, 'Улица не найдена');
      expect(await failure(provider.save(prepaid(), context, delivery))).toMatchObject({
        kind: 'rejected',
        message: expect.stringContaining('make another'),
      });
      expect(cdek.countCalls('createOrder')).toBe(1);
    });
  });
});

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const [result] = await Promise.allSettled([call]);
  if (result?.status !== 'rejected') throw new Error('it should have failed');
  expect(result.reason).toBeInstanceOf(ProviderError);
  return result.reason as ProviderError;
}
