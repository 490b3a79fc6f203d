import Fastify, { type FastifyInstance } from 'fastify';
import { CarrierBook, type CarrierEvent, type CarrierOrder, type CarrierShipment, type CarrierStatusPush } from './carrier-book.js';
import { CarrierFaults, type CarrierCall, type CarrierFault } from './carrier-faults.js';
import { registerCarrierRoutes } from './carrier-routes.js';
import { registerControlRoutes } from './control-routes.js';
import { CarrierWebhooks, type WebhookAttempt, type WebhookFlush } from './carrier-webhooks.js';

/** How a fake carrier is started. */
export interface FakeCarrierOptions {
  /** A free one when left out. */
  port?: number;
  /** `fake-api-key` when left out. */
  apiKey?: string;
  /** `fake-webhook-secret` when left out. */
  webhookSecret?: string;
}

/** Standing behaviour, until changed. */
export interface CarrierModes {
  /** Refuses a second order, or shipment, with the same reference. On at first. */
  uniqueReferences: boolean;
  /**
   * Orders are answered 202 and validated later: `validateAfterMs` later, or when a test calls `validate`; refused when `refuseWith` says why.
   * Undefined (at first): at once.
   */
  asynchronous: { validateAfterMs?: number; refuseWith?: string } | undefined;
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
}

/**
 * A carrier that is not ours, for tests and trials: an HTTP service of its own small design (README.md), in memory, which can be slow, work
 * asynchronously, lose its replies after it has acted, act late, and post signed webhooks twice and out of order. The methods are the test's control;
 * the same is under `/control` for one started by hand.
 */
export class FakeCarrier {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly faults = new CarrierFaults();
  readonly webhooks: CarrierWebhooks;
  readonly modes: CarrierModes = { uniqueReferences: true, asynchronous: undefined, latencyMs: 0 };
  /** Names of all calls received, in order, those that went wrong included. */
  readonly calls: CarrierCall[] = [];
  private readonly book = new CarrierBook();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly app: FastifyInstance;
  private address = '';

  private constructor(options: FakeCarrierOptions) {
    this.apiKey = options.apiKey ?? 'fake-api-key';
    this.webhookSecret = options.webhookSecret ?? 'fake-webhook-secret';
    this.webhooks = new CarrierWebhooks(this.webhookSecret);
    this.book.onEvent = (event, order) => {
      if (order.request.notifyUrl !== undefined) this.webhooks.add(order.request.notifyUrl, event);
    };
    this.app = Fastify({ forceCloseConnections: true });
    registerCarrierRoutes(this.app, this, this.book);
    registerControlRoutes(this.app, this);
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: FakeCarrierOptions = {}): Promise<FakeCarrier> {
    const carrier = new FakeCarrier(options);
    carrier.address = await carrier.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return carrier;
  }

  /** Its address, without a slash at the end. */
  get url(): string {
    return this.address;
  }

  /** Stops it; what was to happen later does not. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    await this.webhooks.stop();
    await this.app.close();
  }

  /** The next calls of that name (`*`: of any) go wrong so; one call when `times` is left out. */
  fail(call: CarrierCall | '*', fault: CarrierFault, times = 1): void {
    this.faults.add(call, fault, times);
  }

  /** All orders, the oldest first; those of one reference when it is given. More than one of a reference: something was done twice. */
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
  countOf(call: CarrierCall): number {
    return this.calls.filter((one) => one === call).length;
  }

  /** Moves an order (its id or reference) to a state, one of the carrier's or any other text, as if its courier had; answers the event. */
  pushStatus(order: string, state: string, push: CarrierStatusPush = {}): CarrierEvent {
    return this.book.push(this.order(order), state, push);
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
  async flushWebhooks(options: WebhookFlush = {}): Promise<readonly WebhookAttempt[]> {
    await this.webhooks.flush(options);
    return this.webhooks.attempts;
  }

  /** Forgets everything; modes are as at first. */
  reset(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.book.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    this.setModes({ uniqueReferences: true, asynchronous: undefined, latencyMs: 0 });
  }

  /** Does something later, unless closed or reset before. */
  later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  }

  private order(idOrReference: string): CarrierOrder {
    const found = this.book.orders.find(({ id, reference }) => id === idOrReference || reference === idOrReference);
    if (found === undefined) throw new Error(`no order with the id or reference ${idOrReference}`);
    return found;
  }
}
