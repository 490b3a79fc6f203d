import type { Refusal } from '../../../libs/testing/double/refusal.js';
import { findCarrierProblem, isPast } from './apiship-checks.js';
import type { ApiShipModes } from './apiship-modes.js';
import { FINAL, invalid, refuse, STATUS_NAMES, writeMoment } from './apiship-objects.js';
import type { ApiShipCourierBody, ApiShipCourierCall, ApiShipOrder, ApiShipOrderBody, ApiShipStatus } from './apiship-objects.js';

/** A change of status, for subscribers. */
export interface ApiShipEvent {
  order: ApiShipOrder;
  status: ApiShipStatus;
}

/** A status that a test gives an order. */
export interface ApiShipStatusPush {
  /** When it happened according to the carrier. By default now. */
  at?: Date;
  description?: string;
  errorCode?: 100 | 200 | 300;
}

/** The cause of a refusal, if it is the carrier. */
const CARRIER_REFUSED = 200;
/** Statuses in which an order has not been taken in yet. */
const EARLY = ['pending', 'uploading', 'uploadingError', 'uploaded'];

/** Orders and courier's visits of an account. All changes are made here. Others decide when. */
export class ApiShipBook {
  readonly orders: ApiShipOrder[] = [];
  readonly courierCalls: ApiShipCourierCall[] = [];
  /** `nextId`: ids are the service's, not the account's. `onStatus`: receives each new status of an order. */
  constructor(
    private readonly modes: ApiShipModes,
    private readonly nextId: () => number,
    private readonly onStatus: (event: ApiShipEvent) => void,
  ) {}

  /** Takes an order that was checked. Throws when its number is taken. */
  create(body: ApiShipOrderBody): ApiShipOrder {
    this.refuseTaken(body);
    const order: ApiShipOrder = {
      ...{ orderId: this.nextId(), body: structuredClone(body), created: writeMoment(Date.now()) },
      ...{ providerNumber: '', statuses: [], cancelled: false },
    };
    this.orders.push(order);
    if (this.modes.newStatus === 'pending') this.push(order, 'pending');
    return order;
  }

  /** Throws when another live order has the number of this one. */
  refuseTaken({ order: { clientNumber } }: ApiShipOrderBody, except?: ApiShipOrder): void {
    const taken = this.live().some((one) => one !== except && one.body.order.clientNumber === clientNumber);
    if (taken) throw invalid({ clientNumber: 'Заказ с таким номером уже существует' });
  }

  /** Orders that are neither cancelled nor deleted: they hold their numbers. */
  live(): ApiShipOrder[] {
    return this.orders.filter(({ cancelled }) => !cancelled);
  }

  /** Begins to hand an order to its carrier. Returns whether it did. */
  beginUpload(order: ApiShipOrder): boolean {
    const key = this.statusOf(order)?.key;
    if (order.cancelled || !(key === undefined || ['pending', 'uploadingError'].includes(key))) return false;
    this.push(order, 'uploading');
    return true;
  }

  /** Ends it: the carrier gives its number, or refuses in the words given or its own. */
  endUpload(order: ApiShipOrder, refuseWith = this.modes.refuseWith): void {
    if (order.cancelled || this.statusOf(order)?.key !== 'uploading') return;
    const problem = refuseWith ?? findCarrierProblem(order.body);
    if (problem !== undefined) {
      this.push(order, 'uploadingError', { description: problem, errorCode: CARRIER_REFUSED });
      return;
    }
    order.providerNumber ||= String(10_000_000 + order.orderId);
    this.push(order, 'uploaded');
  }

  /** Replaces an order. Returns whether it must be handed to the carrier again. */
  change(order: ApiShipOrder, body: ApiShipOrderBody): boolean {
    this.refuseChange(order);
    this.refuseTaken(body, order);
    order.body = structuredClone(body);
    return this.statusOf(order)?.key === 'uploadingError' && this.modes.edits === 'resend';
  }

  /** Throws unless the carrier has refused the order. */
  refuseResend(order: ApiShipOrder): void {
    if (this.statusOf(order)?.key !== 'uploadingError') throw refuse(409, '040901', 'Заказ не в статусе ошибки передачи');
  }

  /** Returns false if the carrier's refusal is in the reply. Otherwise it throws Refusal. */
  cancel(order: ApiShipOrder): boolean {
    if (order.cancelled) throw refuse(400, '040081', 'Заказ уже отменён');
    if (this.modes.cancels === 'refused in reply') return false;
    const key = this.statusOf(order)?.key ?? 'pending';
    const reached = order.providerNumber !== '';
    if (!EARLY.includes(key) || (reached && this.modes.cancels === 'refused'))
      throw refuse(403, '040306', 'Служба доставки не может отменить заказ');
    this.push(order, 'deliveryCanceled');
    return true;
  }

  /** Returns an order a status, whatever it was. */
  push(order: ApiShipOrder, key: string, { at = new Date(), description = '', errorCode }: ApiShipStatusPush = {}): ApiShipStatus {
    const name = STATUS_NAMES[key] ?? key;
    const status: ApiShipStatus = {
      ...{ key, name, description, created: writeMoment(Date.now()) },
      ...{ providerCode: key.toUpperCase(), providerName: name, providerDescription: description, createdProvider: writeMoment(at) },
      ...(errorCode !== undefined && { errorCode }),
    };
    order.statuses.push(status);
    if (key === 'deliveryCanceled') order.cancelled = true;
    this.onStatus({ order, status });
    return status;
  }

  /** The status that an order has now. */
  statusOf(order: ApiShipOrder): ApiShipStatus | undefined {
    return order.statuses.at(-1);
  }

  /** The order of a number: the live one, else the newest that is shown. Throws when there is none yet. */
  byNumber(clientNumber: string): ApiShipOrder {
    const { findLagMs, findCancelled } = this.modes;
    const own = this.orders.filter(
      ({ body, cancelled, created }) =>
        body.order.clientNumber === clientNumber &&
        (!cancelled || findCancelled === 'shown') &&
        (findLagMs === 0 || Date.now() - Date.parse(created) >= findLagMs),
    );
    const found = own.findLast(({ cancelled }) => !cancelled) ?? own.at(-1);
    if (!found) throw notFound();
    return found;
  }

  /** Calls a courier for orders that one carrier has. Throws Refusal. */
  callCourier(body: ApiShipCourierBody, orders: readonly ApiShipOrder[]): ApiShipCourierCall {
    if (isPast(body.date)) throw invalid({ date: 'Дата в прошлом' });
    if (body.timeStart >= body.timeEnd) throw invalid({ timeEnd: 'Должно быть позже timeStart' });
    if (orders.some(({ body: { order } }) => order.providerKey !== body.providerKey))
      throw invalid({ orderIds: 'Заказы другой службы доставки' });
    if (orders.some((order) => order.providerNumber === '' || order.cancelled || FINAL.includes(this.statusOf(order)?.key ?? '')))
      throw invalid({ orderIds: 'Заказы не переданы в службу доставки' });
    const id = this.nextId();
    const call = { id, providerNumber: `C${id}`, created: writeMoment(Date.now()), body: structuredClone(body), cancelled: false };
    this.courierCalls.push(call);
    return call;
  }

  /** Throws Refusal if there is no such visit, it is canceled, or the carrier refuses. */
  cancelCourier(id: number): ApiShipCourierCall {
    const call = this.courierCalls.find((one) => one.id === id);
    if (!call) throw refuse(404, '040016', 'Не найдено');
    if (call.cancelled) throw refuse(400, '040082', 'Вызов курьера уже отменён');
    if (this.modes.cancels === 'refused') throw refuse(400, '040307', 'Служба доставки не может отменить вызов курьера');
    call.cancelled = this.modes.cancels !== 'refused in reply';
    return call;
  }

  private refuseChange(order: ApiShipOrder): void {
    const key = this.statusOf(order)?.key ?? 'pending';
    if (order.cancelled) throw refuse(400, '040081', 'Заказ уже отменён');
    if (key === 'uploading') throw refuse(409, '040901', 'Заказ передаётся в службу доставки');
    if (!EARLY.includes(key) || (key === 'uploaded' && this.modes.changes === 'refused'))
      throw refuse(400, '040089', 'Служба доставки отказала в изменении заказа');
  }
}

export function notFound(): Refusal {
  return refuse(404, '040080', 'Заказ не найден');
}
