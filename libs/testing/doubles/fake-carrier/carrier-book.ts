import { findCurrency, HEAVIEST, isServed, POINTS, computeCarrierPrice, SERVICES } from './carrier-network.js';

/** States of an order that the carrier itself sets; a test may push any other text. */
export const CARRIER_STATES = [
  'validating',
  'refused',
  'registered',
  'collected',
  'in_transit',
  'at_point',
  'out_for_delivery',
  'attempt_failed',
  'delivered',
  'returning',
  'returned',
  'cancelled',
  'lost',
] as const;

/** A parcel on the carrier's wire. */
export interface CarrierParcel {
  /** Grams. */
  grams: number;
  /** Length, width, height in millimetres. */
  size?: number[];
  contents?: string;
}

/** An address on the carrier's wire. */
export interface CarrierAddress {
  country?: string;
  region?: string;
  city?: string;
  postcode?: string;
  street?: string;
  /** Code of a pickup point. */
  point?: string;
  notes?: string;
}

/** What a client sends to create or change an order. Amounts are minor units of `currency`. */
export interface CarrierOrderRequest {
  reference: string;
  service: string;
  currency: string;
  recipient: { name?: string; phone?: string; email?: string };
  /** Of the client's account when left out. */
  sender?: { name?: string; phone?: string };
  to: CarrierAddress;
  from?: CarrierAddress;
  parcels: CarrierParcel[];
  /** To be collected from the recipient. */
  collect?: number;
  insured?: number;
  fragile?: boolean;
  comment?: string;
  /** Where events of the order are posted. */
  notifyUrl?: string;
}

/** An order as the carrier answers it. */
export interface CarrierOrder {
  id: string;
  reference: string;
  state: string;
  /** Given once the order is valid. */
  trackNumber?: string;
  /** `YYYY-MM-DD`, once a test has set it. */
  expectedOn?: string;
  /** Minor units. */
  price: number;
  currency: string;
  /** Why it was refused. */
  reason?: string;
  request: CarrierOrderRequest;
}

/** What a client sends to create or change a shipment. */
export interface CarrierShipmentRequest {
  reference: string;
  /** `YYYY-MM-DD`. */
  date?: string;
  window?: { from?: string; to?: string };
  address?: CarrierAddress;
  contact?: { name?: string; phone?: string };
  comment?: string;
  loaders?: number;
  dock?: string;
  orders: string[];
}

/** A visit of the carrier's courier. */
export interface CarrierShipment {
  id: string;
  reference: string;
  state: 'planned' | 'cancelled';
  request: CarrierShipmentRequest;
}

/** A change of state. */
export interface CarrierEvent {
  id: string;
  order: string;
  reference: string;
  state: string;
  /** ISO 8601, UTC. */
  at: string;
  comment?: string;
  trackNumber?: string;
}

/** The carrier says no. */
export class CarrierRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A change of state a test or the carrier makes. */
export interface CarrierStatusPush {
  comment?: string;
  /** Now when left out. */
  at?: Date;
}

/** Orders, shipments and events of one client of the carrier, in memory; another's are not known here. */
export class CarrierBook {
  readonly orders: CarrierOrder[] = [];
  readonly shipments: CarrierShipment[] = [];
  readonly events: CarrierEvent[] = [];

  /** `nextNumber`: one that no client of the carrier has. */
  constructor(private readonly nextNumber: () => string) {}

  /** Throws CarrierRefusal 422 when the request is not one it can serve. */
  create(request: CarrierOrderRequest, options: { unique: boolean; validating: boolean }): CarrierOrder {
    const price = checked(request);
    if (options.unique && this.withReference(request.reference).length > 0) {
      throw new CarrierRefusal(409, 'duplicate_reference', `There is an order with the reference ${request.reference}`);
    }
    const order: CarrierOrder = {
      id: `FC-${this.nextNumber()}`,
      reference: request.reference,
      state: 'validating',
      price,
      currency: request.currency,
      request,
    };
    this.orders.push(order);
    if (!options.validating) this.accept(order);
    return order;
  }

  /** Changes an order the courier has not collected; one refused is looked at again. */
  change(id: string, request: CarrierOrderRequest): CarrierOrder {
    const order = this.order(id);
    if (order.state !== 'registered' && order.state !== 'refused') {
      throw new CarrierRefusal(409, 'not_editable', `An order that is ${order.state} cannot be changed`);
    }
    if (request.reference !== order.reference)
      throw new CarrierRefusal(422, 'invalid', 'The reference cannot be changed', { reference: 'cannot be changed' });
    order.price = checked(request);
    order.currency = request.currency;
    order.request = request;
    if (order.state === 'refused') this.accept(order);
    return order;
  }

  /** The order is valid: it gets its track number. */
  accept(order: CarrierOrder): void {
    order.trackNumber ??= `FCT${this.nextNumber()}`;
    delete order.reason;
    this.push(order, 'registered');
  }

  refuse(order: CarrierOrder, reason: string): void {
    order.reason = reason;
    this.push(order, 'refused', { comment: reason });
  }

  /** Withdraws an order; again is fine. */
  cancel(id: string): CarrierOrder {
    const order = this.order(id);
    if (order.state === 'cancelled') return order;
    if (!['validating', 'refused', 'registered'].includes(order.state)) {
      throw new CarrierRefusal(409, 'cannot_cancel', `An order that is ${order.state} cannot be cancelled`);
    }
    this.push(order, 'cancelled');
    return order;
  }

  /** Loses an order with its events, as if it had never been. */
  forget(id: string): void {
    this.orders.splice(this.orders.indexOf(this.order(id)), 1);
    this.events.splice(0, this.events.length, ...this.events.filter((event) => event.order !== id));
  }

  createShipment(request: CarrierShipmentRequest, options: { unique: boolean }): CarrierShipment {
    for (const id of request.orders) this.order(id);
    if (options.unique && this.shipments.some(({ reference }) => reference === request.reference)) {
      throw new CarrierRefusal(409, 'duplicate_reference', `There is a shipment with the reference ${request.reference}`);
    }
    const shipment: CarrierShipment = { id: `FS-${this.nextNumber()}`, reference: request.reference, state: 'planned', request };
    this.shipments.push(shipment);
    return shipment;
  }

  changeShipment(id: string, request: CarrierShipmentRequest): CarrierShipment {
    const shipment = this.shipment(id);
    if (shipment.state === 'cancelled') throw new CarrierRefusal(409, 'not_editable', 'The shipment is cancelled');
    for (const order of request.orders) this.order(order);
    shipment.request = request;
    return shipment;
  }

  cancelShipment(id: string): CarrierShipment {
    const shipment = this.shipment(id);
    shipment.state = 'cancelled';
    return shipment;
  }

  /** Moves an order to any state and records the event. An event older than the last one does not move it. */
  push(order: CarrierOrder, state: string, push: CarrierStatusPush = {}): CarrierEvent {
    const at = push.at ?? new Date();
    const isLatest = !this.events.some((event) => event.order === order.id && Date.parse(event.at) > at.getTime());
    if (isLatest) order.state = state;
    const event: CarrierEvent = {
      id: `evt_${this.nextNumber()}`,
      order: order.id,
      reference: order.reference,
      state,
      at: at.toISOString(),
      ...(push.comment === undefined ? {} : { comment: push.comment }),
      ...(order.trackNumber === undefined ? {} : { trackNumber: order.trackNumber }),
    };
    this.events.push(event);
    this.onEvent(event, order);
    return event;
  }

  /** Called at each event. */
  onEvent: (event: CarrierEvent, order: CarrierOrder) => void = () => undefined;

  withReference(reference: string): CarrierOrder[] {
    return this.orders.filter((order) => order.reference === reference);
  }

  order(id: string): CarrierOrder {
    const order = this.orders.find((one) => one.id === id);
    if (order === undefined) throw new CarrierRefusal(404, 'unknown_order', `There is no order ${id}`);
    return order;
  }

  shipment(id: string): CarrierShipment {
    const shipment = this.shipments.find((one) => one.id === id);
    if (shipment === undefined) throw new CarrierRefusal(404, 'unknown_shipment', `There is no shipment ${id}`);
    return shipment;
  }

  clear(): void {
    this.orders.length = 0;
    this.shipments.length = 0;
    this.events.length = 0;
  }
}

/** The price of an order the carrier can serve. */
function checked(request: CarrierOrderRequest): number {
  const fields: Record<string, string> = {};
  if (!/^[A-Za-z0-9-]{1,30}$/.test(request.reference)) fields.reference = 'must be 1 to 30 letters, digits and dashes';
  const service = SERVICES.find(({ code }) => code === request.service);
  if (service === undefined) fields.service = 'is unknown';
  if (!isServed(request.to.country)) fields['to.country'] = 'is not served';
  if (service?.kind === 'door' && !request.to.city) fields['to.city'] = 'is missing';
  if (service?.kind === 'point' && !POINTS.some(({ code }) => code === request.to.point)) fields['to.point'] = 'is unknown';
  if (!request.recipient.phone) fields['recipient.phone'] = 'is missing';
  request.parcels.forEach(({ grams }, index) => {
    if (grams > HEAVIEST) fields[`parcels[${index}].grams`] = `is over ${HEAVIEST}`;
  });
  const grams = request.parcels.reduce((sum, parcel) => sum + parcel.grams, 0);
  const price = computeCarrierPrice(request.service, grams, request.fragile === true, request.currency);
  if (price === undefined) fields.currency = `is not ${String(findCurrency(request.to.country))}`;
  if (price === undefined || Object.keys(fields).length > 0) {
    const [[name, why] = ['', '']] = Object.entries(fields);
    throw new CarrierRefusal(422, 'invalid', `${name} ${why}`, fields);
  }
  return price;
}
