import { createHmac } from 'node:crypto';
import {
  type Acts,
  Answer,
  Double,
  type DoubleAccount,
  type DoubleOptions,
  hand,
  like,
  list,
  maybe,
  number,
  object,
  oneOf,
  Refusal,
  text,
  whole,
} from '../../../libs/testing/double/index.js';
import { CarrierBook, type CarrierOrder, type CarrierShipment, type CarrierStatusPush } from './carrier-book.js';
import { drawActs, drawLabels, writeLabels } from './carrier-documents.js';
import { computeCarrierPrice, DOCKS, findCurrency, isServed, judgeAddress, pointsIn, SERVICES } from './carrier-network.js';
import {
  type CarrierEvent,
  type CarrierPayout,
  type CarrierQuote,
  type CarrierQuoteRequest,
  type CarrierReturn,
  MOST_IDS,
  WIRE,
} from './carrier-wire.js';

/** Options for starting a fake carrier. */
export interface FakeCarrierOptions extends DoubleOptions {
  apiKey?: string;
  /** Signs its webhooks. */
  webhookSecret?: string;
}

/** The behaviors of the carrier. */
const MODES = {
  /** A second order, or shipment, with the same reference is refused. */
  uniqueReferences: true,
  /**
   * Orders get a 202 and are validated `validateAfterMs` later, or by `validate`. `refuseWith`: they are
   * refused, with this reason. Undefined: immediately.
   */
  asynchronous: maybe(object({ 'validateAfterMs?': whole(0), 'refuseWith?': text() })),
} as const;

/** Header with the time of signing in seconds since 1970. */
export const TIMESTAMP_HEADER = 'x-carrier-timestamp';
/** Header with the hex HMAC-SHA256 of `{timestamp}.{raw body}`. */
export const SIGNATURE_HEADER = 'x-carrier-signature';

/** Signs as the carrier does. */
export function sign(secret: string, timestamp: string, rawBody: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${rawBody}`).digest('hex');
}

/** A client of the carrier. */
interface CarrierAccount extends DoubleAccount {
  readonly token: string;
  readonly book: CarrierBook;
}

/**
 * An in-memory carrier with its own design: slow or asynchronous, it loses replies, acts late and
 * repeats webhooks.
 */
export class FakeCarrier extends Double<typeof WIRE, CarrierAccount, typeof MODES> {
  /** The last prices that it returned. */
  lastQuotes: readonly CarrierQuote[] = [];
  private lastNumber = 0;

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ apiKey = 'fake-api-key', webhookSecret = 'fake-webhook-secret', ...options }: FakeCarrierOptions = {}) {
    return new FakeCarrier(apiKey, webhookSecret).listen(options);
  }

  private constructor(
    readonly apiKey: string,
    readonly webhookSecret: string,
  ) {
    super({
      ...{ wire: WIRE, modes: MODES, unauthorized: new Refusal(401, 'unauthorized', 'The API key is not valid') },
      findAccount: ({ headers }, accounts) => accounts.find(({ token }) => token === headers['x-api-key']),
      hooks: {
        repeats: () => 'new-time',
        sign: ({ at, secret = '', body }) => {
          const timestamp = String(Math.floor(at / 1_000));
          return { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: sign(secret, timestamp, body) };
        },
      },
    });
    this.addAccount(apiKey, webhookSecret);
    this.serve(this.listActs());
  }

  private listActs(): Acts<typeof WIRE, CarrierAccount> {
    return {
      quotes: ({ body }) => ({ quotes: (this.lastQuotes = listQuotes(body)) }),
      services: () => ({ services: SERVICES }),
      points: ({ query: { country, city } }) => ({ points: pointsIn(country, city) }),
      docks: ({ query: { term = '' } }) => ({ docks: DOCKS.filter(({ name }) => name.toLowerCase().includes(term.toLowerCase())) }),
      checkAddress: ({ body }) => judgeAddress(body),
      createOrder: ({ body, account: { book } }) => {
        const { asynchronous, uniqueReferences } = this.modes;
        const order = book.create(body, { unique: uniqueReferences, validating: asynchronous !== undefined });
        const { validateAfterMs, refuseWith } = asynchronous ?? {};
        if (validateAfterMs !== undefined)
          this.later(validateAfterMs, () => {
            if (order.state === 'validating') book.validate(order, refuseWith);
          });
        return new Answer({ status: asynchronous ? 202 : 201, json: writeOrder(order) });
      },
      findOrders: ({ query, account: { book } }) => ({ orders: book.listOrders(query['reference']).map(writeOrder) }),
      getOrder: ({ id, account: { book } }) => writeOrder(book.findOrder(id)),
      changeOrder: ({ id, body, account: { book } }) => writeOrder(book.change(id, body)),
      cancelOrder: ({ id, account: { book } }) => writeOrder(book.cancel(id)),
      decideOrder: ({ id, body, account: { book } }) => writeOrder(book.decide(id, body)),
      ringRecipient: ({ id, body: { key }, account: { book } }) => writeOrder(book.ring(id, key)),
      freeDays: ({ id, account: { book } }) => {
        book.findOrder(id);
        const days = [1, 2].map((more) => new Date(Date.now() + more * 86_400_000).toISOString().slice(0, 10));
        return { days: days.map((date) => ({ date, hours: [{ from: '09:00', to: '18:00' }] })) };
      },
      documents: async ({ body: { form, ids }, account: { book } }) => {
        if (form === 'act') return new Answer({ pdf: await drawActs(ids.map((id) => book.findShipment(id))) });
        const orders = ids.map((id) => book.findOrder(id));
        const unready = orders.find(({ trackNumber }) => trackNumber === undefined);
        if (unready) throw new Refusal(409, 'not_ready', `The order ${unready.id} is ${unready.state}: there is no label yet`);
        return form === 'label'
          ? new Answer({ pdf: await drawLabels(orders) })
          : new Answer({ file: { type: 'application/zpl', bytes: writeLabels(orders) } });
      },
      createShipment: ({ body, account: { book } }) => book.createShipment(body, { unique: this.modes.uniqueReferences }),
      findShipments: ({ query, account: { book } }) => ({ shipments: book.listShipments(query['reference']) }),
      changeShipment: ({ id, body, account: { book } }) => book.changeShipment(id, body),
      cancelShipment: ({ id, account: { book } }) => Object.assign(book.findShipment(id), { state: 'cancelled' }),
      events: ({ query: { orders = '' }, account: { book } }) => {
        const ids = orders.split(',');
        if (ids.length > MOST_IDS) throw new Refusal(400, 'too_many', `At most ${MOST_IDS} orders in one question`);
        return {
          events: book.events.filter(({ order }) => ids.includes(order)),
          orders: book.orders.filter(({ id }) => ids.includes(id)).map(writeOrder),
        };
      },
      payouts: ({ query, account: { book } }) => ({ payouts: book.payouts.filter(({ day }) => day === query['day']) }),
    };
  }

  override get settingsText(): string {
    return `address ${this.url}, API key ${this.apiKey}, webhook secret ${this.webhookSecret}`;
  }

  /** Makes another client. Clients do not see each other's data. */
  addAccount(apiKey: string, webhookSecret: string): void {
    const book = new CarrierBook(
      () => String(++this.lastNumber).padStart(6, '0'),
      (event, { request: { notifyUrl: url } }) => this.tell({ account, url, action: event.state ?? 'price', body: { events: [event] } }),
    );
    const account: CarrierAccount = { token: apiKey, webhookSecret, book };
    this.accounts.push(account);
  }

  /** Returns the orders and shipments of the client with this key. */
  findBook(apiKey: string): CarrierBook | undefined {
    return this.accounts.find(({ token }) => token === apiKey)?.book;
  }

  /** Lists all orders, or the orders of a reference, the oldest first for each client. */
  orders(reference?: string): readonly CarrierOrder[] {
    return this.accounts.flatMap(({ book }) => book.listOrders(reference));
  }

  shipments(reference?: string): readonly CarrierShipment[] {
    return this.accounts.flatMap(({ book }) => book.listShipments(reference));
  }

  /** Moves an order (by its id or reference) to any state, as its courier would. */
  pushStatus(order: string, state: string, push: CarrierStatusPush = {}): CarrierEvent {
    const { book, found } = this.find(order);
    return book.push(found, state, push);
  }

  /** A parcel of an order (by its id or reference) comes back to the sender. */
  sendBack(order: string, kind: CarrierReturn['kind'] = 'undelivered'): CarrierReturn {
    const { book, found } = this.find(order);
    return book.sendBack(found, kind);
  }

  /** Ends the way of an order's parcels that come back. */
  endReturns(order: string, state: 'at_sender' | 'lost' = 'at_sender'): void {
    const { book, found } = this.find(order);
    book.endReturns(found, state);
  }

  /** Pays all clients what was collected for them. `day`: `YYYY-MM-DD`, today when left out. */
  payOut(day = new Date().toISOString().slice(0, 10)): CarrierPayout[] {
    return this.accounts.flatMap(({ book }) => book.payOut(day));
  }

  /** Withdraws an order (by its id or reference) at the carrier's own site. Throws Refusal if too late. */
  cancel(order: string): CarrierOrder {
    const { book, found } = this.find(order);
    return book.cancel(found.id);
  }

  /** Loses an order (by its id or reference) as if it had never been. */
  lose(order: string): void {
    const { book, found } = this.find(order);
    book.lose(found);
  }

  /** Charges another price for an order (its id or reference), in minor units. */
  reprice(order: string, price: number): CarrierEvent {
    const { book, found } = this.find(order);
    return book.reprice(found, price);
  }

  /** Ends the validation of an order (by its id or reference): registered, or refused with a reason. */
  validate(order: string, refuseWith?: string): void {
    const { book, found } = this.find(order);
    book.validate(found, refuseWith);
  }

  protected override listHands() {
    const named = object({ order: text() });
    const status = object({
      ...{ order: text(), state: text(), 'comment?': text(), 'at?': like(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/) },
      ...{ 'collected?': whole(0), 'by?': oneOf('cash', 'card') },
      'handedOver?': list(object({ parcel: whole(0), item: whole(0), quantity: number(0) })),
    });
    return {
      statuses: hand(status, ({ order, state, at, ...push }) =>
        this.pushStatus(order, state, { ...push, ...(at && { at: new Date(at) }) }),
      ),
      returns: hand(object({ order: text(), 'kind?': oneOf('undelivered', 'by_buyer', 'exchange') }), ({ order, kind }) =>
        this.sendBack(order, kind),
      ),
      'end-returns': hand(object({ order: text(), 'state?': oneOf('at_sender', 'lost') }), ({ order, state }) =>
        this.endReturns(order, state),
      ),
      payouts: hand(object({ 'day?': text() }), ({ day }) => this.payOut(day)),
      cancel: hand(named, ({ order }) => this.cancel(order)),
      lose: hand(named, ({ order }) => this.lose(order)),
      validate: hand(object({ order: text(), 'refuseWith?': text() }), ({ order, refuseWith }) => this.validate(order, refuseWith)),
      accounts: hand(object({ apiKey: text(1), webhookSecret: text(1) }), (made) => this.addAccount(made.apiKey, made.webhookSecret)),
    };
  }

  protected override listThings() {
    return {
      orders: ({ reference }: Readonly<Record<string, string>>) => this.orders(reference),
      shipments: ({ reference }: Readonly<Record<string, string>>) => this.shipments(reference),
    };
  }

  protected override listReferences(): readonly string[] {
    return [...this.orders(), ...this.shipments()].flatMap(({ state, reference }) => (state === 'cancelled' ? [] : [reference]));
  }

  protected override forget(): void {
    for (const { book } of this.accounts) book.clear();
  }

  private find(idOrReference: string): { book: CarrierBook; found: CarrierOrder } {
    for (const { book } of this.accounts) {
      const found = book.orders.find(({ id, reference }) => id === idOrReference || reference === idOrReference);
      if (found) return { book, found };
    }
    throw new Refusal(404, 'unknown_order', `There is no order with the id or reference ${idOrReference}`);
  }
}

/** Returns nothing for places that the carrier does not serve. */
function listQuotes({ to, parcels, fragile = false, currency = findCurrency(to.country) }: CarrierQuoteRequest): CarrierQuote[] {
  if (!isServed(to.country) || currency === undefined || (to.city === undefined && to.postcode === undefined)) return [];
  const grams = parcels.reduce((sum, parcel) => sum + parcel.grams, 0);
  return SERVICES.flatMap(({ code, name, kind, days }) => {
    const price = computeCarrierPrice(code, grams, fragile, currency);
    const points = kind === 'point' ? pointsIn(to.country, to.city) : undefined;
    if (price === undefined || points?.length === 0) return [];
    return [{ service: code, name, kind, price, currency, days, ...(points && { points }) }];
  });
}

function writeOrder({ request, decision: _decision, rings: _rings, ...order }: CarrierOrder): object {
  const { trackNumber } = order;
  return { ...order, service: request.service, ...(trackNumber && { trackUrl: `https://track.example/${trackNumber}` }) };
}
