import { CarrierBook, type CarrierEvent, type CarrierOrder, type CarrierShipment, type CarrierStatusPush } from './carrier-book.js';
import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../planned-faults.js';
import { CARRIER_CALLS, type CarrierCall, type CarrierOwnFault } from './carrier-faults.js';
import { CarrierWebhooks, type CarrierWebhookFlush, type WebhookAttempt } from './carrier-webhooks.js';

/** Standing behaviour, until changed. */
export interface CarrierModes {
  /** Refuses a second order, or shipment, with the same reference. On at first. */
  uniqueReferences: boolean;
  /**
   * Orders are answered 202 and validated later: `validateAfterMs` later, or when a test calls `validate`;
   * refused when `refuseWith` says why. Undefined (at first): at once.
   */
  asynchronous: { validateAfterMs?: number; refuseWith?: string } | undefined;
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
}

/** The fake carrier without its HTTP: what it has, how it is to behave, and the test's hold on both. */
export class CarrierControl extends DoubleControl<CarrierCall, CarrierOwnFault> {
  readonly webhooks: CarrierWebhooks;
  readonly modes: CarrierModes = { uniqueReferences: true, asynchronous: undefined, latencyMs: 0 };
  /** Names of all received calls, in order, failed ones included. */
  readonly calls: CarrierCall[] = [];
  /** What the API works on; tests use the methods below. */
  readonly book = new CarrierBook();

  constructor(
    readonly apiKey: string,
    readonly webhookSecret: string,
  ) {
    super(new PlannedFaults<CarrierCall, CarrierOwnFault>(CARRIER_CALLS, { unauthorized: [] }));
    this.webhooks = new CarrierWebhooks(webhookSecret);
    this.book.onEvent = (event, order) => {
      if (order.request.notifyUrl !== undefined) this.webhooks.add(order.request.notifyUrl, event);
    };
  }

  /** All orders, or those of a reference, oldest first. Two of one reference: something was done twice. */
  orders(reference?: string): readonly CarrierOrder[] {
    return reference === undefined ? this.book.orders : this.book.withReference(reference);
  }

  /** All shipments, the oldest first; those of one reference when it is given. */
  shipments(reference?: string): readonly CarrierShipment[] {
    return this.book.shipments.filter((shipment) => reference === undefined || shipment.reference === reference);
  }

  /** References that have more than one order or shipment which is not cancelled. */
  duplicates(): string[] {
    const live = [...this.book.orders, ...this.book.shipments]
      .filter(({ state }) => state !== 'cancelled')
      .map(({ reference }) => reference);
    return [...new Set(live.filter((reference, index) => live.indexOf(reference) !== index))];
  }

  /** How often a call was received. */
  countCalls(call: CarrierCall): number {
    return this.calls.filter((one) => one === call).length;
  }

  /** Moves an order (by id or reference) to any state, as its courier would; returns the event. */
  pushStatus(order: string, state: string, push: CarrierStatusPush = {}): CarrierEvent {
    return this.book.push(this.order(order), state, push);
  }

  /**
   * Withdraws an order (its id or reference) at the carrier's own site. Throws CarrierRefusal when it is too
   * late.
   */
  cancel(order: string): CarrierOrder {
    return this.book.cancel(this.order(order).id);
  }

  /** Loses an order (its id or reference) as if it had never been. */
  forget(order: string): void {
    this.book.forget(this.order(order).id);
  }

  /** Ends the validation of an order (its id or reference): registered, or refused with a reason. */
  validate(order: string, refuseWith?: string): void {
    const found = this.order(order);
    if (found.state !== 'validating') throw new Error(`order ${found.id} is ${found.state}, not validating`);
    if (refuseWith === undefined) this.book.accept(found);
    else this.book.refuse(found, refuseWith);
  }

  /** Sets how the carrier behaves from now on. */
  setModes(modes: Partial<CarrierModes>): void {
    Object.assign(this.modes, modes);
  }

  /** Posts the webhooks held (`webhooks.mode = 'hold'`); answers all attempts so far. */
  async flushWebhooks(options: CarrierWebhookFlush = {}): Promise<readonly WebhookAttempt[]> {
    await this.webhooks.flush(options);
    return this.webhooks.attempts;
  }

  /** Forgets everything; modes are as at first. */
  reset(): void {
    this.forgetWhatIsDue();
    this.book.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    this.setModes({ uniqueReferences: true, asynchronous: undefined, latencyMs: 0 });
  }

  private order(idOrReference: string): CarrierOrder {
    const found = this.book.orders.find(({ id, reference }) => id === idOrReference || reference === idOrReference);
    if (found === undefined) throw new Error(`no order with the id or reference ${idOrReference}`);
    return found;
  }
}
