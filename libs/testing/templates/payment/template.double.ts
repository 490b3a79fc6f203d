import { escapeHtml } from '#platform';
import { type DoubleOptions, ServiceDouble, ServiceRefusal } from '#testing';

interface Invoice {
  reference: string;
  amount: number;
  currency: string;
  title?: string;
  back: string;
  done: string;
  state: 'open' | 'paid' | 'void';
  disputes: { id: string; state: 'open' | 'won' | 'lost'; amount: number; reason: string }[];
}

const TEXT = { type: 'string', maxLength: 500 };
const INVOICE = {
  ...{ type: 'object', additionalProperties: false, required: ['amount', 'currency', 'back', 'done'] },
  properties: {
    ...{ title: TEXT, back: TEXT, done: TEXT },
    amount: { type: 'integer', minimum: 1 },
    currency: { type: 'string', enum: ['RUB', 'EUR', 'MXN'] },
  },
};

/** The service in memory, as its documentation describes it: write here what the real service does. */
export class TemplateDouble extends ServiceDouble {
  readonly invoices = new Map<string, Invoice>();

  constructor() {
    super('template-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo shop' }) });
    this.route({
      ...{ call: 'invoice', method: 'PUT', path: '/invoices/:reference', body: INVOICE },
      act: ({ params, body }) => {
        const reference = params['reference'] ?? '';
        const made: Invoice = { ...(body as Omit<Invoice, 'reference' | 'state' | 'disputes'>), reference, state: 'open', disputes: [] };
        if (!this.invoices.has(reference)) this.invoices.set(reference, made);
        return this.describe(reference);
      },
    });
    this.route({
      ...{ call: 'read', method: 'GET', path: '/invoices/:reference' },
      act: ({ params }) => this.describe(params['reference'] ?? ''),
    });
    // The page that the buyer sees: he needs no token, and his browser posts a form.
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => done(null, {}));
    this.app.get<{ Params: { reference: string } }>('/pay/:reference', ({ params }, reply) =>
      reply.type('text/html; charset=utf-8').send(showPage(this.find(params.reference))),
    );
    this.app.post<{ Params: { reference: string } }>('/pay/:reference', ({ params }, reply) => {
      this.pay(params.reference);
      return reply.redirect(this.find(params.reference).done, 303);
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

  private describe(reference: string): object {
    const { state, disputes } = this.find(reference);
    return { id: `i-${reference}`, state, disputes, ...(state === 'open' && { page: `${this.url}/pay/${encodeURIComponent(reference)}` }) };
  }

  private find(reference: string): Invoice {
    const invoice = this.invoices.get(reference);
    if (!invoice) throw new ServiceRefusal(404, 'not_found', 'There is no such invoice');
    return invoice;
  }
}

/** Starts one; `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}

function showPage({ title = '', amount, currency, state, back }: Invoice): string {
  const form = state === 'open' ? '<form method="post"><button>Pay</button></form>' : '<p>There is nothing to pay.</p>';
  const heading = `<h1>${escapeHtml(title)}</h1><p>${(amount / 100).toFixed(2)} ${escapeHtml(currency)}</p>`;
  return `<!doctype html><title>Template Service</title>${heading}${form}<a href="${escapeHtml(back)}">Back</a>`;
}
