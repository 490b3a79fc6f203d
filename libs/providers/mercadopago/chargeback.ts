import { IsNumber, IsOptional, IsString } from 'class-validator';
import { type DisputeState, readDisputeStatus } from '#payment/port';
import { textFor } from '#platform';
import type { MercadoPagoAccount } from './mercadopago.client.js';
import { MercadoPagoRefusal } from './mercadopago.errors.js';
import { readMercadoPagoAmount } from './mercadopago.money.js';
import { DISPUTE_STATUSES } from './mercadopago.statuses.js';
import { texts } from './mercadopago.texts.js';
import type { WireChargeback, WireOrder } from './order.js';

/** `GET /v1/chargebacks/{id}`; its amounts are numbers. */
class WireCase {
  @IsNumber() amount!: number;
  @IsOptional() @IsString() currency?: string;
}

/** All chargebacks of an order; `currency` is the invoice's. */
export function listDisputes(account: MercadoPagoAccount, order: WireOrder, currency: string): Promise<DisputeState[]> {
  return Promise.all((order.transactions?.chargebacks ?? []).map((one) => describeDispute(account, one, currency)));
}

async function describeDispute(account: MercadoPagoAccount, chargeback: WireChargeback, currency: string): Promise<DisputeState> {
  const found = await findCase(account, chargeback);
  const amount = found && (found.currency ?? currency) === currency ? readMercadoPagoAmount(found.amount, currency) : undefined;
  return {
    externalId: chargeback.id,
    status: readDisputeStatus(DISPUTE_STATUSES, chargeback.status),
    ...(amount && { amount }),
    reason: textFor(texts.disputed, account.language),
  };
}

/** The case that says how much is disputed, known by one of two ids. Without it the dispute has no amount. */
async function findCase(account: MercadoPagoAccount, { id, case_id: caseId }: WireChargeback): Promise<WireCase | undefined> {
  for (const one of [caseId, id]) {
    if (one === undefined) continue;
    try {
      return await account.call(WireCase, { method: 'GET', path: `/v1/chargebacks/${encodeURIComponent(one)}`, effect: false });
    } catch (error) {
      if (!(error instanceof MercadoPagoRefusal)) throw error;
    }
  }
  return undefined;
}
