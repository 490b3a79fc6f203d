import { DoubleControl } from '../double-control.js';
import { PlannedFaults } from '../planned-faults.js';
import { StripeBook, type StripeModes } from './stripe-book.js';
import { STRIPE_CALLS, type StripeCall, type StripeOwnFault } from './stripe-faults.js';
import { StripeIdempotency } from './stripe-idempotency.js';
import type { StripeIntent, StripeSession } from './stripe-objects.js';
import { StripeWebhooks, type WebhookEndpoint } from './stripe-webhooks.js';

/** One account: its key, its objects, its webhook endpoint. */
export class StripeDoubleAccount {
  readonly book: StripeBook;
  readonly idempotency = new StripeIdempotency();
  /** Where its events go; undefined: nowhere. */
  webhookUrl: string | undefined;

  constructor(
    readonly key: string,
    readonly webhookSecret: string,
    baseUrl: () => string,
    private readonly number: number,
  ) {
    this.book = new StripeBook(baseUrl);
  }

  /** The account as the API answers it. */
  get profile(): object {
    const name = `Double Shop ${this.number}`;
    return { id: `acct_double${this.number}`, object: 'account', country: 'MX', settings: { dashboard: { display_name: name } } };
  }

  get endpoint(): WebhookEndpoint | undefined {
    return this.webhookUrl === undefined ? undefined : { url: this.webhookUrl, secret: this.webhookSecret };
  }
}

/** A request as it was received. */
export interface ReceivedCall {
  call: StripeCall;
  /** Form or query, decoded: `amount=500&payment_intent=pi_1`. */
  params: string;
  path: string;
  idempotencyKey: string | undefined;
  /** It got the stored answer of an earlier one. */
  replayed: boolean;
}

/** The double without its HTTP: the accounts, how they are to behave, and the test's hold on both. */
export class StripeControl extends DoubleControl<StripeCall, StripeOwnFault> {
  readonly webhooks = new StripeWebhooks();
  /** All received calls, in order, failed ones included. */
  readonly calls: ReceivedCall[] = [];
  readonly accounts: StripeDoubleAccount[] = [];

  constructor(
    private readonly baseUrl: () => string,
    key: string,
    webhookSecret: string,
  ) {
    super(new PlannedFaults<StripeCall, StripeOwnFault>(STRIPE_CALLS, { unauthorized: [], forbidden: [], decline: ['code'] }));
    this.addAccount(key, webhookSecret);
  }

  /** The first account. */
  get account(): StripeDoubleAccount {
    const [first] = this.accounts;
    if (!first) throw new Error('there is no account');
    return first;
  }

  /** The first account's objects. */
  get book(): StripeBook {
    return this.account.book;
  }

  addAccount(key: string, webhookSecret: string): StripeDoubleAccount {
    const account = new StripeDoubleAccount(key, webhookSecret, this.baseUrl, this.accounts.length + 1);
    account.book.onEvent = (event) => {
      if (account.endpoint) this.webhooks.add(account.endpoint, event);
    };
    this.accounts.push(account);
    return account;
  }

  findAccount(key: string): StripeDoubleAccount | undefined {
    return this.accounts.find((account) => account.key === key);
  }

  /** Whose session, payment, refund or dispute that is. Throws when there is none. */
  bookWith(id: string): StripeBook {
    const account = this.accounts.find(({ book }) =>
      [...book.sessions, ...book.intents, ...book.refunds, ...book.disputes].some((object) => object.id === id),
    );
    if (!account) throw new Error(`there is no ${id}`);
    return account.book;
  }

  setModes(modes: Partial<StripeModes>): void {
    for (const { book } of this.accounts) Object.assign(book.modes, modes);
  }

  /** Sessions made under our reference, the oldest first, in all accounts. */
  sessions(reference?: string): StripeSession[] {
    return this.accounts
      .flatMap(({ book }) => book.sessions)
      .filter((one) => reference === undefined || one.client_reference_id === reference);
  }

  /** Payments made under our reference (`metadata.paymentId`), the oldest first, in all accounts. */
  intents(reference?: string): StripeIntent[] {
    return this.accounts
      .flatMap(({ book }) => book.intents)
      .filter((one) => reference === undefined || one.metadata['paymentId'] === reference);
  }

  countCalls(call: StripeCall): number {
    return this.calls.filter((one) => one.call === call).length;
  }

  /** Forgets everything but the first account's keys and the address of its webhooks. */
  reset(): void {
    this.forgetWhatIsDue();
    const { key, webhookSecret, webhookUrl } = this.account;
    this.accounts.length = 0;
    this.addAccount(key, webhookSecret).webhookUrl = webhookUrl;
    this.faults.clear();
    this.webhooks.clear();
    this.webhooks.mode = 'auto';
    this.calls.length = 0;
  }
}
