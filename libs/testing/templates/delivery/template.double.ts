import { type DoubleOptions, ServiceDouble, ServiceRefusal } from '#testing';

/** States of an order. */
export const STATES = ['accepted', 'moving', 'handed_over', 'withdrawn'] as const;

interface Order {
  id: string;
  track: string;
  state: (typeof STATES)[number];
  reference: string;
  recipient: { name: string; phone: string };
}

const SERVICES = [
  { service: 'standard', name: 'Standard', days: 4, price: 390_00 },
  { service: 'express', name: 'Express', days: 1, price: 890_00 },
];
const COUNTRIES = ['RU', 'ES', 'MX'];
const CURRENCIES = ['RUB', 'EUR', 'MXN', 'USD'];
const TEXT = { type: 'string', maxLength: 300 };
const PLACE = { type: 'object', additionalProperties: false, properties: { country: TEXT, postcode: TEXT, city: TEXT, text: TEXT } };
const PLACES = { from: PLACE, to: PLACE, grams: { type: 'array', minItems: 1, items: { type: 'integer', maximum: 30_000 } } };
const QUOTE = {
  ...{ type: 'object', additionalProperties: false, required: ['to', 'grams', 'currency'] },
  properties: { ...PLACES, currency: { type: 'string', enum: CURRENCIES } },
};
const RECIPIENT = {
  ...{ type: 'object', additionalProperties: false, required: ['name', 'phone'] },
  properties: { name: { type: 'string', minLength: 1, maxLength: 100 }, phone: { type: 'string', pattern: '^\\+?[\\d ()-]{5,30}$' } },
};
const CHANGE = {
  ...{ type: 'object', additionalProperties: false, required: ['service', 'to', 'grams', 'recipient'] },
  properties: { service: TEXT, ...PLACES, recipient: RECIPIENT },
};
const ORDER = { ...CHANGE, required: ['reference', ...CHANGE.required], properties: { reference: TEXT, ...CHANGE.properties } };

interface WireOrder {
  reference: string;
  service: string;
  to: { country?: string };
  grams: number[];
  recipient: Order['recipient'];
}

/** The service in memory, as its documentation describes it: write here what the real service does. */
export class TemplateDouble extends ServiceDouble {
  readonly orders: Order[] = [];
  /** Weights of the parcels in the last request. */
  lastGrams: readonly number[] = [];

  constructor() {
    super('template-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo shop' }) });
    this.route({
      ...{ call: 'quote', method: 'POST', path: '/quotes', body: QUOTE },
      act: ({ body }) => {
        const { to, grams } = body as { to: { country?: string }; grams: number[] };
        this.lastGrams = grams;
        return { quotes: COUNTRIES.includes(to.country ?? '') ? SERVICES : [] };
      },
    });
    this.route({
      ...{ call: 'order', method: 'POST', path: '/orders', body: ORDER },
      act: ({ body }) => this.take(body as WireOrder),
    });
    this.route({
      ...{ call: 'change', method: 'PUT', path: '/orders/:id', body: CHANGE },
      act: ({ params, body }) => {
        const { recipient, ...order } = body as WireOrder;
        this.check(order);
        return Object.assign(this.find(params['id']), { recipient });
      },
    });
    this.route({
      ...{ call: 'withdraw', method: 'PUT', path: '/orders/:id/withdrawal' },
      act: ({ params }) => {
        const order = this.find(params['id']);
        if (order.state === 'handed_over') throw new ServiceRefusal(409, 'too_late', 'It was handed over');
        return Object.assign(order, { state: 'withdrawn' });
      },
    });
  }

  /** The order on its way. Throws when there is none. */
  move(id: string, state: Order['state']): void {
    this.find(id).state = state;
  }

  private take({ reference, recipient, ...order }: WireOrder): Order {
    const known = this.orders.find((one) => one.reference === reference);
    if (known) return known;
    this.check(order);
    const number = this.orders.length + 1;
    const made: Order = { id: `o-${number}`, track: `TR${String(number).padStart(8, '0')}`, state: 'accepted', reference, recipient };
    this.orders.push(made);
    return made;
  }

  private check({ service, to, grams }: Omit<WireOrder, 'reference' | 'recipient'>): void {
    this.lastGrams = grams;
    const fields: Record<string, string> = {};
    if (!SERVICES.some((one) => one.service === service)) fields['service'] = 'is not known';
    if (!COUNTRIES.includes(to.country ?? '')) fields['to'] = 'is not served';
    if (Object.keys(fields).length > 0) throw new ServiceRefusal(422, 'invalid', 'The order was not taken', fields);
  }

  private find(id: string | undefined): Order {
    const order = this.orders.find((one) => one.id === id);
    if (!order) throw new ServiceRefusal(404, 'not_found', 'There is no such order');
    return order;
  }
}

/** Starts one; `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}
