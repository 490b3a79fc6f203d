import {
  Answer,
  Double,
  type DoubleOptions,
  drawPages,
  type Infer,
  list,
  Moves,
  object,
  oneOf,
  Refusal,
  text,
  like,
  whole,
  type WireCall,
} from '#testing';

/** States of an order. */
export const STATES = ['accepted', 'moving', 'handed_over', 'withdrawn'] as const;

const SERVICES = [
  { service: 'standard', name: 'Standard', days: 4, price: 390_00 },
  { service: 'express', name: 'Express', days: 1, price: 890_00 },
];
const COUNTRIES = ['RU', 'ES', 'MX'];

/** Requests and replies as the service documents them. A name with `?` may be missing. */
const note = text(0, 300);
const place = object({ 'country?': note, 'postcode?': note, 'city?': note, 'text?': note });
const places = { 'from?': place, to: place, grams: list(whole(1, 30_000), 1) };
const recipient = object({ name: text(1, 100), phone: like(/^\+?[\d ()-]{5,30}$/) });
const change = { service: note, ...places, recipient };
const quotes = list(object({ service: text(1), name: text(1), days: whole(0), price: whole(0) }));
/** `at`: when it got its state, ISO 8601. */
const order = object({ id: text(1), track: text(1), state: oneOf(...STATES), at: text(1), reference: text(), recipient, to: place });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  {
    call: 'quote',
    method: 'POST',
    path: '/quotes',
    body: object({ ...places, currency: oneOf('RUB', 'EUR', 'MXN', 'USD') }),
    reply: object({ quotes }),
  },
  { call: 'order', method: 'POST', path: '/orders', body: object({ reference: note, ...change }), reply: order },
  { call: 'find', method: 'GET', path: '/orders', query: object({ reference: text(1) }), reply: object({ orders: list(order) }) },
  { call: 'read', method: 'GET', path: '/orders/:id', reply: order },
  { call: 'label', method: 'GET', path: '/orders/:id/label' },
  { call: 'change', method: 'PUT', path: '/orders/:id', body: object(change), reply: order },
  { call: 'withdraw', method: 'PUT', path: '/orders/:id/withdrawal', reply: order },
] as const satisfies readonly WireCall[];
export type TemplateCall = (typeof WIRE)[number]['call'];

/** The changes that each state allows. The service refuses others with this status and code. */
const MOVES = new Moves({ withdraw: 'accepted, moving, withdrawn -> withdrawn else 409 too_late' });

type Order = Infer<typeof order>;

/** The service in memory, according to its documentation. Write the real service's behaviour here. */
export class TemplateDouble extends Double<typeof WIRE> {
  readonly orders: Order[] = [];
  /** Weights of the parcels in the last request. */
  lastGrams: readonly number[] = [];
  private events = 0;

  /** The recipient of the last order. */
  get lastRecipient(): { name?: string; phone?: string; address?: string } {
    const { recipient, to } = this.orders.at(-1) ?? {};
    return { ...recipient, ...(to?.text !== undefined && { address: to.text }) };
  }

  constructor() {
    super({ wire: WIRE, token: 'template-token' });
    this.serve({
      account: () => ({ name: 'Demo shop' }),
      quote: ({ body: { to, grams } }) => {
        this.lastGrams = grams;
        return { quotes: COUNTRIES.includes(to.country ?? '') ? SERVICES : [] };
      },
      order: ({ body }) => {
        const known = this.orders.find(({ reference }) => reference === body.reference);
        if (known) return known;
        this.check(body);
        const number = this.orders.length + 1;
        const track = `TR${String(number).padStart(8, '0')}`;
        const at = new Date().toISOString();
        const { reference, recipient, to } = body;
        this.orders.push({ id: `o-${number}`, track, state: 'accepted', at, reference, recipient, to });
        return this.find(`o-${number}`);
      },
      find: ({ query }) => ({ orders: this.orders.filter(({ reference }) => reference === query['reference']) }),
      read: ({ id }) => this.find(id),
      label: async ({ id }) => new Answer({ pdf: await drawPages([283, 170], [[this.find(id).track]]) }),
      change: ({ id, body }) => {
        this.check(body);
        return Object.assign(this.find(id), { recipient: body.recipient, to: body.to });
      },
      withdraw: ({ id }) => this.enter(this.find(id), MOVES.to('withdraw', this.find(id).state)),
    });
  }

  /** Moves an order, and posts a webhook about it. Throws if there is no such order. */
  move(id: string, state: Order['state']): void {
    const { at } = this.enter(this.find(id), state);
    this.tell({ action: 'order', body: { id: `e-${++this.events}`, order: id, state, at } });
  }

  /** With an order made twice, `duplicates()` has its reference. */
  protected override listReferences(): string[] {
    return this.orders.map(({ reference }) => reference);
  }

  private enter(found: Order, state: string): Order {
    return Object.assign(found, { state, at: new Date().toISOString() });
  }

  private check({ service, to, grams }: { service: string; to: Infer<typeof place>; grams: number[] }): void {
    this.lastGrams = grams;
    const fields: Record<string, string> = {};
    if (!SERVICES.some((one) => one.service === service)) fields['service'] = 'is not known';
    if (!COUNTRIES.includes(to.country ?? '')) fields['to'] = 'is not served';
    if (Object.keys(fields).length > 0) throw new Refusal(422, 'invalid', 'The order was not taken', fields);
  }

  private find(id: string): Order {
    const found = this.orders.find((one) => one.id === id);
    if (!found) throw new Refusal(404, 'not_found', 'There is no such order');
    return found;
  }
}

/** Starts one. `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}
