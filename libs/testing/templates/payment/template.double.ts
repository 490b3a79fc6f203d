import { Double, type DoubleOptions, type Infer, object, oneOf, Refusal, servePage, text, whole, type WireCall } from '#testing';

const line = text(0, 500);
const newInvoice = object({ 'title?': line, back: line, done: line, amount: whole(1), currency: oneOf('RUB', 'EUR', 'MXN') });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'invoice', method: 'PUT', path: '/invoices/:reference', body: newInvoice },
  { call: 'read', method: 'GET', path: '/invoices/:reference' },
] as const satisfies readonly WireCall[];
export type TemplateCall = (typeof WIRE)[number]['call'];

type Invoice = Infer<typeof newInvoice> & {
  reference: string;
  state: 'open' | 'paid' | 'void';
  disputes: { id: string; state: 'open' | 'won' | 'lost'; amount: number; reason: string }[];
};

/** The service in memory, according to its documentation. Write the real service's behaviour here. */
export class TemplateDouble extends Double<typeof WIRE> {
  readonly invoices = new Map<string, Invoice>();

  constructor() {
    super({ wire: WIRE, token: 'template-token' });
    this.serve({
      account: () => ({ name: 'Demo shop' }),
      invoice: ({ id, body }) => {
        if (!this.invoices.has(id)) this.invoices.set(id, { ...body, reference: id, state: 'open', disputes: [] });
        return this.describeInvoice(id);
      },
      read: ({ id }) => this.describeInvoice(id),
    });
    // The page for the buyer, who needs no token.
    servePage(this.app, '/pay/:reference', (_query, { reference = '' }) => {
      const invoice = this.invoices.get(reference);
      if (!invoice) return undefined;
      const { title = '', amount, currency, state, back, done } = invoice;
      return {
        ...{ title, lines: [`${(amount / 100).toFixed(2)} ${currency}`], ways: state === 'open' ? { pay: 'Pay' } : {}, back },
        act: () => {
          this.pay(reference);
          return { to: done };
        },
      };
    });
  }

  /** The buyer pays. */
  pay(reference: string): void {
    const invoice = this.find(reference);
    if (invoice.state === 'open') invoice.state = 'paid';
  }

  /** The buyer disputes so many minor units at the bank. */
  dispute(reference: string, amount: number): void {
    this.find(reference).disputes.push({ id: `d-${reference}`, state: 'open', amount, reason: 'The goods did not arrive' });
  }

  /** The bank decides for the buyer. */
  lose(reference: string): void {
    for (const dispute of this.find(reference).disputes) dispute.state = 'lost';
  }

  private describeInvoice(reference: string): object {
    const { state, disputes } = this.find(reference);
    return { id: `i-${reference}`, state, disputes, ...(state === 'open' && { page: `${this.url}/pay/${encodeURIComponent(reference)}` }) };
  }

  private find(reference: string): Invoice {
    const invoice = this.invoices.get(reference);
    if (!invoice) throw new Refusal(404, 'not_found', 'There is no such invoice');
    return invoice;
  }
}

/** Starts one. `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}
