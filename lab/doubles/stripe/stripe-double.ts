import Stripe from 'stripe';
import { hand } from '../../../libs/testing/double/control.js';
import { Double } from '../../../libs/testing/double/double.js';
import type { Acts, DoubleOptions, Fault, Input, Received } from '../../../libs/testing/double/rules.js';
import { servePage } from '../../../libs/testing/hand-page.js';
import { list, object, oneOf, text, whole } from '../../../libs/testing/double/wire.js';
import { StripeDoubleAccount } from './stripe-account.js';
import { API_VERSION, found, type StripeBook, type StripeSurroundings } from './stripe-book.js';
import { MODES } from './stripe-modes.js';
import { invalid, refuse, StripeParams } from './stripe-params.js';
import { expanded, page } from './stripe-replies.js';
import { FLAT_WIRE, type StripeCall, type StripeIntent, type StripeSession } from './stripe-wire.js';

/** Options for starting a Stripe double. */
export interface StripeDoubleOptions extends DoubleOptions {
  /** `sk_test_double` when left out. */
  key?: string;
  /** `whsec_double_secret` when left out. */
  webhookSecret?: string;
}
type Own = 'forbidden' | 'decline' | 'running';
export type StripeFault = Fault<Own>;
export type StripeReceived = Received<StripeCall>;

const LONGEST_KEY = 255;
const PERMISSION = "The provided key 'rk_test_***' does not have the required permissions for this endpoint.";
const OTHER_CALL = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
/** Stripe's test card that is declined. A form may name it instead of a way to pay. */
const DECLINED_CARD = '4000000000000002';
const CHOICES = { pay: 'Pay', decline: 'Pay with a card that is declined', slow: 'Pay by a way that takes days' };

const RUNNING = refuse(409, 'idempotency_key_in_use', 'There is currently another in-progress request using this Idempotent Key.', {
  type: 'idempotency_error',
});

/**
 * A local Stripe with the API that Checkout payments need, for the official SDK (README.md). Tests play
 * buyers, banks, time and dashboard by its methods, by `book` or under `/control`.
 */
export class StripeDouble extends Double<typeof FLAT_WIRE, StripeDoubleAccount, typeof MODES, Own> implements StripeSurroundings {
  private constructor({ key = 'sk_test_double', webhookSecret = 'whsec_double_secret' }: StripeDoubleOptions) {
    super({
      wire: FLAT_WIRE,
      modes: MODES,
      faults: {
        forbidden: refuse(403, '', PERMISSION),
        running: RUNNING,
        decline: ({ code = 'generic_decline' }) =>
          refuse(402, 'card_declined', 'Your card was declined.', { type: 'card_error', decline_code: code }),
      },
      unauthorized: refuse(401, '', 'Invalid API Key provided.'),
      failed: refuse(500, '', 'An unknown error occurred', { type: 'api_error' }),
      tooMany: refuse(429, 'rate_limit', 'Too many requests in a period of time.'),
      toWrong: ({ path }) => {
        const name = path.replace(/^\$\.?/, '');
        return invalid('parameter_unknown', name, `Received unknown parameter: ${name}`);
      },
      writeRefusal: ({ code, message, details }) => ({
        error: {
          ...{ type: 'invalid_request_error', ...(code !== '' && { code }), ...(details as object | undefined), message },
          doc_url: 'https://docs.stripe.com/error-codes',
        },
      }),
      headers: () => ({ 'request-id': this.requestId, 'stripe-version': API_VERSION }),
      findAccount: (request, accounts) => accounts.find((account) => account.hasKey(readKey(request.headers))),
      keys: {
        header: 'idempotency-key',
        check: (given = '') => {
          if (given.length > LONGEST_KEY) throw refuse(400, '', `Idempotency keys are at most ${LONGEST_KEY} characters long.`);
        },
        lifeSeconds: () => 86_400,
        otherCall: refuse(400, '', OTHER_CALL, { type: 'idempotency_error' }),
        running: RUNNING,
        afterError: () => 'error',
        // A call whose parameters were refused was never begun.
        keeps: ({ code }) => !/^parameter_|_invalid$/.test(code),
        replay: (answer) => ({ ...answer, headers: { 'idempotent-replayed': 'true' } }),
      },
      hooks: { write: writeEvent, sign: ({ body, secret = '', at }) => ({ 'stripe-signature': sign(body, secret, at) }) },
    });
    this.addAccount(key, webhookSecret);
    this.serve(this.listActs());
    this.serveCheckout();
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start(options: StripeDoubleOptions = {}): Promise<StripeDouble> {
    return new StripeDouble(options).listen(options);
  }

  /** The first account. */
  get account(): StripeDoubleAccount {
    return this.accounts[0] as StripeDoubleAccount;
  }

  /** The first account's objects. */
  get book(): StripeBook {
    return this.account.book;
  }

  /** Seconds since 1970, with the time that tests have let pass. */
  get clock(): number {
    return Math.floor(this.now) + this.passed;
  }

  override get settingsText(): string {
    return `secret key ${this.account.token}, webhook secret ${this.account.webhookSecret}`;
  }

  /** Adds an account. Throws when the key is taken. */
  addAccount(key: string, webhookSecret: string): StripeDoubleAccount {
    if (this.findAccount(key)) throw new Error('there is an account with that key already');
    const account = new StripeDoubleAccount(key, webhookSecret, this.accounts.length + 1, this, ({ url, secret }, event) =>
      this.tell({ url, secret, action: event.type, body: event, about: { type: event.type, event: event.id } }),
    );
    this.accounts.push(account);
    return account;
  }

  findAccount(key: string): StripeDoubleAccount | undefined {
    return this.accounts.find((account) => account.hasKey(key));
  }

  /** Returns the objects that have a session, payment, refund or dispute. Throws if there is none. */
  bookWith(id: string): StripeBook {
    const owner = this.accounts.find(({ book }) =>
      [book.sessions, book.intents, book.refunds, book.disputes].flat().some((one) => one.id === id),
    );
    if (!owner) throw new Error(`there is no ${id}`);
    return owner.book;
  }

  /** Sessions of our reference, the oldest first, in all accounts. */
  sessions(reference?: string): StripeSession[] {
    const all = this.accounts.flatMap(({ book }) => book.sessions);
    return all.filter((one) => reference === undefined || one.client_reference_id === reference);
  }

  /** Payments of our reference (`metadata.paymentId`), the oldest first, in all accounts. */
  intents(reference?: string): StripeIntent[] {
    const all = this.accounts.flatMap(({ book }) => book.intents);
    return all.filter((one) => reference === undefined || one.metadata['paymentId'] === reference);
  }

  /** The money that the shop keeps of a payment, in minor units. */
  kept(intentId: string): number {
    const { money, charges } = this.bookWith(intentId);
    return charges.reduce((sum, { id, payment_intent }) => sum + (payment_intent === intentId ? money.kept(id) : 0), 0);
  }

  override advance(seconds: number): void {
    super.advance(seconds);
    for (const { book } of this.accounts) book.endWhatIsDue();
  }

  override describe(): object {
    const accounts = this.accounts.map(({ book, endpoints, webhookUrl }) => ({
      ...{ webhookUrl: webhookUrl ?? null, endpoints: endpoints.list(), sessions: book.sessions.length, payments: book.intents.length },
      ...{ refunds: book.refunds.length, disputes: book.disputes.length, events: book.events.length },
    }));
    return { ...super.describe(), accounts };
  }

  protected override listReferences(): readonly string[] {
    return this.intents().flatMap(({ status, metadata }) => (status === 'succeeded' ? [metadata['paymentId'] ?? ''] : []));
  }

  /** Leaves the first account's key, and its endpoint that was made by hand. */
  protected override forget(): void {
    const { token, webhookSecret, webhookUrl } = this.account;
    this.accounts.length = 0;
    this.addAccount(token, webhookSecret).webhookUrl = webhookUrl;
  }

  protected override listThings() {
    return {
      sessions: ({ reference }: Readonly<Record<string, string>>) => this.sessions(reference),
      payments: ({ reference }: Readonly<Record<string, string>>) => this.intents(reference),
      refunds: ({ reference }: Readonly<Record<string, string>>) => {
        const ids = this.intents(reference).map(({ id }) => id);
        return this.accounts.flatMap(({ book }) => book.refunds).filter((refund) => ids.includes(refund.payment_intent));
      },
    };
  }

  protected override listHands() {
    type Act = (book: StripeBook, ids: { id: string; intent: string }, given: { code?: string; amount?: number }) => object;
    const settle = (book: StripeBook, intent: string, outcome: 'succeeds' | { fails: string }): object => {
      book.settle(intent, outcome);
      return book.intent(intent);
    };
    const decline = 'generic_decline';
    const acts: Readonly<Record<string, Act>> = {
      open: (book, { id }) => book.begin(id),
      pay: (book, { id }) => book.pay(id),
      decline: (book, { id }, { code = decline }) => book.pay(id, { declined: code }),
      process: (book, { id }) => book.pay(id, 'processing'),
      settle: (book, { intent }) => settle(book, intent, 'succeeds'),
      fail: (book, { intent }, { code = decline }) => settle(book, intent, { fails: code }),
      expire: (book, { id }) => book.expireSession(id),
      'end-hold': (book, { intent }, { code }) => book.endHold(intent, code),
      refund: (book, { intent }, { amount }) => book.refund(book.intent(intent), amount),
      'settle-refund': (book, { id }) => book.settleRefund(id, 'succeeds'),
      'fail-refund': (book, { id }, { code = decline }) => book.settleRefund(id, { fails: code }),
      'pay-out': (book) => ({ day: book.payOut() }),
      dispute: (book, { intent }, { amount, code: reason }) => book.dispute(intent, { amount, reason }),
      inquire: (book, { intent }, { amount, code: reason }) => book.dispute(intent, { amount, reason, inquiry: true }),
      escalate: (book, { id }) => book.escalate(id),
      'win-dispute': (book, { id }) => book.closeDispute(id, 'won'),
      'lose-dispute': (book, { id }) => book.closeDispute(id, 'lost'),
    };
    const act = object({ id: text(), act: oneOf(...Object.keys(acts)), 'code?': text(), 'amount?': whole(1) });
    const calls = oneOf(...new Set(FLAT_WIRE.map(({ call }) => call)));
    return {
      acts: hand(act, ({ id: given, act: name, ...how }) => {
        const session = this.sessions(given).at(-1) ?? this.sessions().find(({ id }) => id === given);
        const id = session?.id ?? given;
        return acts[name]?.(this.bookWith(id), { id, intent: session?.payment_intent ?? id }, how);
      }),
      accounts: hand(object({ key: text(), webhookSecret: text() }), ({ key, webhookSecret }) => void this.addAccount(key, webhookSecret)),
      'restricted-keys': hand(object({ key: text(), 'of?': text(), forbidden: list(calls) }), ({ key, of, forbidden }) => {
        const account = of === undefined ? this.account : this.findAccount(of);
        if (!account) throw new Error('there is no account with that key');
        account.addRestrictedKey(key, forbidden);
      }),
    };
  }

  private get requestId(): string {
    return `req_${this.calls.length.toString().padStart(6, '0')}`;
  }

  private listActs(): Acts<typeof FLAT_WIRE, StripeDoubleAccount> {
    type Act = (book: StripeBook, params: StripeParams, id: string, account: StripeDoubleAccount) => object;
    const acts: Readonly<Record<StripeCall, Act>> = {
      getAccount: (_book, _params, _id, account) => account.profile,
      createSession: (book, params) => book.createSession(params),
      listSessions: ({ sessions, modes }, params) =>
        page(sessions, params, modes.pageSize, '/v1/checkout/sessions', 'status', 'payment_intent'),
      getSession: (book, _params, id) => book.session(id),
      expireSession: (book, _params, id) => book.expireSession(id),
      listIntents: ({ intents, modes }, params) => page(intents, params, modes.pageSize, '/v1/payment_intents'),
      getIntent: (book, _params, id) => book.intent(id),
      captureIntent: (book, params, id) => book.capture(id, params.whole('amount_to_capture')),
      cancelIntent: (book, params, id) => book.cancelIntent(id, params),
      getCharge: (book, _params, id) => book.charge(id),
      createRefund: (book, params) => book.createRefund(params),
      listRefunds: ({ refunds, modes }, params) => page(refunds, params, modes.pageSize, '/v1/refunds', 'payment_intent', 'charge'),
      listDisputes: ({ disputes, modes }, params) => page(disputes, params, modes.pageSize, '/v1/disputes', 'payment_intent', 'charge'),
      listPayouts: ({ payouts, modes }, params) => {
        const [from, until] = [params.whole('arrival_date[gte]') ?? 0, params.whole('arrival_date[lt]') ?? Number.POSITIVE_INFINITY];
        const arrived = payouts.filter(({ arrival_date: at }) => at >= from && at < until);
        return page(arrived, params, modes.pageSize, '/v1/payouts', 'status');
      },
      listBalance: ({ movements, payouts, modes }, params) => {
        const id = params.optional('payout');
        const payout = id === undefined ? undefined : found(payouts, id, 'payout', 'payout');
        if (payout && !payout.automatic) throw invalid(undefined, 'payout', 'Balance transactions are listed of automatic payouts only.');
        const all = movements.filter((one) => !payout || one.payout === id).map(({ payout: _payout, ...one }) => one);
        return page(all, params, modes.pageSize, '/v1/balance_transactions', 'source', 'type', 'currency');
      },
      createEndpoint: (_book, params, _id, { endpoints }) => endpoints.create(params),
      listEndpoints: ({ modes }, params, _id, { endpoints }) => page(endpoints.list(), params, modes.pageSize, '/v1/webhook_endpoints'),
      getEndpoint: (_book, _params, id, { endpoints }) => endpoints.get(id),
      updateEndpoint: (_book, params, id, { endpoints }) => endpoints.update(id, params),
      deleteEndpoint: (_book, _params, id, { endpoints }) => endpoints.remove(id),
    };
    const perform = ({ account, call, request, query, body, id }: Input<StripeDoubleAccount>, act: Act): object => {
      const { 'stripe-version': version = API_VERSION, 'idempotency-key': key } = request.headers;
      if (account.isForbidden(readKey(request.headers), call.call)) throw refuse(403, '', PERMISSION);
      if (version !== API_VERSION) throw refuse(400, '', `Invalid Stripe API version: ${String(version)}`);
      const { book } = account;
      const params = new StripeParams(call.method === 'POST' ? ((body ?? {}) as Record<string, string>) : query);
      book.endWhatIsDue();
      book.cause = { id: this.requestId, idempotency_key: typeof key === 'string' ? key : null };
      try {
        return expanded(book, act(book, params, id, account), this.modes.expands ? params.expand : []);
      } finally {
        book.cause = { id: null, idempotency_key: null };
      }
    };
    const entries = Object.entries(acts).map(([call, act]) => [call, (input: Input<StripeDoubleAccount>) => perform(input, act)] as const);
    return Object.fromEntries(entries) as Acts<typeof FLAT_WIRE, StripeDoubleAccount>;
  }

  /** The hosted page that a session's `url` leads to. */
  private serveCheckout(): void {
    servePage(this.app, '/c/pay/:id', (_query, { id = '' }) => {
      if (!this.sessions().some((one) => one.id === id)) return undefined;
      const book = this.bookWith(id);
      // Its end may be due.
      const session = book.session(id);
      const isOpen = session.status === 'open';
      if (isOpen) book.begin(id);
      return {
        title: 'Stripe double',
        lines: [isOpen ? `${session.amount_total} ${session.currency} (smallest units)` : `This page has ended: ${session.status}.`],
        ways: isOpen ? CHOICES : {},
        back: session.cancel_url ?? undefined,
        act: (form) => {
          const isDeclined = form.get('card')?.replaceAll(' ', '') === DECLINED_CARD;
          const way = form.get('way') ?? (isDeclined ? 'decline' : 'pay');
          book.pay(id, way === 'decline' ? { declined: 'insufficient_funds' } : way === 'slow' ? 'processing' : 'pays');
          return way === 'decline' ? { notice: 'Your card was declined.' } : { to: session.success_url };
        },
      };
    });
  }
}

/** Writes an event with line breaks, as Stripe does: signatures are computed over the bytes. */
export function writeEvent(event: object): string {
  return JSON.stringify(event, null, 2);
}

/** Returns the `stripe-signature` of a body. */
export function sign(payload: string, secret: string, atMs = Date.now()): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(atMs / 1_000) });
}

function readKey({ authorization = '' }: { authorization?: string | undefined }): string {
  const [scheme, value = ''] = authorization.split(' ');
  return scheme === 'Basic' ? (Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? '') : value;
}
