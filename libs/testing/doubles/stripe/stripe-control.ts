import { DoubleControl } from '../double-control.js';
import { IdempotencyKeys } from '../../double/keys.js';
import { PlannedFaults } from '../../double/faults.js';
import { StripeBook, type StripeModes } from './stripe-book.js';
import type { StripeOwnFault } from './stripe-faults.js';
import { type StripeCall, WIRE } from './stripe-wire.js';
import { listCallNames } from '../../double/wire.js';
import { StripeEndpoints } from './stripe-endpoints.js';
import { type StripeAnswer, type StripeEndpoint, type StripeIntent, StripeRefusal, type StripeSession } from './stripe-objects.js';
import { StripeWebhooks } from './stripe-webhooks.js';

/** Seconds after which an idempotency key is forgotten. */
const DAY = 86_400;

/** One account: its keys, its objects, its webhook endpoints. */
export class StripeDoubleAccount {
  readonly book: StripeBook;
  readonly endpoints: StripeEndpoints;
  readonly keys = new IdempotencyKeys<StripeAnswer>({ lifeSeconds: () => DAY, toOtherCall: refuseOtherCall, toRunning: refuseRunning });
  private byHand: StripeEndpoint | undefined;
  private readonly restricted = new Map<string, ReadonlySet<StripeCall>>();

  constructor(
    readonly key: string,
    readonly webhookSecret: string,
    baseUrl: () => string,
    private readonly number: number,
  ) {
    this.book = new StripeBook(baseUrl);
    this.endpoints = new StripeEndpoints({ livemode: key.includes('_live_'), now: () => this.book.now });
  }

  /** Address of the endpoint made in the dashboard, with `webhookSecret`; undefined: there is none. */
  get webhookUrl(): string | undefined {
    return this.findByHand()?.url;
  }

  set webhookUrl(url: string | undefined) {
    const present = this.findByHand();
    if (present) this.endpoints.remove(present.id);
    this.byHand = url === undefined ? undefined : this.endpoints.add({ url, secret: this.webhookSecret });
  }

  /** Undefined also when the API deleted it. */
  private findByHand(): StripeEndpoint | undefined {
    return this.endpoints.list().find((one) => one === this.byHand);
  }

  /** Adds a restricted key, which is refused these calls. */
  addRestrictedKey(key: string, forbidden: readonly StripeCall[]): void {
    this.restricted.set(key, new Set(forbidden));
  }

  hasKey(key: string): boolean {
    return key === this.key || this.restricted.has(key);
  }

  isForbidden(key: string, call: StripeCall): boolean {
    return this.restricted.get(key)?.has(call) ?? false;
  }

  /** The account as the API answers it. */
  get profile(): object {
    const name = `Double Shop ${this.number}`;
    return { id: `acct_double${this.number}`, object: 'account', country: 'MX', settings: { dashboard: { display_name: name } } };
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
    super(new PlannedFaults<StripeCall, StripeOwnFault>(listCallNames(WIRE), { unauthorized: [], forbidden: [], decline: ['code'] }));
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
      for (const target of account.endpoints.listTargets(event.type)) this.webhooks.add(target, event);
    };
    this.accounts.push(account);
    return account;
  }

  findAccount(key: string): StripeDoubleAccount | undefined {
    return this.accounts.find((account) => account.hasKey(key));
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

  /** Forgets everything but the first account's key and the endpoint that was made by hand. */
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

function refuseOtherCall(key: string): StripeRefusal {
  return new StripeRefusal(
    400,
    { type: 'idempotency_error' },
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  );
}

function refuseRunning(): StripeRefusal {
  return new StripeRefusal(
    409,
    { type: 'idempotency_error', code: 'idempotency_key_in_use' },
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through).',
  );
}
