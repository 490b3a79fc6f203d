import type { DeliveryProvider } from '#delivery/port';
import {
  anything,
  type ApiMethod,
  type AuthenticationOf,
  bearer,
  bytes,
  countCalls,
  decimal,
  list,
  makeError,
  maybe,
  nothing,
  prepared,
  type Problem,
  renewedToken,
  Service,
  shape,
  type Shape,
  type Shaped,
  text,
  truth,
  whole,
} from '#provider-kit';
import type { ApishipContext, ApishipSettings } from './apiship.settings.js';
import { texts } from './apiship.texts.js';

const CONTOURS: Readonly<Record<ApishipSettings['contour'], string>> = {
  production: 'https://api.apiship.ru',
  // Plain HTTP: `checkSettings` rejects a token for it.
  test: 'http://api.dev.apiship.ru',
};

/** Milliseconds without calls after a 429 without a time. Calls are not limited otherwise. */
const PAUSE_MS = 3_000;

/** A page of a list. The length is `total` or in `meta`. Some lists are bare. */
export interface ListPage<Row> {
  rows: Row[];
  meta?: { total?: number };
  total?: number;
}

const pageOf = <Row>(row: Shape<Row>, most = 10_000): Shape<ListPage<Row>> =>
  prepared(
    (value) => (Array.isArray(value) ? { rows: value as unknown[] } : value),
    shape({ rows: list(row, most), meta: maybe(shape({ total: maybe(whole) })), total: maybe(whole) }),
  );

/** A status of an order; `created`: ISO 8601 with an offset. */
const status = shape({
  ...{ key: text, name: maybe(text), description: maybe(text), created: maybe(text) },
  ...{ providerName: maybe(text), providerDescription: maybe(text) },
});
/** Identifies an order. `providerNumber`: the track number, empty until the carrier has the order. */
export const orderInfo = shape({ orderId: text, providerNumber: maybe(text), clientNumber: maybe(text), trackingUrl: maybe(text) });
const orderState = shape({ orderInfo, status: maybe(status) });
const orderDetails = shape({
  order: maybe(
    shape({
      ...{ providerKey: maybe(text), tariffId: maybe(whole), deliveryType: maybe(whole) },
      ...{ pointOutId: maybe(whole), weight: maybe(decimal) },
    }),
  ),
  cost: maybe(shape({ assessedCost: maybe(decimal), codCost: maybe(decimal) })),
  recipient: maybe(shape({ contactName: maybe(text), phone: maybe(text), addressString: maybe(text) })),
  /** Roubles. */
  extendedInfo: maybe(shape({ planDeliveryCost: maybe(decimal), factDeliveryCost: maybe(decimal) })),
});

/** Limits of a point: centimetres, grams, roubles. */
const limits = shape({
  ...{ maxSizeA: maybe(decimal), maxSizeB: maybe(decimal), maxSizeC: maybe(decimal), maxSizeSum: maybe(decimal) },
  ...{ minWeight: maybe(decimal), maxWeight: maybe(decimal), maxCod: maybe(decimal) },
});
/** A carrier's point or locker. `availableOperation`: 1 takes parcels in, 2 hands them out, 3 both. */
const point = shape({
  ...{
    id: text,
    providerKey: text,
    code: maybe(text),
    name: maybe(text),
    postIndex: maybe(text),
    lat: maybe(decimal),
    lng: maybe(decimal),
  },
  ...{ countryCode: maybe(text), city: maybe(text), address: maybe(text), street: maybe(text), house: maybe(text), phone: maybe(text) },
  ...{ timetable: maybe(text), description: maybe(text), availableOperation: maybe(whole), enabled: maybe(truth) },
  /** 0 if the point takes no money. Missing if unknown. */
  cod: maybe(whole),
  multiplaceDeliveryAllowed: maybe(whole),
  limits: maybe(limits),
});

/** A price. Costs are in roubles. `pointIds`: points that hand it out, perhaps thousands. */
const quotedTariff = shape({
  ...{ tariffId: whole, tariffName: maybe(text), pickupTypes: maybe(list(whole, 10)), deliveryCost: decimal, feesIncluded: maybe(truth) },
  ...{ insuranceFee: maybe(decimal), cashServiceFee: maybe(decimal), calendarDaysMin: maybe(whole), calendarDaysMax: maybe(whole) },
  ...{ workDaysMin: maybe(whole), workDaysMax: maybe(whole), daysMin: maybe(whole), daysMax: maybe(whole) },
  pointIds: maybe(list(text, 200_000)),
});
const quotedCarrier = shape({ providerKey: text, tariffs: maybe(list(quotedTariff)) });
const quotes = shape({ deliveryToDoor: maybe(list(quotedCarrier)), deliveryToPoint: maybe(list(quotedCarrier)) });

/** `pickupType`, `deliveryType`: missing for both ways. */
const tariff = shape({
  ...{ id: whole, providerKey: text, name: maybe(text), aliasName: maybe(text), pickupType: maybe(whole), deliveryType: maybe(whole) },
});
const carrierService = shape({
  ...{ providerKey: text, extraParamName: text, name: maybe(text), valueType: maybe(text), description: maybe(text) },
});
/** `error`: the call was not made, in spite of a status of 200. */
const courierCall = shape({ id: maybe(text), providerNumber: maybe(text), error: maybe(text) });
const failedOrders = maybe(list(shape({ orderId: text, message: maybe(text) })));

export type OrderStatus = Shaped<typeof status>;
export type OrderState = Shaped<typeof orderState>;
export type OrderDetails = Shaped<typeof orderDetails>;
export type PointLimits = Shaped<typeof limits>;
export type PointRow = Shaped<typeof point>;
export type QuotedTariff = Shaped<typeof quotedTariff>;
export type QuotedCarrier = Shaped<typeof quotedCarrier>;
export type QuoteReply = Shaped<typeof quotes>;
export type Balance = Shaped<typeof balance>;

/** Roubles. */
const balance = shape({ freeCalculations: maybe(decimal), money: maybe(decimal) });

/** A 4xx. Only its message is certain. `code`: a text with a leading zero, such as `040080`. */
const refusal = shape({
  ...{ code: maybe(text), message: maybe(text), description: maybe(text) },
  errors: maybe(list(shape({ field: maybe(text), message: maybe(text) }))),
});

/** Reasons of a refusal that callers look for. */
type Meaning = 'withoutStatus' | 'cancelled' | 'callCancelled' | 'unknownPlace' | 'duplicate';

/** A token of the settings, or that of a login. How long the latter lives is not documented. */
const authentication: AuthenticationOf<ApishipContext> = (service) => {
  const login = service.askOpenly('POST /users/login', shape({ token: maybe(text), accessToken: maybe(text) }));
  const identify = ({ settings: { token, login: name, password } }: ApishipContext): string => JSON.stringify([token, name, password]);
  // The bare token: ApiShip has no `Bearer`.
  const own = bearer<ApishipContext>(({ settings }) => settings.token ?? '', '')(service);
  const renewed = renewedToken<ApishipContext>({
    identify,
    async request(context) {
      const { login: name = '', password = '' } = context.settings;
      const { token, accessToken = token } = await login(context, { json: { login: name, password } });
      if (!accessToken) throw makeError('auth', texts.credentials);
      return { token: accessToken };
    },
    write: (token) => token,
  })(service);
  return {
    ...renewed,
    identify,
    sign: (call, context) => (context.settings.token ? own : renewed).sign(call, context),
    renew(refused, context) {
      if (context.settings.token || !renewed.renew) throw makeError('auth', texts.credentials);
      return renewed.renew(refused, context);
    },
  };
};

/**
 * Declares ApiShip's API v1.
 * @param baseUrl replaces both contours (a double's address); without a path, `/v1` is added
 * @param platform the module's code at ApiShip, sent with each call
 */
export function declareApiship(baseUrl?: string, platform?: string) {
  const service = new Service<ApishipContext, Meaning>({
    name: 'ApiShip',
    url: ({ settings }) => baseUrl ?? CONTOURS[settings.contour],
    path: '/v1',
    auth: authentication,
    ...(platform && { headers: () => ({ platform }) }),
    // Lists of points are long.
    http: { headersTimeoutMs: 20_000, totalTimeoutMs: 30_000, maxReplyBytes: 64 * 1024 * 1024 },
    pace: countCalls({ limit: () => ({ units: Infinity, windowMs: 1, pauseMs: PAUSE_MS }), busy: texts.tooManyCalls, isPatient: false }),
    refusal(body, { headers }) {
      const { code, message, description, errors = [] } = refusal(body);
      const problems: Problem[] = [{ code, message: message ?? '' }, ...(description ? [{ code, message: description }] : [])];
      return { problems: [...problems, ...errors], reference: headers['x-tracing-id'] };
    },
    errors: [
      [/^040(080|016)$/, 'missing'],
      ['040018', 'withoutStatus'],
      ['040081', 'cancelled'],
      ['040082', 'callCancelled'],
      [/^040(304|101)$/, 'expired'],
      [401, 'expired'],
      ['060001', 'rejected', { say: texts.balanceEmpty }],
      [402, 'rejected', { say: texts.balanceEmpty }],
      [/^04000[56]$/, 'rejected', { say: texts.noCarriers }],
      ['040015', 'unknownPlace'],
      // There is an order with our number already.
      [({ problems }) => problems.some(({ field }) => field?.split('.').at(-1) === 'clientNumber'), 'duplicate'],
      // It has many reasons, mostly of the call.
      [403, 'rejected'],
    ],
    refusedCredentials: texts.credentials,
    fields: [
      [/(^|\.)pickupDate$/, 'shipmentDate'],
      [/(^|\.)delivery(Date|TimeStart|TimeEnd)$/, 'deliveryDate'],
      [/(^|\.)(tariffId|providerKey)$/, 'delivery.tariff'],
      [/(^|\.)pointOutId$/, 'delivery.deliveryAddress.terminal'],
      [/(^|\.)pointInId$/, 'delivery.shipmentAddress.terminal'],
      [/^recipient\.phone/, 'customer.phones'],
      [/^recipient\.email/, 'customer.email'],
      [/^recipient\.contactName/, 'customer.lastName'],
      [/^recipient/, 'delivery.deliveryAddress'],
      [/^sender/, 'delivery.shipmentAddress'],
      [/^places/, 'packages'],
    ],
  });
  return {
    platform,
    identifyAccount: (context: ApishipContext): string => service.identifyAccount(context),
    identifyContour: (context: ApishipContext): string => service.identifyAddress(context),
    /** With a token in the settings there is nothing to do. */
    signIn: (context: ApishipContext): Promise<void> => service.signIn(context),
    unlessMissing: <T>(answer: Promise<T>): Promise<T | undefined> => service.unlessMissing(answer),
    unless: service.unless.bind(service) as typeof service.unless,
    /** From wherever ApiShip stores a document. */
    download: (url: string, context: ApishipContext): Promise<Buffer> => service.download(url, context, bytes('%PDF-')),
    balance: service.read('/billing/balance', balance),
    connections: service.read('/connections', pageOf(shape({ id: text, providerKey: text, name: maybe(text) }))),
    carriers: service.read('/lists/providers', pageOf(shape({ key: text, name: maybe(text) }))),
    points: service.read('/lists/points', pageOf(point, 20_000)),
    services: service.read('/lists/services', pageOf(carrierService)),
    tariffs: service.read('/lists/tariffs', pageOf(tariff)),
    /** ApiShip charges for it. */
    quote: service.ask('POST /calculator', quotes),
    findOrder: service.read('/orders/status', orderState),
    order: service.read('/orders/:id', orderDetails),
    orderStatus: service.read('/orders/:id/status', orderState),
    history: service.read('/orders/:id/statusHistory', pageOf(status)),
    /** An order that could not be read has no code and is omitted. */
    statuses: service.ask('POST /orders/statuses', shape({ succeedOrders: maybe(list(orderState)) })),
    createOrder: service.act('POST /orders', shape({ orderId: text })),
    changeOrder: service.act('PUT /orders/:id', nothing),
    resendOrder: service.act('POST /orders/:id/resend', nothing),
    /** A GET with an effect. */
    cancelOrder: service.act('GET /orders/:id/cancel', anything),
    callCourier: service.act('POST /courierCall', courierCall),
    cancelCall: service.act('POST /courierCall/:id/cancel', anything),
    subscriptions: service.read('/webhooks', pageOf(shape({ uuid: text, url: text, type: text }))),
    subscribe: service.act('POST /webhooks', nothing),
    unsubscribe: service.act('DELETE /webhooks/:id', nothing),
    /** One PDF for all. */
    labels: service.ask('POST /orders/labels', shape({ url: maybe(text), failedOrders })),
    /** A PDF for each carrier. */
    waybills: service.ask('POST /orders/waybills', shape({ waybillItems: maybe(list(shape({ file: text }))), failedOrders })),
  };
}

export type Apiship = ReturnType<typeof declareApiship>;

/** A function that becomes a method of the provider. */
export type ApishipMethod<Name extends keyof DeliveryProvider> = ApiMethod<Apiship, DeliveryProvider<ApishipSettings>, Name>;

/** Whether a cancellation got a reply but was not made. The value of a successful one is not documented. */
export function saysNo(reply: unknown): boolean {
  return (reply as { canceled?: unknown } | null)?.canceled === false;
}
