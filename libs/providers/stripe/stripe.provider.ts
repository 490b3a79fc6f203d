import { createHash } from 'node:crypto';
import type {
  ApproveRequest,
  Checkout,
  CreateRequest,
  ExistingPayment,
  KeyedRequest,
  PaymentManifest,
  PaymentProvider,
  PaymentState,
  RefundRequest,
  RefundState,
} from '#payment/port';
import { languageOf, textFor } from '#platform';
import { toWireAmount, ProviderError, type ProviderContext } from '#provider-kit';
import { type StripeAccount, StripeClient } from './stripe.client.js';
import { stripeManifest } from './stripe.manifest.js';
import {
  disputeStateOf,
  hasEnded,
  intentIdOf,
  type Known,
  marksOf,
  mayBeDisputed,
  type Present,
  presentOf,
  refundStateOf,
  sessionIdOf,
  sessionParamsOf,
  stateOf,
} from './stripe.mapper.js';
import { toStripeAmount } from './stripe.money.js';
import type { StripeSettings } from './stripe.settings.js';
import { CANCELLED_BY_SHOP } from './stripe.texts.js';
import { StripeWebhook } from './stripe.webhook.js';

type Context = ProviderContext<StripeSettings>;

/** Clocks differ; a session of ours is not older than its reference by more. */
const CLOCKS_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Stripe, by Checkout Sessions behind the module's own lasting link. Keeps nothing: the session's id comes back as the payment's memory, the PaymentIntent's as its
 * external id. Every call with an effect carries an idempotency key made of our own reference, so that it is the same after a restart.
 */
export class StripeProvider implements PaymentProvider<StripeSettings> {
  readonly manifest: PaymentManifest<StripeSettings> = stripeManifest;
  readonly webhook = new StripeWebhook();
  private readonly client: StripeClient;

  /** `baseUrl`: where the API is, for a double. */
  constructor(baseUrl?: string) {
    this.client = new StripeClient(baseUrl);
  }

  /** Opens the first session, so that Stripe's refusal reaches whoever makes the invoice. Nobody has its address yet: one that is lost does no harm. */
  async create(request: CreateRequest, context: Context): Promise<PaymentState> {
    return (await this.open(this.client.account(request.shop, context), request, request.reference, context)).state;
  }

  async get(payment: ExistingPayment, context: Context): Promise<PaymentState> {
    const account = this.client.account(payment.request.shop, context);
    return this.withWhatFollowed(account, await look(account, payment), payment, context);
  }

  /** By the list of sessions, which is complete at once (a search by metadata is not). Looks at the last thousand since the reference was made. */
  async find(reference: string, context: Context): Promise<PaymentState | undefined> {
    const since = new Date((timeIn(reference) ?? context.now.getTime() - DAY_MS) - CLOCKS_MS);
    for (const shop of context.settings.shops) {
      const account = this.client.account(shop.code, context);
      const session = await account
        .findSession(since, (one) => one.client_reference_id === reference)
        .catch((error: unknown) => {
          // Another shop's keys, or what these may not do, are no reason to leave the payment unknown: a repeat of `create` tells as well.
          if (isRefusal(error) || (error instanceof ProviderError && error.kind === 'auth')) return undefined;
          throw error;
        });
      if (!session) continue;
      const known: Known = { status: 'pending', currency: (session.currency ?? '').toUpperCase() };
      return stateOf(await account.session(session.id), known, languageOf(context.account.language));
    }
    return undefined;
  }

  async openCheckout(payment: ExistingPayment, request: KeyedRequest, context: Context): Promise<Checkout> {
    const account = this.client.account(payment.request.shop, context);
    const present = await look(account, payment);
    const state = stateOf(present, knownOf(payment), languageOf(context.account.language));
    if (state.status !== 'pending') return { state };
    const { session } = present;
    if (session?.status === 'open' && session.url) return { url: session.url, state };
    // What was paid may still be on its way: a second session could be paid too.
    if (session && !hasEnded(present)) return { state };
    return this.open(account, payment.request, request.key, context);
  }

  async approve(payment: ExistingPayment, request: ApproveRequest, context: Context): Promise<PaymentState> {
    const account = this.client.account(payment.request.shop, context);
    const language = languageOf(context.account.language);
    const intentId = await intentOf(account, payment);
    try {
      const intent = await account.capture(intentId, toStripeAmount(request.amount), keyOf('capture', request.key));
      return stateOf({ intent }, knownOf(payment), language);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const state = stateOf({ intent: await account.intent(intentId) }, knownOf(payment), language);
      if (state.status === 'succeeded' && state.captured?.minor === request.amount.minor) return state;
      throw refusedBy(state, error);
    }
  }

  async cancel(payment: ExistingPayment, request: KeyedRequest, context: Context): Promise<PaymentState> {
    const account = this.client.account(payment.request.shop, context);
    const language = languageOf(context.account.language);
    let present = await look(account, payment);
    if (present.session?.status === 'open') {
      try {
        present = presentOf(await account.expireSession(present.session.id, keyOf('expire', request.key)));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // Paid, or ended, at this very moment.
        present = await look(account, payment);
      }
    }
    const state = stateOf(present, knownOf(payment), language);
    if (state.status === 'canceled') return state;
    if (state.status === 'pending' && (!present.session || hasEnded(present)))
      return { ...state, status: 'canceled', cancellation: textFor(CANCELLED_BY_SHOP, language) };
    if (state.status !== 'waitingForCapture' || !present.intent) throw refusedBy(state);
    try {
      const intent = await account.releaseHold(present.intent.id, keyOf('cancel', request.key));
      return stateOf({ ...present, intent }, knownOf(payment), language);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const after = stateOf({ intent: await account.intent(present.intent.id) }, knownOf(payment), language);
      if (after.status === 'canceled') return after;
      throw refusedBy(after, error);
    }
  }

  async refund(payment: ExistingPayment, request: RefundRequest, context: Context): Promise<PaymentState> {
    const account = this.client.account(payment.request.shop, context);
    const intentId = await intentOf(account, payment);
    const { currency } = payment.request.amount;
    const made = await account.refund(
      {
        payment_intent: intentId,
        amount: toStripeAmount(request.amount),
        metadata: { ...marksOf(payment.request), refundId: request.key },
      },
      keyOf('refund', request.key),
    );
    const refund = refundStateOf(made, currency, languageOf(context.account.language));
    // Made: that the others cannot be read now must not make it unknown.
    const others = await this.refundsOf(account, intentId, payment, context).catch((): RefundState[] => []);
    const refunds = [...others.filter((other) => other.externalId !== refund.externalId), { ...refund, reference: request.key }];
    return { externalId: intentId, status: 'succeeded', ...(payment.captured && { captured: payment.captured }), refunds };
  }

  /** A new session. Its key is of the content too: an address or a language that changed meanwhile would otherwise have the repeat refused. */
  private async open(
    account: StripeAccount,
    request: CreateRequest,
    key: string,
    context: Context,
  ): Promise<{ url?: string; state: PaymentState }> {
    const params = sessionParamsOf(request, languageOf(context.account.language));
    const digest = createHash('sha256').update(JSON.stringify(params)).digest('hex').slice(0, 16);
    const session = await account.openSession(params, keyOf('session', `${key}:${digest}`));
    return {
      ...(session.url && { url: session.url }),
      state: { status: 'pending', externalId: session.id, memory: { session: session.id } },
    };
  }

  private async withWhatFollowed(
    account: StripeAccount,
    present: Present,
    payment: ExistingPayment,
    context: Context,
  ): Promise<PaymentState> {
    const state = stateOf(present, knownOf(payment), languageOf(context.account.language));
    const { intent } = present;
    if (state.status !== 'succeeded' || !intent) return state;
    const [refunds, disputes] = await Promise.all([
      this.refundsOf(account, intent.id, payment, context),
      mayBeDisputed(intent) ? account.disputes(intent.id) : undefined,
    ]);
    const { currency } = payment.request.amount;
    const language = languageOf(context.account.language);
    return { ...state, refunds, ...(disputes && { disputes: disputes.map((one) => disputeStateOf(one, currency, language)) }) };
  }

  private async refundsOf(account: StripeAccount, intentId: string, payment: ExistingPayment, context: Context): Promise<RefundState[]> {
    const language = languageOf(context.account.language);
    return (await account.refunds(intentId)).map((refund) => refundStateOf(refund, payment.request.amount.currency, language));
  }
}

function knownOf({ status, request }: ExistingPayment): Known {
  return { status, currency: request.amount.currency };
}

/** What Stripe has of a payment now. Once it was paid its session says nothing more. */
async function look(account: StripeAccount, payment: ExistingPayment): Promise<Present> {
  const intentId = intentIdOf(payment);
  if (intentId !== undefined && payment.status !== 'pending' && payment.status !== 'canceled')
    return { intent: await account.intent(intentId) };
  const sessionId = sessionIdOf(payment);
  if (sessionId !== undefined) return account.session(sessionId);
  return intentId === undefined ? {} : { intent: await account.intent(intentId) };
}

async function intentOf(account: StripeAccount, payment: ExistingPayment): Promise<string> {
  const intentId = intentIdOf(payment) ?? (await look(account, payment)).intent?.id;
  if (intentId === undefined) throw new ProviderError('rejected', 'The buyer has not paid yet.');
  return intentId;
}

/** The same for the same call of ours, whatever process makes it. */
function keyOf(action: 'session' | 'capture' | 'expire' | 'cancel' | 'refund', key: string): string {
  return `crossdock:${action}:${key}`;
}

function isRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && (error.kind === 'rejected' || error.kind === 'invalid');
}

/** Why a call does not fit the payment's state; Stripe's own refusal where the state does not explain it. */
function refusedBy(state: PaymentState, refusal?: ProviderError): ProviderError {
  const cause = refusal && { cause: refusal.cause };
  const { status, captured, cancellation } = state;
  switch (status) {
    case 'succeeded': {
      const taken = captured ? ` (${toWireAmount(captured)} ${captured.currency})` : '';
      return new ProviderError('rejected', `The money was taken already${taken}: it can be refunded.`, cause);
    }
    case 'canceled':
      return new ProviderError('rejected', `The payment is cancelled: ${cancellation ?? 'nothing is held any more'}.`, cause);
    case 'pending':
      return refusal ?? new ProviderError('rejected', 'The payment is on its way at the bank and can be neither taken nor cancelled now.');
    case 'waitingForCapture':
      return refusal ?? new ProviderError('rejected', 'The money is held: it can be taken or released.');
  }
}

/** Milliseconds of a version 7 UUID, which begins with them. */
function timeIn(reference: string): number | undefined {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(reference) ? Number.parseInt(reference.slice(0, 13).replace('-', ''), 16) : undefined;
}
