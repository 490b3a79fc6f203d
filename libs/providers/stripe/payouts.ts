import { openShop } from '#payment/port';
import { isAuth, makeError, type Register, type RegisterRow, unlessError } from '#provider-kit';
import { readList, type ShopContext, type StripeApi, type StripeMethod, type WireMovement, type WirePayout } from './stripe.api.js';
import { fromStripeAmount } from './stripe.money.js';
import { texts } from './stripe.texts.js';

const DAY_SECONDS = 86_400;
/** Makes the movements of a payout contain the charges, refunds and disputes behind them. */
const SOURCES = { 'expand[0]': 'data.source' };
/** Movements of a payment. Any other has no payment: a fee of Stripe, a reserve, a transfer. */
const KINDS: Readonly<Record<string, RegisterRow['kind']>> = {
  ...{ charge: 'sale', payment: 'sale', refund: 'refund', payment_refund: 'refund', refund_failure: 'refund' },
  // The amount of a dispute.
  adjustment: 'refund',
};

/**
 * Lists the payouts that arrive on a day (UTC) in the accounts of all shops. Automatic payouts have their
 * movements once Stripe has assigned them, manual payouts have a single row.
 * @throws ProviderError `rejected` if the key of an active shop may not read them
 */
export const listPayouts: StripeMethod<'listPayouts'> = async (api, day, context) => {
  const start = Date.parse(`${day}T00:00:00Z`) / 1_000;
  const query = { 'arrival_date[gte]': start, 'arrival_date[lt]': start + DAY_SECONDS, status: 'paid' };
  const found = new Map<string, Register>();
  for (const { code, active } of context.settings.shops) {
    const shop = openShop(code, context);
    const payouts = await unlessError(isAuth, readList(api.payouts, query, shop), (error) => {
      if (active) throw makeError('rejected', texts.noPayouts, { cause: error });
      return [];
    });
    for (const payout of payouts)
      if (!found.has(payout.id) && payout.reconciliation_status !== 'in_progress')
        found.set(payout.id, { ...toRegister(payout, day), rows: await listRows(api, payout, shop) });
  }
  return [...found.values()];
};

function toRegister({ id, amount, currency, trace_id: trace }: WirePayout, date: string): Omit<Register, 'rows'> {
  const { minor: total, currency: code } = fromStripeAmount(amount, currency);
  return { id, kind: 'payout', date, currency: code, total, ...(trace?.value !== undefined && { document: trace.value }) };
}

async function listRows(api: StripeApi, payout: WirePayout, shop: ShopContext): Promise<RegisterRow[]> {
  const { id, amount, currency, reconciliation_status: status } = payout;
  const toMinor = (units: number): number => fromStripeAmount(units, currency).minor;
  if (status !== 'completed') return [{ line: 1, kind: 'other', gross: toMinor(amount), fees: [], net: toMinor(amount) }];
  const movements = await readList(api.movements, { payout: id, ...SOURCES }, shop);
  // The payout is one of its movements.
  return movements.filter(({ type }) => type !== 'payout').map((one, index) => toRow(one, index + 1, toMinor));
}

function toRow(movement: WireMovement, line: number, toMinor: (units: number) => number): RegisterRow {
  const { type, amount, net, created, description, fee_details: details, source } = movement;
  const { payment_intent: externalId, metadata } = typeof source === 'object' ? source : {};
  const reference = metadata?.paymentId;
  const isOfPayment = (externalId ?? reference) !== undefined;
  const fees = details.map((one) => ({ code: one.type, minor: toMinor(one.amount) }));
  // Stripe's own fees are movements without a payment.
  const isFee = !isOfPayment && type.endsWith('_fee');
  return {
    ...{ line, kind: (isOfPayment && KINDS[type]) || 'other', gross: isFee ? 0 : toMinor(amount), net: toMinor(net) },
    fees: isFee ? [...fees, { code: type, minor: toMinor(-amount) }] : fees,
    at: new Date(created * 1_000),
    ...(externalId !== undefined && { externalId }),
    ...(reference !== undefined && { reference }),
    ...(description && { text: description }),
  };
}
