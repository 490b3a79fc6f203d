import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { playFault, type ServiceAnswer, type ServiceErrors } from '../../double/faults.js';
import {
  cdekTime,
  type DoubleIntake,
  type DoubleIntakeBody,
  type DoubleOrder,
  DoubleRefusal,
  type DoubleRequest,
  duplicate,
} from './cdek-book.js';
import type { CdekControl } from './cdek-control.js';
import { drawDocument } from './cdek-documents.js';
import { problem, type DoubleOrderBody } from './cdek-order-body.js';
import type { CdekOwnFault } from './cdek-faults.js';
import {
  CITIES,
  countBilledGrams,
  findCity,
  findCurrency,
  deliverySum,
  POINTS,
  serviceSum,
  TARIFFS,
  type DoubleCity,
  type DoublePackage,
  type DoublePlace,
  type DoubleTariff,
} from './cdek-network.js';
import { type CdekCall, WIRE } from './cdek-wire.js';
import { findCall } from '../../double/wire.js';

const ERRORS: ServiceErrors<CdekOwnFault> = {
  failed: { errors: [problem('v2_internal_error', 'Запрос выполнился с системной ошибкой')] },
  tooMany: { errors: [problem('v2_too_many_requests', 'Too many requests')] },
  toRefusal: (fault) =>
    fault.kind === 'token-expired'
      ? new DoubleRefusal([problem('v2_token_expired', 'Время жизни токена истекло')], 401)
      : new DoubleRefusal([problem(fault.code, fault.message ?? fault.code)]),
};

interface QuoteBody {
  type?: number;
  currency?: number;
  from_location: DoublePlace;
  to_location: DoublePlace;
  packages: DoublePackage[];
  tariff_code?: number;
  services?: { code: string; parameter?: string }[];
}

interface PrintJob {
  uuid: string;
  form: string;
  format: string;
  orders: DoubleOrder[];
  statuses: { code: string; name: string; date_time: string }[];
  problem?: { code: string; message: string };
}

type Query = { [name: string]: string | undefined };

/** CDEK's API v2 under `/v2`, with the faults set for it. */
export function registerCdekRoutes(app: FastifyInstance, cdek: CdekControl): void {
  const { book, modes, webhooks } = cdek;
  const jobs = new Map<string, PrintJob>();

  const route = (call: CdekCall, act: (request: FastifyRequest) => ServiceAnswer | Promise<ServiceAnswer>, within = ''): void => {
    const { method, path: url, body, query: querystring, status } = findCall<CdekCall>(WIRE, call, within);
    const schema: FastifySchema = { ...(body && { body }), ...(querystring && { querystring }) };
    app.route({
      method,
      url,
      schema,
      // What is wrong with a body is CDEK's to say, after the fault that may come first.
      attachValidation: true,
      handler: async (request, reply) => {
        capture(cdek, call, request);
        if (modes.latencyMs > 0) await sleep(modes.latencyMs);
        const fault = cdek.isTooMany() ? ({ kind: 'rate-limit' } as const) : cdek.faults.take(call);
        return playFault({
          ...{ fault, reply, errors: ERRORS, later: cdek.later },
          act: async () => {
            if (call !== 'token') refuseUnlessAuthorised(cdek, request);
            if (request.validationError) throw new DoubleRefusal([problem('v2_bad_request', request.validationError.message)]);
            return { ...(status !== undefined && { status }), ...(await act(request)) };
          },
        });
      },
    });
  };
  const readParam = (request: FastifyRequest, name = 'uuid'): string => (request.params as { [key: string]: string })[name] ?? '';
  const readQuery = (request: FastifyRequest): Query => request.query as Query;
  const soon = (action: () => void): void => {
    if (modes.validateAfterMs !== undefined) cdek.later(modes.validateAfterMs, action);
  };

  route('token', (request) => {
    const { grant_type, client_id, client_secret } = { ...readQuery(request), ...((request.body as Query | null) ?? {}) };
    if (grant_type !== 'client_credentials' || client_id !== cdek.clientId || client_secret !== cdek.clientSecret)
      return { status: 400, json: { error: 'invalid_client', error_description: 'Bad client credentials' } };
    return {
      json: {
        access_token: cdek.newToken(),
        token_type: 'bearer',
        expires_in: modes.tokenSeconds,
        scope: 'order:all payment:all',
        jti: randomUUID(),
      },
    };
  });

  route('quotes', (request) => {
    const body = request.body as QuoteBody;
    const { from, to, rate } = findRoute(body, modes.contractCurrency);
    refuseType(body, modes.contract);
    const tariff_codes = TARIFFS.filter(({ types }) => types.includes(body.type ?? 1)).flatMap((tariff) => {
      const sum = deliverySum(tariff, from, to, body.packages);
      return sum === undefined
        ? []
        : [{ ...buildQuote(tariff, from, to), tariff_name: tariff.tariff_name, delivery_sum: round(sum * rate) }];
    });
    return { json: { tariff_codes } };
  });

  route('tariff', (request) => {
    const body = request.body as QuoteBody;
    const { from, to, rate, currency } = findRoute(body, modes.contractCurrency);
    refuseType(body, modes.contract);
    const tariff = TARIFFS.find(({ tariff_code, types }) => tariff_code === body.tariff_code && types.includes(body.type ?? 1));
    const sum = tariff && deliverySum(tariff, from, to, body.packages);
    if (tariff === undefined || sum === undefined) throw new DoubleRefusal([problem('error_tariff', 'Тариф недоступен по направлению')]);
    const services = (body.services ?? []).map(({ code, parameter }) => {
      const price = serviceSum(code, parameter, tariff);
      if (price === undefined) throw new DoubleRefusal([problem('v2_unable_add_service', `Услуга ${code} недоступна`)]);
      return { code, sum: round(price * rate) };
    });
    const delivery_sum = round(sum * rate);
    const total_sum = round(services.reduce((all, service) => all + service.sum, delivery_sum));
    const { period_min, period_max, calendar_min, calendar_max } = buildQuote(tariff, from, to);
    return {
      json: {
        delivery_sum,
        period_min,
        period_max,
        calendar_min,
        calendar_max,
        weight_calc: countBilledGrams(body.packages),
        services,
        total_sum,
        currency,
      },
    };
  });

  route('cities', (request) => {
    const { country_codes, city, postal_code, code, size = '1000' } = readQuery(request);
    if (!/^[1-9]\d{0,3}$/.test(size)) throw new DoubleRefusal([problem('v2_bad_request', `size must be 1 to 9999, not ${size}`)]);
    const countries = country_codes?.split(',');
    const found = CITIES.filter(
      (one) =>
        (code === undefined || String(one.code) === code) &&
        (countries === undefined || countries.includes(one.country_code)) &&
        (city === undefined || one.city.toLowerCase() === city.toLowerCase()) &&
        (postal_code === undefined || one.postal.some((prefix) => postal_code.startsWith(prefix))),
    );
    return { json: found.slice(0, Number(size)).map((one) => cityOut(one, modes.paymentLimits[one.code] ?? -1)) };
  });
  route('suggest', (request) => {
    const { name = '', country_code } = readQuery(request);
    const found = CITIES.filter(
      (one) => (country_code === undefined || one.country_code === country_code) && one.city.toLowerCase().includes(name.toLowerCase()),
    );
    return {
      json: found.map(({ code, city, region, country }) => ({
        city_uuid: randomUUID(),
        code,
        full_name: `${city}, ${region}, ${country}`,
      })),
    };
  });
  route('points', (request) => {
    const { code, type = 'ALL', city_code, country_code, postal_code, is_reception, is_handout } = readQuery(request);
    const found = POINTS.filter(
      (point) =>
        (code === undefined || point.code === code) &&
        (type === 'ALL' || point.type === type) &&
        (city_code === undefined || String(point.location.city_code) === city_code) &&
        (country_code === undefined || point.location.country_code === country_code) &&
        (postal_code === undefined || point.location.postal_code === postal_code) &&
        (is_reception === undefined || String(point.is_reception) === is_reception) &&
        (is_handout === undefined || String(point.is_handout) === is_handout),
    );
    return { json: found };
  });

  route('createOrder', (request) => {
    const body = structuredClone(request.body as DoubleOrderBody);
    refuseAtOnce(body);
    if (body.number !== undefined && modes.duplicates === 'at-once' && book.isTaken(body.number))
      throw new DoubleRefusal([duplicate(body.number)]);
    const order = book.accept(body);
    soon(() => book.validate(order, modes.refuseWith));
    return accepted(order.uuid, order.requests.slice(-1));
  });
  route('findOrder', (request) => {
    const { im_number, cdek_number } = readQuery(request);
    const order = cdek_number === undefined ? book.byNumber(im_number ?? '') : book.orders.find((one) => one.cdek_number === cdek_number);
    if (order === undefined) throw new DoubleRefusal([problem('v2_entity_not_found', `Entity is not found by cdek_number ${cdek_number}`)]);
    return { json: orderOut(order) };
  });
  const findOrder = (request: FastifyRequest): DoubleOrder => {
    const order = book.order(readParam(request));
    if (order.removed && modes.deleted === 'hidden')
      throw new DoubleRefusal([problem('v2_entity_not_found', `Entity is not found with uuid=${order.uuid}`)]);
    return order;
  };
  route('getOrder', (request) => ({ json: orderOut(findOrder(request)) }));
  route('changeOrder', (request) => {
    const { uuid, ...body } = structuredClone(request.body as DoubleOrderBody & { uuid: string });
    const order = book.order(uuid);
    if (order.removed) throw new DoubleRefusal([problem('v2_entity_not_found', `Entity is not found with uuid=${uuid}`)]);
    refuseAtOnce(body);
    const change = book.beginChange(order);
    soon(() => book.endChange(order, change, body, modes.refuseWith));
    return accepted(order.uuid, [change]);
  });
  route('deleteOrder', (request) => {
    const order = findOrder(request);
    const deletion = book.beginDeletion(order);
    soon(() => book.endDeletion(order, deletion));
    return accepted(order.uuid, [deletion]);
  });
  route('refuseOrder', (request) => {
    const order = findOrder(request);
    return accepted(order.uuid, [book.refuse(order)]);
  });

  route('createIntake', (request) => {
    const intake = book.acceptIntake(structuredClone(request.body as DoubleIntakeBody));
    soon(() => book.validateIntake(intake, modes.refuseWith));
    return accepted(intake.uuid, intake.requests.slice(-1));
  });
  route('getIntake', (request) => ({ json: intakeOut(book.intake(readParam(request))) }));
  // Only visits for the order itself; those for several parcels belong to none.
  route('findIntakes', (request) => ({
    json: book.intakes.filter(({ body, removed }) => !removed && body.order_uuid === readParam(request)).map(intakeOut),
  }));
  route('deleteIntake', (request) => {
    const intake = book.intake(readParam(request));
    return accepted(intake.uuid, [book.removeIntake(intake)]);
  });

  for (const form of ['orders', 'barcodes'] as const) {
    route(
      'startPrint',
      (request) => {
        const { orders, format = 'A4' } = request.body as { orders: { order_uuid?: string; cdek_number?: string }[]; format?: string };
        const found = orders.map(({ order_uuid, cdek_number }) =>
          book.orders.find((one) => one.uuid === order_uuid || (cdek_number !== undefined && one.cdek_number === String(cdek_number))),
        );
        const job: PrintJob = {
          uuid: randomUUID(),
          form,
          format,
          orders: found.filter((one) => one !== undefined),
          statuses: [stateOut('ACCEPTED')],
        };
        if (found.some((one) => one?.cdek_number === undefined || one.removed))
          job.problem = problem('v2_entity_empty', 'Печатная форма не сформировалась, так как заказы некорректны');
        if (modes.prints === 'invalid') job.problem = problem('v2_entity_invalid', 'Печатная форма не сформировалась');
        if (modes.prints !== 'vanished') jobs.set(job.uuid, job);
        if (job.problem) job.statuses.push(stateOut('INVALID'));
        else if (modes.printAfterMs !== undefined) {
          const end = modes.prints === 'removed' ? 'REMOVED' : 'READY';
          cdek.later(modes.printAfterMs / 2, () => job.statuses.push(stateOut('PROCESSING')));
          cdek.later(modes.printAfterMs, () => job.statuses.push(stateOut(end)));
        }
        return accepted(job.uuid, [{ request_uuid: randomUUID(), type: 'CREATE', date_time: cdekTime(new Date()), state: 'ACCEPTED' }]);
      },
      form,
    );
    const findJob = (uuid: string): PrintJob => {
      const job = jobs.get(uuid);
      if (job === undefined || job.form !== form)
        throw new DoubleRefusal([problem('v2_entity_not_found', `Entity is not found with uuid=${uuid}`)], 404);
      return job;
    };
    route(
      'printFile',
      async (request) => {
        const job = findJob(readParam(request));
        if (job.statuses.at(-1)?.code !== 'READY')
          throw new DoubleRefusal([problem('v2_entity_not_found', 'Печатная форма не готова')], 404);
        return { pdf: await drawDocument(form === 'barcodes' ? 'Barcode' : 'Waybill', job.format, job.orders) };
      },
      form,
    );
    route(
      'printState',
      (request) => {
        const { uuid, statuses, orders, problem: wrong } = findJob(readParam(request));
        const requests = [
          {
            type: 'CREATE',
            date_time: cdekTime(new Date()),
            state: wrong ? 'INVALID' : 'SUCCESSFUL',
            ...(wrong ? { errors: [wrong] } : {}),
          },
        ];
        return { json: { entity: { uuid, orders: orders.map((order) => ({ order_uuid: order.uuid })), statuses }, requests } };
      },
      form,
    );
  }

  route('createWebhook', (request) => {
    const { url, type } = request.body as { url: string; type: string };
    if (webhooks.subscriptions.length >= 2) throw new DoubleRefusal([problem('v2_webhook_limit', 'Не более двух подписок на клиента')]);
    const { uuid } = webhooks.subscribe(url, type);
    return {
      json: {
        entity: { uuid },
        requests: [{ request_uuid: randomUUID(), type: 'CREATE', date_time: cdekTime(new Date()), state: 'SUCCESSFUL' }],
      },
    };
  });
  route('listWebhooks', () => ({ json: webhooks.subscriptions }));
  route('getWebhook', (request) => {
    const found = webhooks.subscriptions.find(({ uuid }) => uuid === readParam(request));
    if (found === undefined) throw new DoubleRefusal([problem('v2_entity_not_found', 'Подписка не найдена')]);
    return { json: { entity: found } };
  });
  route('deleteWebhook', (request) => {
    if (!webhooks.unsubscribe(readParam(request))) throw new DoubleRefusal([problem('v2_entity_not_found', 'Подписка не найдена')]);
    return {
      json: { entity: { uuid: readParam(request) }, requests: [{ type: 'DELETE', date_time: cdekTime(new Date()), state: 'SUCCESSFUL' }] },
    };
  });

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof DoubleRefusal) return reply.code(error.status).send({ errors: error.problems });
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ errors: [problem(status < 500 ? 'v2_bad_request' : 'v2_internal_error', error.message)] });
  });
}

function capture(cdek: CdekControl, call: CdekCall, request: FastifyRequest): void {
  // Tokens are asked for with a secret.
  const isSecret = call === 'token';
  cdek.captured.push({
    call,
    method: request.method,
    url: isSecret ? '/v2/oauth/token' : request.url,
    ...(request.body != null && !isSecret && { body: request.body }),
  });
  if (cdek.captured.length > 10_000) cdek.captured.shift();
}

function refuseUnlessAuthorised(cdek: CdekControl, request: FastifyRequest): void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || !cdek.isGoodToken(token))
    throw new DoubleRefusal([problem('v2_token_expired', 'Время жизни токена истекло')], 401);
}

/** What CDEK says before it takes an order in. */
function refuseAtOnce({ shipment_point, from_location, delivery_point, to_location }: DoubleOrderBody): void {
  const problems = [
    ...(shipment_point === undefined && from_location === undefined
      ? [problem('v2_order_location_from_and_shipment_point_empty', 'Адрес отправителя и ПВЗ отправителя пустые')]
      : []),
    ...(delivery_point === undefined && to_location === undefined
      ? [problem('v2_order_location_to_and_delivery_point_empty', 'Адрес получателя и ПВЗ получателя пустые')]
      : []),
    ...(shipment_point !== undefined && from_location !== undefined
      ? [problem('v2_shipment_address_multivalued', 'Одновременно переданы ПВЗ отправителя и адрес отправителя')]
      : []),
    ...(delivery_point !== undefined && to_location !== undefined
      ? [problem('v2_delivery_address_multivalued', 'Одновременно переданы ПВЗ получателя и адрес получателя')]
      : []),
  ];
  if (problems.length > 0) throw new DoubleRefusal(problems);
}

function refuseType({ type = 1 }: QuoteBody, contract: 'shop' | 'delivery'): void {
  if (type === 1 && contract === 'delivery')
    throw new DoubleRefusal([problem('ve_calc_as_order_type', 'Тип заказа недоступен по договору')]);
}

function findRoute(
  { from_location, to_location, currency }: QuoteBody,
  contractCurrency: string,
): {
  from: DoubleCity;
  to: DoubleCity;
  rate: number;
  currency: string;
} {
  const [from, to, money] = [findCity(from_location), findCity(to_location), findCurrency(currency ?? contractCurrency)];
  const problems = [
    ...(from === undefined ? [problem('v2_sender_location_not_recognized', 'Не удалось определить город отправителя')] : []),
    ...(to === undefined ? [problem('v2_recipient_location_not_recognized', 'Не удалось определить город получателя')] : []),
    ...(money === undefined ? [problem('v2_bad_request', 'Неизвестная валюта')] : []),
  ];
  if (from === undefined || to === undefined || money === undefined) throw new DoubleRefusal(problems);
  return { from, to, rate: money.rate, currency: money.code };
}

function buildQuote({ tariff_code, delivery_mode, days: [min, max] }: DoubleTariff, from: DoubleCity, to: DoubleCity) {
  const more = from.code === to.code ? 0 : 3;
  return {
    tariff_code,
    delivery_mode,
    period_min: min + more,
    period_max: max + more,
    calendar_min: min + more,
    calendar_max: max + more + 1,
  };
}

function cityOut({ code, city, region, country_code, country, latitude, longitude }: DoubleCity, payment_limit: number) {
  return {
    code,
    city,
    city_uuid: randomUUID(),
    country_code,
    country,
    region,
    region_code: code,
    latitude,
    longitude,
    time_zone: 'Europe/Moscow',
    payment_limit,
  };
}

function accepted(uuid: string, requests: readonly DoubleRequest[]): ServiceAnswer {
  return { json: { entity: { uuid }, requests: structuredClone(requests) } };
}

/** An order as CDEK answers it: statuses and requests, the newest first. */
function orderOut(order: DoubleOrder): object {
  const { uuid, number, cdek_number, body, statuses, requests, sum } = order;
  const { type = 1, ...said } = body;
  return {
    entity: {
      uuid,
      type,
      is_return: false,
      is_reverse: false,
      ...(cdek_number === undefined ? {} : { cdek_number }),
      number,
      ...said,
      ...(sum === undefined ? {} : { delivery_detail: { delivery_sum: sum, total_sum: sum } }),
      statuses: [...statuses].reverse(),
    },
    requests: [...requests].reverse(),
    related_entities: [],
  };
}

function intakeOut({ uuid, intake_number, body, statuses, requests }: DoubleIntake): object {
  return {
    entity: {
      uuid,
      ...(intake_number === undefined ? {} : { intake_number: Number(intake_number) }),
      ...body,
      statuses: [...statuses].reverse(),
    },
    requests: [...requests].reverse(),
  };
}

function stateOut(code: string): { code: string; name: string; date_time: string } {
  return { code, name: code, date_time: cdekTime(new Date()) };
}

const round = (amount: number): number => Math.round(amount * 100) / 100;
