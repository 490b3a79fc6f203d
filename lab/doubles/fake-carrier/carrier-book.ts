import { Moves, Refusal } from '../../../libs/testing/double/index.js';
import { computeCarrierPrice, findCurrency, HEAVIEST, isServed, MOST_COLLECTED, POINTS, SERVICES } from './carrier-network.js';
import type {
  CarrierDecision,
  CarrierEvent,
  CarrierOrderRequest,
  CarrierPayout,
  CarrierReply,
  CarrierReturn,
  CarrierShipmentRequest,
} from './carrier-wire.js';

/** States of an order that the carrier itself sets. A test may push any other text. */
export const CARRIER_STATES = [
  ...[
    'validating',
    'refused',
    'registered',
    'collected',
    'in_transit',
    'at_point',
    'out_for_delivery',
    'attempt_failed',
    'delivered',
    'delivered_in_part',
  ],
  ...['returning', 'returned', 'cancelled', 'lost'],
] as const;

const MOVES = new Moves({
  change: 'registered, refused -> registered else 409 not_editable',
  decide: 'registered, collected, in_transit, at_point, out_for_delivery, attempt_failed -> kept else 409 cannot_decide',
  ring: 'registered, collected, in_transit, at_point, out_for_delivery, attempt_failed -> rung else 409 cannot_ring',
  return: 'collected, in_transit, at_point, out_for_delivery, attempt_failed, returning -> returning else 409 cannot_return',
  cancel: 'validating, refused, registered, cancelled -> cancelled else 409 cannot_cancel',
});

/** An order. `expectedOn` is set by tests. */
export interface CarrierOrder extends Pick<CarrierReply, 'collected' | 'handedOver' | 'labels' | 'returns'> {
  id: string;
  reference: string;
  state: string;
  trackNumber?: string;
  /** `YYYY-MM-DD`. */
  expectedOn?: string;
  /** Minor units. */
  price: number;
  currency: string;
  /** Why it was refused. */
  reason?: string;
  request: CarrierOrderRequest;
  /** Parts that failed, in the carrier's words. Set by tests. */
  warnings?: string[];
  /** The client's last decision about it. */
  decision?: CarrierDecision;
  /** Keys of the calls to the recipient that the client ordered. */
  rings?: string[];
}

/** A visit of the carrier's courier. */
export interface CarrierShipment {
  id: string;
  reference: string;
  state: 'planned' | 'cancelled';
  request: CarrierShipmentRequest;
}

/** A change of state that a test or the carrier makes. */
export interface CarrierStatusPush {
  comment?: string;
  /** Now when left out. */
  at?: Date;
  /** With a delivery: minor units that the recipient paid. The order's amount when left out. */
  collected?: number;
  by?: 'cash' | 'card';
  /** With `delivered_in_part`. Nothing when left out. */
  handedOver?: NonNullable<CarrierReply['handedOver']>;
}

/** Orders, shipments and events of one client of the carrier. It does not know another's. */
export class CarrierBook {
  readonly orders: CarrierOrder[] = [];
  readonly shipments: CarrierShipment[] = [];
  readonly events: CarrierEvent[] = [];
  readonly payouts: CarrierPayout[] = [];

  /** `nextNumber` makes a number that no client of the carrier has. `onEvent` receives changes of state. */
  constructor(
    private readonly nextNumber: () => string,
    private readonly onEvent: (event: CarrierEvent, order: CarrierOrder) => void,
  ) {}

  /** Throws Refusal 422 when the request is not one it can serve. */
  create(request: CarrierOrderRequest, options: { unique: boolean; validating: boolean }): CarrierOrder {
    const { reference, currency } = request;
    const price = findPrice(request);
    if (options.unique && this.listOrders(reference).length > 0)
      throw new Refusal(409, 'duplicate_reference', `There is an order with the reference ${reference}`);
    const order: CarrierOrder = { id: `FC-${this.nextNumber()}`, reference, state: 'validating', price, currency, request };
    this.orders.push(order);
    if (!options.validating) this.accept(order);
    return order;
  }

  /** Changes an order that the courier has not collected. A refused order is validated again. */
  change(id: string, request: CarrierOrderRequest): CarrierOrder {
    const order = this.findOrder(id);
    MOVES.to('change', order.state);
    if (request.reference !== order.reference)
      throw new Refusal(422, 'invalid', 'The reference cannot be changed', { reference: 'cannot be changed' });
    Object.assign(order, { price: findPrice(request), currency: request.currency, request });
    if (order.state === 'refused') this.accept(order);
    label(order);
    return order;
  }

  /** Ends the validation of an order, which gets its track number unless it is refused. */
  validate(order: CarrierOrder, refuseWith?: string): void {
    if (order.state !== 'validating') throw new Error(`order ${order.id} is ${order.state}, not validating`);
    if (refuseWith === undefined) return this.accept(order);
    order.reason = refuseWith;
    this.push(order, 'refused', { comment: refuseWith });
  }

  /** Withdraws an order. Succeeds if repeated. */
  cancel(id: string): CarrierOrder {
    const order = this.findOrder(id);
    const state = MOVES.to('cancel', order.state);
    if (order.state !== state) this.push(order, state);
    return order;
  }

  /** Acts on a decision about an order with the carrier. Succeeds if repeated. */
  decide(id: string, decision: CarrierDecision): CarrierOrder {
    const order = this.findOrder(id);
    if (decision.kind === 'client_return') return this.returnFromBuyer(order);
    const state = MOVES.to(decision.kind === 'return' ? 'return' : 'decide', order.state);
    if (decision.kind !== 'return' && decision.date === undefined)
      throw new Refusal(422, 'invalid', 'date is missing', { date: 'is missing' });
    order.decision = decision;
    if (decision.kind === 'deliver' && decision.date !== undefined) order.expectedOn = decision.date;
    if (order.state !== state && state === 'returning') this.push(order, state);
    return order;
  }

  private returnFromBuyer(order: CarrierOrder): CarrierOrder {
    if (!['delivered', 'delivered_in_part'].includes(order.state)) throw new Refusal(409, 'cannot_return', `The order is ${order.state}`);
    if (!order.returns?.some(({ kind }) => kind === 'by_buyer')) this.sendBack(order, 'by_buyer');
    return order;
  }

  /** Calls the recipient, once per key. */
  ring(id: string, key: string): CarrierOrder {
    const order = this.findOrder(id);
    if (order.rings?.includes(key)) return order;
    MOVES.to('ring', order.state);
    order.rings = [...(order.rings ?? []), key];
    return order;
  }

  /** Loses an order with its events, as if it had never been. */
  lose({ id }: CarrierOrder): void {
    this.orders.splice(this.orders.indexOf(this.findOrder(id)), 1);
    this.events.splice(0, this.events.length, ...this.events.filter((event) => event.order !== id));
  }

  createShipment(request: CarrierShipmentRequest, options: { unique: boolean }): CarrierShipment {
    const { reference } = request;
    for (const id of request.orders) this.findOrder(id);
    if (options.unique && this.shipments.some((one) => one.reference === reference))
      throw new Refusal(409, 'duplicate_reference', `There is a shipment with the reference ${reference}`);
    const shipment: CarrierShipment = { id: `FS-${this.nextNumber()}`, reference, state: 'planned', request };
    this.shipments.push(shipment);
    return shipment;
  }

  changeShipment(id: string, request: CarrierShipmentRequest): CarrierShipment {
    const shipment = this.findShipment(id);
    if (shipment.state === 'cancelled') throw new Refusal(409, 'not_editable', 'The shipment is cancelled');
    for (const order of request.orders) this.findOrder(order);
    return Object.assign(shipment, { request });
  }

  /** Moves an order to any state and records the event. An event older than the last one does not move it. */
  push(order: CarrierOrder, state: string, { comment, at = new Date(), ...end }: CarrierStatusPush = {}): CarrierEvent {
    const isLatest = !this.events.some((event) => event.order === order.id && Date.parse(event.at) > at.getTime());
    if (isLatest) order.state = state;
    if (['delivered', 'delivered_in_part'].includes(state)) this.handOver(order, at, end);
    if (state === 'delivered_in_part') this.sendBack(order, 'undelivered', at);
    const { id, reference, trackNumber } = order;
    const event: CarrierEvent = {
      ...{ id: `evt_${this.nextNumber()}`, order: id, reference, state, at: at.toISOString() },
      ...(comment !== undefined && { comment }),
      ...(trackNumber !== undefined && { trackNumber }),
    };
    this.events.push(event);
    this.onEvent(event, order);
    return event;
  }

  /** Charges another price, such as for more weight. Without a state. */
  reprice(order: CarrierOrder, price: number): CarrierEvent {
    const { id, reference, currency } = Object.assign(order, { price });
    const event: CarrierEvent = { id: `evt_${this.nextNumber()}`, order: id, reference, at: new Date().toISOString(), price, currency };
    this.events.push(event);
    this.onEvent(event, order);
    return event;
  }

  /** A parcel of an order comes back to the sender. */
  sendBack(order: CarrierOrder, kind: CarrierReturn['kind'], at = new Date()): CarrierReturn {
    const number = this.nextNumber();
    const parcel: CarrierReturn = { id: `FR-${number}`, kind, state: 'going', trackNumber: `FRT${number}`, at: at.toISOString() };
    (order.returns ??= []).push(parcel);
    return parcel;
  }

  /** Ends the way of the parcels that come back. */
  endReturns({ returns = [] }: CarrierOrder, state: 'at_sender' | 'lost', at = new Date()): void {
    for (const parcel of returns) if (parcel.state === 'going') Object.assign(parcel, { state, at: at.toISOString() });
  }

  /** Pays out what was collected and not yet paid out, with one payout for each currency. */
  payOut(day: string): CarrierPayout[] {
    const paid = new Set(this.payouts.flatMap(({ rows }) => rows.map(({ order }) => order)));
    const due = this.orders.filter(({ id, collected }) => collected && !paid.has(id));
    const made = [...new Set(due.map(({ currency }) => currency))].map((currency) => {
      const rows = due
        .filter((order) => order.currency === currency)
        .map(({ id, reference, trackNumber = id, collected: { amount } = { amount: 0 }, price }) => {
          const commission = Math.round(amount * COMMISSION);
          const fees = { commission, delivery: price };
          return { order: id, reference, trackNumber, collected: amount, ...fees, paid: amount - commission - price };
        });
      const [id, paymentOrder] = [`FP-${this.nextNumber()}`, this.nextNumber()];
      return { id, day, currency, total: rows.reduce((sum, row) => sum + row.paid, 0), paymentOrder, rows };
    });
    this.payouts.push(...made);
    return made;
  }

  /** Lists all orders, or the orders of a reference. The oldest first. */
  listOrders(reference?: string): CarrierOrder[] {
    return this.orders.filter((one) => reference === undefined || one.reference === reference);
  }

  listShipments(reference?: string): CarrierShipment[] {
    return this.shipments.filter((one) => reference === undefined || one.reference === reference);
  }

  findOrder(id: string): CarrierOrder {
    const order = this.orders.find((one) => one.id === id);
    if (!order) throw new Refusal(404, 'unknown_order', `There is no order ${id}`);
    return order;
  }

  findShipment(id: string): CarrierShipment {
    const shipment = this.shipments.find((one) => one.id === id);
    if (!shipment) throw new Refusal(404, 'unknown_shipment', `There is no shipment ${id}`);
    return shipment;
  }

  clear(): void {
    for (const list of [this.orders, this.shipments, this.events, this.payouts]) list.length = 0;
  }

  private accept(order: CarrierOrder): void {
    order.trackNumber ??= `FCT${this.nextNumber()}`;
    delete order.reason;
    label(order);
    this.push(order, 'registered');
  }

  private handOver(
    order: CarrierOrder,
    at: Date,
    { collected = order.request.collect ?? 0, by = 'cash', handedOver }: CarrierStatusPush,
  ): void {
    if (order.request.collect) order.collected = { amount: collected, currency: order.currency, by, at: at.toISOString() };
    if (handedOver) order.handedOver = handedOver;
  }
}

/** The carrier's share of the money that it collects. */
const COMMISSION = 0.01;

/** Numbers the parcels of an order. */
function label(order: CarrierOrder): void {
  const { trackNumber = order.id } = order;
  order.labels = order.request.parcels.map((_, at) => ({ trackNumber: `${trackNumber}-${at + 1}`, barcode: `${trackNumber}${at + 1}` }));
}

/** Returns the price of an order. Throws Refusal if the carrier does not serve it. */
function findPrice(request: CarrierOrderRequest): number {
  const fields: Record<string, string> = {};
  const { to, parcels, fragile = false } = request;
  if (!/^[A-Za-z0-9-]{1,30}$/.test(request.reference)) fields.reference = 'must be 1 to 30 letters, digits and dashes';
  const service = SERVICES.find(({ code }) => code === request.service);
  if (service === undefined) fields.service = 'is unknown';
  if (!isServed(to.country)) fields['to.country'] = 'is not served';
  if (service?.kind === 'door' && !to.city) fields['to.city'] = 'is missing';
  if (service?.kind === 'point' && !POINTS.some(({ code }) => code === to.point)) fields['to.point'] = 'is unknown';
  if ((request.collect ?? 0) > (MOST_COLLECTED.get(to.country) ?? Infinity)) fields.collect = 'is over the limit of the country';
  if (!request.recipient.phone) fields['recipient.phone'] = 'is missing';
  for (const [index, { grams }] of parcels.entries()) if (grams > HEAVIEST) fields[`parcels[${index}].grams`] = `is over ${HEAVIEST}`;
  const grams = parcels.reduce((sum, parcel) => sum + parcel.grams, 0);
  const price = computeCarrierPrice(request.service, grams, fragile, request.currency);
  if (price === undefined) fields.currency = `is not ${String(findCurrency(to.country))}`;
  const [[name, why] = ['', '']] = Object.entries(fields);
  if (price === undefined || name !== '') throw new Refusal(422, 'invalid', `${name} ${why}`, fields);
  return price;
}
