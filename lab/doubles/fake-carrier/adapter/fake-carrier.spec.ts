import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Money, ProviderError, type ProviderContext, toMoney, type WebhookRequest } from '#provider-kit';
import type { ExistingDelivery, CarrierReport, PriceZone } from '#delivery/port';
import {
  answerBusy,
  calculateRequest,
  existingDelivery,
  HttpDouble,
  loseReplies,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
  webhookRequest,
} from '../../../../libs/testing/outside.js';
import { runDeliveryConformance, type DeliveryConformanceOptions, type ServiceParty } from '../../../../libs/testing/conformance/index.js';
import { CARRIER_STATES, type CarrierOrder } from '../carrier-book.js';
import type { CarrierOrderRequest, CarrierParcel } from '../carrier-wire.js';
import { FakeCarrier, SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from '../fake-carrier.js';
import { FakeCarrierProvider } from './fake-carrier.provider.js';
import { FakeCarrierSettings } from './fake-carrier.settings.js';
import { STATUSES } from './fake-carrier.statuses.js';

type Context = ProviderContext<FakeCarrierSettings>;

function buildContext(
  carrier: FakeCarrier | { url: string; apiKey?: string; webhookSecret?: string },
  changes: Partial<Context> = {},
): Context {
  const settings = Object.assign(new FakeCarrierSettings(), {
    baseUrl: carrier.url,
    apiKey: carrier.apiKey ?? 'fake-api-key',
    webhookSecret: carrier.webhookSecret ?? 'fake-webhook-secret',
  });
  return providerContext(settings, { now: new Date(), ...changes });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

/** An address without a listener. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function buildWebhook(carrier: FakeCarrier, events: object[], timestamp = String(Math.floor(Date.now() / 1_000))): WebhookRequest {
  return signAgain(webhookRequest(JSON.stringify({ events }), { [TIMESTAMP_HEADER]: timestamp }), carrier.webhookSecret);
}

function signAgain(request: WebhookRequest, secret: string): WebhookRequest {
  const signature = sign(secret, request.headers[TIMESTAMP_HEADER] ?? '', Buffer.from(request.rawBody).toString());
  return { ...request, headers: { ...request.headers, [SIGNATURE_HEADER]: signature } };
}

const lastRequest = (carrier: FakeCarrier): CarrierOrderRequest => (carrier.orders().at(-1) as CarrierOrder).request;
const toParty = ({ name, phone }: { name?: string; phone?: string } = {}, { street }: { street?: string } = {}): ServiceParty => ({
  ...{ name, phone },
  ...(street !== undefined && { address: street }),
});
const toRecipient = ({ recipient, to }: CarrierOrderRequest): ServiceParty => {
  const { city, postcode: index, country } = to;
  return { ...toParty(recipient, to), city, index, country };
};
const readAmount = (carrier: FakeCarrier, { externalId }: ExistingDelivery, what: 'collect' | 'insured'): Money => {
  const { request } = carrier.orders().find(({ id }) => id === externalId) as CarrierOrder;
  return toMoney(request[what] ?? 0, request.currency);
};
const lastParcels = (carrier: FakeCarrier): readonly CarrierParcel[] => carrier.orders().at(-1)?.request.parcels ?? [];
const readExpressCost = (carrier: FakeCarrier): Money => {
  const { price = 0, currency = '' } = carrier.lastQuotes.find(({ service }) => service === 'express') ?? {};
  return toMoney(price, currency);
};
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const conformance = (asynchronous: boolean): DeliveryConformanceOptions<FakeCarrierSettings> => ({
  methods: [
    'find',
    'cancel',
    'checkAddress',
    'decide',
    'press',
    'listDeliveryDays',
    'get',
    'print',
    'listPickupPoints',
    'listTariffs',
    'autocomplete',
    'saveShipment',
    'findShipment',
    'cancelShipment',
    'track',
    'listRegisters',
    'webhook',
  ],
  async start() {
    const carrier = await FakeCarrier.start();
    carrier.webhooks.mode = 'off';
    if (asynchronous) carrier.setModes({ asynchronous: {} });
    const provider = new FakeCarrierProvider();
    const nowhere = await deadAddress();
    const save = (reference: string, order: string): ReturnType<typeof saveRequest> =>
      saveRequest(reference, 'express', sampleOrder('madridCourier', { order }));
    const withSettings = (base: Context, settings: Partial<FakeCarrierSettings>): Context => ({
      ...base,
      settings: { ...base.settings, ...settings },
    });
    const context = withSettings(buildContext(carrier), { senderName: 'Demo shop', senderPhone: '+34910000000' });
    return {
      provider,
      context,
      samples: { signWith: signAgain },
      quote: calculateRequest(sampleOrder('madridCourier')),
      unserved: calculateRequest(sampleOrder('notServed')),
      save,
      edit: (request) => ({ ...request, recipient: { name: 'Ana Peña', phone: '+34699999999' } }),
      shipment: shipmentRequest,
      settle: () => {
        for (const { id, state } of carrier.orders()) if (state === 'validating') carrier.validate(id);
        return Promise.resolve();
      },
      whileUnchecked: (work) => {
        carrier.setModes({ asynchronous: {} });
        return work().finally(() => carrier.setModes({ asynchronous: asynchronous ? {} : undefined }));
      },
      statusOf: STATUSES.read,
      serviceCodes: CARRIER_STATES,
      successCodes: ['delivered', 'delivered_in_part', 'returned'],
      faults: {
        lose: loseReplies(
          carrier,
          [
            'createOrder',
            'changeOrder',
            'cancelOrder',
            'decideOrder',
            'ringRecipient',
            'createShipment',
            'changeShipment',
            'cancelShipment',
          ],
          {
            'expired-token': { kind: 'unauthorized' },
          },
        ),
        busy: answerBusy(carrier),
        made: () =>
          carrier.orders().length +
          carrier.shipments().length +
          carrier.orders().flatMap(({ returns = [] }) => returns.filter(({ kind }) => kind === 'by_buyer')).length,
      },
      untidy: {
        // Only the carrier knows where it goes.
        mayRefuse: ({ to }) => to?.countryIso !== 'RU',
        collected: (delivery) => readAmount(carrier, delivery, 'collect'),
        insured: (delivery) => readAmount(carrier, delivery, 'insured'),
      },
      outcomes: {
        handOver: ({ externalId }) => {
          carrier.pushStatus(externalId, 'delivered', { by: 'card' });
          const { amount = 0, currency = '' } = carrier.orders().find(({ id }) => id === externalId)?.collected ?? {};
          return toMoney(amount, currency);
        },
        takeOne: ({ externalId }) =>
          void carrier.pushStatus(externalId, 'delivered_in_part', { handedOver: [{ parcel: 0, item: 0, quantity: 1 }] }),
        bringBack: ({ externalId }) => carrier.endReturns(externalId),
        payOut: () => carrier.payOut('2026-03-04')[0]?.day ?? '',
      },
      customs: 'none',
      document: () => lastRequest(carrier).recipient.document,
      pressed: ({ externalId }) => carrier.orders().find(({ id }) => id === externalId)?.rings?.length ?? 0,
      decided: ({ externalId }) => carrier.orders().find(({ id }) => id === externalId)?.decision?.date,
      whileCancelRefused: (work, { externalId }) => {
        carrier.pushStatus(externalId, 'delivered');
        return work();
      },
      whilePrintFails: (work, { externalId }) => {
        const order = carrier.orders().find(({ id }) => id === externalId) as CarrierOrder;
        const { trackNumber } = order;
        delete order.trackNumber;
        return work().finally(() => Object.assign(order, { trackNumber }));
      },
      expected: {
        quote: { cost: () => readExpressCost(carrier), days: [1, 2] },
        points: { accepting: 7, pickup: 2 },
        save: {
          recipient: () => toRecipient(lastRequest(carrier)),
          sender: () => toParty(lastRequest(carrier).sender, lastRequest(carrier).from),
          weightGrams: () => sum(lastParcels(carrier).map(({ grams }) => grams)),
          sidesMm: () => lastParcels(carrier).flatMap(({ size = [] }) => size),
          contents: 'none',
          cost: () => toMoney(carrier.orders().at(-1)?.price ?? 0, carrier.orders().at(-1)?.currency ?? ''),
        },
        shipment: {},
      },
      failures: [
        {
          name: 'wrong credentials',
          kind: 'auth',
          act: (base) => provider.save(save('f-1', '1'), withSettings(base, { apiKey: 'wrong-key' })),
        },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: (base) => provider.save(save('f-2', '2'), { ...withSettings(base, { baseUrl: nowhere }), connectionId: 'out' }),
        },
        {
          name: 'an order it cannot serve',
          kind: 'rejected',
          fields: ['delivery.tariff'],
          act: (base) => provider.save({ ...save('f-3', '3'), tariff: 'teleport' }, base),
        },
      ],
      webhook: {
        make: (delivery) => Promise.resolve(buildWebhook(carrier, [carrier.pushStatus(delivery.externalId, 'in_transit')])),
        signed: true,
        dated: true,
      },
      close: () => carrier.close(),
    };
  },
});

runDeliveryConformance('the fake carrier', conformance(false));
runDeliveryConformance('the fake carrier, asynchronous', conformance(true));

describe('the fake carrier’s adapter', () => {
  let carrier: FakeCarrier;
  let context: Context;
  const provider = new FakeCarrierProvider();

  beforeAll(async () => {
    carrier = await FakeCarrier.start();
  });
  afterAll(() => carrier.close());
  beforeEach(() => {
    carrier.reset();
    carrier.webhooks.mode = 'off';
    // Each test has its own breaker.
    context = buildContext(carrier, { connectionId: `c-${Math.random()}` });
  });

  const request = saveRequest('ref-1', 'express', sampleOrder('moscowManyPackagesCod'));
  async function registered(): Promise<ExistingDelivery> {
    return existingDelivery(await provider.save(request, context), request);
  }

  describe('on the wire', () => {
    let double: HttpDouble;
    beforeEach(async () => {
      double = await HttpDouble.start();
    });
    afterEach(() => double.close());

    it('an order goes out in the carrier’s words', async () => {
      double
        .expect('POST', '/v1/orders')
        .withHeader('x-api-key', 'key-1')
        .withJson({
          reference: 'ref-2',
          service: 'point',
          currency: 'MXN',
          recipient: { name: 'Muñoz Güemes Ximena', phone: '+525512345678', email: 'ximena@example.com' },
          to: {
            country: 'MX',
            region: 'Ciudad de México',
            city: 'Ciudad de México',
            postcode: '06700',
            street: 'Calle Orizaba, 87, Int. 4',
            point: 'MEX-1',
            notes: 'Entre Chihuahua y Guanajuato',
          },
          from: { country: 'MX', region: 'Ciudad de México', city: 'Ciudad de México', postcode: '06600', street: 'Calle Hamburgo, 213' },
          parcels: [{ grams: 3201, size: [300, 200, 100], contents: 'Molcajete de piedra volcánica' }],
          collect: 169_800,
          insured: 159_900,
          fragile: true,
          comment: 'cuidado',
          notifyUrl: 'https://module.example/fake-carrier/webhooks/c-1',
        })
        .reply({
          status: 202,
          json: { id: 'FC-9', reference: 'ref-2', state: 'validating', price: 27_150, currency: 'MXN', unheard: true },
        });
      const order = sampleOrder('mexicoCityCourierCod');
      order.to.terminal = 'MEX-1';
      const [parcel] = order.parcels;
      if (parcel) parcel.weight = 3_200.4;
      const saved = await provider.save(
        saveRequest('ref-2', 'point', order, { extraData: { fragile: true, comment: 'cuidado', other: 'x' } }),
        buildContext({ url: `${double.url}/`, apiKey: 'key-1' }, { webhookUrl: 'https://module.example/fake-carrier/webhooks/c-1' }),
      );
      expect(saved).toEqual({ externalId: 'FC-9', cost: { minor: 27_150, currency: 'MXN' }, status: 'registering' });
    });

    it('a refusal comes back with the callback’s fields', async () => {
      double.expect('POST', '/v1/orders').reply({
        status: 422,
        json: {
          error: {
            code: 'invalid',
            message: 'parcels[1].grams is over 30000',
            fields: { 'parcels[1].grams': 'is over 30000', 'recipient.phone': 'is missing', odd: 'x' },
          },
        },
      });
      const error = await failure(provider.save(request, buildContext(double)));
      expect(error).toMatchObject({
        kind: 'rejected',
        message: 'Fake Carrier: “is over 30000; is missing; x”',
        fields: { 'packages[1].weight': 'is over 30000', 'customer.phones': 'is missing' },
      });
    });
  });

  it('a repeat makes a second order where references are not unique: find first', async () => {
    carrier.setModes({ uniqueReferences: false });
    carrier.fail('createOrder', { kind: 'drop-after' });
    await failure(provider.save(request, context));
    expect((await provider.find('ref-1', context))?.externalId).toBe(carrier.orders('ref-1')[0]?.id);
    await provider.save(request, context);
    expect(carrier.duplicates()).toEqual(['ref-1']);
  });

  describe('asynchronous registration', () => {
    it('the track number arrives with a report', async () => {
      carrier.setModes({ asynchronous: {} });
      const delivery = await registered();
      expect(delivery).toMatchObject({ status: 'registering' });
      expect(delivery.trackNumber).toBeUndefined();
      expect((await failure(provider.print({ entity: 'order', form: 'label', deliveries: [delivery] }, context))).message).toContain(
        'there is no label yet',
      );
      carrier.validate('ref-1');
      const [report] = await provider.track([delivery], context);
      expect(report).toMatchObject({ code: 'registered', externalId: delivery.externalId });
      expect(report?.trackNumber).toBe(carrier.orders('ref-1')[0]?.trackNumber);
    });

    it('one refused later can be edited and is registered', async () => {
      carrier.setModes({ asynchronous: {} });
      const delivery = await registered();
      carrier.validate('ref-1', 'no such street');
      expect(await provider.track([delivery], context)).toMatchObject([{ code: 'refused', comment: 'no such street' }]);
      const saved = await provider.save({ ...request, reference: 'another' }, context, delivery);
      expect(saved).toMatchObject({ externalId: delivery.externalId, status: 'registered' });
    });
  });

  it('one on its way can be neither changed nor cancelled', async () => {
    const delivery = await registered();
    carrier.pushStatus('ref-1', 'collected');
    expect(await failure(provider.save(request, context, delivery))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('change is not possible'),
    });
    expect(await failure(provider.cancel(delivery, context))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('cancel is not possible'),
    });
  });

  it('queries many deliveries in as few calls as the carrier allows', async () => {
    const deliveries: ExistingDelivery[] = [];
    for (let i = 0; i < 101; i++)
      deliveries.push(existingDelivery(await provider.save({ ...request, reference: `many-${i}` }, context), request));
    const reports: CarrierReport[] = await provider.track(deliveries, context);
    expect(new Set(reports.map(({ externalId }) => externalId)).size).toBe(101);
    expect(carrier.countCalls('events')).toBe(3);
  });

  it('a webhook is read event by event', () => {
    const event = { id: 'e1', order: 'FC-1', state: 'delivered', at: '2026-03-02T10:00:00Z', comment: 'Вручено', trackNumber: 'T1' };
    const webhook = buildWebhook(carrier, [event, { ...event, id: 'e2', state: 'teleported' }]);
    expect(provider.webhook.verify(webhook, context)).toBe(true);
    expect(provider.webhook.parse(webhook, context)).toEqual([
      {
        id: 'e1',
        reports: [
          { externalId: 'FC-1', code: 'delivered', updatedAt: new Date('2026-03-02T10:00:00Z'), comment: 'Вручено', trackNumber: 'T1' },
        ],
      },
      { id: 'e2', reports: [expect.objectContaining({ code: 'unrecognised' })] },
    ]);
  });
});

it('quotes by its own prices, if it has some: a service without a price is not offered', async () => {
  const carrier = await FakeCarrier.start();
  const context = buildContext(carrier);
  const price = { basePrice: 500, baseWeight: 1_000, stepPrice: 90, stepWeight: 1_000, extraPackagePrice: 0, fittingPrice: 0 };
  const fees = { insuranceBasisPoints: 0, insuranceFreeUpTo: 0, codBasisPoints: 0, codMinimum: 0, minDays: 1, maxDays: 2 };
  const limits = { maxWeight: 30_000 };
  const zone: PriceZone = {
    ...{ code: 'spain', name: { en: 'Spain' }, currency: 'EUR' },
    areas: [{ country: 'ES', regions: [], cities: [], postalCodes: [] }],
    prices: ['economy', 'point'].map((tariff) => ({ ...price, ...fees, tariff, limits })),
  };
  const settings = { ...context.settings, zones: [zone] };
  const to = { countryIso: 'ES', city: 'Madrid' };
  const request = { parcels: [{ weight: 1_500, items: [] }], to, currency: 'EUR', extraData: {} };
  const tariffs = await new FakeCarrierProvider().calculate(request, { ...context, settings });
  const cost = toMoney(590, 'EUR');
  expect(tariffs.map(({ code, cost: quoted, pickupPoints = [] }) => ({ code, cost: quoted, points: pickupPoints.length }))).toEqual([
    { code: 'economy', cost, points: 0 },
    { code: 'point', cost, points: 2 },
  ]);
  await carrier.close();
});

it('returns the warnings of an order, and a new price without a status', async () => {
  const carrier = await FakeCarrier.start();
  const [provider, context] = [new FakeCarrierProvider(), buildContext(carrier)];
  const request = saveRequest('w-1', 'express', sampleOrder('madridCourier', { order: '1' }));
  const { externalId } = await provider.save(request, context);
  const [order] = carrier.orders('w-1') as [CarrierOrder];
  order.warnings = ['The pick-up was not ordered'];
  expect((await provider.find('w-1', context))?.warnings).toMatchObject([{ en: 'The pick-up was not ordered' }]);
  const event = carrier.reprice('w-1', 123);
  const reports = await provider.track([existingDelivery({ externalId, status: 'registered' }, request)], context);
  expect(reports.at(-1)).toMatchObject({ externalId, updatedAt: new Date(event.at), cost: toMoney(123, 'EUR') });
  expect(reports.at(-1)).not.toHaveProperty('code');
  await carrier.close();
});
