import {
  type DisputeState,
  type ExistingPayment,
  openShop,
  type PaymentState,
  readDisputeStatus,
  readStatus,
  skipShop,
} from '#payment/port';
import { textFor } from '#platform';
import { isRefusal, makeError, type Money, toMoney, unlessError } from '#provider-kit';
import {
  type MercadoPago,
  type MercadoPagoMethod,
  openShops,
  type ShopContext,
  type WireChargeback,
  type WireDispute,
  type WireOrder,
} from './mercadopago.api.js';
import { readMercadoPagoAmount } from './mercadopago.money.js';
import { DISPUTE_STATUSES, STATUSES } from './mercadopago.statuses.js';
import { texts } from './mercadopago.texts.js';
import { getOrderId, getState, hasEnded, readSlipEnd, rememberOrder, searchOrders } from './order.js';
import { listRefunds } from './refunds.js';

/** Reads a payment with its refunds and disputes. */
export const getPayment: MercadoPagoMethod<'get'> = async (api, payment, context) => {
  const shop = openShop(payment.request.shop, context);
  const id = getOrderId(payment);
  if (id === undefined) return { status: 'pending' };
  const order = await api.order(shop, { id });
  const state = toPaymentState(order, payment, context.now);
  if (state.status !== 'succeeded') return state;
  const { currency } = payment.request.amount;
  const [refunds, disputes] = await Promise.all([listRefunds(order, payment, context), listDisputes(api, order, currency, shop)]);
  return { ...state, refunds, ...(disputes.length > 0 && { disputes }) };
};

/** Finds the payment with our reference, in any shop: its paid order, or else the newest. */
export const findPayment: MercadoPagoMethod<'find'> = async (api, reference, context) => {
  for (const shop of openShops(context.settings.shops, context)) {
    const orders = await searchOrders(api, reference, shop).catch(skipShop);
    const best = orders?.find((order) => readOrderStatus(order) === 'succeeded') ?? orders?.at(-1);
    if (!orders || !best) continue;
    // A search may lag behind.
    const order = await api.order(shop, { id: best.id });
    const state = describeOrder(order, { status: 'pending', reference, currency: order.currency ?? '' }, context.now);
    return { ...state, memory: rememberOrder(order, orders.length) };
  }
  return undefined;
};

/** The known facts about the invoice itself. */
interface KnownInvoice {
  status: PaymentState['status'];
  reference: string;
  currency: string;
  /** Missing when an order was found only by the reference. */
  amount?: Money;
}

/** Converts a payment's order for the port. See `describeOrder`. */
export function toPaymentState(order: WireOrder, { id, status, request }: ExistingPayment, now: Date): PaymentState {
  return describeOrder(order, { status, reference: id, currency: request.amount.currency, amount: request.amount }, now);
}

/** The status of an order, regardless of its invoice. An unknown one is `pending`. */
export function readOrderStatus(order: WireOrder): PaymentState['status'] {
  return readStatus(STATUSES, getState(order));
}

/**
 * Maps an order, except for its refunds and disputes. An order that ended unpaid leaves the invoice pending
 * unless the invoice was cancelled. Throws ProviderError `unavailable` for a paid order of another invoice.
 */
function describeOrder(order: WireOrder, invoice: KnownInvoice, now: Date): PaymentState {
  const { id: externalId } = order;
  const status = readOrderStatus(order);
  if (status !== 'succeeded') {
    if (invoice.status !== 'canceled' || !hasEnded(order)) return { externalId, status: 'pending' };
    // Whether a printed slip becomes void immediately is unknown.
    const expiresAt = readSlipEnd(order, now);
    return { externalId, status: 'canceled', ...(expiresAt && { expiresAt }) };
  }
  const { currency = invoice.currency, external_reference: reference, total_amount: total } = order;
  const whole = total === undefined ? invoice.amount : readMercadoPagoAmount(total, currency);
  if (
    reference !== invoice.reference ||
    currency !== invoice.currency ||
    !whole ||
    (invoice.amount && whole.minor !== invoice.amount.minor)
  )
    throw makeError('unavailable', texts.otherInvoice);
  const paidAt = readPaidAt(order);
  return { externalId, status, captured: readCaptured(order, whole), ...(paidAt && { paidAt }) };
}

/** The paid part of the order's amount. A surcharge for instalments does not go to the shop. */
function readCaptured({ total_paid_amount: paid, transactions }: WireOrder, whole: Money): Money {
  const read = (text: string | undefined): number => (text === undefined ? 0 : readMercadoPagoAmount(text, whole.currency).minor);
  const sum = paid === undefined ? (transactions?.payments ?? []).reduce((all, one) => all + read(one.paid_amount), 0) : read(paid);
  return sum > 0 && sum < whole.minor ? toMoney(sum, whole.currency) : whole;
}

/**
 * Mercado Pago does not return when an order was paid. Its last change is that time, until there is another.
 */
function readPaidAt(order: WireOrder): Date | undefined {
  const time = Date.parse(order.last_updated_date ?? '');
  return getState(order) === 'processed/accredited' && !Number.isNaN(time) ? new Date(time) : undefined;
}

/** All chargebacks of an order; `currency` is the invoice's. */
export function listDisputes(api: MercadoPago, order: WireOrder, currency: string, context: ShopContext): Promise<DisputeState[]> {
  return Promise.all((order.transactions?.chargebacks ?? []).map((one) => describeDispute(api, one, currency, context)));
}

async function describeDispute(
  api: MercadoPago,
  chargeback: WireChargeback,
  currency: string,
  context: ShopContext,
): Promise<DisputeState> {
  const found = await findCase(api, chargeback, context);
  const amount = found && (found.currency ?? currency) === currency ? readMercadoPagoAmount(found.amount, currency) : undefined;
  return {
    externalId: chargeback.id,
    status: readDisputeStatus(DISPUTE_STATUSES, chargeback.status),
    ...(amount && { amount }),
    reason: textFor(texts.disputed, context.account.language),
  };
}

/** Finds the case with the disputed amount by one of two ids. Without it the dispute has no amount. */
async function findCase(api: MercadoPago, { id, case_id: caseId }: WireChargeback, context: ShopContext): Promise<WireDispute | undefined> {
  for (const one of [caseId, id]) {
    if (one === undefined) continue;
    const found = await unlessError(isRefusal, api.dispute(context, { id: one }), () => undefined);
    if (found) return found;
  }
  return undefined;
}
