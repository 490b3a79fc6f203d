import type { DeliveryProvider } from '#delivery/port';
import {
  type ApiMethod,
  bytes,
  clientCredentials,
  decimal,
  Directory,
  list,
  maybe,
  nothing,
  prepared,
  type Problem,
  type Refusal,
  Service,
  shape,
  type Shape,
  type Shaped,
  text,
  truth,
  whole,
} from '#provider-kit';
import { type CdekProblem, type CdekRequest, isInvalid, problem, request, status } from './cdek.requests.js';
import type { CdekContext, CdekSettings } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { type City, toCity, wireCity } from './city.js';
import { type Point, toPoint, wirePoint } from './point.js';

const CONTOURS: Readonly<Record<CdekSettings['contour'], string>> = {
  production: 'https://api.cdek.ru',
  test: 'https://api.edu.cdek.ru',
};

/** CDEK wraps some lists into `entity`, and returns `{}` for an empty one. */
const listOf = <T>(item: Shape<T>, most = 10_000) =>
  prepared((value) => (Array.isArray(value) ? value : ((value as { entity?: unknown } | null)?.entity ?? [])), list(item, most));

const requests = maybe(list(request));
const money = shape({ value: maybe(decimal) });

/** 202 of a call with an effect: CDEK has the request and has not validated it yet. */
const accepted = shape({ entity: shape({ uuid: text }), requests });

/** An order as CDEK has it. */
const order = shape({
  entity: shape({
    uuid: text,
    /** 1: for an online shop, 2: only delivery. */
    type: maybe(whole),
    /** Missing until CDEK has validated the order. */
    cdek_number: maybe(text),
    ...{ number: maybe(text), tariff_code: maybe(whole), comment: maybe(text), shipment_point: maybe(text), delivery_point: maybe(text) },
    recipient: maybe(shape({ company: maybe(text), name: maybe(text), phones: maybe(list(shape({ number: text }))) })),
    to_location: maybe(shape({ code: maybe(whole), address: maybe(text), country_code: maybe(text) })),
    has_reverse_order: maybe(truth),
    ...{ is_return: maybe(truth), is_reverse: maybe(truth), is_client_return: maybe(truth) },
    delivery_recipient_cost: maybe(money),
    delivery_date: maybe(text),
    /**
     * `date`: when it was delivered; `total_sum`: with services; `payment_sum`: taken from the recipient, in
     * the currency of their country.
     */
    delivery_detail: maybe(
      shape({
        ...{ date: maybe(text), delivery_sum: maybe(decimal), total_sum: maybe(decimal), payment_sum: maybe(decimal) },
        payment_info: maybe(list(shape({ type: text, sum: decimal }))),
      }),
    ),
    packages: maybe(
      list(
        shape({
          ...{ package_id: maybe(text), number: maybe(text), barcode: maybe(text), weight: maybe(decimal) },
          items: maybe(
            list(
              shape({
                ...{ ware_key: maybe(text), cost: maybe(decimal), amount: maybe(decimal), payment: maybe(money) },
                /** Pieces handed over. */
                delivery_amount: maybe(decimal),
              }),
            ),
          ),
        }),
      ),
    ),
    statuses: maybe(list(status)),
  }),
  requests,
  related_entities: maybe(list(shape({ uuid: text, type: text, cdek_number: maybe(text) }))),
});

/** Payouts of collected cash, in the contract's currency. */
const registries = shape({
  registries: maybe(
    list(
      shape({
        ...{ registry_number: text, payment_date: maybe(text), sum: decimal, payment_order_number: maybe(text) },
        orders: list(
          shape({
            ...{ cdek_number: text, transfer_sum: decimal, payment_sum: decimal, basis_type: maybe(text) },
            ...{ total_sum_without_agent: decimal, agent_commission_sum: decimal },
          }),
          100_000,
        ),
      }),
    ),
  ),
});

/** A visit of a courier. It has no number until CDEK has validated it. */
const intake = shape({
  entity: shape({ uuid: text, intake_number: maybe(text), comment: maybe(text), statuses: maybe(list(status)) }),
  requests,
});

/** An agreement about the day and place of a delivery. */
const agreement = shape({ entity: maybe(shape({ statuses: maybe(list(status)) })), requests });
const intervals = shape({
  date_intervals: maybe(list(shape({ date: text, time_intervals: maybe(list(shape({ start_time: text, end_time: text }))) }))),
});

const print = shape({ entity: maybe(shape({ statuses: maybe(list(status)) })), requests });

/** A price of a tariff. */
const quote = shape({
  ...{ tariff_code: whole, tariff_name: maybe(text), delivery_mode: whole, delivery_sum: decimal },
  ...{ period_min: maybe(whole), period_max: maybe(whole), calendar_min: maybe(whole), calendar_max: maybe(whole) },
});
const quotes = shape({ tariff_codes: maybe(list(quote)), errors: maybe(list(problem)) });
/** `total_sum`: with the services. */
const tariff = shape({ delivery_sum: maybe(decimal), total_sum: maybe(decimal), errors: maybe(list(problem)) });

const suggestion = shape({ code: whole, full_name: text });
const subscription = shape({ uuid: text, url: text, type: text });

export type CdekAccepted = Shaped<typeof accepted>;
export type CdekOrderReply = Shaped<typeof order>;
export type CdekOrder = CdekOrderReply['entity'];
export type CdekRegistry = NonNullable<Shaped<typeof registries>['registries']>[number];
export type CdekIntakeReply = Shaped<typeof intake>;
export type CdekPrintReply = Shaped<typeof print>;
export type CdekQuote = Shaped<typeof quote>;
export type CdekSuggestion = Shaped<typeof suggestion>;

/** Reasons of a refusal that callers look for. */
type Meaning = 'duplicate' | 'stillProcessed' | 'unknownPlace' | 'visitIsThere';

/** A reply that refuses: the problems are at the top, or in the requests. */
const refusal = shape({ errors: maybe(list(problem)), requests });

/** CDEK's forms by the last part of their path. */
export type CdekForm = 'orders' | 'barcodes';

/**
 * Declares CDEK's API v2.
 * @param baseUrl replaces both of CDEK's contours (a double's address); without a path, `/v2` is added
 */
export function declareCdek(baseUrl?: string) {
  const service = new Service<CdekContext, Meaning>({
    name: texts.title,
    url: ({ settings }) => baseUrl ?? CONTOURS[settings.contour],
    path: '/v2',
    auth: clientCredentials({ read: ({ settings }) => [settings.clientId, settings.clientSecret] }),
    // A city's list of points may be long.
    http: { headersTimeoutMs: 15_000, totalTimeoutMs: 30_000, maxReplyBytes: 64 * 1024 * 1024 },
    refusal(body) {
      const { errors = [], requests: failed = [] } = refusal(body);
      return { problems: toProblems([...errors, ...failed.flatMap((one) => one.errors ?? [])]) };
    },
    errors: [
      [/^v2_token_expired/, 'expired'],
      [401, 'expired'],
      [403, 'expired'],
      [/^v2_internal_error/, 'lost', { say: texts.internal }],
      [/^v2_entity_not_found/, 'missing'],
      // There is an order with our number: an earlier call made it.
      [/^error_validate_im_dep_number_has_already_had_integration/, 'duplicate'],
      [/^v2_similar_request_still_processed/, 'stillProcessed', { as: 'unknown_outcome' }],
      // CDEK does not deliver there.
      [/^v2_(recipient|sender)_location_not_recognized/, 'unknownPlace'],
      // A courier already comes to this address on this day, or for this order.
      [/^v2_intake_exists_by/, 'visitIsThere'],
    ],
    refusedCredentials: texts.credentials,
    fields: [
      [/^v2_recipient_location_not_recognized$/, 'delivery.deliveryAddress.city'],
      [/^v2_sender_location_not_recognized$/, 'delivery.shipmentAddress.city'],
      [/^shipment_location_is_not_recognized$/, 'delivery.shipmentAddress.terminal'],
      [/^delivery_location_is_not_recognized$/, 'delivery.deliveryAddress.terminal'],
      [/^v2_order_location_from_and_shipment_point_empty$/, 'delivery.shipmentAddress'],
      [/^v2_order_location_to_and_delivery_point_empty$/, 'delivery.deliveryAddress'],
    ],
  });
  /** The error for a request that CDEK accepted and then refused. */
  const refuse = (problems: readonly CdekProblem[] = []): Refusal<Meaning> => service.refuse(toProblems(problems));
  const identify = (context: CdekContext): string => service.identifyAddress(context);
  const readCities = service.read('/location/cities', listOf(wireCity));
  const readPoints = service.read('/deliverypoints', listOf(wirePoint, 100_000));
  return {
    identifyAccount: (context: CdekContext): string => service.identifyAccount(context),
    identifyContour: identify,
    signIn: (context: CdekContext): Promise<void> => service.signIn(context),
    unlessMissing: <T>(answer: Promise<T>): Promise<T | undefined> => service.unlessMissing(answer),
    unless: service.unless.bind(service) as typeof service.unless,
    refuse,
    /** Throws a Refusal if CDEK refused one of the requests that it has just accepted. */
    refuseInvalid(requests: readonly CdekRequest[] = []): void {
      const refused = requests.find(isInvalid);
      if (refused) throw refuse(refused.errors);
    },
    // A new name for each new shape: other processes may still keep rows of the one before.
    cities: new Directory<City, CdekContext>({
      ...{ name: 'cities2', identify },
      load: async (query, context) => (await readCities(context, { query })).map(toCity),
    }),
    points: new Directory<Point, CdekContext>({
      ...{ name: 'points2', identify },
      load: async (query, context) => (await readPoints(context, { query })).map(toPoint),
    }),
    suggestCities: service.read('/location/suggest/cities', listOf(suggestion)),
    quotes: service.ask('POST /calculator/tarifflist', quotes),
    tariff: service.ask('POST /calculator/tariff', tariff),
    findOrder: service.read('/orders', order),
    order: service.read('/orders/:id', order),
    createOrder: service.act('POST /orders', accepted),
    changeOrder: service.act('PATCH /orders', accepted),
    deleteOrder: service.act('DELETE /orders/:id', accepted),
    /** Refuses with CDEK's reason if the courier cannot take something back. */
    checkReverse: service.ask('POST /reverse/availability', nothing),
    registries: service.read('/registries', registries),
    refuseParcel: service.act('POST /orders/:id/refusal', accepted),
    returnFromClient: service.act('POST /orders/:id/clientReturn', accepted),
    deliveryIntervals: service.read('/delivery/intervals', intervals),
    createAgreement: service.act('POST /delivery', accepted),
    agreement: service.read('/delivery/:id', agreement),
    intake: service.read('/intakes/:id', intake),
    orderIntakes: service.read('/orders/:id/intakes', listOf(intake)),
    createIntake: service.act('POST /intakes', accepted),
    deleteIntake: service.act('DELETE /intakes/:id', accepted),
    /** A lost reply costs no more than an unused file. */
    print: service.ask('POST /print/:kind', accepted),
    printJob: service.read('/print/:kind/:id', print),
    file: service.read('/print/:kind/:id.pdf', bytes('%PDF-'), { accept: 'application/pdf' }),
    subscriptions: service.read('/webhooks', listOf(subscription)),
    subscribe: service.act('POST /webhooks', nothing),
    unsubscribe: service.act('DELETE /webhooks/:id', nothing),
  };
}

export type Cdek = ReturnType<typeof declareCdek>;

/** A function that becomes a method of the provider. */
export type CdekMethod<Name extends keyof DeliveryProvider> = ApiMethod<Cdek, DeliveryProvider<CdekSettings>, Name>;

function toProblems(problems: readonly CdekProblem[]): Problem[] {
  return problems.flatMap(({ code, additional_code: more, message }) => [{ code, message }, ...(more ? [{ code: more, message }] : [])]);
}
