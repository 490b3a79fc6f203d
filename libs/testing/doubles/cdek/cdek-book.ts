import { randomUUID } from 'node:crypto';
import { findCity, deliverySum, POINTS, serviceSum, TARIFFS, type DoublePlace } from './cdek-network.js';
import { problem, type DoubleOrderBody, type DoubleProblem } from './cdek-order-body.js';
import { type CdekTerms, listProblems } from './cdek-rules.js';

/** The double refuses a call: HTTP 400 with these problems. */
export class DoubleRefusal extends Error {
  constructor(
    readonly problems: DoubleProblem[],
    readonly status = 400,
  ) {
    super(problems.map(({ code }) => code).join(', '));
  }
}

/** The result of a request. */
export interface DoubleRequest {
  request_uuid: string;
  type: 'CREATE' | 'UPDATE' | 'DELETE' | 'REFUSAL';
  date_time: string;
  state: 'ACCEPTED' | 'WAITING' | 'SUCCESSFUL' | 'INVALID';
  errors?: DoubleProblem[];
}

export interface DoubleStatus {
  code: string;
  name: string;
  date_time: string;
  city?: string;
  reason_code?: string;
  deleted?: boolean;
}

/** An order as the double keeps it. */
export interface DoubleOrder {
  uuid: string;
  number: string;
  cdek_number?: string;
  body: DoubleOrderBody;
  requests: DoubleRequest[];
  /** The oldest first. */
  statuses: DoubleStatus[];
  sum?: number;
  /** Deleted by its client. */
  removed: boolean;
  /** Refused before CDEK had the parcel. */
  isBilledForNothing?: boolean;
}

/** What a client sends to have a courier come. */
export interface DoubleIntakeBody {
  order_uuid?: string;
  cdek_number?: string;
  intake_date: string;
  intake_time_from: string;
  intake_time_to: string;
  name?: string;
  weight?: number;
  comment?: string;
  lunch_time_from?: string;
  lunch_time_to?: string;
  sender?: object;
  from_location?: DoublePlace & { address?: string };
}

/** A courier's visit as the double keeps it. */
export interface DoubleIntake {
  uuid: string;
  intake_number?: string;
  body: DoubleIntakeBody;
  requests: DoubleRequest[];
  statuses: DoubleStatus[];
  removed: boolean;
}

/** A change of status, for subscribers. */
export interface DoubleEvent {
  order: DoubleOrder;
  status: DoubleStatus;
}

/** A status that a test sets on an order. */
export interface DoubleStatusPush {
  /** Now when left out. */
  at?: Date;
  city?: string;
  reason?: string;
}

const NAMES: Readonly<Record<string, string>> = {
  ACCEPTED: 'Принят',
  CREATED: 'Создан',
  INVALID: 'Некорректный заказ',
  REMOVED: 'Удалён',
  RECEIVED_AT_SHIPMENT_WAREHOUSE: 'Принят на склад отправителя',
  SENT_TO_RECIPIENT_CITY: 'Отправлен в г. получатель',
  ACCEPTED_AT_PICK_UP_POINT: 'Принят на склад до востребования',
  TAKEN_BY_COURIER: 'Выдан на доставку',
  DELIVERED: 'Вручен',
  NOT_DELIVERED: 'Не вручен',
};

/** CDEK's way to write a time. */
export function cdekTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}+0000`;
}

/**
 * Orders and visits of the double, in memory. Every change of state is made here; when is for others to say.
 */
export class CdekBook {
  readonly orders: DoubleOrder[] = [];
  readonly intakes: DoubleIntake[] = [];
  private lastNumber = 10_000_000;

  /** Called at each new or withdrawn status of an order. */
  onStatus: (event: DoubleEvent) => void = () => undefined;

  constructor(private readonly terms: CdekTerms) {}

  /** Takes an order in, before it is validated. */
  accept(body: DoubleOrderBody): DoubleOrder {
    const uuid = randomUUID();
    const order: DoubleOrder = { uuid, number: body.number ?? uuid, body, requests: [], statuses: [], removed: false };
    this.begin(order.requests, 'CREATE');
    order.statuses.push({ code: 'ACCEPTED', name: 'Принят', date_time: cdekTime(new Date()) });
    this.orders.push(order);
    return order;
  }

  /** Ends the validation of an order: it gets its number, or is refused in the words given or its own. */
  validate(order: DoubleOrder, refuseWith?: string): void {
    const request = order.requests.find(({ type }) => type === 'CREATE');
    if (request === undefined || request.state !== 'ACCEPTED') return;
    const problems = refuseWith === undefined ? this.listProblems(order) : [problem('error_validate', refuseWith)];
    this.end(request, problems);
    if (problems.length > 0) {
      order.statuses.push({ code: 'INVALID', name: 'Некорректный заказ', date_time: cdekTime(new Date()) });
      return;
    }
    order.cdek_number ??= String(++this.lastNumber);
    order.sum = computePrice(order.body);
    order.body.packages.forEach((one) => (one.package_id ??= randomUUID()));
    this.push(order, 'CREATED');
  }

  /** Takes a change in, before it is checked. */
  beginChange(order: DoubleOrder): DoubleRequest {
    this.refuseWhilePending(order.requests, 'UPDATE');
    return this.begin(order.requests, 'UPDATE');
  }

  /** Ends the check of a change, by the words given or its own. */
  endChange(order: DoubleOrder, request: DoubleRequest, body: DoubleOrderBody, refuseWith?: string): void {
    if (request.state !== 'ACCEPTED') return;
    const problems = refuseWith === undefined ? this.problemsOfChange(order, body) : [problem('error_validate', refuseWith)];
    this.end(request, problems);
    if (problems.length > 0) return;
    // What a change leaves out stays, also of the recipient.
    order.body = { ...order.body, ...body, recipient: { ...order.body.recipient, ...body.recipient } };
    // Either a point or an address: the one that is new replaces the other.
    if (body.delivery_point !== undefined) delete order.body.to_location;
    if (body.to_location !== undefined) delete order.body.delivery_point;
    if (body.shipment_point !== undefined) delete order.body.from_location;
    if (body.from_location !== undefined) delete order.body.shipment_point;
    order.body.packages.forEach((one) => (one.package_id ??= randomUUID()));
    order.sum = computePrice(order.body);
  }

  beginDeletion(order: DoubleOrder): DoubleRequest {
    this.refuseWhilePending(order.requests, 'DELETE');
    if (order.requests.some(({ type, state }) => type === 'CREATE' && state === 'ACCEPTED')) throw stillProcessed();
    return this.begin(order.requests, 'DELETE');
  }

  endDeletion(order: DoubleOrder, request: DoubleRequest): void {
    if (request.state !== 'ACCEPTED') return;
    const forbidden = this.toState(order) !== 'CREATED' ? [problem('v2_delete_forbidden', 'Заказ нельзя удалить: груз уже принят')] : [];
    this.end(request, forbidden);
    if (forbidden.length > 0) return;
    order.removed = true;
    this.push(order, 'REMOVED');
  }

  /** The client wants the parcel back. Before CDEK has it this is taken too, and billed. */
  refuse(order: DoubleOrder): DoubleRequest {
    const state = this.toState(order);
    if (['ACCEPTED', 'INVALID', 'REMOVED'].includes(state))
      throw new DoubleRefusal([problem('v2_refusal_forbidden', 'Заказ ещё не принят')]);
    if (['DELIVERED', 'NOT_DELIVERED'].includes(state))
      throw new DoubleRefusal([problem('v2_refusal_forbidden', 'Заказ в конечном статусе')]);
    if (order.requests.some(({ type }) => type === 'REFUSAL'))
      throw new DoubleRefusal([problem('v2_refusal_exists', 'Отказ уже зарегистрирован')]);
    if (state === 'CREATED') order.isBilledForNothing = true;
    const request = this.begin(order.requests, 'REFUSAL');
    this.end(request, []);
    const last = Date.parse(order.statuses.at(-1)?.date_time ?? '');
    this.push(order, 'NOT_DELIVERED', { reason: '11', at: new Date(Math.max(Date.now(), last)) });
    return request;
  }

  /** Returns an order a status, whatever it was. */
  push(order: DoubleOrder, code: string, push: DoubleStatusPush = {}): DoubleStatus {
    const status: DoubleStatus = {
      code,
      name: NAMES[code] ?? code,
      date_time: cdekTime(push.at ?? new Date()),
      ...(push.city === undefined ? {} : { city: push.city }),
      ...(push.reason === undefined ? {} : { reason_code: push.reason }),
    };
    order.statuses.push(status);
    order.statuses.sort((left, right) => (left.date_time < right.date_time ? -1 : left.date_time > right.date_time ? 1 : 0));
    this.onStatus({ order, status });
    return status;
  }

  /** Takes the newest status with this code back: marked, or no longer listed. */
  revoke(order: DoubleOrder, code: string, listed: boolean): DoubleStatus {
    const status = order.statuses.findLast((one) => one.code === code && one.deleted !== true);
    if (status === undefined) throw new Error(`order ${order.uuid} has no status ${code}`);
    status.deleted = true;
    if (!listed) order.statuses = order.statuses.filter((one) => one !== status);
    this.onStatus({ order, status });
    return status;
  }

  /** Code of the status an order has. */
  toState(order: DoubleOrder): string {
    return order.statuses.findLast(({ deleted }) => deleted !== true)?.code ?? 'ACCEPTED';
  }

  acceptIntake(body: DoubleIntakeBody): DoubleIntake {
    const order = body.order_uuid === undefined ? undefined : this.order(body.order_uuid);
    const standing = this.intakes.filter(({ removed, requests }) => !removed && requests.every(({ state }) => state !== 'INVALID'));
    if (order && standing.some((one) => one.body.order_uuid === order.uuid)) {
      throw new DoubleRefusal([problem('v2_intake_exists_by_order', 'К переданному заказу уже привязана заявка')]);
    }
    const address = body.from_location?.address;
    if (standing.some((one) => one.body.intake_date === body.intake_date && one.body.from_location?.address === address)) {
      throw new DoubleRefusal([problem('v2_intake_exists_by_date_address', 'На переданную дату и в переданный адрес уже есть заявка')]);
    }
    const intake: DoubleIntake = { uuid: randomUUID(), body, requests: [], statuses: [], removed: false };
    this.begin(intake.requests, 'CREATE');
    intake.statuses.push({ code: 'ACCEPTED', name: 'Принята', date_time: cdekTime(new Date()) });
    this.intakes.push(intake);
    return intake;
  }

  validateIntake(intake: DoubleIntake, refuseWith?: string): void {
    const request = intake.requests.find(({ type }) => type === 'CREATE');
    if (request === undefined || request.state !== 'ACCEPTED') return;
    const problems = refuseWith === undefined ? problemsOfIntake(intake.body) : [problem('error_validate', refuseWith)];
    this.end(request, problems);
    if (problems.length === 0) intake.intake_number = String(++this.lastNumber);
    const code = problems.length === 0 ? 'CREATED' : 'INVALID';
    intake.statuses.push({ code, name: code, date_time: cdekTime(new Date()) });
  }

  removeIntake(intake: DoubleIntake): DoubleRequest {
    const request = this.begin(intake.requests, 'DELETE');
    this.end(request, []);
    intake.removed = true;
    return request;
  }

  /** Throws DoubleRefusal `v2_entity_not_found`. */
  order(uuid: string): DoubleOrder {
    const order = this.orders.find((one) => one.uuid === uuid);
    if (order === undefined) throw notFound(uuid);
    return order;
  }

  /** Of several with the number the newest that was not refused, else the newest. */
  byNumber(number: string): DoubleOrder {
    const own = this.orders.filter((one) => one.number === number && !one.removed);
    const order = own.findLast((one) => this.toState(one) !== 'INVALID') ?? own.at(-1);
    if (order === undefined)
      throw new DoubleRefusal([problem('v2_entity_not_found_im_number', `Entity is not found by im_number ${number}`)]);
    return order;
  }

  intake(uuid: string): DoubleIntake {
    const intake = this.intakes.find((one) => one.uuid === uuid && !one.removed);
    if (intake === undefined) throw notFound(uuid);
    return intake;
  }

  /** Whether another order has the number: one that was not refused and not deleted. */
  isTaken(number: string, except?: DoubleOrder): boolean {
    return this.orders.some((one) => one !== except && one.number === number && !one.removed && this.toState(one) !== 'INVALID');
  }

  clear(): void {
    this.orders.length = 0;
    this.intakes.length = 0;
  }

  private listProblems(order: DoubleOrder): DoubleProblem[] {
    // The one that came first has the number.
    const earlier = this.orders.slice(0, this.orders.indexOf(order));
    const taken = earlier.some((one) => one.number === order.number && !one.removed && this.toState(one) !== 'INVALID');
    return [...(taken ? [duplicate(order.number)] : []), ...listProblems(order.body, this.terms)];
  }

  private problemsOfChange(order: DoubleOrder, body: DoubleOrderBody): DoubleProblem[] {
    if (this.toState(order) !== 'CREATED') return [problem('v2_update_forbidden', 'Изменение запрещено: заказ уже принят')];
    const findMode = (code: number): number | undefined => TARIFFS.find(({ tariff_code }) => tariff_code === code)?.delivery_mode;
    if (findMode(order.body.tariff_code) !== findMode(body.tariff_code))
      return [problem('v2_tariff_mode_changed', 'Режим тарифа менять нельзя')];
    const nameless = body.packages.some(
      (one) => one.package_id === undefined && order.body.packages.some(({ number }) => number === one.number),
    );
    if (nameless) return [problem('v2_package_id_is_empty', 'Не передан идентификатор уже существующей упаковки заказа')];
    if ((order.body.type ?? 1) !== (body.type ?? 1)) return [problem('v2_order_type_changed', 'Тип заказа менять нельзя')];
    return listProblems(body, this.terms);
  }

  private begin(requests: DoubleRequest[], type: DoubleRequest['type']): DoubleRequest {
    const request: DoubleRequest = { request_uuid: randomUUID(), type, date_time: cdekTime(new Date()), state: 'ACCEPTED' };
    requests.push(request);
    return request;
  }

  private end(request: DoubleRequest, problems: DoubleProblem[]): void {
    request.state = problems.length > 0 ? 'INVALID' : 'SUCCESSFUL';
    request.date_time = cdekTime(new Date());
    if (problems.length > 0) request.errors = problems;
  }

  private refuseWhilePending(requests: readonly DoubleRequest[], type: DoubleRequest['type']): void {
    if (requests.some((one) => one.type === type && one.state === 'ACCEPTED')) throw stillProcessed();
  }
}

export function duplicate(number: string): DoubleProblem {
  return problem('error_validate_im_dep_number_has_already_had_integration', `Введённый номер отправления ИМ не уникальный: ${number}`);
}

function notFound(uuid: string): DoubleRefusal {
  return new DoubleRefusal([problem('v2_entity_not_found', `Entity is not found with uuid=${uuid}`)]);
}

function stillProcessed(): DoubleRefusal {
  return new DoubleRefusal([
    problem('v2_similar_request_still_processed', 'Предыдущий запрос такого же типа над этой же сущностью еще не выполнился'),
  ]);
}

function computePrice({
  tariff_code,
  from_location,
  shipment_point,
  to_location,
  delivery_point,
  packages,
  services = [],
}: DoubleOrderBody): number {
  const tariff = TARIFFS.find((one) => one.tariff_code === tariff_code);
  const at = (place: DoublePlace | undefined, point: string | undefined) =>
    point === undefined ? findCity(place) : findCity({ code: POINTS.find(({ code }) => code === point)?.location.city_code ?? 0 });
  const [from, to] = [at(from_location, shipment_point), at(to_location, delivery_point)];
  if (tariff === undefined || from === undefined || to === undefined) return 0;
  // CDEK adds the insurance of a shop's order itself.
  const declared = packages.reduce((sum, { items = [] }) => items.reduce((all, { cost, amount }) => all + cost * amount, sum), 0);
  const insurance = declared > 0 ? (serviceSum('INSURANCE', String(Math.ceil(declared)), tariff) ?? 0) : 0;
  const extra = services.reduce((sum, { code, parameter }) => sum + (serviceSum(code, parameter, tariff) ?? 0), 0);
  return Math.round(((deliverySum(tariff, from, to, packages) ?? 0) + insurance + extra) * 100) / 100;
}

function problemsOfIntake(body: DoubleIntakeBody): DoubleProblem[] {
  const problems: DoubleProblem[] = [];
  if (body.intake_time_from < '09:00' || body.intake_time_to > '22:00' || body.intake_time_from >= body.intake_time_to)
    problems.push(problem('v2_wrong_interval', 'Передан некорректный промежуток времени'));
  const { intake_time_from, intake_time_to, lunch_time_from = intake_time_from, lunch_time_to = intake_time_to } = body;
  if (lunch_time_from < intake_time_from || lunch_time_to > intake_time_to || lunch_time_from >= lunch_time_to)
    problems.push(problem('v2_wrong_interval', 'Обед не входит во время ожидания курьера'));
  const days = (Date.parse(body.intake_date) - Date.parse(new Date().toISOString().slice(0, 10))) / 86_400_000;
  // A day of grace: the sender's day may not be ours.
  if (!(days >= -1 && days <= 32))
    problems.push(problem('v2_wrong_interval', 'Дата ожидания курьера не может быть больше текущей более чем на 31 день'));
  const needed = [body.name, body.sender, body.from_location];
  if (body.order_uuid === undefined && body.cdek_number === undefined && needed.includes(undefined))
    problems.push(problem('v2_required_param_empty', 'Не заполнено обязательное поле'));
  if (body.from_location !== undefined && findCity(body.from_location) === undefined)
    problems.push(problem('v2_sender_location_not_recognized', 'Не удалось определить город отправителя'));
  return problems;
}
