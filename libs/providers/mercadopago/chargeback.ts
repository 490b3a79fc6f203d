import { type DisputeState, readDisputeStatus } from '#payment/port';
import { textFor } from '#platform';
import { isRefusal } from '#provider-kit';
import type { MercadoPago, ShopContext, WireChargeback, WireDispute, WireOrder } from './mercadopago.api.js';
import { readMercadoPagoAmount } from './mercadopago.money.js';
import { DISPUTE_STATUSES } from './mercadopago.statuses.js';
import { texts } from './mercadopago.texts.js';

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
    try {
      return await api.dispute(context, { id: one });
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return undefined;
}
