import { StripeBook, type StripeSurroundings } from './stripe-book.js';
import { StripeEndpoints } from './stripe-endpoints.js';
import type { StripeCall, StripeEndpoint, StripeEvent } from './stripe-wire.js';

/** One account: its keys, its objects, its webhook endpoints. */
export class StripeDoubleAccount {
  readonly book: StripeBook;
  readonly endpoints: StripeEndpoints;
  private byHand: StripeEndpoint | undefined;
  private readonly restricted = new Map<string, ReadonlySet<string>>();

  constructor(
    readonly token: string,
    readonly webhookSecret: string,
    private readonly number: number,
    around: StripeSurroundings,
    post: (target: { url: string; secret: string }, event: StripeEvent) => void,
  ) {
    this.endpoints = new StripeEndpoints({ livemode: token.includes('_live_'), now: () => around.clock });
    this.book = new StripeBook(around, (event) => {
      for (const target of this.endpoints.listTargets(event.type)) post(target, event);
    });
  }

  /** The address of the endpoint made in the dashboard, with `webhookSecret`. Undefined if there is none. */
  get webhookUrl(): string | undefined {
    return this.findByHand()?.url;
  }

  set webhookUrl(url: string | undefined) {
    const present = this.findByHand();
    if (present) this.endpoints.remove(present.id);
    this.byHand = url === undefined ? undefined : this.endpoints.add({ url, secret: this.webhookSecret });
  }

  /** Adds a key that may not make these calls. */
  addRestrictedKey(key: string, forbidden: readonly StripeCall[]): void {
    this.restricted.set(key, new Set(forbidden));
  }

  hasKey(key: string): boolean {
    return key === this.token || this.restricted.has(key);
  }

  isForbidden(key: string, call: string): boolean {
    return this.restricted.get(key)?.has(call) ?? false;
  }

  /** The account as the API answers it. */
  get profile(): object {
    const name = `Double Shop ${this.number}`;
    return { id: `acct_double${this.number}`, object: 'account', country: 'MX', settings: { dashboard: { display_name: name } } };
  }

  /** Undefined also after the API deleted it. */
  private findByHand(): StripeEndpoint | undefined {
    return this.endpoints.list().find((one) => one === this.byHand);
  }
}
