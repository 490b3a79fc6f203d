import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { languageOf } from '#platform';
import { HttpClient, type HttpRequest, type HttpReply, ProviderError, type ProviderContext } from '#provider-kit';
import { type FailedCall, toProviderError, unreadable } from './stripe.errors.js';
import type { Present } from './stripe.mapper.js';
import type { StripeSettings, StripeShop } from './stripe.settings.js';

type Context = ProviderContext<StripeSettings>;
type Session = Stripe.Checkout.Session;
type Intent = Stripe.PaymentIntent;

/** Most pages looked through for a session by our reference. */
const FIND_PAGES = 10;
const PAGE = 100;
const REPEAT_MS = 200;

/** Stripe's API by the official SDK over our HTTP client: its time budget, its pools, its word on what was sent. */
export class StripeClient {
  private readonly http = new HttpClient({ name: 'Stripe' });
  private readonly target: { host: string; port: string; protocol: 'http' | 'https' };

  /** `baseUrl`: where the API is, without a path; https unless it says http. */
  constructor(baseUrl = 'https://api.stripe.com') {
    const { protocol, hostname, port } = new URL(baseUrl);
    const isPlain = protocol === 'http:';
    this.target = { host: hostname, port: port || (isPlain ? '80' : '443'), protocol: isPlain ? 'http' : 'https' };
  }

  /** The account of a shop, for the calls of one `context`. Throws ProviderError `auth` when the settings do not name the shop (any more). */
  account(code: string, context: Context): StripeAccount {
    const shop = context.settings.shops.find((one) => one.code === code);
    if (!shop) {
      const message = `The shop ${JSON.stringify(code)} is not in the settings of Stripe any more: without its key nothing can be asked.`;
      throw new ProviderError('auth', message);
    }
    return new StripeAccount(this.sdk(shop, context), context);
  }

  private sdk(shop: StripeShop, context: Context): Stripe {
    return new Stripe(shop.secretKey, {
      httpClient: new Transport(this.http, context),
      // The SDK repeats what it must not (a refused key) and does not know the time budget: the transport repeats, once, what is worth it.
      maxNetworkRetries: 0,
      telemetry: false,
      ...this.target,
    });
  }
}

/**
 * One account of Stripe. Every method throws ProviderError and nothing else. `key` is the idempotency key: the same call with the same key has its effect once, and
 * gets the first answer again for a day at least.
 */
export class StripeAccount {
  private readonly language: FailedCall['language'];

  constructor(
    private readonly stripe: Stripe,
    context: Context,
  ) {
    this.language = languageOf(context.account.language);
  }

  /** A session with its payment and the payment's charge, once there are any. */
  async session(id: string): Promise<Present> {
    const session = await this.call(false, () => this.stripe.checkout.sessions.retrieve(id, { expand: SESSION_PARTS }), isSession);
    const { payment_intent: intent } = session;
    return { session, ...(intent && { intent: typeof intent === 'string' ? await this.intent(intent) : await this.withCharge(intent) }) };
  }

  /** A lost reply is as good as none made (`unavailable`): nobody can pay in a session whose address was never told. */
  openSession(params: Stripe.Checkout.SessionCreateParams, key: string): Promise<Session> {
    return this.call(false, () => this.stripe.checkout.sessions.create(params, { idempotencyKey: key }), isSession);
  }

  /** Refused when it is not open. */
  expireSession(id: string, key: string): Promise<Session> {
    return this.call(true, () => this.stripe.checkout.sessions.expire(id, { expand: SESSION_PARTS }, { idempotencyKey: key }), isSession);
  }

  /** The newest session made since then that `matches`; Stripe's list is complete at once, its search is not. Undefined: none among the last thousand. */
  findSession(since: Date, matches: (session: Session) => boolean): Promise<Session | undefined> {
    return this.call(
      false,
      async () => {
        let page = await this.stripe.checkout.sessions.list({ created: { gte: Math.floor(since.getTime() / 1000) }, limit: PAGE });
        for (let pages = 1; ; pages++) {
          const found = page.data.find(matches);
          const last = page.data.at(-1);
          if (found || !page.has_more || !last || pages >= FIND_PAGES) return found;
          page = await this.stripe.checkout.sessions.list({
            created: { gte: Math.floor(since.getTime() / 1000) },
            limit: PAGE,
            starting_after: last.id,
          });
        }
      },
      (session) => session === undefined || isSession(session),
    );
  }

  /** With its charge. */
  async intent(id: string): Promise<Intent> {
    return this.withCharge(await this.call(false, () => this.stripe.paymentIntents.retrieve(id, { expand: INTENT_PARTS }), isIntent));
  }

  /** `amount` as Stripe counts; the rest of the hold is released. Refused when there is no hold. */
  capture(id: string, amount: number, key: string): Promise<Intent> {
    return this.call(
      true,
      () => this.stripe.paymentIntents.capture(id, { amount_to_capture: amount, expand: INTENT_PARTS }, { idempotencyKey: key }),
      isIntent,
    );
  }

  /** Refused when there is no hold. */
  releaseHold(id: string, key: string): Promise<Intent> {
    return this.call(true, () => this.stripe.paymentIntents.cancel(id, { expand: INTENT_PARTS }, { idempotencyKey: key }), isIntent);
  }

  refund(params: Stripe.RefundCreateParams, key: string): Promise<Stripe.Refund> {
    return this.call(true, () => this.stripe.refunds.create(params, { idempotencyKey: key }), isAmount);
  }

  /** All refunds of a payment, however many pages they are. */
  refunds(intentId: string): Promise<Stripe.Refund[]> {
    return this.call(
      false,
      async () => {
        const refunds: Stripe.Refund[] = [];
        for await (const refund of this.stripe.refunds.list({ payment_intent: intentId, limit: PAGE })) refunds.push(refund);
        return refunds;
      },
      (refunds) => refunds.every(isAmount),
    );
  }

  /** All disputes about a payment. */
  disputes(intentId: string): Promise<Stripe.Dispute[]> {
    return this.call(
      false,
      async () => {
        const disputes: Stripe.Dispute[] = [];
        for await (const dispute of this.stripe.disputes.list({ payment_intent: intentId, limit: PAGE })) disputes.push(dispute);
        return disputes;
      },
      (disputes) => disputes.every(isAmount),
    );
  }

  /** A hold's charge tells when it ends; where it did not come along it is asked for. That it cannot be read is no reason not to know the rest. */
  private async withCharge(intent: Intent): Promise<Intent> {
    const { latest_charge: charge, status } = intent;
    if (typeof charge !== 'string' || status !== 'requires_capture') return intent;
    const read = this.call(
      false,
      () => this.stripe.charges.retrieve(charge),
      ({ id }) => id === charge,
    );
    return { ...intent, latest_charge: await read.catch(() => charge) };
  }

  private async call<T>(effect: boolean, send: () => Promise<T>, isWhole: (answer: T) => boolean): Promise<T> {
    let answer: T;
    try {
      answer = await send();
    } catch (error) {
      throw toProviderError(error, { effect, language: this.language });
    }
    if (!isWhole(answer)) throw unreadable({ effect });
    return answer;
  }
}

const INTENT_PARTS = ['latest_charge'];
const SESSION_PARTS = ['payment_intent', 'payment_intent.latest_charge'];

/** The SDK's types are promises of the API; what money depends on is looked at. */
function isSession(session: Session): boolean {
  const { payment_intent: intent } = session;
  return typeof session.id === 'string' && (intent === null || intent === undefined || typeof intent === 'string' || isIntent(intent));
}

function isIntent(intent: Intent): boolean {
  return (
    typeof intent.id === 'string' &&
    typeof intent.status === 'string' &&
    typeof intent.currency === 'string' &&
    [intent.amount, intent.amount_received, intent.amount_capturable].every(Number.isSafeInteger)
  );
}

/** A refund or a dispute. */
function isAmount({ id, currency, amount }: Stripe.Refund | Stripe.Dispute): boolean {
  return typeof id === 'string' && typeof currency === 'string' && Number.isSafeInteger(amount);
}

/** The SDK's requests by `#platform`'s client; its ProviderErrors reach `toProviderError` as the detail of the SDK's connection error. */
class Transport extends Stripe.HttpClient {
  constructor(
    private readonly http: HttpClient,
    private readonly context: Context,
  ) {
    super();
  }

  override getClientName(): string {
    return 'undici';
  }

  override async makeRequest(
    ...[host, port, path, method, headers, data, protocol]: Parameters<Stripe.HttpClient['makeRequest']>
  ): Promise<Transported> {
    const effect = method !== 'GET';
    const request: HttpRequest = {
      method: method as HttpRequest['method'],
      url: `${protocol}://${host}:${port}${path}`,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      ...(effect && { body: Buffer.from(data) }),
      effect,
      reach: 'anywhere',
      signal: this.context.signal,
    };
    const reply = await this.http.send(request).catch((error: unknown) => this.again(request, error));
    return new Transported(reply);
  }

  /** A call whose reply was lost is made once more, with the same idempotency key. What the repeat does not settle stays unknown. */
  private async again(request: HttpRequest, error: unknown): Promise<HttpReply> {
    if (!(error instanceof ProviderError) || error.kind !== 'unknown_outcome' || this.context.signal.aborted) throw error;
    try {
      await sleep(REPEAT_MS, undefined, { signal: this.context.signal });
      return await this.http.send(request);
    } catch {
      throw error;
    }
  }
}

class Transported extends Stripe.HttpClientResponse {
  private readonly body: object;

  /** Throws ProviderError when the reply is no JSON object. */
  constructor(reply: HttpReply) {
    super(reply.status, Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, value ?? ''])));
    this.body = reply.json((value) => {
      if (typeof value !== 'object' || value === null) throw new Error('not an object');
      return value;
    });
  }

  override getRawResponse(): object {
    return {};
  }

  override toJSON(): Promise<object> {
    return Promise.resolve(this.body);
  }
}
