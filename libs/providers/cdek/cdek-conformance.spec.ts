import { createServer, type AddressInfo } from 'node:net';
import {
  answerBusy,
  calculateRequest,
  CdekDouble,
  cdekWebhookBody,
  loseReplies,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
  webhookRequest,
} from '#testing';
import type { SaveRequest } from '#delivery/port';
import { toMoney } from '#provider-kit';
import type { CdekOrder } from '../../../lab/doubles/cdek/cdek-book.js';
import { findCity } from '../../../lab/doubles/cdek/cdek-network.js';
import { runDeliveryConformance, type DeliveryConformanceOptions, type ServiceParty } from '../../testing/conformance/index.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';
import { CdekProvider } from './cdek.provider.js';
import { readStatus, STATUSES } from './cdek.statuses.js';

async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const conformance: DeliveryConformanceOptions<CdekSettings> = {
  methods: [
    'find',
    'cancel',
    'decide',
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
    'check',
    'connect',
    'disconnect',
    'lookUp',
    'refresh',
  ],
  async start() {
    const cdek = await CdekDouble.start();
    cdek.webhooks.mode = 'off';
    cdek.setModes({ validateAfterMs: 20, printAfterMs: 20, collectsAbroad: true });
    const provider = new CdekProvider(cdek.url);
    const dead = new CdekProvider(await deadAddress());
    const context: CdekContext = providerContext(
      { ...createDefaultSettings(), codFeeBasisPoints: 200, returnTariff: 136 },
      { now: new Date() },
    );
    const save = (reference: string, order: string): ReturnType<typeof saveRequest> =>
      saveRequest(reference, '137', sampleOrder('moscowCourier', { order }));
    const edit = (request: SaveRequest): SaveRequest => ({
      ...request,
      recipient: { ...request.recipient, name: 'Петров Пётр', phone: '+79169999999' },
    });
    const quote = calculateRequest(sampleOrder('petersburgPoint'));
    // In replies to accepted requests, always.
    const refuseAll = <T>(work: () => Promise<T>): Promise<T> => {
      cdek.setModes({ refuseWith: 'Нельзя' });
      return work().finally(() => cdek.setModes({ refuseWith: undefined }));
    };
    return {
      provider,
      context,
      samples: {
        refused: [
          {
            name: 'a wrong password',
            settings: { ...context.settings, clientSecret: 'not-the-password' },
            fields: ['clientId', 'clientSecret'],
          },
          {
            name: 'another account',
            settings: { ...context.settings, clientId: 'somebody-else' },
            fields: ['clientId', 'clientSecret'],
          },
        ],
        whileAway: async (work) => {
          cdek.fail('token', { kind: 'error-before', status: 503 }, 100);
          try {
            return await work();
          } finally {
            cdek.faults.clear();
          }
        },
        hooks: {
          list: () => cdek.subscriptions.map(({ url }) => url),
          occupy: (address) => void cdek.subscribe(address, 'ORDER_STATUS'),
          clear: () => void cdek.subscriptions.splice(0),
        },
        lookups: {
          cities: { term: 'новосиб', value: 270 },
          points: { term: 'msk5', value: 'MSK5' },
          tariffs: { term: 'склад-дверь', value: 137 },
        },
      },
      quote,
      unserved: calculateRequest(sampleOrder('notServed')),
      save,
      edit,
      // CDEK's courier comes to an address once a day.
      shipment: (reference, deliveries) =>
        shipmentRequest(reference, deliveries, {
          date: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
          address: { countryIso: 'RU', city: 'Москва', street: `ул. ${reference}`, building: '1' },
        }),
      settle: async () => {
        while (cdek.orders().some(({ requests }) => requests.some(({ state }) => state === 'ACCEPTED'))) await pause();
      },
      decided: ({ externalId }) => cdek.agreements(externalId).at(-1)?.date,
      takeBack: ({ externalId }) => void cdek.revokeStatus(externalId, 'RECEIVED_AT_SHIPMENT_WAREHOUSE'),
      whileUnchecked: async (work) => {
        cdek.setModes({ validateAfterMs: undefined });
        const saved = await work().finally(() => cdek.setModes({ validateAfterMs: 20 }));
        for (const order of cdek.orders())
          for (const request of order.requests.filter(({ state }) => state === 'ACCEPTED'))
            if (request.type === 'DELETE') cdek.book.endDeletion(order, request);
            else if (request.type === 'REFUSAL') cdek.book.endRefusal(order, request);
            else cdek.validate(order.uuid);
        return saved;
      },
      printJobs: {
        hold: (work) => {
          cdek.setModes({ printAfterMs: 1_500 });
          return work().finally(() => cdek.setModes({ printAfterMs: 20 }));
        },
        started: () => cdek.countCalls('startPrint'),
      },
      statusOf: readStatus,
      serviceCodes: STATUSES.serviceCodes,
      successCodes: ['DELIVERED'],
      reach: {
        'partly-delivered': async (delivery) => {
          cdek.pushStatus(delivery.externalId, 'DELIVERED', { reason: '20', taken: 1 });
          return (await provider.get(delivery, context)).status;
        },
        returned: async (delivery) => {
          cdek.pushStatus(delivery.externalId, 'DELIVERED', { reason: '20', taken: 1 });
          for (const { uuid } of cdek.returns(delivery.externalId)) cdek.pushStatus(uuid, 'DELIVERED');
          const following = { ...context, settings: { ...context.settings, followsReturns: true } };
          return (await provider.track([delivery], following)).at(-1)?.code ?? '';
        },
        'change-refused': async (delivery) => {
          cdek.setModes({ refuseWith: 'Нельзя' });
          await provider.save(edit(delivery.request), context, delivery).catch(() => undefined);
          cdek.setModes({ refuseWith: undefined });
          return (await provider.get(delivery, context)).status;
        },
      },
      faults: {
        lose: loseReplies(
          cdek,
          [
            'createOrder',
            'changeOrder',
            'deleteOrder',
            'refuseOrder',
            'returnFromClient',
            'agree',
            'createIntake',
            'deleteIntake',
            'createWebhook',
            'deleteWebhook',
          ],
          { 'expired-token': { kind: 'unauthorized' } },
        ),
        busy: answerBusy(cdek),
        // Orders that its validation refused were never made.
        made: () =>
          cdek.orders().length -
          cdek.orders().filter(isRefused).length +
          countVisits(cdek) +
          cdek.book.returns.filter(({ back }) => back?.kind === 'client_return_order').length,
      },
      expected: {
        points: { accepting: 6, pickup: 4 },
        quote: {
          weightGrams: () => sum(lastQuote(cdek).packages.map(({ weight }) => weight)),
          sidesMm: () => listSides(lastQuote(cdek).packages),
          cost: async () => {
            const { total_sum, currency } = await readPrice(cdek);
            return toMoney(Math.round(total_sum * 100), currency);
          },
          days: async () => readDays(await readPrice(cdek)),
          handover: () => lastQuote(cdek).date,
          language: () => (lastQuote(cdek).lang === 'rus' ? 'ru' : 'en'),
        },
        save: {
          weightGrams: () => sum(lastOrder(cdek).body.packages.map(({ weight }) => weight)),
          sidesMm: () => listSides(lastOrder(cdek).body.packages),
          contents: () => toContents(lastOrder(cdek).body.packages.flatMap(({ items = [] }) => items)),
          cost: () => toMoney(Math.round((lastOrder(cdek).sum ?? 0) * 100), 'RUB'),
          insured: () => cdek.insured(lastOrder(cdek).uuid),
          recipient: () => toRecipient(lastOrder(cdek).body),
          sender: () => toParty(lastOrder(cdek).body.sender, lastOrder(cdek).body.from_location),
        },
        shipment: { weightGrams: () => cdek.intakes().at(-1)?.body.weight ?? 0 },
        codFee: ({ minor }) => Math.round(minor * 0.02),
      },
      outcomes: {
        handOver: ({ externalId }) => {
          cdek.pushStatus(externalId, 'DELIVERED', { by: 'CARD' });
          return cdek.collected(externalId);
        },
        takeOne: ({ externalId }) => void cdek.pushStatus(externalId, 'DELIVERED', { reason: '20', taken: 1 }),
        bringBack: ({ externalId }) => cdek.returns(externalId).forEach(({ uuid }) => cdek.pushStatus(uuid, 'DELIVERED')),
        payOut: () => cdek.transfer()?.payment_date ?? '',
      },
      customs: 'none',
      mayShareContract: true,
      whileCancelRefused: refuseAll,
      whileShipmentCancelRefused: refuseAll,
      // One document has all labels.
      whilePrintFails: (work) => {
        cdek.setModes({ prints: 'invalid' });
        return work().finally(() => cdek.setModes({ prints: 'made' }));
      },
      failures: [
        {
          name: 'wrong credentials',
          kind: 'auth',
          act: (base) => provider.save(save('f-1', '1'), { ...base, settings: { ...base.settings, clientSecret: 'wrong' } }),
        },
        { name: 'an outage', kind: 'unavailable', act: (base) => dead.save(save('f-2', '2'), { ...base, connectionId: 'out' }) },
        {
          name: 'an order it cannot serve',
          kind: 'rejected',
          fields: ['delivery.shipmentAddress.terminal'],
          act: (base) => provider.save({ ...save('f-3', '3'), from: { terminal: 'NOWHERE1' } }, base),
        },
        {
          ...{ name: 'a point that there is not', kind: 'rejected', fields: ['delivery.deliveryAddress.terminal'] },
          act: (base) => provider.save({ ...save('f-4', '4'), tariff: '136', to: { terminal: 'NOWHERE1' } }, base),
        },
      ],
      webhook: {
        make: (delivery) => {
          const status = cdek.pushStatus(delivery.externalId, 'RECEIVED_AT_SHIPMENT_WAREHOUSE');
          const order = cdek.orders().find(({ uuid }) => uuid === delivery.externalId);
          if (order === undefined) throw new Error('the double does not have the order');
          return Promise.resolve(webhookRequest(JSON.stringify(cdekWebhookBody({ order, status }))));
        },
        signed: false,
        dated: false,
      },
      untidy: {
        settings: {
          ...context.settings,
          collectsAbroad: true,
          exchangeRates: ['KZT', 'BYN', 'EUR'].map((currency) => ({ currency, rate: RATE })),
        },
        collected: ({ externalId }) => cdek.collected(externalId),
        // In the order's currency by the rate of the settings.
        insured: ({ externalId, request: { currency = 'RUB' } }) =>
          toMoney(cdek.insured(externalId).minor / (currency === 'RUB' ? 1 : RATE), currency),
      },
      close: () => cdek.close(),
    };
  },
};

type Sides = { length?: number; width?: number; height?: number };
type QuoteBody = { packages: ({ weight: number } & Sides)[]; currency?: number; date?: string; lang?: string };
/** Roubles of the contract for one unit of any other currency. */
const RATE = 2;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
/** CDEK's centimetres. */
const listSides = (packages: readonly Sides[]): number[] =>
  packages.flatMap(({ length = 0, width = 0, height = 0 }) => [length * 10, width * 10, height * 10]);
const lastOrder = (cdek: CdekDouble): CdekOrder => cdek.orders().at(-1) as CdekOrder;
const lastQuote = (cdek: CdekDouble): QuoteBody => cdek.calls.findLast(({ call }) => call === 'quotes')?.body as QuoteBody;
/** Counts ordered visits. A restored visit is not a new one, so equal withdrawn visits count once. */
const countVisits = (cdek: CdekDouble): number => {
  const standing = cdek.intakes();
  const withdrawn = cdek.book.intakes.filter((visit) => !standing.includes(visit)).map(({ body }) => JSON.stringify(body));
  return standing.length + new Set(withdrawn).size;
};
const isRefused = ({ requests }: CdekOrder): boolean => requests.some(({ type, state }) => type === 'CREATE' && state === 'INVALID');

const toContents = (items: readonly { weight: number; amount: number }[]): { grams: number; pieces: number } => ({
  grams: sum(items.map(({ weight, amount }) => weight * amount)),
  pieces: sum(items.map(({ amount }) => amount)),
});
const toRecipient = ({ recipient, to_location: place }: CdekOrder['body']): ServiceParty => {
  const { city, country_code: country } = findCity(place) ?? {};
  return { ...toParty(recipient, place), city, index: place?.postal_code, country };
};
const toParty = ({ name, phones }: Partial<CdekOrder['body']['recipient']> = {}, { address }: { address?: string } = {}): ServiceParty => ({
  ...{ name, phone: phones?.[0]?.number },
  ...(address !== undefined && { address }),
});

interface CdekPrice {
  total_sum: number;
  currency: string;
  period_min: number;
  period_max: number;
  calendar_min?: number;
  calendar_max?: number;
}
const readDays = ({ period_min, period_max, calendar_min = period_min, calendar_max = period_max }: CdekPrice): [number, number] => [
  calendar_min,
  calendar_max,
];

/** The price in CDEK's last reply, without services in another currency. */
async function readPrice(cdek: CdekDouble): Promise<CdekPrice> {
  const { declaredValue: { minor = 0 } = {} } = calculateRequest(sampleOrder('petersburgPoint'));
  const services = [{ code: 'INSURANCE', parameter: String(Math.ceil(minor / 100)) }];
  const reply = await fetch(`${cdek.url}/v2/calculator/tariff`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cdek.newToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...lastQuote(cdek), tariff_code: 136, ...(lastQuote(cdek).currency === undefined && { services }) }),
  });
  return (await reply.json()) as CdekPrice;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

runDeliveryConformance('CDEK', conformance);
