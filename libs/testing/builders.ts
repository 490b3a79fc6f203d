import { hmacSha256Hex, Reach } from '#platform/plain';
import { type AccountSettings, type ProviderContext, type WebhookRequest } from '#provider-kit';
import type {
  CalculateRequest,
  Collect,
  ExistingDelivery,
  ExistingShipment,
  Person,
  SavedDelivery,
  SavedShipment,
  SaveRequest,
  ShipmentRequest,
} from '#delivery/port';
import { MemoryCache } from './memory-cache.js';
import { type SampleOrder, sampleOrder, SHOPS, sumDeclared, sumOrder } from './sample-orders.js';

/** The port's question for prices of an order. */
export function calculateRequest(order: SampleOrder = sampleOrder(), changes: Partial<CalculateRequest> = {}): CalculateRequest {
  return {
    parcels: order.parcels,
    from: order.from,
    to: order.to,
    payerType: 'sender',
    declaredValue: sumDeclared(order),
    ...(order.withCod ? { cod: sumOrder(order) } : {}),
    currency: order.currency,
    extraData: {},
    ...changes,
  };
}

/** The port's registration of an order under our reference. */
export function saveRequest(
  reference: string,
  tariff: string,
  order: SampleOrder = sampleOrder(),
  changes: Partial<SaveRequest> = {},
): SaveRequest {
  const { customer } = order;
  return {
    reference,
    order: order.order,
    orderNumber: order.orderNumber,
    site: order.site,
    siteName: 'Shop',
    storeCode: 'main',
    storeName: 'Main store',
    recipient: {
      name: [customer.lastName, customer.firstName, customer.patronymic].filter((part) => part !== undefined).join(' '),
      phone: customer.phone,
      email: customer.email,
    },
    manager: MANAGER,
    parcels: order.parcels,
    from: order.from,
    to: order.to,
    tariff,
    payerType: 'sender',
    cost: order.deliveryCost,
    vatRate: '20.00',
    ...(order.withCod ? { collect: collectWhole(order) } : {}),
    declaredValue: sumDeclared(order),
    currency: order.currency,
    shipmentDate: '2026-03-03',
    extraData: {},
    ...changes,
  };
}

/** The amounts to collect for the first item and for the delivery, minor units. */
export function buildCollect(goods: number, delivery = 0, currency = 'RUB'): Collect {
  return { currency, goods, delivery, total: goods + delivery, perItem: [[goods]] };
}

/** A stored delivery after a save. */
export function existingDelivery(saved: SavedDelivery, request: SaveRequest, changes: Partial<ExistingDelivery> = {}): ExistingDelivery {
  return {
    id: saved.externalId,
    externalId: saved.externalId,
    reference: request.reference,
    ...(saved.trackNumber === undefined ? {} : { trackNumber: saved.trackNumber }),
    status: saved.status,
    statusAt: NOW,
    createdAt: NOW,
    ...(saved.cost === undefined ? {} : { cost: saved.cost }),
    ...(saved.parcels && { parcels: saved.parcels }),
    extraData: saved.extraData ?? {},
    request,
    ...changes,
  };
}

/** The port's registration of a shipment of deliveries. */
export function shipmentRequest(
  reference: string,
  deliveries: ExistingDelivery[],
  changes: Partial<ShipmentRequest> = {},
): ShipmentRequest {
  return {
    reference,
    date: '2026-03-03',
    time: { from: '10:00', to: '18:00' },
    address: { ...SHOPS.RU },
    storeCode: 'main',
    manager: MANAGER,
    comment: 'Вход со двора',
    extraData: {},
    deliveries,
    ...changes,
  };
}

/** A stored shipment after a save. */
export function existingShipment(saved: SavedShipment, request: ShipmentRequest): ExistingShipment {
  return { id: saved.externalId, externalId: saved.externalId, createdAt: NOW, extraData: saved.extraData ?? {}, request };
}

/** The moment at which the builders' world stands: a Monday at noon in Moscow. */
export const NOW = new Date('2026-03-02T09:00:00Z');

/** The context of a provider's call. Its signal never ends by default. */
export function providerContext<S>(settings: S, changes: Partial<ProviderContext<S>> = {}): ProviderContext<S> {
  return {
    connectionId: 'connection-1',
    settings,
    account: accountSettings(),
    now: NOW,
    signal: new AbortController().signal,
    cache: new MemoryCache(),
    reach: new Reach(['127.0.0.0/8']),
    webhookUrl: 'http://127.0.0.1:9/courier/webhooks/connection-1',
    memory: {},
    ...changes,
  };
}

/** A webhook posted by a service. Header names are in lower case. */
export function webhookRequest(
  body: string,
  headers: WebhookRequest['headers'] = {},
  changes: Partial<WebhookRequest> = {},
): WebhookRequest {
  return { method: 'POST', rawBody: Buffer.from(body), headers, query: new URLSearchParams(), path: '', ...changes };
}

/** Signs a webhook again with this secret, like a double without its own signature. */
export function signWebhook(request: WebhookRequest, secret: string): WebhookRequest {
  const text = `${request.headers['x-timestamp']}.${Buffer.from(request.rawBody).toString()}`;
  return { ...request, headers: { ...request.headers, 'x-signature': hmacSha256Hex(secret, text) } };
}

/** An account in Moscow that works Monday to Friday. */
export function accountSettings(changes: Partial<AccountSettings> = {}): AccountSettings {
  return { timeZone: 'Europe/Moscow', language: 'ru', currency: 'RUB', workTimes: [], nonWorkingDays: [], ...changes };
}

const MANAGER: Person = { name: 'Менеджер Анна', phone: '+74957654321', email: 'anna@example.com' };

/** Everything the order costs, item by item and for the delivery. */
function collectWhole({ parcels, currency, deliveryCost }: SampleOrder): Collect {
  const perItem = parcels.map(({ items }) => items.map(({ cost, quantity }) => (cost?.minor ?? 0) * quantity));
  const goods = perItem.flat().reduce((sum, line) => sum + line, 0);
  return { currency, goods, delivery: deliveryCost.minor, total: goods + deliveryCost.minor, perItem };
}
