import { randomInt, randomUUID } from 'node:crypto';
import { PaymentLedger } from '../payment-ledger.js';
import { PAGE_SECONDS, TEST_CARDS, TEST_WAYS, THREE_D_SECURE, YOOKASSA_WAYS, type YooKassaWay } from './yookassa-methods.js';
import type { YooKassaModes } from './yookassa-modes.js';
import { checkReceipt, needsReceipt, receiptMissing, type YooKassaReceipts } from './yookassa-receipts.js';
import { found, invalid, toAmount, toMinor } from './yookassa-refusals.js';
import type {
  YooKassaCancellation,
  YooKassaMoney,
  YooKassaNewPayment,
  YooKassaNewReceipt,
  YooKassaNewRefund,
  YooKassaPayment,
  YooKassaReceipt,
  YooKassaRefund,
  YooKassaSentReceipt,
} from './yookassa-wire.js';

const YEAR = 365 * 86_400_000;

export const YOOKASSA_EVENTS = [
  ...(['payment.waiting_for_capture', 'payment.succeeded', 'payment.canceled', 'refund.succeeded', 'payment_method.active'] as const),
];
export type YooKassaEventName = (typeof YOOKASSA_EVENTS)[number];

/** A notification, with the state of that moment. It has no id and no signature. */
export interface YooKassaEvent {
  type: 'notification';
  event: YooKassaEventName;
  object: YooKassaPayment | YooKassaRefund;
}

/** The settings of a shop. */
export interface YooKassaShopSettings {
  shopId: string;
  /** The key of a test shop begins with `test_`. */
  secretKey: string;
  currency: string;
  receipts: YooKassaReceipts;
}

/** How a buyer pays: the way (bank card if the page has a choice), and the number of a bank card. */
export interface YooKassaBuyer {
  way?: string;
  card?: string;
}

/** Facts of a payment that its object does not show. */
interface Hidden {
  capture: boolean;
  returnUrl: string;
  /** The way that the shop chose. Undefined: the buyer chooses. */
  way: string | undefined;
  receipt: YooKassaSentReceipt | undefined;
  /** The buyer has paid, but the register has not answered. */
  waiting: boolean;
}

/** The parts of the double that a shop uses. */
export interface YooKassaSurroundings {
  readonly modes: YooKassaModes;
  readonly url: string;
  /** Milliseconds since 1970, with the time that tests have let pass. */
  readonly clockMs: number;
  advance(seconds: number): void;
}

/** A shop in memory: its objects, the actions of the API, buyers, banks and time, and the events. */
export class YooKassaBook {
  readonly payments: YooKassaPayment[] = [];
  readonly refunds: YooKassaRefund[] = [];
  readonly receipts: YooKassaReceipt[] = [];
  readonly events: YooKassaEvent[] = [];
  /** By the ids of payments, in hundredths. */
  readonly money = new PaymentLedger();
  private readonly hidden = new Map<string, Hidden>();

  constructor(
    private readonly shop: YooKassaShopSettings,
    private readonly around: YooKassaSurroundings,
    private readonly onEvent: (event: YooKassaEvent) => void,
  ) {}

  get now(): number {
    return this.around.clockMs;
  }

  private get modes(): YooKassaModes {
    return this.around.modes;
  }

  get isTest(): boolean {
    return this.shop.secretKey.startsWith('test_');
  }

  /** The ways to pay that the shop has. */
  get ways(): string[] {
    return this.isTest ? TEST_WAYS : Object.keys(YOOKASSA_WAYS);
  }

  /** Makes time pass for all shops. */
  advance(seconds: number): void {
    this.around.advance(seconds);
  }

  /** Ends pages and holds past their time. */
  endWhatIsDue(): void {
    for (const payment of this.payments) {
      if (payment.status === 'pending' && this.mustPayBy(payment) <= this.now)
        this.end(payment, { party: 'yoo_money', reason: 'expired_on_confirmation' });
      if (payment.status === 'waiting_for_capture' && Date.parse(payment.expires_at ?? '') <= this.now)
        this.end(payment, { party: 'yoo_money', reason: 'expired_on_capture' });
    }
  }

  // Acts of the API. They throw Refusal.

  createPayment(body: YooKassaNewPayment): YooKassaPayment {
    const { amount, capture = false, confirmation, description, metadata, receipt, payment_method_data, recipient } = body;
    if ([payment_method_data, body.payment_method_id, body.payment_token].filter((one) => one !== undefined).length > 1)
      throw invalid('Only one of payment_method_data, payment_method_id and payment_token', 'payment_method_data');
    if (body.payment_method_id !== undefined) throw invalid('There is no such saved method', 'payment_method_id');
    if (body.payment_token !== undefined) throw invalid('The token is not valid', 'payment_token');
    if (confirmation === undefined) throw invalid('Confirmation is missing', 'confirmation');
    if (confirmation.type !== 'redirect') throw invalid('This double only redirects', 'confirmation.type');
    if (confirmation.return_url === undefined) throw invalid('Return url is missing', 'confirmation.return_url');
    this.checkAmount(amount, { way: payment_method_data?.type, capture });
    this.checkReceipt(receipt, amount, { required: true, oldVat: false });
    const id = randomUUID();
    const payment: YooKassaPayment = {
      ...{ id, status: 'pending', paid: false, amount },
      ...(description !== undefined && { description }),
      recipient: { account_id: this.shop.shopId, gateway_id: recipient?.gateway_id ?? '1' },
      ...(payment_method_data && { payment_method: { type: payment_method_data.type, id, saved: false, status: 'inactive' } }),
      created_at: toTime(this.now),
      confirmation: {
        type: 'redirect',
        confirmation_url: `${this.around.url}/checkout/payments/${id}`,
        return_url: confirmation.return_url,
        ...(confirmation.enforce !== undefined && { enforce: confirmation.enforce }),
      },
      ...{ test: this.isTest, refundable: false },
      ...(metadata && { metadata }),
    };
    this.payments.push(payment);
    this.hidden.set(id, { capture, returnUrl: confirmation.return_url, way: payment_method_data?.type, receipt, waiting: false });
    return payment;
  }

  capture(id: string, { amount, receipt }: { amount?: YooKassaMoney; receipt?: YooKassaSentReceipt } = {}): YooKassaPayment {
    const payment = this.payment(id);
    if (payment.status !== 'waiting_for_capture') throw invalid(`A payment that is ${payment.status} cannot be captured`);
    if (amount) this.checkCurrency(amount);
    const [held, asked] = [toMinor(payment.amount), toMinor(amount ?? payment.amount)];
    if (asked < 1 || asked > held) throw invalid('Illegal amount for capture', 'amount');
    const way = this.wayOf(payment);
    if (asked < held && !way.parts && way.unsure !== 'parts') throw invalid('This way has no partial capture', 'amount');
    const taken = toAmount(asked, payment.amount.currency);
    this.checkReceipt(receipt, taken, { required: asked < held, oldVat: true });
    if (this.modes.captures === 'canceled') return this.end(payment, { party: 'payment_network', reason: 'general_decline' });
    const hidden = this.hiddenOf(payment);
    if (receipt) hidden.receipt = receipt;
    if (this.modes.partialCapture === 'captured') payment.amount = taken;
    this.succeed(payment, asked);
    return payment;
  }

  cancel(id: string): YooKassaPayment {
    const payment = this.payment(id);
    if (payment.status !== 'waiting_for_capture') throw invalid(`A payment that is ${payment.status} cannot be cancelled`);
    return this.end(payment, { party: 'merchant', reason: 'canceled_by_merchant' });
  }

  createRefund({ payment_id, amount, description, receipt, metadata }: YooKassaNewRefund): YooKassaRefund {
    const payment = this.payment(payment_id);
    this.checkCurrency(amount);
    const asked = this.checkRefund(payment, toMinor(amount));
    this.checkReceipt(receipt, amount, { required: asked < this.money.sum('taken', payment.id), oldVat: true });
    return this.addRefund(payment, asked, {
      ...(description !== undefined && { description }),
      ...(metadata && this.modes.refundMetadata === 'kept' && { metadata }),
      receipt,
    });
  }

  /** A separate receipt: the offset of a prepayment, or the receipt of a shop which sends it afterwards. */
  createReceipt({ type, payment_id, refund_id, settlements, tax_system_code, ...body }: YooKassaNewReceipt): YooKassaReceipt {
    if (['none', 'self-employed'].includes(this.shop.receipts)) throw invalid('The shop makes no such receipts', 'type');
    if (type === 'payment' ? refund_id !== undefined : payment_id !== undefined)
      throw invalid('Of one object', type === 'payment' ? 'refund_id' : 'payment_id');
    this.checkReceiptTarget(type, type === 'payment' ? payment_id : refund_id);
    const currency = settlements[0]?.amount.currency ?? this.shop.currency;
    const amount = toAmount(
      settlements.reduce((sum, one) => sum + toMinor(one.amount), 0),
      currency,
    );
    this.checkCurrency(amount, 'settlements');
    checkReceipt(body, { receipts: this.shop.receipts, amount, at: '', oldVat: true, now: this.now });
    return this.addReceipt({
      ...{ type, items: body.items, settlements },
      ...(tax_system_code !== undefined && { tax_system_code }),
      ...(payment_id !== undefined && { payment_id }),
      ...(refund_id !== undefined && { refund_id }),
    });
  }

  // Actions of buyers, banks, registers, time and the dashboard. They throw Error if the state forbids it.

  /** The ways that a payment's page offers. */
  listWays(payment: YooKassaPayment): string[] {
    const { way, capture } = this.hiddenOf(payment);
    const sum = toMinor(payment.amount);
    return (way === undefined ? this.ways : [way]).filter((name) => {
      const { hold, least, most, unsure } = wayBy(name);
      return sum >= least && sum <= most && (capture || hold !== undefined || unsure === 'hold');
    });
  }

  /** The buyer pays. A card that is declined ends the payment, or lets them try again. */
  pay(id: string, { way, card = '5555555555554477' }: YooKassaBuyer = {}): YooKassaPayment {
    const payment = this.open(id);
    const ways = this.listWays(payment);
    const chosen = way ?? ways[0];
    if (chosen === undefined || !ways.includes(chosen)) throw new Error(`payment ${id} cannot be paid by ${chosen}`);
    const decline = chosen === 'bank_card' ? TEST_CARDS[card] : null;
    if (decline === undefined) throw new Error(`${card} is not a test card`);
    payment.payment_method = buildMethod(payment.id, chosen, card);
    if (decline) return this.decline(id, decline.reason, decline.party);
    payment.authorization_details = {
      ...{ rrn: String(randomInt(1e11, 1e12)), auth_code: String(randomInt(1e5, 1e6)) },
      three_d_secure: { applied: chosen === 'bank_card' && THREE_D_SECURE.includes(card) },
    };
    const hidden = this.hiddenOf(payment);
    if (hidden.capture && hidden.receipt && this.modes.receiptFirst && this.modes.registration === 'pending') {
      payment.receipt_registration = 'pending';
      hidden.waiting = true;
      return payment;
    }
    return this.take(payment);
  }

  /** The bank declines. */
  decline(id: string, reason = 'general_decline', party: YooKassaCancellation['party'] = 'payment_network'): YooKassaPayment {
    const payment = this.open(id);
    if (this.modes.declines === 'stay' && this.hiddenOf(payment).way === undefined) {
      delete payment.payment_method;
      return payment;
    }
    return this.end(payment, { party, reason });
  }

  /** The buyer's time has ended. */
  expire(id: string): YooKassaPayment {
    return this.end(this.open(id), { party: 'yoo_money', reason: 'expired_on_confirmation' });
  }

  /** The hold's time has ended. */
  endHold(id: string): YooKassaPayment {
    const payment = this.payment(id);
    if (payment.status !== 'waiting_for_capture') throw new Error(`payment ${id} is ${payment.status}: there is no hold`);
    return this.end(payment, { party: 'yoo_money', reason: 'expired_on_capture' });
  }

  /** A refund made in the dashboard, in hundredths. By default everything that remains. */
  refundByHand(id: string, asked?: number): YooKassaRefund {
    const payment = this.payment(id);
    return this.addRefund(payment, this.checkRefund(payment, asked), {});
  }

  /** A pending refund succeeds or fails. A failed one has no event. */
  settleRefund(id: string, outcome: 'succeeds' | { fails: string }): YooKassaRefund {
    const refund = this.refund(id);
    if (refund.status !== 'pending') throw new Error(`refund ${id} is ${refund.status} already`);
    if (outcome === 'succeeds') this.giveBack(refund);
    else {
      this.money.undo(id);
      refund.status = 'canceled';
      refund.cancellation_details = { party: 'refund_network', reason: outcome.fails };
    }
    return refund;
  }

  /** The register answers for the receipt of a payment. */
  register(id: string, outcome: 'succeeded' | 'canceled'): YooKassaPayment {
    const payment = this.payment(id);
    if (payment.receipt_registration !== 'pending') throw new Error(`payment ${id} waits for no receipt`);
    payment.receipt_registration = outcome;
    for (const receipt of this.receipts) if (receipt.payment_id === id && receipt.status === 'pending') this.answer(receipt, outcome);
    return this.hiddenOf(payment).waiting ? this.take(payment) : payment;
  }

  /** The register answers for a receipt that was sent separately, also after a refusal. */
  answerReceipt(id: string, outcome: 'succeeded' | 'canceled'): void {
    this.answer(this.receipt(id), outcome);
  }

  // Look-ups. They reject like the API.

  payment(id: string): YooKassaPayment {
    this.endWhatIsDue();
    return found(this.payments, id, 'Payment', 'payment_id');
  }

  refund(id: string): YooKassaRefund {
    return found(this.refunds, id, 'Refund', 'refund_id');
  }

  receipt(id: string): YooKassaReceipt {
    return found(this.receipts, id, 'Receipt', 'receipt_id');
  }

  /** The present object. Undefined if there is none. */
  find(id: string): object | undefined {
    return [...this.payments, ...this.refunds, ...this.receipts].find((one) => one.id === id);
  }

  private checkAmount(amount: YooKassaMoney, { way: name, capture }: { way: string | undefined; capture: boolean }): void {
    this.checkCurrency(amount);
    if (name !== undefined && !this.ways.includes(name))
      throw invalid('The shop does not have this way to pay', 'payment_method_data.type');
    const ways = (name === undefined ? this.ways : [name]).map(wayBy);
    const able = ways.filter(({ hold, unsure }) => capture || hold !== undefined || unsure === 'hold');
    if (able.length === 0) throw invalid('This way to pay has one stage only', 'capture');
    const minor = toMinor(amount);
    if (minor < Math.min(...able.map(({ least }) => least))) throw invalid('The amount is below the least', 'amount.value');
    if (minor > Math.max(...able.map(({ most }) => most))) throw invalid('The amount is above the most', 'amount.value');
  }

  private checkCurrency({ currency }: YooKassaMoney, at = 'amount'): void {
    if (currency !== this.shop.currency) throw invalid(`The shop takes ${this.shop.currency}`, `${at}.currency`);
  }

  private checkReceipt(
    receipt: YooKassaSentReceipt | undefined,
    amount: YooKassaMoney,
    { required, oldVat }: { required: boolean; oldVat: boolean },
  ): void {
    const { receipts } = this.shop;
    if (receipt) checkReceipt(receipt, { receipts, amount, oldVat, now: this.now });
    else if (required && needsReceipt(receipts)) throw receiptMissing();
  }

  private checkReceiptTarget(type: 'payment' | 'refund', id: string | undefined): void {
    if (id === undefined) throw invalid('The id of the payment or refund is required', `${type}_id`);
    const { status } = type === 'payment' ? this.payment(id) : this.refund(id);
    if (status !== 'succeeded' && status !== 'waiting_for_capture') throw invalid(`The ${type} is ${status}`, `${type}_id`);
    if (type === 'refund' && this.receipts.filter(({ refund_id }) => refund_id === id).length >= 50)
      throw invalid('A refund can have at most 50 receipts', 'refund_id');
  }

  private checkRefund(payment: YooKassaPayment, asked: number | undefined): number {
    if (payment.status !== 'succeeded') throw invalid(`A payment that is ${payment.status} cannot be refunded`, 'payment_id');
    const { refund, refundYears } = this.wayOf(payment);
    if (refund === 'none') throw invalid('Payments of this way cannot be refunded', 'payment_id');
    if (this.now - Date.parse(payment.created_at) > refundYears * YEAR) throw invalid('It is too old to be refunded', 'payment_id');
    return this.money.checkRefund(payment.id, asked, {
      over: (left) => invalid(`At most ${toAmount(left, payment.amount.currency).value} can be refunded`, 'amount'),
      whole: refund === 'full' ? () => invalid('Payments of this way are refunded whole', 'amount') : undefined,
    });
  }

  private addRefund(
    payment: YooKassaPayment,
    minor: number,
    { receipt, ...given }: { description?: string; metadata?: Record<string, string>; receipt?: YooKassaSentReceipt | undefined },
  ): YooKassaRefund {
    const refund: YooKassaRefund = {
      ...{ id: randomUUID(), payment_id: payment.id, status: 'pending', amount: toAmount(minor, payment.amount.currency) },
      ...{ created_at: toTime(this.now), ...given },
    };
    this.refunds.push(refund);
    this.money.note('refunded', payment.id, minor, refund.id);
    if (receipt && this.shop.receipts !== 'none') {
      const { status } = this.addReceipt({ type: 'refund', refund_id: refund.id, items: receipt.items });
      refund.receipt_registration = status;
    }
    if (this.modes.refunds === 'succeeded') this.giveBack(refund);
    if (this.modes.refunds === 'canceled') this.settleRefund(refund.id, { fails: 'insufficient_funds' });
    return refund;
  }

  private giveBack(refund: YooKassaRefund): void {
    const payment = this.payment(refund.payment_id);
    refund.status = 'succeeded';
    refund.refund_authorization_details = { rrn: String(randomInt(1e11, 1e12)) };
    const total = toMinor(payment.refunded_amount ?? toAmount(0, '')) + toMinor(refund.amount);
    payment.refunded_amount = toAmount(total, payment.amount.currency);
    payment.refundable = total < this.money.sum('taken', payment.id);
    this.emit('refund.succeeded', refund);
  }

  /** The buyer's money has arrived: held, or captured. */
  private take(payment: YooKassaPayment): YooKassaPayment {
    const hidden = this.hiddenOf(payment);
    hidden.waiting = false;
    delete payment.confirmation;
    payment.paid = true;
    if (hidden.capture) {
      this.succeed(payment, toMinor(payment.amount));
      return payment;
    }
    payment.status = 'waiting_for_capture';
    payment.expires_at = toTime(this.now + (this.wayOf(payment).hold ?? 0) * 1_000);
    this.emit('payment.waiting_for_capture', payment);
    return payment;
  }

  private succeed(payment: YooKassaPayment, minor: number): void {
    const { currency } = payment.amount;
    const hidden = this.hiddenOf(payment);
    this.money.note('taken', payment.id, minor);
    delete payment.expires_at;
    payment.status = 'succeeded';
    payment.captured_at = toTime(this.now);
    payment.income_amount = toAmount(Math.round(minor * 0.965), currency);
    payment.refunded_amount = toAmount(0, currency);
    payment.refundable = this.wayOf(payment).refund !== 'none';
    if (hidden.receipt && this.shop.receipts !== 'none') {
      const { status } = this.addReceipt({ type: 'payment', payment_id: payment.id, items: hidden.receipt.items });
      payment.receipt_registration ??= status;
    }
    this.emit('payment.succeeded', payment);
  }

  private end(payment: YooKassaPayment, details: YooKassaCancellation): YooKassaPayment {
    delete payment.confirmation;
    delete payment.expires_at;
    payment.status = 'canceled';
    payment.paid = false;
    payment.cancellation_details = details;
    this.emit('payment.canceled', payment);
    return payment;
  }

  private addReceipt(given: Omit<YooKassaReceipt, 'id' | 'status'>): YooKassaReceipt {
    const receipt: YooKassaReceipt = { id: `rt-${randomUUID()}`, status: 'pending', ...given };
    this.receipts.push(receipt);
    if (this.modes.registration !== 'pending') this.answer(receipt, this.modes.registration);
    return receipt;
  }

  private answer(receipt: YooKassaReceipt, outcome: 'succeeded' | 'canceled'): void {
    receipt.status = outcome;
    if (outcome === 'canceled') return;
    receipt.registered_at = toTime(this.now);
    receipt.fiscal_document_number = String(this.receipts.length);
  }

  private open(id: string): YooKassaPayment {
    const payment = this.payment(id);
    if (payment.status !== 'pending' || this.hiddenOf(payment).waiting)
      throw new Error(`payment ${id} is ${payment.status}: there is nothing to pay`);
    return payment;
  }

  private mustPayBy(payment: YooKassaPayment): number {
    const { way, waiting } = this.hiddenOf(payment);
    const seconds = way === undefined ? PAGE_SECONDS : wayBy(way).payWithin;
    return waiting || seconds === undefined ? Infinity : Date.parse(payment.created_at) + seconds * 1_000;
  }

  private wayOf({ payment_method }: YooKassaPayment): YooKassaWay {
    return wayBy(payment_method?.type ?? 'bank_card');
  }

  /** The address that a payment's page returns to. */
  findReturnUrl(payment: YooKassaPayment): string {
    return this.hiddenOf(payment).returnUrl;
  }

  private hiddenOf({ id }: YooKassaPayment): Hidden {
    return this.hidden.get(id) as Hidden;
  }

  private emit(event: YooKassaEventName, object: YooKassaPayment | YooKassaRefund): void {
    const made: YooKassaEvent = { type: 'notification', event, object: structuredClone(object) };
    this.events.push(made);
    this.onEvent(made);
  }
}

function wayBy(name: string): YooKassaWay {
  const way = YOOKASSA_WAYS[name];
  if (way === undefined) throw new Error(`unknown payment method ${name}`);
  return way;
}

function buildMethod(id: string, type: string, card: string): YooKassaPayment['payment_method'] {
  if (type !== 'bank_card') return { type, id, saved: false, status: 'inactive' };
  const last4 = card.slice(-4);
  return {
    ...{ type, id, saved: false, status: 'inactive', title: `Bank card *${last4}` },
    card: {
      first6: card.slice(0, 6),
      last4,
      expiry_month: '12',
      expiry_year: '2030',
      card_type: card.startsWith('2') ? 'Mir' : 'MasterCard',
    },
  };
}

function toTime(moment: number): string {
  return new Date(moment).toISOString();
}
