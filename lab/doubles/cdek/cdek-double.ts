import { randomUUID } from 'node:crypto';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import { type Acts, Answer, type DoubleAccount, type DoubleOptions, type Fault } from '../../../libs/testing/double/rules.js';
import { maybe, mode, type ModeTable } from '../../../libs/testing/double/modes.js';
import { object, number, oneOf, text, whole, like, mapOf } from '../../../libs/testing/double/wire.js';
import {
  CdekBook,
  type CdekIntake,
  type CdekOrder,
  type CdekRequest,
  type CdekReturnKind,
  type CdekStatus,
  type CdekStatusPush,
  duplicate,
  makeStatus,
  notFound,
  writeTime,
} from './cdek-book.js';
import { drawDocument } from './cdek-documents.js';
import { checkVat, type CdekSum, countCash, countInsured } from './cdek-meaning.js';
import {
  type CdekCity,
  type CdekTariff,
  CITIES,
  countBilledGrams,
  findCity,
  findCurrency,
  POINTS,
  priceDelivery,
  priceService,
  round,
  TARIFFS,
} from './cdek-network.js';
import { type CdekProblem, checkEnds, listReverseProblems, problem, refuse } from './cdek-rules.js';
import { type CdekAgreementBody, type CdekOrderBody, type CdekQuoteBody, type CdekRegistry, WIRE } from './cdek-wire.js';

/** Options for starting a double of CDEK. */
export interface CdekDoubleOptions extends DoubleOptions {
  /** The account of CDEK's public test contour when left out. */
  clientId?: string;
  clientSecret?: string;
}

/** The behaviors of the double. */
const MODES = {
  /** Milliseconds until a request is validated. Undefined: only when a test does it. */
  validateAfterMs: maybe(whole(0), 100),
  /** Error returned by every validation, including deletions. Undefined: only actual errors. */
  refuseWith: maybe(text()),
  /** When an order with a used number is refused: when it is sent, or during validation. */
  duplicates: ['at-once', 'later'],
  tokenSeconds: 3_600,
  /** Milliseconds until a document is ready. Undefined: never. */
  printAfterMs: maybe(whole(0), 100),
  /** How documents end: made, refused, or gone when requested. */
  prints: ['made', 'invalid', 'removed', 'vanished'],
  /** A withdrawn status is still listed, marked, or no longer listed. */
  revoked: ['marked', 'dropped'],
  /** A deleted order is no longer found, or still shown. */
  deleted: ['hidden', 'shown'],
  /** A delivery contract takes no orders of shops (type 1). */
  contract: ['shop', 'delivery'],
  /** ISO 4217. */
  contractCurrency: mode(like(/^[A-Z]{3}$/), 'RUB'),
  /** The contract collects in the currencies of other countries. */
  collectsAbroad: false,
  /** Whether a return has the number of its direct order or another. CDEK's pages do not state it. */
  returnNumbers: ['repeated', 'own'],
  /** Whose id the reply to a return from the recipient has. CDEK's pages do not state it. */
  clientReturns: ['order', 'return'],
  /** The contract lets couriers take something back at the door. */
  reverse: ['available', 'refused'],
  /** VAT of 12 and 20 %, which CDEK's pages of 2026 no longer name. */
  oldVat: ['refused', 'taken'],
  /** `payment_limit` by a city's code. 0: no cash, -1 or missing: any amount. */
  paymentLimits: mode(mapOf(whole(-1)), {} as Record<string, number>),
} as const satisfies ModeTable;
export type CdekFault = Fault;

interface PrintJob {
  uuid: string;
  form: 'orders' | 'barcodes';
  format: string;
  orders: CdekOrder[];
  statuses: CdekStatus[];
  problem?: CdekProblem | undefined;
}

const EXPIRED = refuse(problem('v2_token_expired', 'Время жизни токена истекло'), 401);
/** Old numbers of the statuses, which events still carry. */
const NUMBERS: Readonly<Record<string, string>> = {
  ...{ CREATED: '1', REMOVED: '2', RECEIVED_AT_SHIPMENT_WAREHOUSE: '3', DELIVERED: '4', NOT_DELIVERED: '5' },
  ...{ TAKEN_BY_COURIER: '11', ACCEPTED_AT_PICK_UP_POINT: '12' },
};

/**
 * CDEK's API v2 in memory, asynchronous and as awkward as allowed. Requests are checked against CDEK's public
 * pages (README.md).
 */
export class CdekDouble extends Double<typeof WIRE, DoubleAccount, typeof MODES> {
  readonly book = new CdekBook(this.modes, (order, status) => this.post(order, status));
  /** The addresses of webhooks that clients set up by a call. */
  readonly subscriptions: { uuid: string; url: string; type: string }[] = [];
  readonly clientId: string;
  readonly clientSecret: string;
  /** When each token ends, milliseconds since 1970. */
  private readonly tokens = new Map<string, number>();
  private readonly jobs: PrintJob[] = [];

  private constructor({ clientId, clientSecret }: CdekDoubleOptions) {
    super({
      wire: WIRE,
      modes: MODES,
      unauthorized: EXPIRED,
      failed: refuse(problem('v2_internal_error', 'Запрос выполнился с системной ошибкой'), 500),
      tooMany: refuse(problem('v2_too_many_requests', 'Too many requests'), 429),
      refusalStatus: 400,
      toWrong: ({ path, message }) => refuse(problem('v2_bad_request', `${path} ${message}`)),
      writeRefusal: ({ code, message, details }) => ({ errors: details ?? [problem(code, message)] }),
      findAccount: ({ headers }) => {
        const [, token = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
        return (this.tokens.get(token) ?? 0) > Date.now() ? this.accounts[0] : undefined;
      },
      hooks: { attempts: 12, retryMs: 300, isTaken: ({ status }) => status === 200 },
    });
    this.clientId = clientId ?? 'wqGwiQx0gg8mLtiEKsUinjVSICCjtTEP';
    this.clientSecret = clientSecret ?? 'RmAmgvSgSl1yirlz9QupbzOJVqhCxcP5';
    this.accounts.push({});
    this.serve({
      ...this.listDirectoryActs(),
      ...this.listOrderActs(),
      ...this.listAgreementActs(),
      ...this.listIntakeActs(),
      ...this.listPrintActs(),
    });
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: CdekDoubleOptions = {}): Promise<CdekDouble> {
    return new CdekDouble(options).listen(options);
  }

  override get settingsText(): string {
    return `Account (client_id) ${this.clientId}, Secure password (client_secret) ${this.clientSecret}`;
  }

  /** Returns all orders, the oldest first, refused and deleted ones too. With a number only its orders. */
  orders(number?: string): readonly CdekOrder[] {
    return this.book.orders.filter((order) => number === undefined || order.number === number);
  }

  /** Returns the orders that are neither refused nor deleted. */
  standing(): readonly CdekOrder[] {
    return this.book.orders.filter((order) => !order.removed && this.book.toState(order) !== 'INVALID');
  }

  /** Returns the courier's visits that are neither refused nor deleted. */
  intakes(): readonly CdekIntake[] {
    return this.book.intakes.filter(({ removed, requests }) => !removed && requests.every(({ state }) => state !== 'INVALID'));
  }

  /**
   * Cash that CDEK would collect for an order (its id, number or CDEK number), whatever the shop meant: in
   * the currency of the recipient's country. It is the sum for the whole order, also after a delivery in
   * part.
   */
  collected(order: string): CdekSum {
    checkVat(this.find(order).body);
    const { value, currency = '?' } = countCash(this.find(order).body);
    return { minor: Math.round(value * 100), currency };
  }

  /** The declared value of an order, in the contract's currency. */
  insured(order: string): CdekSum {
    return { minor: Math.round(countInsured(this.find(order).body) * 100), currency: this.modes.contractCurrency };
  }

  /** Grams that CDEK bills for an order, by weight or volume. */
  billedGrams(order: string): number {
    return countBilledGrams(this.find(order).body.packages);
  }

  /** Orders that were refused before CDEK had the parcel. CDEK bills them although it carried nothing. */
  billedForNothing(): readonly CdekOrder[] {
    return this.book.orders.filter(({ isBilledForNothing }) => isBilledForNothing);
  }

  /** The agreements about an order that CDEK accepted, oldest first. */
  agreements(uuid: string): readonly CdekAgreementBody[] {
    return this.book.agreements
      .filter(({ body, statuses }) => body.order_uuid === uuid && statuses.at(-1)?.code !== 'INVALID')
      .map(({ body }) => body);
  }

  /** Sets a status on an order (its id, number or CDEK number), whatever it was. */
  pushStatus(order: string, code: string, push: CdekStatusPush = {}): CdekStatus {
    return this.book.push(this.find(order), code, push);
  }

  /** Withdraws a status of an order, depending on the mode `revoked`. */
  revokeStatus(order: string, code: string): CdekStatus {
    return this.book.revoke(this.find(order), code, this.modes.revoked === 'marked');
  }

  /** A parcel of an order (its id, number or CDEK number) goes back. Returns it, with its own id. */
  sendBack(order: string, kind: CdekReturnKind): CdekOrder {
    return this.book.sendBack(this.find(order), kind);
  }

  /** The parcels of an order (its id, number or CDEK number) that go back. */
  returns(order: string): readonly CdekOrder[] {
    const { uuid } = this.find(order);
    return this.book.returns.filter(({ back }) => back?.direct === uuid);
  }

  /** Transfers the collected cash to the client. `day`: `YYYY-MM-DD`, today when left out. */
  transfer(day = new Date().toISOString().slice(0, 10)): CdekRegistry | undefined {
    const rate = (currency: string): number => findCurrency(currency)?.rate ?? Number.NaN;
    return this.book.transfer(day, (currency) => rate(this.modes.contractCurrency) / rate(currency));
  }

  /** Ends the validation of an order (its id or number): registered, or refused with the text. */
  validate(order: string, refuseWith?: string): void {
    const found = this.find(order);
    if (found.requests.find(({ type }) => type === 'CREATE')?.state !== 'ACCEPTED')
      throw new Error(`order ${found.uuid} was validated already`);
    this.book.validate(found, refuseWith);
  }

  newToken(): string {
    const token = randomUUID();
    this.tokens.set(token, Date.now() + this.modes.tokenSeconds * 1_000);
    return token;
  }

  /** Makes all tokens invalid. */
  expireTokens(): void {
    this.tokens.clear();
  }

  protected override listReferences(): readonly string[] {
    return this.standing().map(({ number }) => number);
  }

  protected override listThings() {
    return {
      orders: ({ number }: Readonly<Record<string, string>>) =>
        this.orders(number).map((order) => ({
          ...order,
          ...{ collected: this.collected(order.uuid), insured: this.insured(order.uuid), billedGrams: this.billedGrams(order.uuid) },
        })),
      intakes: () => this.intakes(),
    };
  }

  protected override listHands() {
    const order = { order: text() };
    return {
      statuses: hand(
        object({
          ...{ ...order, code: text(), 'at?': text(), 'city?': text(), 'reason?': text() },
          ...{ 'taken?': whole(0), 'by?': oneOf('CASH', 'CARD'), 'paid?': number(0) },
        }),
        ({ order: which, code, at, ...push }) => this.pushStatus(which, code, { ...(at !== undefined && { at: new Date(at) }), ...push }),
      ),
      returns: hand(object({ ...order, kind: oneOf('return_order', 'client_return_order', 'reverse_order') }), ({ order: which, kind }) =>
        this.sendBack(which, kind),
      ),
      transfers: hand(object({ 'day?': text() }), ({ day }) => this.transfer(day) ?? {}),
      revoke: hand(object({ ...order, code: text() }), ({ order: which, code }) => this.revokeStatus(which, code)),
      validate: hand(object({ ...order, 'refuseWith?': text() }), ({ order: which, refuseWith }) => this.validate(which, refuseWith)),
      'expire-tokens': { act: () => this.expireTokens() },
    };
  }

  protected override forget(): void {
    const { orders, intakes, agreements, returns, registries } = this.book;
    for (const list of [orders, intakes, agreements, returns, registries, this.jobs, this.subscriptions]) list.length = 0;
    this.tokens.clear();
  }

  /** A client sets up an address. Returns its id. */
  subscribe(url: string, type: string): string {
    const uuid = randomUUID();
    this.subscriptions.push({ uuid, url, type });
    return uuid;
  }

  private find(idOrNumber: string): CdekOrder {
    const found =
      this.book.orders.findLast(({ uuid, number, cdek_number }) => [uuid, number, cdek_number].includes(idOrNumber)) ??
      this.book.returns.find(({ uuid, cdek_number }) => [uuid, cdek_number].includes(idOrNumber));
    if (found === undefined) throw notFound(idOrNumber, 404);
    return found;
  }

  private post(order: CdekOrder, status: CdekStatus): void {
    const body = buildEvent({ order, status }, this.book.listRelated(order));
    for (const { url, type } of this.subscriptions)
      if (type === 'ORDER_STATUS') this.tell({ url, action: status.code, body, about: { code: status.code } });
  }

  /** Ends a request after its time. */
  private soon(action: () => void): void {
    if (this.modes.validateAfterMs !== undefined) this.later(this.modes.validateAfterMs, action);
  }

  private listDirectoryActs() {
    const { modes, subscriptions } = this;
    const findSubscription = (id: string): CdekDouble['subscriptions'][number] => {
      const found = subscriptions.find(({ uuid }) => uuid === id);
      if (found === undefined) throw refuse(problem('v2_entity_not_found', 'Подписка не найдена'));
      return found;
    };
    return {
      token: ({ query, body }) => {
        const { grant_type, client_id, client_secret } = { ...query, ...(body as Record<string, string> | undefined) };
        if (grant_type !== 'client_credentials' || client_id !== this.clientId || client_secret !== this.clientSecret)
          return new Answer({ status: 400, json: { error: 'invalid_client', error_description: 'Bad client credentials' } });
        const expires_in = modes.tokenSeconds;
        return { access_token: this.newToken(), token_type: 'bearer', expires_in, scope: 'order:all payment:all', jti: randomUUID() };
      },
      quotes: ({ body }) => {
        const { from, to, rate } = findRoute(body, modes.contractCurrency);
        refuseType(body, modes.contract);
        const tariff_codes = TARIFFS.filter(({ types }) => types.includes(body.type ?? 1)).flatMap((tariff) => {
          const sum = priceDelivery(tariff, from, to, body.packages);
          const { tariff_code, tariff_name, delivery_mode } = tariff;
          if (sum === undefined) return [];
          return [{ tariff_code, delivery_mode, ...buildPeriods(tariff, from, to), tariff_name, delivery_sum: round(sum * rate) }];
        });
        return { tariff_codes };
      },
      tariff: ({ body }) => {
        const { from, to, rate, currency } = findRoute(body, modes.contractCurrency);
        refuseType(body, modes.contract);
        const tariff = TARIFFS.find(({ tariff_code, types }) => tariff_code === body.tariff_code && types.includes(body.type ?? 1));
        const sum = tariff && priceDelivery(tariff, from, to, body.packages);
        if (tariff === undefined || sum === undefined) throw refuse(problem('error_tariff', 'Тариф недоступен по направлению'));
        const services = (body.services ?? []).map(({ code, parameter }) => {
          const price = priceService(code, parameter, tariff);
          if (price === undefined) throw refuse(problem('v2_unable_add_service', `Услуга ${code} недоступна`));
          return { code, sum: round(price * rate) };
        });
        const delivery_sum = round(sum * rate);
        const total_sum = round(services.reduce((all, service) => all + service.sum, delivery_sum));
        const weight_calc = countBilledGrams(body.packages);
        return { delivery_sum, ...buildPeriods(tariff, from, to), weight_calc, services, total_sum, currency };
      },
      cities: ({ query: { country_codes, city, postal_code, code, size = '1000' } }) =>
        CITIES.filter(
          (one) =>
            (code === undefined || String(one.code) === code) &&
            (country_codes === undefined || country_codes.split(',').includes(one.country_code)) &&
            (city === undefined || one.city.toLowerCase() === city.toLowerCase()) &&
            (postal_code === undefined || one.postal.some((prefix) => postal_code.startsWith(prefix))),
        )
          .slice(0, Number(size))
          .map((one) => writeCity(one, modes.paymentLimits[one.code] ?? -1)),
      suggest: ({ query: { name = '', country_code } }) =>
        CITIES.filter((one) => country_code === undefined || one.country_code === country_code)
          .filter((one) => one.city.toLowerCase().includes(name.toLowerCase()))
          .map(({ code, city, region, country }) => ({ city_uuid: randomUUID(), code, full_name: `${city}, ${region}, ${country}` })),
      points: ({ query: { code, type = 'ALL', city_code, country_code, postal_code, is_reception, is_handout } }) =>
        POINTS.filter(
          (point) =>
            (code === undefined || point.code === code) &&
            (type === 'ALL' || point.type === type) &&
            (city_code === undefined || String(point.location.city_code) === city_code) &&
            (country_code === undefined || point.location.country_code === country_code) &&
            (postal_code === undefined || point.location.postal_code === postal_code) &&
            (is_reception === undefined || String(point.is_reception) === is_reception) &&
            (is_handout === undefined || String(point.is_handout) === is_handout),
        ),
      createWebhook: ({ body: { url, type } }) => {
        if (subscriptions.length >= 2) throw refuse(problem('v2_webhook_limit', 'Не более двух подписок на клиента'));
        return writeDone(this.subscribe(url, type), 'CREATE');
      },
      listWebhooks: () => subscriptions,
      getWebhook: ({ id }) => ({ entity: findSubscription(id) }),
      deleteWebhook: ({ id }) => {
        subscriptions.splice(subscriptions.indexOf(findSubscription(id)), 1);
        return writeDone(id, 'DELETE');
      },
    } satisfies Partial<Acts<typeof WIRE, DoubleAccount>>;
  }

  private listOrderActs() {
    const { book, modes } = this;
    const findShown = (uuid: string): CdekOrder => {
      const order = book.order(uuid);
      if (order.removed && modes.deleted === 'hidden') throw notFound(uuid);
      return order;
    };
    const write = (order: CdekOrder): object => writeOrder(order, book.listRelated(order));
    return {
      createOrder: ({ body }) => {
        checkEnds(body);
        if (body.number !== undefined && modes.duplicates === 'at-once' && book.isTaken(body.number)) throw refuse(duplicate(body.number));
        const order = book.accept(body as CdekOrderBody);
        this.soon(() => book.validate(order, modes.refuseWith));
        return writeAccepted(order.uuid, order.requests.slice(-1));
      },
      findOrder: ({ query: { im_number = '', cdek_number } }) => {
        if (cdek_number === undefined) return write(book.byNumber(im_number));
        const order = book.orders.find((one) => one.cdek_number === cdek_number);
        if (!order) throw refuse(problem('v2_entity_not_found', `Entity is not found by cdek_number ${cdek_number}`));
        return write(order);
      },
      getOrder: ({ id }) => write(findShown(id)),
      reverseAvailability: ({ body }) => {
        checkEnds(body);
        const problems = listReverseProblems(body, modes);
        if (problems.length > 0) throw refuse(problems);
        return new Answer({ status: 200 });
      },
      registries: ({ query: { date } }) => ({ registries: book.registries.filter(({ payment_date }) => payment_date === date) }),
      changeOrder: ({ body: { uuid, ...body } }) => {
        const order = book.order(uuid);
        if (order.removed) throw notFound(uuid);
        checkEnds(body as Partial<CdekOrderBody>);
        const change = book.beginChange(order);
        this.soon(() => book.endChange(order, change, body, modes.refuseWith));
        return writeAccepted(uuid, [change]);
      },
      deleteOrder: ({ id }) => {
        const order = findShown(id);
        const deletion = book.beginDeletion(order);
        this.soon(() => book.endDeletion(order, deletion, modes.refuseWith));
        return writeAccepted(id, [deletion]);
      },
      refuseOrder: ({ id }) => {
        const order = findShown(id);
        const refusal = book.beginRefusal(order);
        this.soon(() => book.endRefusal(order, refusal, modes.refuseWith));
        return writeAccepted(id, [refusal]);
      },
      returnFromClient: ({ id, body: { tariff_code } }) => {
        const order = findShown(id);
        const begun = book.beginReturn(order, modes.clientReturns);
        this.soon(() => book.endReturn(order, begun, tariff_code, modes.refuseWith));
        return writeAccepted(begun.holder.uuid, [begun.request]);
      },
    } satisfies Partial<Acts<typeof WIRE, DoubleAccount>>;
  }

  private listAgreementActs() {
    const { book, modes } = this;
    const read = ({ order_uuid, cdek_number }: { order_uuid?: string; cdek_number?: string }): CdekOrder =>
      this.find(order_uuid ?? cdek_number ?? '');
    return {
      listIntervals: ({ query }) => {
        read(query);
        const times = [
          ['09:00', '14:00'],
          ['14:00', '18:00'],
        ] as const;
        const time_intervals = times.map(([start_time, end_time]) => ({ start_time, end_time }));
        const days = [1, 2].map((more) => new Date(Date.now() + more * 86_400_000).toISOString().slice(0, 10));
        return { date_intervals: days.map((date) => ({ date, time_intervals })) };
      },
      agree: ({ body }) => {
        const order = read(body);
        const agreement = book.acceptAgreement(body);
        this.soon(() => book.endAgreement(agreement, order, modes.refuseWith));
        return writeAccepted(agreement.uuid, agreement.requests.slice(-1));
      },
      getAgreement: ({ id }) => {
        const found = book.agreements.find(({ uuid }) => uuid === id);
        if (!found) throw notFound(id);
        return { entity: { uuid: id, statuses: found.statuses }, requests: found.requests };
      },
    } satisfies Partial<Acts<typeof WIRE, DoubleAccount>>;
  }

  private listIntakeActs() {
    const { book, modes } = this;
    return {
      createIntake: ({ body }) => {
        const intake = book.acceptIntake(body);
        this.soon(() => book.validateIntake(intake, modes.refuseWith));
        return writeAccepted(intake.uuid, intake.requests.slice(-1));
      },
      getIntake: ({ id }) => writeIntake(book.intake(id)),
      // Only visits for the order itself. Visits for several parcels belong to no order.
      findIntakes: ({ id }) => book.intakes.filter(({ body, removed }) => !removed && body.order_uuid === id).map(writeIntake),
      deleteIntake: ({ id }) => {
        const intake = book.intake(id);
        const deletion = book.beginIntakeDeletion(intake);
        this.soon(() => book.endIntakeDeletion(intake, deletion, modes.refuseWith));
        return writeAccepted(id, [deletion]);
      },
    } satisfies Partial<Acts<typeof WIRE, DoubleAccount>>;
  }

  private listPrintActs() {
    const { book, modes, jobs } = this;
    const toForm = (path: string): PrintJob['form'] => (path.includes('/barcodes') ? 'barcodes' : 'orders');
    const findJob = (id: string, path: string): PrintJob => {
      const job = jobs.find(({ uuid, form }) => uuid === id && form === toForm(path));
      if (job === undefined) throw notFound(id, 404);
      return job;
    };
    return {
      startPrint: ({ body, call: { path } }) => {
        const { orders, format = 'A4' } = body as { orders: { order_uuid?: string; cdek_number?: number }[]; format?: string };
        const found = orders.map(({ order_uuid, cdek_number }) =>
          book.orders.find((one) => one.uuid === order_uuid || (cdek_number !== undefined && one.cdek_number === String(cdek_number))),
        );
        const known = found.filter((one) => one !== undefined);
        const job: PrintJob = {
          uuid: randomUUID(),
          form: toForm(path),
          format,
          orders: known,
          statuses: [makeStatus('ACCEPTED', 'ACCEPTED')],
        };
        if (found.some((one) => one?.cdek_number === undefined || one.removed))
          job.problem = problem('v2_entity_empty', 'Печатная форма не сформировалась, так как заказы некорректны');
        if (modes.prints === 'invalid') job.problem = problem('v2_entity_invalid', 'Печатная форма не сформировалась');
        if (modes.prints !== 'vanished') jobs.push(job);
        const turn = (code: string): void => void job.statuses.push(makeStatus(code, code));
        if (job.problem) turn('INVALID');
        else if (modes.printAfterMs !== undefined) {
          const last = modes.prints === 'removed' ? 'REMOVED' : 'READY';
          this.later(modes.printAfterMs / 2, () => turn('PROCESSING'));
          this.later(modes.printAfterMs, () => turn(last));
        }
        return writeAccepted(job.uuid, [{ request_uuid: randomUUID(), type: 'CREATE', date_time: writeTime(), state: 'ACCEPTED' }]);
      },
      printFile: async ({ id, call: { path } }) => {
        const { statuses, form, format, orders } = findJob(id, path);
        if (statuses.at(-1)?.code !== 'READY') throw refuse(problem('v2_entity_not_found', 'Печатная форма не готова'), 404);
        return new Answer({ pdf: await drawDocument(form === 'barcodes' ? 'Barcode' : 'Waybill', format, orders) });
      },
      printState: ({ id, call: { path } }) => {
        const { uuid, statuses, orders, problem: wrong } = findJob(id, path);
        const request = {
          type: 'CREATE',
          date_time: writeTime(),
          state: wrong ? 'INVALID' : 'SUCCESSFUL',
          ...(wrong && { errors: [wrong] }),
        };
        return { entity: { uuid, orders: orders.map((order) => ({ order_uuid: order.uuid })), statuses }, requests: [request] };
      },
    } satisfies Partial<Acts<typeof WIRE, DoubleAccount>>;
  }
}

/** An event in CDEK's format. */
export function buildEvent({ order, status }: { order: CdekOrder; status: CdekStatus }, related: readonly object[] = []): object {
  const { code, reason_code, city, deleted } = status;
  return {
    ...{ type: 'ORDER_STATUS', date_time: writeTime(), uuid: order.uuid },
    attributes: {
      ...{
        ...listFlags(order),
        related_entities: related,
        cdek_number: order.cdek_number ?? '',
        number: order.number,
        code,
        status_code: NUMBERS[code] ?? '1000',
      },
      ...{ status_reason_code: reason_code, status_date_time: status.date_time, city_name: city, deleted },
    },
  };
}

function refuseType({ type = 1 }: { type?: number }, contract: string): void {
  if (type === 1 && contract === 'delivery') throw refuse(problem('ve_calc_as_order_type', 'Тип заказа недоступен по договору'));
}

function findRoute({ from_location, to_location, currency: asked }: CdekQuoteBody, contractCurrency: string) {
  const [from, to, currency] = [findCity(from_location), findCity(to_location), findCurrency(asked ?? contractCurrency)];
  if (from && to && currency) return { from, to, rate: currency.rate, currency: currency.code };
  throw refuse([
    ...(from ? [] : [problem('v2_sender_location_not_recognized', 'Не удалось определить город отправителя')]),
    ...(to ? [] : [problem('v2_recipient_location_not_recognized', 'Не удалось определить город получателя')]),
    ...(currency ? [] : [problem('v2_bad_request', 'Неизвестная валюта')]),
  ]);
}

function buildPeriods({ days: [min, max] }: CdekTariff, from: CdekCity, to: CdekCity) {
  const more = from.code === to.code ? 0 : 3;
  return { period_min: min + more, period_max: max + more, calendar_min: min + more, calendar_max: max + more + 1 };
}

function writeCity({ code, city, region, country_code, country, latitude, longitude }: CdekCity, payment_limit: number): object {
  const place = { code, city, city_uuid: randomUUID(), country_code, country, region, region_code: code, latitude, longitude };
  return { ...place, time_zone: 'Europe/Moscow', payment_limit };
}

const writeAccepted = (uuid: string, requests: readonly CdekRequest[]): object => ({ entity: { uuid }, requests });
const writeDone = (uuid: string, type: CdekRequest['type']): object =>
  writeAccepted(uuid, [{ request_uuid: randomUUID(), type, date_time: writeTime(), state: 'SUCCESSFUL' }]);

/** An order in CDEK's format: statuses and requests, the newest first. */
function writeOrder(order: CdekOrder, related: readonly object[]): object {
  const { uuid, number, cdek_number, body, statuses, requests, sum, end, isTransferred } = order;
  const { type = 1, ...fields } = body;
  const packages = body.packages.map(({ items, ...one }, at) => ({
    ...one,
    ...(cdek_number !== undefined && { barcode: `${cdek_number}${at + 1}` }),
    ...(items && { items: items.map((item, index) => ({ ...item, ...countTaken(order, at + index === 0, item.amount) })) }),
  }));
  const payment_info = end && end.paid > 0 ? [{ type: end.by, sum: end.paid }] : [];
  return {
    entity: {
      ...{ uuid, type, ...listFlags(order), cdek_number, number, ...fields, packages },
      ...(isTransferred && { transacted_payment: true }),
      delivery_detail:
        sum === undefined
          ? undefined
          : {
              ...{ delivery_sum: sum, total_sum: sum },
              ...(end && { date: end.date, recipient_name: body.recipient.name, payment_sum: end.paid, payment_info }),
            },
      statuses: statuses.toReversed(),
    },
    requests: requests.toReversed(),
    related_entities: related,
  };
}

/** Pieces of a line that were handed over. */
function countTaken({ end }: CdekOrder, isFirst: boolean, amount: number): object {
  if (!end) return {};
  return { delivery_amount: end.taken === Infinity ? amount : isFirst ? Math.min(end.taken, amount) : 0 };
}

function listFlags({ back }: CdekOrder): object {
  const [is_return, is_reverse] = [back?.kind === 'return_order', back?.kind === 'reverse_order'];
  return { is_return, is_reverse, is_client_return: back?.kind === 'client_return_order' };
}

function writeIntake({ uuid, intake_number, body, statuses, requests }: CdekIntake): object {
  return { entity: { uuid, intake_number, ...body, statuses: statuses.toReversed() }, requests: requests.toReversed() };
}
