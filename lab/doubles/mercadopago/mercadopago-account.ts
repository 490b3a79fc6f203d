import { createHash, randomBytes, randomInt } from 'node:crypto';
import { makeId } from '../../../libs/testing/double/double.js';
import { Moves } from '../../../libs/testing/double/moves.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { MercadoPagoModes } from './mercadopago-modes.js';
import { checkOrder, type MercadoPagoRequest, readAmount } from './mercadopago-rules.js';
import { type MercadoPagoSite, type MercadoPagoSiteCode, SITES } from './mercadopago-sites.js';

const DAY = 86_400;
/** Days after payment in which money can be refunded. */
const REFUND_DAYS = 180;

/** Names of a card's holder, and how such a payment is refused. */
const REFUSED = {
  ...{ OTHE: 'rejected_other_reason', CALL: 'required_call_for_authorize', FUND: 'insufficient_amount', SECU: 'bad_filled_card_data' },
  ...{ EXPI: 'bad_filled_card_data', FORM: 'bad_filled_card_data', CARD: 'bad_filled_card_data', INST: 'invalid_installments' },
  ...{ DUPL: 'rejected_other_reason', LOCK: 'card_disabled', CTNA: 'rejected_other_reason', ATTE: 'max_attempts_exceeded' },
  BLAC: 'high_risk',
} as const;
/** Ways that end later, and the types of methods they use. */
const AWAITED = {
  ticket: ['ticket', 'atm'],
  transfer: ['bank_transfer', 'digital_wallet'],
  challenge: ['credit_card', 'debit_card'],
} as const;

/** How a buyer pays: by a card of this holder, or by a way that ends later. */
export type MercadoPagoWay = 'APRO' | 'CONT' | keyof typeof REFUSED | keyof typeof AWAITED;
const WAYS = ['APRO', 'CONT', ...Object.keys(REFUSED), ...Object.keys(AWAITED)] as MercadoPagoWay[];

/** Throws Error if there is no such way. */
export function readWay(code: string): MercadoPagoWay {
  const way = WAYS.find((one) => one === code);
  if (way === undefined) throw new Error(`There is no way to pay ${code}. Use one of ${WAYS.join(', ')}.`);
  return way;
}

const OPEN = 'created, action_required/waiting_retry';
const WAITING = 'action_required/waiting_payment, action_required/waiting_transfer';
const UNDER_WAY = `${WAITING}, action_required/pending_challenge, processing`;

/** The changes of an order. Clients may request a change that has a refusal. */
const MOVES = new Moves({
  pay: `${OPEN} -> processed/accredited`,
  ticket: `${OPEN} -> action_required/waiting_payment`,
  transfer: `${OPEN} -> action_required/waiting_transfer`,
  challenge: `${OPEN} -> action_required/pending_challenge`,
  examine: `${OPEN} -> processing/in_process`,
  retry: `${OPEN}, ${UNDER_WAY} -> action_required/waiting_retry`,
  fail: `${OPEN}, ${UNDER_WAY} -> failed`,
  settle: `${UNDER_WAY} -> processed/accredited`,
  settleLate: 'canceled -> processed/accredited',
  return: 'canceled -> canceled/canceled',
  expire: `${OPEN}, ${WAITING}, action_required/pending_challenge -> expired/expired`,
  cancel: 'created, action_required -> canceled/canceled else 409 cannot_cancel_order',
  refund: 'processed -> processed/partially_refunded else 409 cannot_refund_order',
  dispute: 'processed -> charged_back/in_process',
  loseDispute: 'charged_back/in_process -> charged_back/settled',
  winDispute: 'charged_back/in_process -> charged_back/reimbursed',
});
type MoveName = Parameters<typeof MOVES.may>[0];

/** One try of the buyer to pay. */
export interface Attempt {
  id: string;
  status: string;
  status_detail: string;
  payment_method: { id: string; type: string; installments?: number; ticket_url?: string };
}
/** Amounts are in minor units, times in seconds since 1970. */
export interface Payment extends Attempt {
  /** In the older API. */
  number: number;
  amount: number;
  paid: number;
  refunded: number;
  attempts: Attempt[];
  approvedAt?: number;
  expiresAt?: number;
}
interface Refund {
  id: string;
  transactionId: string;
  amount: number;
  status: 'processing' | 'processed' | 'failed';
}
interface Chargeback {
  id: string;
  transactionId: string;
  caseId: string;
  amount: number;
  status: 'in_process' | 'settled' | 'reimbursed';
}
/** An order of the double. Amounts are in minor units, times in seconds since 1970. */
export interface MercadoPagoOrder {
  id: string;
  request: MercadoPagoRequest;
  total: number;
  status: string;
  detail: string;
  clientToken: string;
  createdAt: number;
  updatedAt: number;
  expiresAt: number | undefined;
  /** Counts the changes. */
  version: number;
  payments: Payment[];
  refunds: Refund[];
  chargebacks: Chargeback[];
}

/** A seller's account. */
export interface MercadoPagoAccountOptions {
  /** Begins with `APP_USR-`, even for a test account. */
  token: string;
  site: MercadoPagoSiteCode;
  webhookSecret: string;
  /** The address for its webhooks, which the seller enters by hand. */
  webhookUrl?: string | undefined;
  isTest?: boolean;
}

/** The parts of the double that an account uses. */
interface Surroundings {
  readonly modes: MercadoPagoModes;
  readonly url: string;
  onChange(account: MercadoPagoAccount, order: MercadoPagoOrder, action: string): void;
}

/** One seller's account and its orders: the actions of the API, buyers, banks and the panel. */
export class MercadoPagoAccount {
  readonly orders: MercadoPagoOrder[] = [];
  readonly token: string;
  readonly siteCode: MercadoPagoSiteCode;
  readonly site: MercadoPagoSite;
  readonly isTest: boolean;
  readonly webhookSecret: string;
  webhookUrl: string | undefined;
  readonly userId: number;

  constructor(
    { token, site, webhookSecret, webhookUrl, isTest = false }: MercadoPagoAccountOptions,
    private readonly around: Surroundings,
  ) {
    [this.token, this.siteCode, this.site] = [token, site, SITES[site]];
    [this.webhookSecret, this.webhookUrl, this.isTest] = [webhookSecret, webhookUrl, isTest];
    this.userId = 1e8 + (createHash('sha256').update(token).digest().readUInt32BE() % 9e8);
  }

  /** Seconds since 1970, with their fraction. */
  get now(): number {
    return Date.now() / 1_000;
  }

  get modes(): MercadoPagoModes {
    return this.around.modes;
  }

  toCheckoutUrl(orderId: string): string {
    return `${this.around.url}/checkout/v1/redirect?order_id=${orderId}`;
  }

  /** Ends orders and slips past their time, depending on the mode `expiry`. */
  expire(): void {
    if (this.modes.expiry === 'stays') return;
    for (const order of this.orders) if (MOVES.may('expire', stateOf(order)) && this.isOver(order)) this.turn(order, 'expire');
  }

  // Acts of the API. They throw Refusal.

  create(request: MercadoPagoRequest): MercadoPagoOrder {
    const total = checkOrder(request, this.site, this.isTest, this.modes);
    const { now } = this;
    const order: MercadoPagoOrder = {
      ...{ id: makeId(this.isTest ? 'ORDTST' : 'ORD', 26), request, total, clientToken: randomBytes(24).toString('base64url') },
      ...{ status: 'created', detail: 'created', version: 1, createdAt: now, updatedAt: now, payments: [], refunds: [], chargebacks: [] },
      expiresAt: request.expiration_time === undefined ? undefined : now + readDuration(request.expiration_time),
    };
    this.orders.push(order);
    this.around.onChange(this, order, 'order.created');
    return order;
  }

  cancel(id: string): MercadoPagoOrder {
    const order = this.order(id);
    const { cancelledTwice, cancelsWaiting } = this.modes;
    if (order.status === 'canceled') throw new Refusal(409, cancelledTwice, 'The order is canceled already.');
    if (!cancelsWaiting && isWaiting(order)) throw new Refusal(409, 'cannot_cancel_order', 'A slip is on its way.');
    return this.turn(order, 'cancel');
  }

  /** Without `parts`: everything. */
  refund(id: string, parts?: readonly { id: string; amount: string }[]): MercadoPagoOrder {
    const order = this.order(id);
    if (order.detail === 'refunded') throw new Refusal(409, 'order_already_refunded', 'The order is refunded already.');
    MOVES.to('refund', stateOf(order));
    if (order.refunds.some(({ status }) => status === 'processing'))
      throw new Refusal(409, 'order_refund_already_in_process', 'A refund of the order is in process.');
    if (order.payments.some(({ approvedAt = this.now }) => this.now - approvedAt > REFUND_DAYS * DAY))
      throw new Refusal(409, 'cannot_refund_order', 'The payment is too old.');
    const paid = order.payments.filter((one) => one.paid > 0);
    const wanted =
      parts?.map(({ id: paymentId, amount }, index) => {
        const payment = paid.find((one) => one.id === paymentId);
        if (!payment) throw new Refusal(404, 'transaction_not_found', `The order has no transaction ${paymentId}.`);
        return { payment, amount: readAmount(amount, `$.transactions[${index}].amount`, this.site) };
      }) ?? paid.map((payment) => ({ payment, amount: payment.paid }));
    for (const { payment, amount } of wanted) {
      if (amount <= 0 || amount > payment.paid - payment.refunded)
        throw new Refusal(400, 'refund_amount_exceeds', 'The amount is not within what is left of the payment.');
      if (amount < payment.paid && !this.modes.partialRefunds)
        throw new Refusal(400, 'unsupported_partially_refunds', 'The payment can only be refunded as a whole.');
    }
    for (const { payment, amount } of wanted) {
      const refund: Refund = { id: makeId('REF', 26), transactionId: payment.id, amount, status: this.modes.refunds };
      order.refunds.push(refund);
      if (refund.status === 'processed') this.count(order, refund);
    }
    return order;
  }

  /** Returns an order of this account. */
  order(id: string): MercadoPagoOrder {
    const found = this.orders.find((one) => one.id === id);
    if (!found) throw new Refusal(404, 'order_not_found', 'The order was not found.');
    return found;
  }

  // Acts of buyers, banks and the panel. They throw Error if the state does not allow it.

  /** Whether the page still takes a payment. */
  isOpen(order: MercadoPagoOrder): boolean {
    return MOVES.may('pay', stateOf(order)) && !this.isOver(order);
  }

  /** The buyer pays, or tries to. */
  pay(id: string, way: MercadoPagoWay = 'APRO'): MercadoPagoOrder {
    const order = this.order(id);
    if (!this.isOpen(order)) throw new Error(`order ${id} is ${stateOf(order)}: its page does not accept a payment`);
    const { capture_mode: mode, config } = order.request;
    const payment = this.begin(order, way);
    if (isAwaited(way) && mode !== 'automatic') {
      if (way === 'ticket') payment.payment_method.ticket_url = `${this.around.url}/checkout/v1/ticket?payment_id=${payment.id}`;
      payment.expiresAt = this.now + readDuration(config?.default_payment_due_date ?? 'P3D');
      return this.turn(order, way);
    }
    if (way === 'CONT' && mode !== 'automatic') return this.turn(order, 'examine');
    if (way !== 'APRO') return this.reject(order, way in REFUSED ? REFUSED[way as keyof typeof REFUSED] : 'rejected_other_reason');
    return this.accredit(order, 'pay');
  }

  /**
   * Ends the wait or examination of a payment. A slip may also be paid after its order was canceled: see
   * `lateSlips`.
   */
  settle(id: string, outcome: 'paid' | { refused: string } = 'paid'): MercadoPagoOrder {
    const order = this.order(id);
    const payment = order.payments.at(-1);
    if (outcome !== 'paid') return this.reject(order, outcome.refused);
    const isLate = order.status === 'canceled' && payment?.payment_method.ticket_url !== undefined;
    if (!isLate) return this.accredit(order, 'settle');
    if (this.modes.lateSlips === 'accepted') return this.accredit(order, 'settleLate');
    this.turn(order, 'return', []);
    Object.assign(payment, { paid: payment.amount, refunded: payment.amount, status: 'refunded', status_detail: 'refunded' });
    return order;
  }

  /** Ends a refund in progress. */
  settleRefund(refundId: string, outcome: 'processed' | 'failed'): Refund {
    const order = this.orders.find(({ refunds }) => refunds.some((one) => one.id === refundId));
    const refund = order?.refunds.find((one) => one.id === refundId);
    if (!order || refund?.status !== 'processing') throw new Error(`no refund ${refundId} is under way`);
    refund.status = outcome;
    if (outcome === 'processed') this.count(order, refund);
    return refund;
  }

  /** The buyer disputes the payment at the bank. The money is held. */
  dispute(id: string): Chargeback {
    const order = this.order(id);
    const payment = order.payments.find(({ paid, refunded }) => paid > refunded);
    if (!payment) throw new Error(`order ${id} is ${stateOf(order)}: nothing was paid that could be disputed`);
    const chargeback: Chargeback = {
      ...{ id: makeId('CHG', 26), transactionId: payment.id, caseId: String(randomInt(1e9, 1e10)) },
      ...{ amount: payment.paid - payment.refunded, status: 'in_process' },
    };
    order.chargebacks.push(chargeback);
    this.turn(order, 'dispute', [payment]);
    return chargeback;
  }

  /** The bank decides. `settled` is against the seller. */
  closeDispute(id: string, outcome: 'settled' | 'reimbursed'): Chargeback {
    const order = this.order(id);
    const chargeback = order.chargebacks.find(({ status }) => status === 'in_process');
    if (!chargeback) throw new Error(`order ${id} has no open dispute`);
    chargeback.status = outcome;
    const disputed = order.payments.filter((one) => one.id === chargeback.transactionId);
    this.turn(order, outcome === 'settled' ? 'loseDispute' : 'winDispute', disputed);
    return chargeback;
  }

  private begin(order: MercadoPagoOrder, way: MercadoPagoWay): Payment {
    const { not_allowed_ids: ids = [], not_allowed_types: types = [] } = order.request.config?.payment_method ?? {};
    const isCardOnly = order.request.config?.online?.allowed_user_type === 'account_only';
    const wanted: readonly string[] = AWAITED[isAwaited(way) ? way : 'challenge'];
    const method = this.site.methods.find(
      ({ id, payment_type_id: type }) =>
        wanted.includes(type) && !ids.includes(id) && !types.some((one) => one === type) && (type.endsWith('_card') || !isCardOnly),
    );
    if (!method) throw new Error(`order ${order.id} is not paid by ${way}: this payment method is not offered`);
    const { id, payment_type_id: type } = method;
    const payment_method = { id, type, ...(type.endsWith('_card') && { installments: 1 }) };
    const attempt: Attempt = { id: makeId('PAY', 26), status: 'created', status_detail: 'created', payment_method };
    const known = order.payments.at(-1);
    if (known && this.modes.tries === 'attempts') {
      known.attempts.push(attempt);
      return Object.assign(known, { payment_method });
    }
    const money = { number: randomInt(1e11, 2e11), amount: order.total, paid: 0, refunded: 0 };
    const payment: Payment = { ...attempt, id: makeId('PAY', 26), ...money, attempts: [attempt] };
    order.payments.push(payment);
    return payment;
  }

  private accredit(order: MercadoPagoOrder, move: MoveName): MercadoPagoOrder {
    MOVES.to(move, stateOf(order), `order ${order.id}`);
    const payment = order.payments.at(-1);
    if (payment) Object.assign(payment, { paid: payment.amount, approvedAt: this.now });
    return this.turn(order, move);
  }

  /** A try is refused. The page offers another, unless it was the last. */
  private reject(order: MercadoPagoOrder, detail: string): MercadoPagoOrder {
    const isOver = order.request.config?.online?.retries?.allowed === false || detail === 'max_attempts_exceeded';
    const payment = order.payments.at(-1);
    MOVES.to('retry', stateOf(order), `order ${order.id}`);
    const failed = { status: 'failed', status_detail: detail };
    const isFailed = isOver || this.modes.tries === 'payments';
    if (payment) Object.assign(payment, isFailed ? failed : { status: 'action_required', status_detail: 'waiting_retry' });
    Object.assign(payment?.attempts.at(-1) ?? {}, failed);
    return this.turn(order, isOver ? 'fail' : 'retry', [], detail);
  }

  /** The money of a refund has gone. It posts no webhook. */
  private count(order: MercadoPagoOrder, { transactionId, amount }: Refund): void {
    const payment = order.payments.find((one) => one.id === transactionId);
    if (!payment) throw new Error(`order ${order.id} has no payment ${transactionId}`);
    payment.refunded += amount;
    const isAll = payment.refunded === payment.paid;
    const [status, detail] = [isAll ? this.modes.refundedStatus : 'processed', isAll ? 'refunded' : 'partially_refunded'];
    Object.assign(payment, { status, status_detail: detail });
    Object.assign(order, { status, detail, updatedAt: this.now, version: order.version + 1 });
  }

  /**
   * Moves an order, and these payments (the last one when left out) with their last attempts. Posts a
   * webhook.
   */
  private turn(order: MercadoPagoOrder, move: MoveName, payments = order.payments.slice(-1), failure = ''): MercadoPagoOrder {
    const [status = '', detail = failure] = MOVES.to(move, stateOf(order), `order ${order.id}`).split('/');
    const isTry = move !== 'cancel' && move !== 'expire';
    for (const payment of payments)
      for (const one of [payment, isTry ? payment.attempts.at(-1) : undefined])
        if (one) Object.assign(one, { status, status_detail: detail });
    Object.assign(order, { status, detail, updatedAt: this.now, version: order.version + 1 });
    this.around.onChange(this, order, status === 'processing' || status === 'charged_back' ? 'order.updated' : `order.${status}`);
    return order;
  }

  private isOver(order: MercadoPagoOrder): boolean {
    const end = isWaiting(order) ? order.payments.at(-1)?.expiresAt : order.expiresAt;
    return end !== undefined && end <= this.now;
  }
}

const stateOf = ({ status, detail }: MercadoPagoOrder): string => `${status}/${detail}`;
const isWaiting = ({ detail }: MercadoPagoOrder): boolean => detail === 'waiting_payment' || detail === 'waiting_transfer';
const isAwaited = (way: MercadoPagoWay): way is keyof typeof AWAITED => way in AWAITED;

/** Seconds of a duration such as `P1DT2H`. */
function readDuration(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  return Number(days) * DAY + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}
