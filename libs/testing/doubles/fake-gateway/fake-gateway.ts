import { escapeHtml } from '#platform';
import { type DoubleOptions, ServiceDouble, ServiceRefusal } from '../../service-double.js';

/** A payment as the gateway has it; amounts in minor units. */
export interface GatewayPayment {
  id: string;
  reference: string;
  amount: number;
  currency: string;
  mode: 'sale' | 'hold';
  title?: string;
  back: string;
  done: string;
  state: 'open' | 'held' | 'taken' | 'void';
  /** While it is held. */
  heldUntil?: string;
  taken?: number;
  refunds: { id: string; key: string; amount: number; state: 'done' }[];
  disputes: { id: string; amount: number; state: 'open' | 'won' | 'lost'; reason: string }[];
}

const HOLD_MS = 7 * 86_400_000;
const TEXT = { type: 'string', maxLength: 500 };
const AMOUNT = { type: 'integer', minimum: 1 };
const PAYMENT = {
  ...{ type: 'object', additionalProperties: false, required: ['reference', 'amount', 'currency', 'mode', 'back', 'done'] },
  properties: {
    ...{ reference: { type: 'string', minLength: 1, maxLength: 64 }, amount: AMOUNT, mode: { type: 'string', enum: ['sale', 'hold'] } },
    ...{ title: TEXT, back: TEXT, done: TEXT, currency: { type: 'string', enum: ['RUB', 'EUR', 'MXN', 'JPY'] } },
  },
};
const SUM = { type: 'object', additionalProperties: false, required: ['amount'], properties: { amount: AMOUNT } };
const OF_PAYMENT = { type: 'object', required: ['reference'], properties: { reference: TEXT } };

/**
 * A payment gateway in memory: a page to pay on, holds, parts, disputes, and signed webhooks that only name
 * the payment. A call with an `idempotency-key` that was made already answers how its payment stands.
 */
export class FakeGateway extends ServiceDouble {
  private readonly payments = new Map<string, GatewayPayment>();
  /** What was done, as `call reference`, each once. */
  readonly effects: string[] = [];
  private readonly keys = new Set<string>();
  private last = 0;

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: DoubleOptions = {}): Promise<FakeGateway> {
    return new FakeGateway().listen(options);
  }

  private constructor() {
    super('fake-gateway-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo shop' }) });
    this.route({
      ...{ call: 'create', method: 'POST', path: '/payments', body: PAYMENT },
      act: ({ body }) => this.create(body as GatewayPayment),
    });
    this.route({ call: 'get', method: 'GET', path: '/payments/:reference', act: ({ params }) => this.find(params['reference']) });
    this.route({
      ...{ call: 'page', method: 'GET', path: '/payments/:reference/page' },
      act: ({ params }) => {
        const payment = this.find(params['reference']);
        const page = `${this.url}/pay/${encodeURIComponent(payment.reference)}`;
        return { payment, ...(payment.state === 'open' && { page }) };
      },
    });
    this.change('capture', SUM, (payment, amount) => {
      if (payment.state !== 'held' || amount > payment.amount) throw refuse('So much is not held');
      Object.assign(payment, { state: 'taken', taken: amount });
    });
    this.change('void', undefined, (payment) => {
      if (payment.state === 'taken') throw refuse('It was paid');
      payment.state = 'void';
    });
    this.change('refunds', SUM, (payment, amount, key) => {
      if (amount > countLeft(payment)) throw refuse('So much was not taken, or it was given back or disputed');
      payment.refunds.push({ id: `re-${++this.last}`, key, amount, state: 'done' });
    });
    this.addPage();
    this.control('pay', OF_PAYMENT, ({ reference }: { reference: string }) => this.pay(reference));
    const again = { ...OF_PAYMENT, additionalProperties: false };
    this.control('pay-again', again, ({ reference }: { reference: string }) => this.payAgain(reference));
    this.control('disputes', { ...OF_PAYMENT, properties: { ...OF_PAYMENT.properties, amount: AMOUNT } }, (dispute: Dispute) =>
      this.dispute(dispute.reference, dispute.amount),
    );
  }

  /** The buyer pays on the page: the money is held, or taken. */
  pay(reference: string): void {
    const payment = this.find(reference);
    if (payment.state !== 'open') return;
    if (payment.mode === 'hold') Object.assign(payment, { state: 'held', heldUntil: new Date(Date.now() + HOLD_MS).toISOString() });
    else Object.assign(payment, { state: 'taken', taken: payment.amount });
    this.tell(payment);
  }

  /** The buyer pays what was paid already once more, in a page that was open still. */
  payAgain(reference: string): void {
    const payment = this.find(reference);
    if (payment.state !== 'taken') throw refuse('It was not paid yet');
    payment.taken = (payment.taken ?? 0) + payment.amount;
    this.tell(payment);
  }

  /** The buyer disputes so much, in minor units; all that was taken when left out. */
  dispute(reference: string, amount?: number): void {
    const payment = this.find(reference);
    const disputed = amount ?? payment.taken ?? 0;
    payment.disputes.push({ id: `di-${++this.last}`, amount: disputed, state: 'open', reason: 'The goods did not arrive' });
    this.tell(payment);
  }

  /** The bank decides for the buyer. */
  lose(reference: string): void {
    const payment = this.find(reference);
    for (const dispute of payment.disputes) dispute.state = 'lost';
    this.tell(payment);
  }

  private create(asked: GatewayPayment): GatewayPayment {
    const known = this.payments.get(asked.reference);
    if (known) return known;
    const payment: GatewayPayment = { ...asked, id: `pay-${++this.last}`, state: 'open', refunds: [], disputes: [] };
    this.payments.set(asked.reference, payment);
    this.effects.push(`create ${asked.reference}`);
    this.tell(payment);
    return payment;
  }

  /** Adds a call that changes a payment, once for a key. */
  private change(call: string, body: object | undefined, act: (payment: GatewayPayment, amount: number, key: string) => void): void {
    this.route({
      ...{ call, method: 'POST', path: `/payments/:reference/${call}` },
      ...(body && { body }),
      act: ({ params, headers, body: given }) => {
        const payment = this.find(params['reference']);
        const key = headers['idempotency-key'] ?? '';
        if (key === '') throw new ServiceRefusal(400, 'no_key', 'A change needs an idempotency key');
        if (this.keys.has(`${call} ${key}`)) return payment;
        act(payment, (given as { amount?: number } | undefined)?.amount ?? 0, key);
        this.keys.add(`${call} ${key}`);
        this.effects.push(`${call} ${payment.reference}`);
        this.tell(payment);
        return payment;
      },
    });
  }

  /** The page that a buyer sees: without a token, and his browser posts a form. */
  private addPage(): void {
    this.app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => done(null, {}));
    this.app.get<{ Params: { reference: string } }>('/pay/:reference', ({ params }, reply) =>
      reply.type('text/html; charset=utf-8').send(showPage(this.find(params.reference))),
    );
    this.app.post<{ Params: { reference: string } }>('/pay/:reference', ({ params }, reply) => {
      this.pay(params.reference);
      return reply.redirect(this.find(params.reference).done, 303);
    });
  }

  private tell({ reference }: GatewayPayment): void {
    this.post({ id: `ev-${++this.last}`, payment: reference });
  }

  /** Returns a payment by our reference. Throws when there is none. */
  find(reference = ''): GatewayPayment {
    const payment = this.payments.get(reference);
    if (!payment) throw new ServiceRefusal(404, 'not_found', 'There is no such payment');
    return payment;
  }
}

interface Dispute {
  reference: string;
  amount?: number;
}

function countLeft({ taken = 0, refunds, disputes }: GatewayPayment): number {
  const gone = [...refunds, ...disputes.filter(({ state }) => state !== 'won')];
  return taken - gone.reduce((sum, { amount }) => sum + amount, 0);
}

function refuse(message: string): ServiceRefusal {
  return new ServiceRefusal(409, 'wrong_state', message);
}

function showPage({ title = '', amount, currency, state, back }: GatewayPayment): string {
  const form = state === 'open' ? '<form method="post"><button>Pay</button></form>' : '<p>There is nothing to pay.</p>';
  const heading = `<h1>${escapeHtml(title)}</h1><p>${amount} minor units of ${escapeHtml(currency)}</p>`;
  return `<!doctype html><title>Fake gateway</title>${heading}${form}<a href="${escapeHtml(back)}">Back</a>`;
}
