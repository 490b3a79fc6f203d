import { createHmac } from 'node:crypto';
import {
  type Acts,
  Double,
  type DoubleAccount,
  type DoubleOptions,
  hand,
  type Infer,
  list,
  mapOf,
  type ModeTable,
  Moves,
  object,
  oneOf,
  Refusal,
  servePage,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/index.js';

const line = text(0, 500);
const amount = whole(1);
const newPayment = object({
  ...{ reference: text(1, 64), amount, mode: oneOf('sale', 'hold') },
  ...{ 'title?': line, back: line, done: line, currency: oneOf('RUB', 'EUR', 'MXN', 'JPY') },
});
const sum = object({ amount });
const STATES = ['open', 'approved', 'held', 'failed', 'taken', 'void'] as const;
const payment = object({
  ...{ id: text(1), reference: text(1), amount, currency: text(3, 3), mode: oneOf('sale', 'hold') },
  ...{ 'title?': line, back: line, done: line, state: oneOf(...STATES), 'heldUntil?': text() },
  // `capturing`: the amount of a capture that the bank has not decided. `declined`: why it was declined.
  ...{ 'taken?': amount, 'capturing?': amount, 'declined?': text() },
  refunds: list(object({ id: text(1), key: text(1), amount, state: oneOf('done') })),
  disputes: list(object({ id: text(1), amount, state: oneOf('open', 'won', 'lost'), reason: text() })),
});
const payout = object({
  ...{ id: text(1), day: text(10, 10), currency: text(3, 3), total: whole(), document: text() },
  rows: list(
    object({
      ...{
        kind: oneOf('sale', 'refund', 'charge'),
        'payment?': text(1),
        'reference?': text(1),
        gross: whole(),
        fee: whole(0),
        net: whole(),
      },
      at: text(),
    }),
  ),
});
const one = { reply: payment, isKeyed: true } as const;
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'create', method: 'POST', path: '/payments', body: newPayment, reply: payment },
  { call: 'get', method: 'GET', path: '/payments/:reference', reply: payment },
  {
    call: 'page',
    method: 'GET',
    path: '/payments/:reference/page',
    reply: object({ payment, 'page?': text(1), 'fields?': mapOf(text()) }),
  },
  { call: 'payouts', method: 'GET', path: '/payouts', query: object({ day: text(10, 10) }), reply: list(payout) },
  { call: 'authorize', method: 'POST', path: '/payments/:reference/authorize', ...one },
  { call: 'retry', method: 'POST', path: '/payments/:reference/retry', ...one },
  { call: 'capture', method: 'POST', path: '/payments/:reference/capture', body: sum, ...one },
  { call: 'void', method: 'POST', path: '/payments/:reference/void', ...one },
  { call: 'refunds', method: 'POST', path: '/payments/:reference/refunds', body: sum, ...one },
  { call: 'reminders', method: 'POST', path: '/payments/:reference/reminders', ...one },
] as const satisfies readonly WireCall[];
export type FakeGatewayCall = (typeof WIRE)[number]['call'];

const MOVES = new Moves({
  authorize: 'approved -> held else 409 wrong_state',
  retry: 'failed -> open else 409 wrong_state',
  capture: 'held -> taken else 409 wrong_state',
  void: 'open, approved, held, failed, void -> void else 409 wrong_state',
  remind: 'open -> reminded else 409 wrong_state',
});

/** A payment of the gateway. Amounts are in minor units. */
export type GatewayPayment = Infer<typeof payment>;
export type GatewayPayout = Infer<typeof payout>;

/** The gateway's fee of a sale, and its charge for each payout, in minor units. */
const FEE = { share: 0.025, payout: 15 };

const MODES = {
  /** The state of a sale once its buyer paid. `held`: we have to capture it. */
  sales: ['taken', 'held'],
  /** The state of a hold once its buyer paid. `approved`: we have to authorize it. */
  holds: ['held', 'approved'],
  /** How its page is opened: by a link, or by a form that is posted. */
  pages: ['link', 'form'],
  /** The outcome of a capture. `settle` ends pending ones. */
  captures: ['done', 'pending', 'declined'],
  holdSeconds: 7 * 86_400,
} as const satisfies ModeTable;

/**
 * A payment gateway in memory: a page to pay on, holds, parts, disputes, and signed webhooks that only name
 * the payment. A repeated `idempotency-key` gets the present state of the payment.
 */
export class FakeGateway extends Double<typeof WIRE, DoubleAccount, typeof MODES> {
  private readonly payments: GatewayPayment[] = [];
  readonly payouts: GatewayPayout[] = [];
  /** Sales and refunds that were not paid out yet, by currency. */
  private readonly unpaid = new Map<string, GatewayPayout['rows']>();
  /** The effects, as `call reference`, each once. */
  readonly effects: string[] = [];
  private readonly used = new Set<string>();
  private last = 0;

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: DoubleOptions = {}): Promise<FakeGateway> {
    return new FakeGateway().listen(options);
  }

  private constructor() {
    super({ wire: WIRE, token: 'fake-gateway-token', modes: MODES });
    const toPage = (id: string): string => `${this.url}/pay/${encodeURIComponent(id)}`;
    this.serve({
      account: () => ({ name: 'Demo shop' }),
      payouts: ({ query }) => this.payouts.filter(({ day }) => day === query.day),
      create: ({ body }) => this.create(body),
      get: ({ id }) => this.find(id),
      page: ({ id }) => {
        const found = this.find(id);
        if (found.state !== 'open') return { payment: found };
        if (this.modes.pages === 'link') return { payment: found, page: toPage(id) };
        return { payment: found, page: `${this.url}/checkout`, fields: { payment: id, signature: this.sign(id), submit: 'yes' } };
      },
      ...this.listChanges(),
    });
    // Only forms lead here.
    this.app.post('/checkout', (request, reply) => {
      const form = new URLSearchParams(String(request.body));
      const id = form.get('payment') ?? '';
      if (form.get('signature') !== this.sign(id)) return reply.code(400).send('The signature is wrong.');
      return reply.redirect(toPage(id), 303);
    });
    servePage(this.app, '/pay/:reference', (_query, { reference = '' }) => {
      const found = this.payments.find((known) => known.reference === reference);
      if (!found) return undefined;
      return {
        ...{ title: found.title ?? '', lines: [`${found.amount} minor units of ${found.currency}`], back: found.back },
        ways: found.state === 'open' ? { pay: 'Pay' } : {},
        act: () => {
          this.pay(reference);
          return { to: found.done };
        },
      };
    });
  }

  /** The buyer pays on the page: the money is held, or taken. */
  pay(reference: string): void {
    const found = this.find(reference);
    if (found.state !== 'open') return;
    const heldUntil = new Date(Date.now() + this.modes.holdSeconds * 1_000).toISOString();
    if (found.mode === 'hold') Object.assign(found, { state: this.modes.holds, heldUntil });
    else if (this.modes.sales === 'held') Object.assign(found, { state: 'held', heldUntil });
    else this.take(found, found.amount);
    this.notify(found);
  }

  /** Pays out what it took, less refunds and fees, by currency: today unless the day is given. */
  payOut(day = new Date().toISOString().slice(0, 10)): string {
    for (const [currency, moved] of this.unpaid) {
      const charge = { kind: 'charge' as const, gross: 0, fee: FEE.payout, net: -FEE.payout, at: new Date().toISOString() };
      const rows = [...moved, charge];
      const total = rows.reduce((sum, { net }) => sum + net, 0);
      this.payouts.push({ id: `po-${++this.last}`, day, currency, total, document: String(1_000 + this.last), rows });
    }
    this.unpaid.clear();
    return day;
  }

  /** The buyer pays once more, on a page that was still open. */
  payAgain(reference: string): void {
    const found = this.find(reference);
    if (found.state !== 'taken') throw refuse('The payment was not paid yet');
    this.take(found, found.amount);
    this.notify(found);
  }

  /** The bank decides a pending capture. */
  settle(reference: string, captures: 'done' | 'declined'): void {
    const found = this.find(reference);
    if (found.capturing === undefined) throw refuse('No capture is pending');
    this.finishCapture(found, captures, found.capturing);
    this.notify(found);
  }

  /** A hold ends before it was captured. */
  endHold(reference: string): void {
    const found = this.find(reference);
    found.state = MOVES.to('void', found.state) as 'void';
    found.heldUntil = new Date().toISOString();
    this.notify(found);
  }

  /** The buyer disputes an amount in minor units. Everything taken when left out. */
  dispute(reference: string, disputed?: number): void {
    const found = this.find(reference);
    const reason = 'The goods did not arrive';
    found.disputes.push({ id: `di-${++this.last}`, amount: disputed ?? found.taken ?? 0, state: 'open', reason });
    this.notify(found);
  }

  /** The bank decides for the buyer. */
  lose(reference: string): void {
    const found = this.find(reference);
    for (const dispute of found.disputes) dispute.state = 'lost';
    this.notify(found);
  }

  /** Returns a payment by our reference. */
  find(reference: string): GatewayPayment {
    const found = this.payments.find((known) => known.reference === reference);
    if (!found) throw new Refusal(404, 'not_found', 'There is no such payment');
    return found;
  }

  protected override listHands() {
    const ofPayment = object({ reference: line });
    return {
      pay: hand(ofPayment, ({ reference }) => this.pay(reference)),
      settle: hand(object({ reference: line, captures: oneOf('done', 'declined') }), (one) => this.settle(one.reference, one.captures)),
      payouts: hand(object({ 'day?': text(10, 10) }), ({ day }) => ({ day: this.payOut(day) })),
      'end-hold': hand(ofPayment, ({ reference }) => this.endHold(reference)),
      'pay-again': hand(ofPayment, ({ reference }) => this.payAgain(reference)),
      disputes: hand(object({ reference: line, 'amount?': amount }), (dispute) => this.dispute(dispute.reference, dispute.amount)),
    };
  }

  protected override listReferences(): readonly string[] {
    return this.payments.map(({ reference }) => reference);
  }

  private create(asked: Infer<typeof newPayment>): GatewayPayment {
    const known = this.payments.find(({ reference }) => reference === asked.reference);
    if (known) return known;
    const made: GatewayPayment = { ...asked, id: `pay-${++this.last}`, state: 'open', refunds: [], disputes: [] };
    this.payments.push(made);
    this.effects.push(`create ${asked.reference}`);
    this.notify(made);
    return made;
  }

  /** Changes of a payment, once for a key. */
  private listChanges() {
    const once = (call: string, id: string, key: string | string[] | undefined, act: (found: GatewayPayment, key: string) => void) => {
      const found = this.find(id);
      if (!key) throw new Refusal(400, 'no_key', 'A change needs an idempotency key');
      if (this.used.has(`${call} ${String(key)}`)) return found;
      act(found, String(key));
      this.used.add(`${call} ${String(key)}`);
      this.effects.push(`${call} ${id}`);
      this.notify(found);
      return found;
    };
    return {
      authorize: ({ id, request }) =>
        once('authorize', id, request.headers['idempotency-key'], (found) => {
          found.state = MOVES.to('authorize', found.state) as 'held';
          found.heldUntil = new Date(Date.now() + this.modes.holdSeconds * 1_000).toISOString();
        }),
      // Another attempt has another id.
      retry: ({ id, request }) =>
        once('retry', id, request.headers['idempotency-key'], (found) => {
          found.state = MOVES.to('retry', found.state) as 'open';
          found.id = `pay-${++this.last}`;
          delete found.declined;
        }),
      capture: ({ id, body, request }) =>
        once('capture', id, request.headers['idempotency-key'], (found) => {
          MOVES.to('capture', found.state);
          if (body.amount > found.amount) throw refuse('So much is not held');
          if (found.capturing !== undefined) throw refuse('A capture is pending');
          if (this.modes.captures === 'pending') found.capturing = body.amount;
          else this.finishCapture(found, this.modes.captures, body.amount);
        }),
      void: ({ id, request }) =>
        once('void', id, request.headers['idempotency-key'], (found) => {
          found.state = MOVES.to('void', found.state) as 'void';
        }),
      reminders: ({ id, request }) =>
        once('reminders', id, request.headers['idempotency-key'], (found) => void MOVES.to('remind', found.state)),
      refunds: ({ id, body, request }) =>
        once('refunds', id, request.headers['idempotency-key'], (found, key) => {
          if (body.amount > countLeft(found)) throw refuse('The amount exceeds the captured money that was not refunded or disputed');
          found.refunds.push({ id: `re-${++this.last}`, key, amount: body.amount, state: 'done' });
          this.move(found, 'refund', -body.amount, 0);
        }),
    } satisfies Partial<Acts<typeof WIRE, DoubleAccount>>;
  }

  private take(found: GatewayPayment, amountTaken: number): void {
    Object.assign(found, { state: 'taken', taken: (found.taken ?? 0) + amountTaken });
    this.move(found, 'sale', amountTaken, Math.round(amountTaken * FEE.share));
  }

  private finishCapture(found: GatewayPayment, captures: 'done' | 'declined', asked: number): void {
    delete found.capturing;
    if (captures === 'done') this.take(found, asked);
    else Object.assign(found, { state: 'failed', declined: 'The bank declined the payment' });
  }

  private move({ id, reference, currency }: GatewayPayment, kind: 'sale' | 'refund', gross: number, fee: number): void {
    const rows = this.unpaid.get(currency) ?? [];
    this.unpaid.set(currency, rows);
    rows.push({ kind, payment: id, reference, gross, fee, net: gross - fee, at: new Date().toISOString() });
  }

  private sign(reference: string): string {
    return createHmac('sha256', this.token).update(reference).digest('hex');
  }

  private notify({ reference }: GatewayPayment): void {
    this.tell({ action: 'payment', body: { id: `ev-${++this.last}`, payment: reference } });
  }
}

function countLeft({ taken = 0, refunds, disputes }: GatewayPayment): number {
  const gone = [...refunds, ...disputes.filter(({ state }) => state !== 'won')];
  return taken - gone.reduce((all, { amount: one }) => all + one, 0);
}

function refuse(message: string): Refusal {
  return new Refusal(409, 'wrong_state', message);
}
