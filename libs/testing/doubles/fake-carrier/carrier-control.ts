import { CarrierBook, type CarrierEvent, type CarrierOrder, type CarrierShipment, type CarrierStatusPush } from './carrier-book.js';
import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../../double/faults.js';
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

/** A client of the carrier: what it is known by, and what is its own. */
export interface CarrierAccount {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly book: CarrierBook;
}

/** The fake carrier without its HTTP: what it has, how it is to behave, and the test's hold on both. */
export class CarrierControl extends DoubleControl<CarrierCall, CarrierOwnFault> {
  readonly webhooks = new CarrierWebhooks();
  readonly modes: CarrierModes = { uniqueReferences: true, asynchronous: undefined, latencyMs: 0 };
  /** Names of all received calls, in order, failed ones included. */
  readonly calls: CarrierCall[] = [];
  /** Clients by their API key, the first of them that of the start. */
  private readonly accounts = new Map<string, CarrierAccount>();
  private lastNumber = 0;

  constructor(
    readonly apiKey: string,
    readonly webhookSecret: string,
  ) {
    super(new PlannedFaults<CarrierCall, CarrierOwnFault>(CARRIER_CALLS, { unauthorized: [] }));
    this.addAccount(apiKey, webhookSecret);
  }

  /** Makes another client: it does not know what the others have, nor they what it has. */
  addAccount(apiKey: string, webhookSecret: string): CarrierAccount {
    const book = new CarrierBook(() => String(++this.lastNumber).padStart(6, '0'));
    book.onEvent = (event, order) => {
      if (order.request.notifyUrl !== undefined) this.webhooks.add(order.request.notifyUrl, event, webhookSecret);
    };
    const account = { apiKey, webhookSecret, book };
    this.accounts.set(apiKey, account);
    return account;
  }

  /** What the API works on for the client of a key, if there is one. Tests use the methods below. */
  findBook(apiKey: string): CarrierBook | undefined {
    return this.accounts.get(apiKey)?.book;
  }

  private get books(): CarrierBook[] {
    return [...this.accounts.values()].map(({ book }) => book);
  }

  /**
   * All orders, or those of a reference, oldest first for each client. Two of one reference: something was
   * done twice.
   */
  orders(reference?: string): readonly CarrierOrder[] {
    return this.books.flatMap((book) => (reference === undefined ? book.orders : book.withReference(reference)));
  }

  /** All shipments, the oldest first; those of one reference when it is given. */
  shipments(reference?: string): readonly CarrierShipment[] {
    return this.books
      .flatMap(({ shipments }) => shipments)
      .filter((shipment) => reference === undefined || shipment.reference === reference);
  }

  /** References that have more than one order or shipment which is not cancelled. */
  duplicates(): string[] {
    const live = [...this.orders(), ...this.shipments()].filter(({ state }) => state !== 'cancelled').map(({ reference }) => reference);
    return [...new Set(live.filter((reference, index) => live.indexOf(reference) !== index))];
  }

  /** How often a call was received. */
  countCalls(call: CarrierCall): number {
    return this.calls.filter((one) => one === call).length;
  }

  /** Moves an order (by id or reference) to any state, as its courier would; returns the event. */
  pushStatus(order: string, state: string, push: CarrierStatusPush = {}): CarrierEvent {
    const { book, found } = this.order(order);
    return book.push(found, state, push);
  }

  /**
   * Withdraws an order (its id or reference) at the carrier's own site. Throws CarrierRefusal when it is too
   * late.
   */
  cancel(order: string): CarrierOrder {
    const { book, found } = this.order(order);
    return book.cancel(found.id);
  }

  /** Loses an order (its id or reference) as if it had never been. */
  forget(order: string): void {
    const { book, found } = this.order(order);
    book.forget(found.id);
  }

  /** Ends the validation of an order (its id or reference): registered, or refused with a reason. */
  validate(order: string, refuseWith?: string): void {
    const { book, found } = this.order(order);
    if (found.state !== 'validating') throw new Error(`order ${found.id} is ${found.state}, not validating`);
    if (refuseWith === undefined) book.accept(found);
    else book.refuse(found, refuseWith);
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
    for (const book of this.books) book.clear();
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
    this.setModes({ uniqueReferences: true, asynchronous: undefined, latencyMs: 0 });
  }

  private order(idOrReference: string): { book: CarrierBook; found: CarrierOrder } {
    for (const book of this.books) {
      const found = book.orders.find(({ id, reference }) => id === idOrReference || reference === idOrReference);
      if (found) return { book, found };
    }
    throw new Error(`no order with the id or reference ${idOrReference}`);
  }
}
