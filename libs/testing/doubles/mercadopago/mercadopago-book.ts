import { randomBytes, randomInt } from 'node:crypto';
import { checkAmount, checkOrder, type OrderOwner } from './mercadopago-checks.js';
import {
  type MercadoPagoAttempt,
  type MercadoPagoChargeback,
  type MercadoPagoEvent,
  type MercadoPagoOrder,
  type MercadoPagoPayment,
  type MercadoPagoRefund,
  MercadoPagoRefusal,
  type MercadoPagoRequest,
} from './mercadopago-objects.js';

const DAY = 86_400;
/** Days after payment in which money can be given back. */
const REFUND_DAYS = 180;

/** Names of a card's holder, and how such a payment is refused. */
const REFUSED = {
  OTHE: 'rejected_other_reason',
  CALL: 'required_call_for_authorize',
  FUND: 'insufficient_amount',
  SECU: 'bad_filled_card_data',
  EXPI: 'bad_filled_card_data',
  FORM: 'bad_filled_card_data',
  CARD: 'bad_filled_card_data',
  INST: 'invalid_installments',
  DUPL: 'rejected_other_reason',
  LOCK: 'card_disabled',
  CTNA: 'rejected_other_reason',
  ATTE: 'max_attempts_exceeded',
  BLAC: 'high_risk',
} as const;

/** Ways that end later, and what is awaited. */
const AWAITED = { ticket: 'waiting_payment', transfer: 'waiting_transfer', challenge: 'pending_challenge' } as const;

/** How a buyer pays: by a card of this holder, or by a way that ends later. */
export type MercadoPagoWay = 'APRO' | 'CONT' | keyof typeof REFUSED | keyof typeof AWAITED;
export const MERCADOPAGO_WAYS: readonly MercadoPagoWay[] = [
  ...(['APRO', 'CONT'] as const),
  ...(Object.keys(REFUSED) as (keyof typeof REFUSED)[]),
  ...(Object.keys(AWAITED) as (keyof typeof AWAITED)[]),
];

/** What the actions of webhooks are called after a status; `order.updated` for others. */
const TOLD: readonly string[] = ['created', 'processed', 'action_required', 'failed', 'canceled', 'expired', 'refunded'];

/** The orders of one account in memory: what the API, buyers, banks, time and the panel do to them. */
export class MercadoPagoBook {
  readonly orders: MercadoPagoOrder[] = [];
  /** Called at each change that is told. */
  onEvent: (event: MercadoPagoEvent) => void = () => undefined;
  /** Seconds that tests have let pass. */
  passed = 0;

  constructor(
    private readonly owner: OrderOwner,
    /** Address of a ticket by its payment's id. */
    private readonly toTicketUrl: (paymentId: string) => string,
  ) {}

  /** Seconds since 1970, with their fraction. */
  get now(): number {
    return Date.now() / 1_000;
  }

  /**
   * Lets time pass by making everything older, so that clients need no other clock. Orders and slips come to
   * their end as the mode `expiry` says.
   */
  advance(seconds: number): void {
    this.passed += seconds;
    for (const order of this.orders) makeOlder(order, seconds);
    if (this.owner.modes.expiry === 'stays') return;
    for (const order of this.orders)
      if (isUnpaid(order) && order.detail !== 'waiting_capture' && this.isOver(order)) {
        for (const payment of order.payments) Object.assign(payment, { status: 'expired', status_detail: 'expired' });
        this.move(order, 'expired', 'expired');
      }
  }

  // What the API does. All of it throws MercadoPagoRefusal.

  create(request: MercadoPagoRequest): MercadoPagoOrder {
    checkOrder(request, this.owner);
    const order: MercadoPagoOrder = {
      id: makeId(this.owner.isTest ? 'ORDTST' : 'ORD'),
      request,
      total: checkAmount(request.total_amount, '$.total_amount', this.owner.site),
      status: 'created',
      detail: 'created',
      clientToken: randomBytes(24).toString('base64url'),
      createdAt: this.now,
      updatedAt: this.now,
      expiresAt: request.expiration_time === undefined ? undefined : this.now + readDuration(request.expiration_time),
      version: 0,
      payments: [],
      refunds: [],
      chargebacks: [],
    };
    this.orders.push(order);
    this.move(order, 'created', 'created');
    return order;
  }

  cancel(id: string): MercadoPagoOrder {
    const order = this.order(id);
    const { cancelledTwice, cancelsWaiting } = this.owner.modes;
    if (order.status === 'canceled') throw new MercadoPagoRefusal(409, cancelledTwice, 'The order is canceled already.');
    const isWaiting = order.detail === AWAITED.ticket || order.detail === AWAITED.transfer;
    if (!isUnpaid(order) || (isWaiting && !cancelsWaiting)) throw unable('cancel', order);
    for (const payment of order.payments) Object.assign(payment, { status: 'canceled', status_detail: 'canceled' });
    return this.move(order, 'canceled', 'canceled');
  }

  /** Takes what is held, always the whole of it. */
  capture(id: string): MercadoPagoOrder {
    const order = this.order(id);
    if (order.detail !== 'waiting_capture') throw unable('capture', order);
    return this.accredit(order, lastPayment(order));
  }

  /** Without `parts`: everything. */
  refund(id: string, parts?: readonly { id: string; amount: string }[]): MercadoPagoOrder {
    const order = this.order(id);
    const { site, modes } = this.owner;
    if (order.detail === 'refunded') throw new MercadoPagoRefusal(409, 'order_already_refunded', 'The order is refunded already.');
    const isRefundable = order.status === 'processed' && order.payments.some(({ paid }) => paid > 0);
    if (!isRefundable) throw unable('refund', order);
    if (order.refunds.some(({ status }) => status === 'processing'))
      throw new MercadoPagoRefusal(409, 'order_refund_already_in_process', 'A refund of the order is in process.');
    if (order.payments.some(({ approvedAt = this.now }) => this.now - approvedAt > REFUND_DAYS * DAY)) throw unable('refund', order);
    const asked = parts?.map(({ id: paymentId, amount }, index) => {
      const payment = order.payments.find((one) => one.id === paymentId && one.paid > 0);
      if (!payment) throw new MercadoPagoRefusal(404, 'transaction_not_found', `The order has no transaction ${paymentId}.`);
      return { payment, amount: checkAmount(amount, `$.transactions[${index}].amount`, site) };
    });
    const wanted = asked ?? order.payments.filter(({ paid }) => paid > 0).map((payment) => ({ payment, amount: payment.paid }));
    for (const { payment, amount } of wanted) {
      if (amount <= 0 || amount > payment.paid - payment.refunded)
        throw new MercadoPagoRefusal(400, 'refund_amount_exceeds', 'The amount is not within what is left of the payment.');
      if (amount < payment.paid && !modes.partialRefunds)
        throw new MercadoPagoRefusal(400, 'unsupported_partially_refunds', 'The payment can only be refunded as a whole.');
    }
    for (const { payment, amount } of wanted) this.giveBack(order, payment, amount);
    return order;
  }

  /** An order of this account. Throws MercadoPagoRefusal. */
  order(id: string): MercadoPagoOrder {
    const found = this.orders.find((one) => one.id === id);
    if (!found) throw new MercadoPagoRefusal(404, 'order_not_found', 'The order was not found.');
    return found;
  }

  // What buyers, banks and the panel do.

  /** Whether the page still takes a payment. */
  isOpen(order: MercadoPagoOrder): boolean {
    return (order.status === 'created' || order.detail === 'waiting_retry') && !this.isOver(order);
  }

  /** The buyer pays, or tries to. Throws when the page takes nothing, or not in that way. */
  pay(id: string, way: MercadoPagoWay = 'APRO'): MercadoPagoOrder {
    const order = this.order(id);
    if (!this.isOpen(order)) throw new Error(`order ${id} is ${order.status}/${order.detail}: its page takes no payment`);
    const { capture_mode: mode, config } = order.request;
    const payment = this.begin(order, way);
    if (way in AWAITED && mode !== 'automatic') {
      if (way === 'ticket') payment.payment_method.ticket_url = this.toTicketUrl(payment.id);
      payment.expiresAt = this.now + readDuration(config?.default_payment_due_date ?? 'P3D');
      return this.turn(order, payment, 'action_required', AWAITED[way as keyof typeof AWAITED]);
    }
    if (way === 'CONT' && mode !== 'automatic') return this.turn(order, payment, 'processing', 'in_process');
    if (way !== 'APRO') return this.reject(order, payment, REFUSED[way as keyof typeof REFUSED] ?? 'rejected_other_reason');
    return mode === 'manual' ? this.turn(order, payment, 'action_required', 'waiting_capture') : this.accredit(order, payment);
  }

  /**
   * What was awaited or examined comes to an end. A slip may also be paid after its order was cancelled: see
   * the mode `lateSlips`. Throws when there is nothing to end.
   */
  settle(id: string, outcome: 'paid' | { refused: string } = 'paid'): MercadoPagoOrder {
    const order = this.order(id);
    const payment = lastPayment(order);
    const isLate = order.status === 'canceled' && payment.payment_method.ticket_url !== undefined && outcome === 'paid';
    const isAwaited = order.status === 'processing' || Object.values<string>(AWAITED).includes(order.detail);
    if (!isLate && !isAwaited) throw new Error(`order ${id} is ${order.status}/${order.detail}: nothing is awaited`);
    if (outcome !== 'paid') return this.reject(order, payment, outcome.refused);
    if (!isLate || this.owner.modes.lateSlips === 'accepted') return this.accredit(order, payment);
    Object.assign(payment, { paid: payment.amount, refunded: payment.amount, status: 'refunded', status_detail: 'refunded' });
    return this.move(order, 'canceled', 'canceled');
  }

  /** A hold ends by time or in the panel. */
  endHold(id: string): MercadoPagoOrder {
    const order = this.order(id);
    if (order.detail !== 'waiting_capture') throw new Error(`order ${id} is ${order.status}/${order.detail}: there is no hold`);
    return this.cancel(id);
  }

  /** A refund that is under way ends. Throws when there is none. */
  settleRefund(refundId: string, outcome: 'processed' | 'failed'): MercadoPagoRefund {
    const order = this.orders.find(({ refunds }) => refunds.some((one) => one.id === refundId));
    const refund = order?.refunds.find((one) => one.id === refundId);
    if (!order || refund?.status !== 'processing') throw new Error(`no refund ${refundId} is under way`);
    refund.status = outcome;
    if (outcome === 'processed') this.count(order, refund);
    return refund;
  }

  /** The buyer disputes the payment at the bank; the money is held. Throws when nothing was paid. */
  dispute(id: string): MercadoPagoChargeback {
    const order = this.order(id);
    const payment = order.payments.find(({ paid, refunded }) => paid > refunded);
    if (!payment) throw new Error(`order ${id} is ${order.status}/${order.detail}: nothing was paid that could be disputed`);
    const chargeback: MercadoPagoChargeback = {
      id: makeId('CHG'),
      transactionId: payment.id,
      caseId: String(randomInt(1e9, 1e10)),
      amount: payment.paid - payment.refunded,
      status: 'in_process',
    };
    order.chargebacks.push(chargeback);
    this.turn(order, payment, 'charged_back', 'in_process');
    return chargeback;
  }

  /** The bank decides: `settled` is against the seller. Throws when no dispute is open. */
  closeDispute(id: string, outcome: 'settled' | 'reimbursed'): MercadoPagoChargeback {
    const order = this.order(id);
    const chargeback = order.chargebacks.find(({ status }) => status === 'in_process');
    const payment = order.payments.find((one) => one.id === chargeback?.transactionId);
    if (!chargeback || !payment) throw new Error(`order ${id} has no open dispute`);
    chargeback.status = outcome;
    this.turn(order, payment, 'charged_back', outcome);
    return chargeback;
  }

  private begin(order: MercadoPagoOrder, way: MercadoPagoWay): MercadoPagoPayment {
    const method = this.chooseMethod(order, way);
    const attempt: MercadoPagoAttempt = { id: makeId('PAY'), status: 'created', status_detail: 'created', payment_method: method };
    const known = order.payments.at(-1);
    if (known && this.owner.modes.tries === 'attempts') {
      known.payment_method = method;
      known.attempts.push(attempt);
      return known;
    }
    const money = { amount: order.total, paid: 0, refunded: 0 };
    const payment = { ...attempt, id: makeId('PAY'), number: randomInt(1e11, 2e11), ...money, attempts: [attempt] };
    order.payments.push(payment);
    return payment;
  }

  private chooseMethod(order: MercadoPagoOrder, way: MercadoPagoWay): MercadoPagoAttempt['payment_method'] {
    const { not_allowed_ids: ids = [], not_allowed_types: types = [] } = order.request.config?.payment_method ?? {};
    const wanted =
      way === 'ticket' ? ['ticket', 'atm'] : way === 'transfer' ? ['bank_transfer', 'digital_wallet'] : ['credit_card', 'debit_card'];
    const isAccountOnly = order.request.config?.online?.allowed_user_type === 'account_only';
    const method = this.owner.site.methods.find(
      ({ id, payment_type_id: type }) =>
        wanted.includes(type) && !ids.includes(id) && !types.includes(type) && !(isAccountOnly && !type.endsWith('_card')),
    );
    if (!method) throw new Error(`order ${order.id} is not paid by ${way}: no such way is offered`);
    return { id: method.id, type: method.payment_type_id, ...(method.payment_type_id.endsWith('_card') && { installments: 1 }) };
  }

  private accredit(order: MercadoPagoOrder, payment: MercadoPagoPayment): MercadoPagoOrder {
    payment.paid = payment.amount;
    payment.approvedAt = this.now;
    return this.turn(order, payment, 'processed', 'accredited');
  }

  /** A try is refused; the page offers another, unless the tries are over. */
  private reject(order: MercadoPagoOrder, payment: MercadoPagoPayment, detail: string): MercadoPagoOrder {
    const attempt = payment.attempts.at(-1);
    if (attempt) Object.assign(attempt, { status: 'failed', status_detail: detail });
    const isOver = order.request.config?.online?.retries?.allowed === false || detail === 'max_attempts_exceeded';
    if (isOver || this.owner.modes.tries === 'payments') Object.assign(payment, { status: 'failed', status_detail: detail });
    else Object.assign(payment, { status: 'action_required', status_detail: 'waiting_retry' });
    return isOver ? this.move(order, 'failed', detail) : this.move(order, 'action_required', 'waiting_retry');
  }

  private giveBack(order: MercadoPagoOrder, payment: MercadoPagoPayment, amount: number): void {
    const refund = { id: makeId('REF'), transactionId: payment.id, amount, status: this.owner.modes.refunds };
    order.refunds.push(refund);
    if (refund.status === 'processed') this.count(order, refund);
  }

  /** The money of a refund has gone. */
  private count(order: MercadoPagoOrder, { transactionId, amount }: MercadoPagoRefund): void {
    const payment = order.payments.find((one) => one.id === transactionId);
    if (!payment) throw new Error(`order ${order.id} has no payment ${transactionId}`);
    payment.refunded += amount;
    const isAll = payment.refunded === payment.paid;
    const status = isAll ? this.owner.modes.refundedStatus : 'processed';
    const detail = isAll ? 'refunded' : 'partially_refunded';
    Object.assign(payment, { status, status_detail: detail });
    this.move(order, status, detail, this.owner.modes.refundEvents && 'order.refunded');
  }

  /** Payment, its last try and order become the same. */
  private turn(order: MercadoPagoOrder, payment: MercadoPagoPayment, status: string, detail: string): MercadoPagoOrder {
    for (const one of [payment, payment.attempts.at(-1)]) if (one) Object.assign(one, { status, status_detail: detail });
    return this.move(order, status, detail);
  }

  /** Without `action` it is told as the status is called; false: it is told to nobody. */
  private move(
    order: MercadoPagoOrder,
    status: string,
    detail: string,
    action: string | false = TOLD.includes(status) ? `order.${status}` : 'order.updated',
  ): MercadoPagoOrder {
    order.status = status;
    order.detail = detail;
    order.updatedAt = this.now;
    order.version++;
    if (action !== false) this.onEvent({ action, order });
    return order;
  }

  private isOver(order: MercadoPagoOrder): boolean {
    const payment = order.payments.at(-1);
    const end = order.detail === AWAITED.ticket || order.detail === AWAITED.transfer ? payment?.expiresAt : order.expiresAt;
    return end !== undefined && end <= this.now;
  }
}

/** Seconds of a duration such as `P1DT2H`. */
export function readDuration(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  return Number(days) * DAY + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

function makeOlder(order: MercadoPagoOrder, seconds: number): void {
  order.createdAt -= seconds;
  order.updatedAt -= seconds;
  if (order.expiresAt !== undefined) order.expiresAt -= seconds;
  for (const payment of order.payments) {
    if (payment.approvedAt !== undefined) payment.approvedAt -= seconds;
    if (payment.expiresAt !== undefined) payment.expiresAt -= seconds;
  }
}

function isUnpaid({ status }: MercadoPagoOrder): boolean {
  return status === 'created' || status === 'action_required';
}

function lastPayment(order: MercadoPagoOrder): MercadoPagoPayment {
  const payment = order.payments.at(-1);
  if (!payment) throw new Error(`order ${order.id} was not tried to be paid`);
  return payment;
}

function unable(what: string, { status }: MercadoPagoOrder): MercadoPagoRefusal {
  return new MercadoPagoRefusal(409, `cannot_${what}_order`, `The order cannot be processed this way, as its status is ${status}.`);
}

/** A prefix, and 26 letters and digits. */
function makeId(prefix: string): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return prefix + Array.from(randomBytes(26), (byte) => letters[byte % 32]).join('');
}
