import { randomUUID } from 'node:crypto';
import { countCash } from './cdek-meaning.js';
import { findEnd, findPoint, priceDelivery, priceService, round, TARIFFS } from './cdek-network.js';
import { type CdekProblem, type CdekTerms, listIntakeProblems, listProblems, problem, refuse } from './cdek-rules.js';
import type { CdekAgreementBody, CdekChange, CdekIntakeBody, CdekOrderBody, CdekRegistry } from './cdek-wire.js';

/** A request of the client, with its result. */
export interface CdekRequest {
  request_uuid: string;
  type: 'CREATE' | 'UPDATE' | 'DELETE' | 'REFUSAL' | 'CREATE_CLIENT_RETURN';
  date_time: string;
  state: 'ACCEPTED' | 'SUCCESSFUL' | 'INVALID';
  errors?: CdekProblem[];
}
export interface CdekStatus {
  code: string;
  name: string;
  date_time: string;
  city?: string;
  reason_code?: string;
  deleted?: boolean;
}
export interface CdekOrder {
  uuid: string;
  number: string;
  cdek_number?: string;
  body: CdekOrderBody;
  requests: CdekRequest[];
  /** The oldest first. */
  statuses: CdekStatus[];
  sum?: number;
  /** Deleted by its client. */
  removed: boolean;
  /** Refused before CDEK had the parcel. */
  isBilledForNothing?: boolean;
  /** A parcel that goes back, with the order that it belongs to. */
  back?: { kind: CdekReturnKind; direct: string };
  /** The recipient's part and money. */
  end?: { date: string; taken: number; by: 'CASH' | 'CARD'; paid: number };
  /** The cash was transferred to the client. */
  isTransferred?: boolean;
}
/** By the name in `related_entities` of the direct order. */
export type CdekReturnKind = 'return_order' | 'client_return_order' | 'reverse_order';
/** A courier's visit. */
export interface CdekIntake {
  uuid: string;
  intake_number?: string;
  body: CdekIntakeBody;
  requests: CdekRequest[];
  statuses: CdekStatus[];
  removed: boolean;
}
/** An agreement about the day and place of a delivery. */
export interface CdekAgreement {
  uuid: string;
  body: CdekAgreementBody;
  requests: CdekRequest[];
  statuses: CdekStatus[];
}
/** A status that a test sets on an order. */
export interface CdekStatusPush {
  /** Now when left out. */
  at?: Date;
  city?: string;
  reason?: string;
  /** With DELIVERED and the reason 20: pieces of the first line that the recipient took, and nothing else. */
  taken?: number;
  by?: 'CASH' | 'CARD';
  /** With DELIVERED: the recipient paid another amount. */
  paid?: number;
}

/** CDEK's share of the cash. */
const COMMISSION = 0.03;

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

/** Writes a time in CDEK's format. */
export function writeTime(date = new Date()): string {
  return `${date.toISOString().slice(0, 19)}+0000`;
}
export const makeStatus = (code: string, name = NAMES[code] ?? code): CdekStatus => ({ code, name, date_time: writeTime() });

/**
 * Orders and visits of the double, in memory. Every change of state is made here. The double decides when it
 * ends a request.
 */
export class CdekBook {
  readonly orders: CdekOrder[] = [];
  readonly intakes: CdekIntake[] = [];
  readonly agreements: CdekAgreement[] = [];
  /** Parcels that go back. Clients do not make them. */
  readonly returns: CdekOrder[] = [];
  readonly registries: CdekRegistry[] = [];
  private lastNumber = 10_000_000;

  /** `onStatus`: receives each new or withdrawn status of an order. */
  constructor(
    private readonly terms: CdekTerms & { returnNumbers: 'repeated' | 'own' },
    private readonly onStatus: (order: CdekOrder, status: CdekStatus) => void,
  ) {}

  /** Accepts an order before it is validated. */
  accept(body: CdekOrderBody): CdekOrder {
    const uuid = randomUUID();
    const order: CdekOrder = { uuid, number: body.number ?? uuid, body, requests: [], statuses: [makeStatus('ACCEPTED')], removed: false };
    begin(order.requests, 'CREATE');
    this.orders.push(order);
    return order;
  }

  /** Ends the validation of an order: it gets its number, or is refused with the text or its problems. */
  validate(order: CdekOrder, refuseWith?: string): void {
    const request = order.requests.find(({ type }) => type === 'CREATE');
    if (request?.state !== 'ACCEPTED') return;
    end(request, refuseWith === undefined ? this.listProblems(order) : [problem('error_validate', refuseWith)]);
    if (request.errors) return void order.statuses.push(makeStatus('INVALID'));
    order.cdek_number ??= String(++this.lastNumber);
    this.settle(order);
    this.push(order, 'CREATED');
  }

  /** Accepts a change before it is checked. */
  beginChange(order: CdekOrder): CdekRequest {
    refuseWhilePending(order.requests, 'UPDATE');
    return begin(order.requests, 'UPDATE');
  }

  /** Ends the check of a change. */
  endChange(order: CdekOrder, request: CdekRequest, change: Omit<CdekChange, 'uuid'>, refuseWith?: string): void {
    if (request.state !== 'ACCEPTED') return;
    const { type, tariff_code, packages } = order.body;
    const changed: CdekOrderBody = { ...{ type, tariff_code, packages }, ...change } as CdekOrderBody;
    end(request, refuseWith === undefined ? this.listChangeProblems(order, changed) : [problem('error_validate', refuseWith)]);
    if (request.errors) return;
    // Fields that a change leaves out stay, also of the recipient.
    order.body = { ...order.body, ...changed, recipient: { ...order.body.recipient, ...change.recipient } };
    // Either a point or an address: the new one replaces the other.
    if (change.delivery_point !== undefined) delete order.body.to_location;
    if (change.to_location !== undefined) delete order.body.delivery_point;
    if (change.shipment_point !== undefined) delete order.body.from_location;
    if (change.from_location !== undefined) delete order.body.shipment_point;
    this.settle(order);
  }

  /** Accepts an agreement before it is checked. */
  acceptAgreement(body: CdekAgreementBody): CdekAgreement {
    const agreement: CdekAgreement = { uuid: randomUUID(), body, requests: [], statuses: [makeStatus('ACCEPTED')] };
    begin(agreement.requests, 'CREATE');
    this.agreements.push(agreement);
    return agreement;
  }

  /** Ends the check of an agreement, which replaces earlier ones and may change the place of its order. */
  endAgreement(agreement: CdekAgreement, order: CdekOrder, refuseWith?: string): void {
    const [request] = agreement.requests;
    if (request?.state !== 'ACCEPTED') return;
    const { delivery_point, to_location, time_from, time_to } = agreement.body;
    const isLocker = findPoint(delivery_point ?? order.body.delivery_point ?? '')?.type === 'POSTAMAT';
    const wrong = [
      ...(refuseWith === undefined ? [] : [problem('error_validate', refuseWith)]),
      ...(['DELIVERED', 'NOT_DELIVERED', 'REMOVED'].includes(this.toState(order)) ? [problem('error_validate', 'Заказ завершён')] : []),
      ...(isLocker ? [problem('v2_impossible_register_date', 'Для постамата дату назначить нельзя')] : []),
      ...(to_location && !(time_from && time_to) ? [problem('error_validate', 'Не указан интервал доставки')] : []),
    ];
    end(request, wrong);
    agreement.statuses.push(makeStatus(wrong.length > 0 ? 'INVALID' : 'PROCESSING'));
    if (wrong.length > 0) return;
    for (const other of this.agreements)
      if (other !== agreement && other.body.order_uuid === agreement.body.order_uuid) other.statuses.push(makeStatus('CANCEL'));
    if (delivery_point !== undefined) {
      order.body.delivery_point = delivery_point;
      delete order.body.to_location;
    }
    if (to_location !== undefined) {
      order.body.to_location = to_location;
      delete order.body.delivery_point;
    }
  }

  beginDeletion(order: CdekOrder): CdekRequest {
    refuseWhilePending(order.requests, 'DELETE');
    refuseWhilePending(order.requests, 'CREATE');
    return begin(order.requests, 'DELETE');
  }

  endDeletion(order: CdekOrder, request: CdekRequest, refuseWith?: string): void {
    if (request.state !== 'ACCEPTED') return;
    const why = refuseWith ?? (this.toState(order) === 'CREATED' ? undefined : 'Заказ нельзя удалить: груз уже принят');
    end(request, why === undefined ? [] : [problem('v2_delete_forbidden', why)]);
    if (request.errors) return;
    order.removed = true;
    this.push(order, 'REMOVED');
  }

  beginRefusal(order: CdekOrder): CdekRequest {
    refuseWhilePending(order.requests, 'REFUSAL');
    return begin(order.requests, 'REFUSAL');
  }

  /** The parcel goes back to the client. CDEK accepts this before it has the parcel, too, and bills it. */
  endRefusal(order: CdekOrder, request: CdekRequest, refuseWith?: string): void {
    if (request.state !== 'ACCEPTED') return;
    const state = this.toState(order);
    const why = ['ACCEPTED', 'INVALID', 'REMOVED'].includes(state)
      ? 'Заказ ещё не принят'
      : ['DELIVERED', 'NOT_DELIVERED'].includes(state)
        ? 'Заказ в конечном статусе'
        : order.requests.some(({ type, state: one }) => type === 'REFUSAL' && one === 'SUCCESSFUL')
          ? 'Отказ уже зарегистрирован'
          : refuseWith;
    end(request, why === undefined ? [] : [problem('v2_refusal_forbidden', why)]);
    if (request.errors) return;
    if (state === 'CREATED') order.isBilledForNothing = true;
    const last = Date.parse(order.statuses.at(-1)?.date_time ?? '');
    this.push(order, 'NOT_DELIVERED', { reason: '11', at: new Date(Math.max(Date.now(), last)) });
  }

  /** Accepts a return from the recipient. `of`: the order that has the request. */
  beginReturn(order: CdekOrder, of: 'order' | 'return'): { holder: CdekOrder; request: CdekRequest } {
    refuseWhilePending(order.requests, 'CREATE_CLIENT_RETURN');
    const holder = of === 'order' ? order : this.sendBack(order, 'client_return_order', new Date(), 'ACCEPTED');
    return { holder, request: begin(holder.requests, 'CREATE_CLIENT_RETURN') };
  }

  /** Ends the check of a return: only of a shop's order that was handed over, by a known tariff. */
  endReturn(order: CdekOrder, { holder, request }: ReturnType<CdekBook['beginReturn']>, tariff: number, refuseWith?: string): void {
    if (request.state !== 'ACCEPTED') return;
    const wrong = [
      ...(refuseWith === undefined ? [] : [problem('error_validate', refuseWith)]),
      ...((order.body.type ?? 1) === 1 ? [] : [problem('error_validate', 'Возврат возможен только для заказа ИМ')]),
      ...(this.toState(order) === 'DELIVERED' ? [] : [problem('error_validate', 'Заказ не вручён')]),
      ...(TARIFFS.some(({ tariff_code }) => tariff_code === tariff) ? [] : [problem('error_tariff', 'Тариф недоступен')]),
    ];
    end(request, wrong);
    if (holder !== order && wrong.length === 0) holder.cdek_number = String(++this.lastNumber);
    if (holder !== order) this.push(holder, wrong.length > 0 ? 'INVALID' : 'CREATED');
    else if (wrong.length === 0) this.sendBack(order, 'client_return_order');
  }

  /** Sets a status on an order, whatever it was. */
  push(order: CdekOrder, code: string, push: CdekStatusPush = {}): CdekStatus {
    const { at = new Date(), city, reason } = push;
    const status: CdekStatus = {
      ...{ ...makeStatus(code), date_time: writeTime(at) },
      ...(city !== undefined && { city }),
      ...(reason !== undefined && { reason_code: reason }),
    };
    const isUnderway = order.statuses.some((one) => !['ACCEPTED', 'CREATED'].includes(one.code));
    if (!order.back && code === 'DELIVERED') this.handOver(order, at, push);
    order.statuses.push(status);
    order.statuses.sort((left, right) => (left.date_time < right.date_time ? -1 : left.date_time > right.date_time ? 1 : 0));
    this.onStatus(order, status);
    if (order.back) return status;
    if (code === 'DELIVERED' && order.body.has_reverse_order) this.sendBack(order, 'reverse_order', at);
    if ((code === 'NOT_DELIVERED' && isUnderway) || (code === 'DELIVERED' && reason === '20')) this.sendBack(order, 'return_order', at);
    return status;
  }

  /** A parcel of an order goes back: another order, whose DELIVERED means that the shop has it. */
  sendBack(order: CdekOrder, kind: CdekReturnKind, at = new Date(), code = 'CREATED'): CdekOrder {
    const uuid = randomUUID();
    const { body, number } = order;
    const back: CdekOrder = {
      ...{
        uuid,
        ...(code === 'CREATED' && { cdek_number: String(++this.lastNumber) }),
        body,
        requests: [],
        removed: false,
        back: { kind, direct: order.uuid },
      },
      number: this.terms.returnNumbers === 'repeated' ? number : uuid,
      statuses: [{ ...makeStatus(code), date_time: writeTime(at) }],
    };
    if (code === 'CREATED') end(begin(back.requests, 'CREATE'), []);
    this.returns.push(back);
    return back;
  }

  /** Lists the orders that belong to an order. */
  listRelated({ uuid, back }: CdekOrder): object[] {
    const direct = back && this.orders.find((one) => one.uuid === back.direct);
    if (back && direct) {
      const type = back.kind === 'client_return_order' ? 'client_direct_order' : 'direct_order';
      return [{ uuid: direct.uuid, type, cdek_number: direct.cdek_number }];
    }
    return this.returns
      .filter((one) => one.back?.direct === uuid)
      .map((one) => ({ uuid: one.uuid, type: one.back?.kind, create_time: one.statuses[0]?.date_time, cdek_number: one.cdek_number }));
  }

  /**
   * Transfers the cash of delivered orders to the client, once, in the contract's currency. `rate`: its units
   * for one unit of the currency that was collected.
   */
  transfer(payment_date: string, toRate: (currency: string) => number): CdekRegistry | undefined {
    const due = this.orders.filter(({ end, isTransferred }) => end && end.paid > 0 && !isTransferred);
    if (due.length === 0) return undefined;
    const orders = due.map((order) => {
      order.isTransferred = true;
      const payment_sum = round((order.end?.paid ?? 0) * toRate(countCash(order.body).currency ?? ''));
      const [total_sum_without_agent, agent_commission_sum] = [order.sum ?? 0, round(payment_sum * COMMISSION)];
      const transfer_sum = round(payment_sum - total_sum_without_agent - agent_commission_sum);
      const sums = { transfer_sum, payment_sum, total_sum_without_agent, agent_commission_sum };
      return { cdek_number: order.cdek_number ?? '', ...sums, basis_type: 'ORDER' as const };
    });
    const registry: CdekRegistry = {
      ...{ registry_number: ++this.lastNumber, payment_date, payment_order_number: String(++this.lastNumber), date_created: writeTime() },
      ...{ sum: round(orders.reduce((sum, { transfer_sum }) => sum + transfer_sum, 0)), orders },
    };
    this.registries.push(registry);
    return registry;
  }

  private handOver(order: CdekOrder, at: Date, { taken = Infinity, by = 'CASH', paid, reason }: CdekStatusPush): void {
    const isPart = reason === '20';
    const [first] = order.body.packages[0]?.items ?? [];
    // The charge for the delivery is due whatever the recipient takes.
    const charge = countCash({ ...order.body, packages: [] }).value;
    const value = isPart ? round((first?.payment.value ?? 0) * taken + charge) : countCash(order.body).value;
    order.end = { date: at.toISOString().slice(0, 10), taken: isPart ? taken : Infinity, by, paid: paid ?? value };
  }

  /** Withdraws the newest status with this code: marked, or no longer listed. */
  revoke(order: CdekOrder, code: string, isListed: boolean): CdekStatus {
    const status = order.statuses.findLast((one) => one.code === code && one.deleted !== true);
    if (status === undefined) throw refuse(problem('v2_entity_not_found', `order ${order.uuid} has no status ${code}`), 404);
    status.deleted = true;
    if (!isListed) order.statuses = order.statuses.filter((one) => one !== status);
    this.onStatus(order, status);
    return status;
  }

  /** Returns the code of an order's status. */
  toState(order: CdekOrder): string {
    return order.statuses.findLast(({ deleted }) => deleted !== true)?.code ?? 'ACCEPTED';
  }

  acceptIntake(body: CdekIntakeBody): CdekIntake {
    const order = body.order_uuid === undefined ? undefined : this.order(body.order_uuid);
    const standing = this.intakes.filter(({ removed, requests }) => !removed && requests.every(({ state }) => state !== 'INVALID'));
    if (order && standing.some((one) => one.body.order_uuid === order.uuid))
      throw refuse(problem('v2_intake_exists_by_order', 'К переданному заказу уже привязана заявка'));
    const address = body.from_location?.address;
    if (standing.some((one) => one.body.intake_date === body.intake_date && one.body.from_location?.address === address))
      throw refuse(problem('v2_intake_exists_by_date_address', 'На переданную дату и в переданный адрес уже есть заявка'));
    const intake: CdekIntake = { uuid: randomUUID(), body, requests: [], statuses: [makeStatus('ACCEPTED', 'Принята')], removed: false };
    begin(intake.requests, 'CREATE');
    this.intakes.push(intake);
    return intake;
  }

  validateIntake(intake: CdekIntake, refuseWith?: string): void {
    const request = intake.requests.find(({ type }) => type === 'CREATE');
    if (request?.state !== 'ACCEPTED') return;
    end(request, refuseWith === undefined ? listIntakeProblems(intake.body) : [problem('error_validate', refuseWith)]);
    if (!request.errors) intake.intake_number = String(++this.lastNumber);
    const code = request.errors ? 'INVALID' : 'CREATED';
    intake.statuses.push(makeStatus(code, code));
  }

  beginIntakeDeletion(intake: CdekIntake): CdekRequest {
    refuseWhilePending(intake.requests, 'DELETE');
    return begin(intake.requests, 'DELETE');
  }

  endIntakeDeletion(intake: CdekIntake, request: CdekRequest, refuseWith?: string): void {
    if (request.state !== 'ACCEPTED') return;
    end(request, refuseWith === undefined ? [] : [problem('error_validate', refuseWith)]);
    intake.removed = !request.errors;
  }

  order(uuid: string): CdekOrder {
    const order = [...this.orders, ...this.returns].find((one) => one.uuid === uuid);
    if (order === undefined) throw notFound(uuid);
    return order;
  }

  /** Returns the newest order with the number that was not refused, otherwise the newest. */
  byNumber(number: string): CdekOrder {
    const own = [...this.orders, ...this.returns].filter((one) => one.number === number && !one.removed);
    const order = own.findLast((one) => this.toState(one) !== 'INVALID') ?? own.at(-1);
    if (order === undefined) throw refuse(problem('v2_entity_not_found_im_number', `Entity is not found by im_number ${number}`));
    return order;
  }

  intake(uuid: string): CdekIntake {
    const intake = this.intakes.find((one) => one.uuid === uuid && !one.removed);
    if (intake === undefined) throw notFound(uuid);
    return intake;
  }

  /** Whether a standing order has the number. `before`: only orders that came before that one count. */
  isTaken(number: string, before?: CdekOrder): boolean {
    const earlier = before ? this.orders.slice(0, this.orders.indexOf(before)) : this.orders;
    return earlier.some((one) => one.number === number && !one.removed && this.toState(one) !== 'INVALID');
  }

  private listProblems(order: CdekOrder): CdekProblem[] {
    // The first order has the number.
    return [...(this.isTaken(order.number, order) ? [duplicate(order.number)] : []), ...listProblems(order.body, this.terms)];
  }

  private listChangeProblems(order: CdekOrder, change: CdekOrderBody): CdekProblem[] {
    if (this.toState(order) !== 'CREATED') return [problem('v2_update_forbidden', 'Изменение запрещено: заказ уже принят')];
    const findMode = (code: number): number | undefined => TARIFFS.find(({ tariff_code }) => tariff_code === code)?.delivery_mode;
    if (findMode(order.body.tariff_code) !== findMode(change.tariff_code))
      return [problem('v2_tariff_mode_changed', 'Режим тарифа менять нельзя')];
    const isKnown = (number: string): boolean => order.body.packages.some((one) => one.number === number);
    if (change.packages.some(({ package_id, number }) => package_id === undefined && isKnown(number)))
      return [problem('v2_package_id_is_empty', 'Не передан идентификатор уже существующей упаковки заказа')];
    if ((order.body.type ?? 1) !== (change.type ?? 1)) return [problem('v2_order_type_changed', 'Тип заказа менять нельзя')];
    return listProblems(change, this.terms);
  }

  /** A registered or changed order has its price, and ids of its parcels. */
  private settle(order: CdekOrder): void {
    order.sum = computePrice(order.body);
    for (const one of order.body.packages) one.package_id ??= randomUUID();
  }
}

export function duplicate(number: string): CdekProblem {
  return problem('error_validate_im_dep_number_has_already_had_integration', `Введённый номер отправления ИМ не уникальный: ${number}`);
}

export const notFound = (uuid: string, status = 400) =>
  refuse(problem('v2_entity_not_found', `Entity is not found with uuid=${uuid}`), status);

function begin(requests: CdekRequest[], type: CdekRequest['type']): CdekRequest {
  const request: CdekRequest = { request_uuid: randomUUID(), type, date_time: writeTime(), state: 'ACCEPTED' };
  requests.push(request);
  return request;
}

function end(request: CdekRequest, problems: CdekProblem[]): CdekRequest {
  const state = problems.length > 0 ? 'INVALID' : 'SUCCESSFUL';
  return Object.assign(request, { state, date_time: writeTime() }, problems.length > 0 && { errors: problems });
}

function refuseWhilePending(requests: readonly CdekRequest[], type: CdekRequest['type']): void {
  if (requests.some((one) => one.type === type && one.state === 'ACCEPTED'))
    throw refuse(problem('v2_similar_request_still_processed', 'Предыдущий запрос такого же типа над этой же сущностью еще не выполнился'));
}

function computePrice(body: CdekOrderBody): number {
  const { packages, services = [] } = body;
  const tariff = TARIFFS.find(({ tariff_code }) => tariff_code === body.tariff_code);
  const [from, to] = [findEnd(body.from_location, body.shipment_point), findEnd(body.to_location, body.delivery_point)];
  if (!tariff || !from || !to) return 0;
  // CDEK adds the insurance of a shop's order itself.
  const declared = packages.reduce((sum, { items = [] }) => items.reduce((all, { cost, amount }) => all + cost * amount, sum), 0);
  const insurance = declared > 0 ? (priceService('INSURANCE', String(Math.ceil(declared)), tariff) ?? 0) : 0;
  const extra = services.reduce((sum, { code, parameter }) => sum + (priceService(code, parameter, tariff) ?? 0), 0);
  return round((priceDelivery(tariff, from, to, packages) ?? 0) + insurance + extra);
}
