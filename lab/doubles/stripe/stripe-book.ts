import { randomBytes } from 'node:crypto';
import type { Refusal } from '../../../libs/testing/double/refusal.js';
import { PaymentLedger } from '../payment-ledger.js';
import type { StripeModes } from './stripe-modes.js';
import { checkedAmount, invalid, refuse, stepped, type StripeParams } from './stripe-params.js';
import type {
  StripeBalance,
  StripeCharge,
  StripeDispute,
  StripeEvent,
  StripeIntent,
  StripeLine,
  StripePayout,
  StripeRefund,
  StripeSession,
} from './stripe-wire.js';

const DAY = 86_400;
/** Languages of the page. */
const LOCALES = [
  ...['auto', 'bg', 'cs', 'da', 'de', 'el', 'en', 'en-GB', 'es', 'es-419', 'et', 'fi', 'fil', 'fr', 'fr-CA', 'hi-IN', 'hr', 'hu', 'id'],
  ...['it', 'ja', 'ko', 'lt', 'lv', 'ms', 'mt', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sv', 'th', 'tr', 'vi', 'zh'],
  ...['zh-HK', 'zh-TW'],
];
const MOST_LINES = 100;
const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;
const CANCELLATION_REASONS = [...REFUND_REASONS, 'abandoned'] as const;
/** The version whose shapes these are. */
export const API_VERSION = '2026-10-28.endive';

/** How a payment in a session goes. */
export type StripePayment = 'pays' | 'processing' | { declined: string };

/** The parts of the double that an account's objects use. */
export interface StripeSurroundings {
  readonly modes: StripeModes;
  readonly url: string;
  /** Seconds since 1970, with the time that tests have let pass. */
  readonly clock: number;
  advance(seconds: number): void;
}

/** The objects of one account: the actions of the API, buyers, banks, time and the dashboard. */
export class StripeBook {
  readonly sessions: StripeSession[] = [];
  readonly intents: StripeIntent[] = [];
  readonly charges: StripeCharge[] = [];
  readonly refunds: StripeRefund[] = [];
  readonly disputes: StripeDispute[] = [];
  readonly events: StripeEvent[] = [];
  readonly payouts: StripePayout[] = [];
  /** Movements of the balance, with the payout that paid them out. */
  readonly movements: (StripeBalance & { payout?: string })[] = [];
  /** By the ids of charges. */
  readonly money = new PaymentLedger();
  /** Named by the events of the call that is running. */
  cause: StripeEvent['request'] = { id: null, idempotency_key: null };
  private readonly intentDataBySession = new Map<string, Pick<StripeIntent, 'capture_method' | 'description' | 'metadata'>>();

  constructor(
    private readonly around: StripeSurroundings,
    private readonly onEvent: (event: StripeEvent) => void,
  ) {}

  get now(): number {
    return this.around.clock;
  }

  get modes(): StripeModes {
    return this.around.modes;
  }

  /** Makes time pass for all accounts. */
  advance(seconds: number): void {
    this.around.advance(seconds);
  }

  /** Ends sessions and holds past their time. */
  endWhatIsDue(): void {
    for (const session of this.sessions) if (session.status === 'open' && session.expires_at <= this.now) this.endSession(session);
    for (const intent of this.intents) {
      if (intent.status !== 'requires_capture') continue;
      const end = this.buildCharge(intent).payment_method_details.card.capture_before;
      if (end !== undefined && end <= this.now) this.endIntent(intent, 'automatic');
    }
  }

  // Acts of the API. They throw Refusal.

  createSession(params: StripeParams): StripeSession {
    params.takeOneOf('mode', ['payment'], 'payment');
    params.need('mode');
    params.oneOf('locale', LOCALES);
    params.oneOf('submit_type', ['auto', 'book', 'donate', 'pay', 'subscribe']);
    const lines = this.listLines(params);
    const currency = lines[0]?.currency ?? '';
    const total = checkedAmount(
      lines.reduce((sum, line) => sum + line.amount_total, 0),
      currency,
      'line_items',
    );
    const expiresAt = params.whole('expires_at') ?? this.now + DAY;
    if (expiresAt < this.now + 1_800 - 60 || expiresAt > this.now + DAY + 60)
      throw invalid(undefined, 'expires_at', 'The expires_at must be between 30 minutes and 24 hours from now');
    const id = makeId('cs_test');
    params.need('success_url');
    const session: StripeSession = {
      ...{ id, object: 'checkout.session', amount_subtotal: total, amount_total: total, cancel_url: params.url('cancel_url') ?? null },
      ...{ client_reference_id: params.optional('client_reference_id') ?? null, created: this.now, currency },
      ...{ customer_email: params.email('customer_email') ?? null, expires_at: expiresAt, livemode: false },
      ...{ metadata: params.map('metadata'), mode: 'payment', payment_intent: null, payment_status: 'unpaid', status: 'open' },
      ...{ success_url: params.url('success_url') ?? '', url: `${this.around.url}/c/pay/${id}` },
    };
    this.intentDataBySession.set(id, {
      capture_method: params.takeOneOf(
        'payment_intent_data[capture_method]',
        ['automatic', 'automatic_async', 'manual'],
        'automatic_async',
      ),
      description: params.optional('payment_intent_data[description]') ?? null,
      metadata: params.map('payment_intent_data[metadata]'),
    });
    this.sessions.push(session);
    return session;
  }

  expireSession(id: string): StripeSession {
    const session = this.session(id);
    if (session.status !== 'open')
      throw invalid(
        undefined,
        'session',
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
      );
    return this.endSession(session);
  }

  capture(id: string, asked: number | undefined): StripeIntent {
    const intent = this.intent(id);
    if (intent.status !== 'requires_capture') throw unexpected(intent, 'captured', 'requires_capture');
    const amount = asked ?? intent.amount_capturable;
    if (amount < 1 || amount > intent.amount_capturable)
      throw invalid(
        'amount_too_large',
        'amount_to_capture',
        `The amount to capture (${amount}) must be at least 1 and at most the amount capturable (${intent.amount_capturable})`,
      );
    const charge = this.buildCharge(intent);
    this.succeed(intent, charge, stepped(amount, intent.currency, 'amount_to_capture'));
    for (const session of this.sessions) if (session.payment_intent === id) session.payment_status = 'paid';
    this.emit('charge.captured', charge);
    this.emit('payment_intent.succeeded', intent);
    return intent;
  }

  cancelIntent(id: string, params: StripeParams): StripeIntent {
    const intent = this.intent(id);
    const reason = params.oneOf('cancellation_reason', CANCELLATION_REASONS);
    if (intent.status !== 'requires_capture') {
      const ofSession = this.sessions.some((session) => session.payment_intent === id);
      throw unexpected(intent, 'canceled', ofSession ? 'requires_capture (it belongs to a Checkout Session)' : 'requires_capture');
    }
    return this.endIntent(intent, reason ?? null);
  }

  createRefund(params: StripeParams): StripeRefund {
    const intent = this.intent(params.optional('payment_intent') ?? this.charge(params.need('charge')).payment_intent, 'payment_intent');
    const asked = params.whole('amount');
    const reason = params.oneOf('reason', REFUND_REASONS) ?? null;
    return this.refund(intent, asked, { reason, metadata: params.map('metadata') });
  }

  // Acts of buyers, banks, time and the dashboard. They throw Error if the state does not allow it.

  /** The buyer opens the page and leaves it. */
  begin(sessionId: string): StripeIntent {
    return this.buildIntent(this.openSession(sessionId));
  }

  /** The buyer pays. After a decline they may try again. */
  pay(sessionId: string, payment: StripePayment = 'pays'): StripeIntent {
    this.endWhatIsDue();
    const session = this.openSession(sessionId);
    const intent = this.buildIntent(session);
    const charge = this.newCharge(intent);
    intent.latest_charge = charge.id;
    if (typeof payment === 'object') {
      Object.assign(charge, { status: 'failed', failure_code: 'card_declined', paid: false });
      intent.status = 'requires_payment_method';
      intent.last_payment_error = buildDecline(payment.declined);
      this.emit('payment_intent.payment_failed', intent);
      return intent;
    }
    session.status = 'complete';
    session.url = null;
    intent.last_payment_error = null;
    if (payment === 'processing') {
      charge.status = 'pending';
      intent.status = 'processing';
    } else if (intent.capture_method === 'manual') {
      intent.status = 'requires_capture';
      intent.amount_capturable = intent.amount;
      charge.payment_method_details.card.capture_before = this.now + this.modes.holdSeconds;
      this.emit('payment_intent.amount_capturable_updated', intent);
    } else {
      this.succeed(intent, charge);
      session.payment_status = 'paid';
      this.emit('payment_intent.succeeded', intent);
    }
    this.emit('checkout.session.completed', session);
    return intent;
  }

  /** Ends a payment that was processing. */
  settle(intentId: string, outcome: 'succeeds' | { fails: string }): void {
    const intent = this.intent(intentId);
    if (intent.status !== 'processing') throw new Error(`payment ${intentId} is ${intent.status}, not processing`);
    const charge = this.buildCharge(intent);
    const session = this.sessions.find((one) => one.payment_intent === intentId);
    if (outcome === 'succeeds') {
      this.succeed(intent, charge);
      if (session) session.payment_status = 'paid';
      this.emit('payment_intent.succeeded', intent);
      if (session) this.emit('checkout.session.async_payment_succeeded', session);
      return;
    }
    Object.assign(charge, { status: 'failed', paid: false });
    intent.status = 'requires_payment_method';
    intent.last_payment_error = buildDecline(outcome.fails);
    this.emit('payment_intent.payment_failed', intent);
    if (session) this.emit('checkout.session.async_payment_failed', session);
  }

  /** A hold ends by time, or is cancelled in the dashboard with a reason. */
  endHold(intentId: string, reason = 'automatic'): StripeIntent {
    const intent = this.intent(intentId);
    if (intent.status !== 'requires_capture') throw new Error(`payment ${intentId} is ${intent.status}: there is no hold`);
    return this.endIntent(intent, reason);
  }

  /** A refund, from the API or the dashboard. */
  refund(
    intent: StripeIntent,
    asked: number | undefined,
    { reason = null, metadata = {} }: Partial<Pick<StripeRefund, 'reason' | 'metadata'>> = {},
  ): StripeRefund {
    const charge = intent.latest_charge === null ? undefined : this.buildCharge(intent);
    if (!charge?.captured) throw unexpected(intent, 'refunded', 'succeeded');
    if (this.disputes.some((one) => one.charge === charge.id && !one.is_charge_refundable))
      throw refuse(400, 'charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`);
    const amount = this.money.checkRefund(charge.id, asked, {
      nothingLeft: () => refuse(400, 'charge_already_refunded', `Charge ${charge.id} has already been refunded.`),
      over: (left) =>
        asked !== undefined && asked < 1
          ? invalid('parameter_invalid_integer', 'amount', 'Invalid positive integer')
          : invalid(undefined, 'amount', `Refund amount (${asked}) is greater than unrefunded amount on charge (${left})`),
    });
    stepped(amount, intent.currency, 'amount');
    const refund: StripeRefund = {
      ...{ id: makeId('re'), object: 'refund', amount, charge: charge.id, created: this.now, currency: intent.currency, metadata },
      ...{ payment_intent: intent.id, reason, status: this.modes.refunds },
    };
    this.refunds.push(refund);
    this.money.note('refunded', charge.id, amount, refund.id);
    this.move('refund', refund.id, -amount, refund);
    this.countRefunds(charge);
    this.emit('refund.created', refund);
    this.emit('charge.refunded', charge);
    return refund;
  }

  /** A refund that is pending succeeds, or one fails, also after it had succeeded. */
  settleRefund(refundId: string, outcome: 'succeeds' | { fails: string }): StripeRefund {
    const refund = this.refundBy(refundId);
    if (outcome === 'succeeds') refund.status = 'succeeded';
    else {
      refund.status = 'failed';
      refund.failure_reason = outcome.fails;
      this.move('refund_failure', refund.id, refund.amount, refund);
      this.money.undo(refund.id);
      this.countRefunds(this.charge(refund.charge));
      this.emit('refund.failed', refund);
    }
    this.emit('refund.updated', refund);
    this.emit('charge.refund.updated', refund);
    return refund;
  }

  /** The buyer disputes a payment at the bank. An inquiry takes no money yet. */
  dispute(
    intentId: string,
    { amount, reason = 'fraudulent', inquiry = false }: { amount?: number; reason?: string; inquiry?: boolean } = {},
  ): StripeDispute {
    const intent = this.intent(intentId);
    const charge = this.buildCharge(intent);
    if (!charge.captured) throw new Error(`payment ${intentId} is ${intent.status}: nothing was taken that could be disputed`);
    const dispute: StripeDispute = {
      ...{ id: makeId('du'), object: 'dispute', amount: amount ?? this.money.left(charge.id), balance_transactions: [], charge: charge.id },
      ...{ created: this.now, currency: intent.currency, enhanced_eligibility_types: [], evidence: {} },
      evidence_details: { due_by: this.now + 7 * DAY, has_evidence: false, past_due: false, submission_count: 0 },
      ...{ intended_submission_method: null, is_charge_refundable: inquiry, livemode: false, metadata: {}, payment_intent: intent.id },
      ...{ reason, status: inquiry ? 'warning_needs_response' : 'needs_response' },
    };
    this.disputes.push(dispute);
    charge.disputed = true;
    this.emit('charge.dispute.created', dispute);
    if (!inquiry) this.moveFunds(dispute, -dispute.amount, 'charge.dispute.funds_withdrawn');
    return dispute;
  }

  /** An inquiry becomes a chargeback. */
  escalate(disputeId: string): StripeDispute {
    const dispute = this.disputeBy(disputeId);
    if (dispute.status !== 'warning_needs_response') throw new Error(`dispute ${disputeId} is ${dispute.status}: no inquiry`);
    dispute.status = 'needs_response';
    dispute.is_charge_refundable = false;
    this.emit('charge.dispute.updated', dispute);
    this.moveFunds(dispute, -dispute.amount, 'charge.dispute.funds_withdrawn');
    return dispute;
  }

  /** The bank decides. An inquiry is only closed. */
  closeDispute(disputeId: string, outcome: 'won' | 'lost'): StripeDispute {
    const dispute = this.disputeBy(disputeId);
    const inquiry = dispute.status === 'warning_needs_response';
    if (['won', 'lost', 'warning_closed'].includes(dispute.status)) throw new Error(`dispute ${disputeId} is ${dispute.status} already`);
    dispute.status = inquiry ? 'warning_closed' : outcome;
    dispute.is_charge_refundable = dispute.status !== 'lost';
    this.emit('charge.dispute.closed', dispute);
    if (dispute.status === 'won') this.moveFunds(dispute, dispute.amount, 'charge.dispute.funds_reinstated');
    return dispute;
  }

  /**
   * Pays out the balance: one payout for each currency, with Stripe's own fee. The movements of a `manual`
   * one are not listed. Returns the day of the arrival.
   */
  payOut({ manual = false }: { manual?: boolean } = {}): string {
    const open = this.movements.filter(({ payout }) => payout === undefined);
    for (const currency of new Set(open.map((one) => one.currency))) {
      const id = makeId('po');
      const fee = this.move('stripe_fee', id, -20, { currency });
      const paid = [...open.filter((one) => one.currency === currency), fee];
      const amount = paid.reduce((sum, { net }) => sum + net, 0);
      const own = this.move('payout', id, -amount, { currency });
      for (const one of [...paid, own]) one.payout = id;
      this.payouts.push({
        ...{ id, object: 'payout', amount, arrival_date: this.now - (this.now % DAY), automatic: !manual, balance_transaction: own.id },
        ...{ created: this.now, currency, description: null, destination: null, failure_code: null, livemode: false, metadata: {} },
        ...{ method: 'standard', reconciliation_status: manual ? 'not_applicable' : 'completed', source_type: 'card' },
        ...{ statement_descriptor: null, status: 'paid', trace_id: { status: 'supported', value: `T${this.payouts.length + 1}` } },
        type: 'bank_account',
      });
    }
    return new Date(this.now * 1_000).toISOString().slice(0, 10);
  }

  /** The object that moved the balance. */
  source(id: string): StripeCharge | StripeRefund | StripeDispute | StripePayout {
    return found<StripeCharge | StripeRefund | StripeDispute | StripePayout>(
      [...this.charges, ...this.refunds, ...this.disputes, ...this.payouts],
      ...([id, 'source', 'source'] as const),
    );
  }

  // Look-ups, which refuse as the API does.

  session(id: string): StripeSession {
    this.endWhatIsDue();
    return found(this.sessions, id, 'checkout.session', 'session');
  }

  intent(id: string, param = 'intent'): StripeIntent {
    this.endWhatIsDue();
    return found(this.intents, id, 'payment_intent', param);
  }

  charge(id: string): StripeCharge {
    return found(this.charges, id, 'charge', 'charge');
  }

  refundBy(id: string): StripeRefund {
    return found(this.refunds, id, 'refund', 'id');
  }

  disputeBy(id: string): StripeDispute {
    return found(this.disputes, id, 'dispute', 'id');
  }

  private moveFunds(dispute: StripeDispute, amount: number, event: string): void {
    if (amount < 0) this.money.note('disputed', dispute.charge, dispute.amount, dispute.id);
    else this.money.undo(dispute.id);
    dispute.balance_transactions.push({ id: makeId('txn'), object: 'balance_transaction', amount, currency: dispute.currency });
    this.move('adjustment', dispute.id, amount, dispute, amount < 0 ? 1_500 : 0);
    this.emit(event, dispute);
  }

  private move(
    type: StripeBalance['type'],
    source: string,
    amount: number,
    { currency }: { currency: string },
    fee = 0,
  ): StripeBook['movements'][number] {
    const details = { amount: fee, application: null, currency, description: null, type: 'stripe_fee' as const };
    const movement: StripeBook['movements'][number] = {
      ...{ id: makeId('txn'), object: 'balance_transaction', amount, available_on: this.now, balance_type: 'payments', created: this.now },
      ...{ currency, description: null, exchange_rate: null, fee, fee_details: fee === 0 ? [] : [details], net: amount - fee },
      ...{ reporting_category: type, source, status: 'available', type },
    };
    this.movements.push(movement);
    return movement;
  }

  private listLines(params: StripeParams): StripeLine[] {
    const count = params.count('line_items');
    if (count === 0) throw invalid('parameter_missing', 'line_items', 'Missing required param: line_items.');
    if (count > MOST_LINES) throw invalid(undefined, 'line_items', `At most ${MOST_LINES} line items`);
    const lines = Array.from({ length: count }, (_, index): StripeLine => {
      const at = `line_items[${index}]`;
      const quantity = params.whole(`${at}[quantity]`);
      const unit = params.whole(`${at}[price_data][unit_amount]`);
      const name = params.need(`${at}[price_data][product_data][name]`);
      if (quantity === undefined || quantity < 1)
        throw invalid('parameter_invalid_integer', `${at}[quantity]`, 'This value must be greater than or equal to 1.');
      if (unit === undefined || unit < 0)
        throw invalid('parameter_invalid_integer', `${at}[price_data][unit_amount]`, 'Invalid non-negative integer');
      if (name.length > 250) throw invalid(undefined, `${at}[price_data][product_data][name]`, 'Invalid string: at most 250 characters');
      const currency = params.need(`${at}[price_data][currency]`).toLowerCase();
      stepped(unit, currency, `${at}[price_data][unit_amount]`);
      const amounts = { amount_total: unit * quantity, currency, price: { unit_amount: unit }, quantity };
      return { id: makeId('li'), object: 'item', description: name, ...amounts };
    });
    if (new Set(lines.map(({ currency }) => currency)).size > 1)
      throw invalid(undefined, 'line_items', 'All line items must be of one currency');
    return lines;
  }

  private openSession(id: string): StripeSession {
    const session = this.session(id);
    if (session.status !== 'open') throw new Error(`session ${id} is ${session.status}: nothing can be paid in it`);
    return session;
  }

  private buildIntent(session: StripeSession): StripeIntent {
    if (session.payment_intent !== null) return this.intent(session.payment_intent);
    const data = this.intentDataBySession.get(session.id);
    const id = makeId('pi');
    const intent: StripeIntent = {
      ...{ id, object: 'payment_intent', amount: session.amount_total, amount_capturable: 0, amount_received: 0, canceled_at: null },
      ...{ cancellation_reason: null, capture_method: data?.capture_method ?? 'automatic_async', created: this.now },
      ...{ client_secret: `${id}_secret_${randomBytes(8).toString('hex')}`, currency: session.currency },
      ...{ description: data?.description ?? null, last_payment_error: null, latest_charge: null, livemode: false },
      ...{ metadata: data?.metadata ?? {}, status: 'requires_payment_method' },
    };
    this.intents.push(intent);
    session.payment_intent = id;
    this.emit('payment_intent.created', intent);
    return intent;
  }

  private newCharge(intent: StripeIntent): StripeCharge {
    const charge: StripeCharge = {
      ...{ id: makeId('ch'), object: 'charge', amount: intent.amount, amount_captured: 0, amount_refunded: 0, captured: false },
      ...{ created: this.now, currency: intent.currency, disputed: false, failure_code: null, livemode: false, paid: true },
      ...{ metadata: { ...intent.metadata }, payment_intent: intent.id, refunded: false, status: 'succeeded' },
      payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    };
    this.charges.push(charge);
    return charge;
  }

  private succeed(intent: StripeIntent, charge: StripeCharge, amount = intent.amount): void {
    Object.assign(charge, { status: 'succeeded', captured: true, amount_captured: amount });
    Object.assign(intent, { status: 'succeeded', amount_received: amount, amount_capturable: 0 });
    this.money.note('taken', charge.id, amount);
    this.move('charge', charge.id, amount, intent, Math.round(amount * 0.015) + 25);
  }

  private countRefunds(charge: StripeCharge): void {
    charge.amount_refunded = this.money.sum('refunded', charge.id);
    charge.refunded = charge.amount_refunded === charge.amount_captured;
  }

  private endSession(session: StripeSession): StripeSession {
    session.status = 'expired';
    session.url = null;
    const intent = this.intents.find(({ id }) => id === session.payment_intent);
    if (intent && intent.status !== 'canceled') this.endIntent(intent, 'expired');
    this.emit('checkout.session.expired', session);
    return session;
  }

  private endIntent(intent: StripeIntent, reason: string | null): StripeIntent {
    Object.assign(intent, { status: 'canceled', amount_capturable: 0, canceled_at: this.now, cancellation_reason: reason });
    this.emit('payment_intent.canceled', intent);
    return intent;
  }

  private buildCharge(intent: StripeIntent): StripeCharge {
    return this.charge(intent.latest_charge ?? '');
  }

  private emit(type: string, object: StripeEvent['data']['object']): void {
    const event: StripeEvent = {
      ...{ id: makeId('evt'), object: 'event', api_version: API_VERSION, created: this.now, type, livemode: false },
      ...{ data: { object: structuredClone(object) }, pending_webhooks: 1, request: this.cause },
    };
    this.events.push(event);
    this.onEvent(event);
  }
}

/** Finds an object. Throws the refusal of a parameter. */
export function found<T extends { id: string }>(objects: readonly T[], id: string, name: string, param: string): T {
  const object = objects.find((one) => one.id === id);
  if (!object) throw refuse(404, 'resource_missing', `No such ${name}: '${id}'`, { param });
  return object;
}

function unexpected(intent: StripeIntent, what: string, only: string): Refusal {
  const why = `because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${what}: ${only}`;
  return refuse(400, 'payment_intent_unexpected_state', `This PaymentIntent could not be ${what} ${why}.`, {
    payment_intent: structuredClone(intent),
  });
}

function buildDecline(code: string): StripeIntent['last_payment_error'] {
  return { type: 'card_error', code: 'card_declined', decline_code: code, message: 'Your card was declined.' };
}

function makeId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}
