import { createServer, type AddressInfo } from 'node:net';
import {
  answerBusy,
  ApiShipDouble,
  apiShipWebhookBody,
  calculateRequest,
  existingDelivery,
  loseReplies,
  providerContext,
  sampleOrder,
  saveRequest,
  shipmentRequest,
  webhookRequest,
} from '#testing';
import { toMoney } from '#provider-kit';
import { type ApiShipOrder, STATUS_NAMES } from '../../../lab/doubles/apiship/apiship-objects.js';
import { runDeliveryConformance, type DeliveryConformanceOptions, type ServiceParty } from '../../testing/conformance/index.js';
import { ApishipProvider } from './apiship.provider.js';
import { type ApishipContext, type ApishipSettings, createDefaultSettings } from './apiship.settings.js';
import { FIRST_STATUS, readStatus } from './apiship.statuses.js';

async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

const conformance: DeliveryConformanceOptions<ApishipSettings> = {
  methods: [
    'find',
    'cancel',
    'get',
    'print',
    'listPickupPoints',
    'listTariffs',
    'autocomplete',
    'saveShipment',
    'findShipment',
    'cancelShipment',
    'track',
    'webhook',
    'check',
    'connect',
    'disconnect',
    'lookUp',
  ],
  async start() {
    const apiship = await ApiShipDouble.start();
    apiship.webhooks.mode = 'off';
    apiship.setModes({ uploadAfterMs: 20, fees: 'apart', costs: 'planned', courierErrorIds: 'given' });
    const provider = new ApishipProvider(apiship.url);
    const dead = new ApishipProvider(await deadAddress());
    const context: ApishipContext = providerContext(createDefaultSettings(), { now: new Date() });
    const save = (reference: string, order: string): ReturnType<typeof saveRequest> =>
      saveRequest(reference, 'cdek:11:door', sampleOrder('moscowCourier', { order }));
    const refuseCancels = <T>(work: () => Promise<T>, isInReply: boolean): Promise<T> => {
      apiship.setModes({ cancels: isInReply ? 'refused in reply' : 'refused' });
      return work().finally(() => apiship.setModes({ cancels: 'taken' }));
    };
    return {
      provider,
      context,
      samples: {
        refused: [
          {
            name: 'a wrong password',
            settings: { ...context.settings, password: 'not-the-password' },
            fields: ['login', 'password'],
          },
          {
            name: 'a token of nobody',
            settings: { ...context.settings, contour: 'production', token: 'nobody-has-it' },
            fields: ['token'],
          },
        ],
        whileAway: async (work) => {
          apiship.fail('login', { kind: 'error-before', status: 503 }, 100);
          try {
            return await work();
          } finally {
            apiship.faults.clear();
          }
        },
        hooks: {
          list: () => apiship.account.subscriptions.map(({ url }) => url),
          occupy: (url) => void apiship.account.subscriptions.push({ uuid: 'another', url, type: 'ORDER_STATUS' }),
          clear: () => void apiship.account.subscriptions.splice(0),
        },
        lookups: {
          carriers: { term: 'почта', value: 'rupost' },
          connections: { term: 'казань', value: '7004' },
          points: { term: 'cdek501', value: 501 },
          tariffs: { term: 'online max', value: 22 },
          services: { term: 'cdek', value: 'cdek.PartialDelivery' },
        },
      },
      quote: calculateRequest(sampleOrder('petersburgPoint')),
      unserved: calculateRequest(sampleOrder('notServed')),
      save,
      edit: (request) => ({ ...request, recipient: { ...request.recipient, name: 'Петров Пётр', phone: '+79169999999' } }),
      shipment: (reference, deliveries) =>
        shipmentRequest(reference, deliveries, { date: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) }),
      settle: async () => {
        while (apiship.standing().some(({ statuses }) => ['pending', 'uploading'].includes(statuses.at(-1)?.key ?? 'pending')))
          await pause();
      },
      whileUnchecked: (work) => {
        apiship.setModes({ uploadAfterMs: 200 });
        return work().finally(() => apiship.setModes({ uploadAfterMs: 20 }));
      },
      statusOf: (code) => readStatus(code) ?? FIRST_STATUS,
      serviceCodes: Object.keys(STATUS_NAMES),
      undecidedCodes: ['pending', 'unknown', 'notApplicable'],
      successCodes: ['delivered', 'returned'],
      faults: {
        lose: loseReplies(
          apiship,
          [
            ...(['createOrder', 'changeOrder', 'resendOrder', 'cancelOrder'] as const),
            ...(['callCourier', 'cancelCourier', 'createWebhook', 'deleteWebhook'] as const),
          ],
          { 'expired-token': { kind: 'unauthorized' } },
        ),
        busy: answerBusy(apiship),
        keepsPauses: true,
        made: () => apiship.orders().length + apiship.account.book.courierCalls.length,
      },
      expected: {
        points: { accepting: 3, pickup: 2 },
        quote: {
          weightGrams: () => sum(lastQuote(apiship).places.map(({ weight }) => weight)),
          sidesMm: () => listSides(lastQuote(apiship).places),
          cost: async () => toMoney(Math.round(sum(readParts(await readPrice(apiship))) * 100), 'RUB'),
          days: async () => readDays(await readPrice(apiship)),
          handover: () => lastQuote(apiship).pickupDate,
          insured: () => toMoney(Math.round(lastQuote(apiship).assessedCost * 100), 'RUB'),
          collected: () => toMoney(Math.round(lastQuote(apiship).codCost * 100), 'RUB'),
        },
        save: {
          weightGrams: () => sum(lastOrder(apiship).places.map(({ weight }) => weight)),
          sidesMm: () => listSides(lastOrder(apiship).places),
          cost: async () => toMoney(Math.round((await readPlannedCost(apiship)) * 100), 'RUB'),
          contents: () => toContents(lastOrder(apiship).places.flatMap(({ items = [] }) => items)),
          handover: () => lastOrder(apiship).order.pickupDate,
          insured: () => toMoney(Math.round(lastOrder(apiship).cost.assessedCost * 100), 'RUB'),
          recipient: () => toRecipient(lastOrder(apiship).recipient),
          sender: () => toParty(lastOrder(apiship).sender),
        },
        shipment: { weightGrams: () => apiship.account.book.courierCalls.at(-1)?.body.weight ?? 0 },
      },
      customs: 'none',
      mayShareContract: true,
      whileCancelRefused: (work, { externalId }, isInReply) => {
        apiship.pushStatus(externalId, 'onPointIn');
        return refuseCancels(work, isInReply);
      },
      whileShipmentCancelRefused: (work, _shipment, isInReply) => refuseCancels(work, isInReply),
      whilePrintFails: (work, { externalId }) => {
        const order = apiship.orders().find(({ orderId }) => String(orderId) === externalId) as ApiShipOrder;
        const { providerNumber } = order;
        order.providerNumber = '';
        return work().finally(() => (order.providerNumber = providerNumber));
      },
      failures: [
        {
          name: 'wrong credentials',
          kind: 'auth',
          act: (base) => provider.save(save('f-1', '1'), { ...base, settings: { ...base.settings, password: 'wrong' } }),
        },
        { name: 'an outage', kind: 'unavailable', act: (base) => dead.save(save('f-2', '2'), { ...base, connectionId: 'out' }) },
        {
          // In a reply with HTTP 200.
          ...{ name: 'a courier who does not come', kind: 'rejected' },
          act: async (base) => {
            const request = save('f-4', '4');
            const delivery = existingDelivery(await provider.save(request, base), request);
            apiship.setModes({ courierError: 'No courier' });
            const date = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
            return provider
              .saveShipment(shipmentRequest('f-4', [delivery], { date }), base)
              .finally(() => apiship.setModes({ courierError: undefined }));
          },
        },
        {
          name: 'an order it cannot serve',
          kind: 'rejected',
          fields: ['delivery.shipmentAddress.terminal'],
          act: (base) => provider.save({ ...save('f-3', '3'), from: { terminal: '987654' } }, base),
        },
      ],
      webhook: {
        make: (delivery) => {
          const status = apiship.pushStatus(delivery.externalId, 'onPointIn');
          const order = apiship.orders().find(({ orderId }) => String(orderId) === delivery.externalId);
          if (order === undefined) throw new Error('the double does not have the order');
          return Promise.resolve(webhookRequest(JSON.stringify(apiShipWebhookBody({ order, status }))));
        },
        signed: false,
        dated: false,
      },
      untidy: {
        collected: ({ externalId }) => apiship.collected(Number(externalId)),
        insured: ({ externalId }) => apiship.insured(Number(externalId)),
      },
      close: () => apiship.close(),
    };
  },
};

type Place = { weight: number; length?: number; width?: number; height?: number };

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
/** ApiShip's centimetres. */
const listSides = (places: readonly Place[]): number[] =>
  places.flatMap(({ length = 0, width = 0, height = 0 }) => [length * 10, width * 10, height * 10]);
const lastOrder = (apiship: ApiShipDouble): ApiShipOrder['body'] => (apiship.orders().at(-1) as ApiShipOrder).body;
const lastQuote = (apiship: ApiShipDouble): { places: Place[]; pickupDate?: string; assessedCost: number; codCost: number } =>
  apiship.calls.findLast(({ call }) => call === 'calculate')?.body as ReturnType<typeof lastQuote>;
const toParty = ({ contactName: name, phone, addressString: address }: ApiShipOrder['body']['recipient']): ServiceParty => ({
  ...{ name, phone, address },
});

const toRecipient = (party: ApiShipOrder['body']['recipient']): ServiceParty => {
  const { city, postIndex: index, countryCode: country } = party;
  return { ...toParty(party), city, index, country };
};

const toContents = (items: readonly { weight?: number; quantity?: number }[]): { grams: number; pieces: number } => ({
  grams: sum(items.map(({ weight = 0, quantity = 1 }) => weight * quantity)),
  pieces: sum(items.map(({ quantity = 1 }) => quantity)),
});

interface ApiShipPrice {
  deliveryCost: number;
  insuranceFee: number;
  cashServiceFee: number;
  calendarDaysMin: number;
  calendarDaysMax: number;
}
const readParts = ({ deliveryCost, insuranceFee, cashServiceFee }: ApiShipPrice): number[] => [deliveryCost, insuranceFee, cashServiceFee];
const readDays = ({ calendarDaysMin, calendarDaysMax }: ApiShipPrice): [number, number] => [calendarDaysMin, calendarDaysMax];

/** The planned cost in roubles of the last order, in ApiShip's reply. */
async function readPlannedCost(apiship: ApiShipDouble): Promise<number> {
  const reply = await fetch(`${apiship.url}/v1/orders/${apiship.orders().at(-1)?.orderId}`, {
    headers: { authorization: apiship.account.credentials.token, platform: 'spec' },
  });
  return ((await reply.json()) as { extendedInfo: { planDeliveryCost: number } }).extendedInfo.planDeliveryCost;
}

/** The price in roubles in ApiShip's last reply, of its first tariff. */
async function readPrice(apiship: ApiShipDouble): Promise<ApiShipPrice> {
  const reply = await fetch(`${apiship.url}/v1/calculator`, {
    method: 'POST',
    headers: { authorization: apiship.account.credentials.token, 'content-type': 'application/json', platform: 'spec' },
    body: JSON.stringify(apiship.calls.findLast(({ call }) => call === 'calculate')?.body),
  });
  const { deliveryToDoor, deliveryToPoint } = (await reply.json()) as Record<string, { tariffs: ApiShipPrice[] }[]>;
  return [...(deliveryToDoor ?? []), ...(deliveryToPoint ?? [])][0]?.tariffs[0] as ApiShipPrice;
}

runDeliveryConformance('ApiShip', conformance);
