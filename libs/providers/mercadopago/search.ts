import { Type } from 'class-transformer';
import { IsArray, ValidateNested } from 'class-validator';
import { readReferenceTime } from '#provider-kit';
import type { MercadoPagoAccount } from './mercadopago.client.js';
import { WireOrder } from './order.js';

/** `GET /v1/orders` */
class WireOrders {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireOrder) data!: WireOrder[];
}

/** Most by which an order may seem older than its reference, because clocks differ. */
const CLOCKS_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Finds the orders of an invoice by our reference, the oldest first. One just made may be missing. */
export async function searchOrders(account: MercadoPagoAccount, reference: string): Promise<WireOrder[]> {
  const now = account.context.now.getTime();
  const since = (readReferenceTime(reference) ?? now - DAY_MS) - CLOCKS_MS;
  const query = {
    begin_date: new Date(since).toISOString(),
    end_date: new Date(now + DAY_MS).toISOString(),
    external_reference: reference,
  };
  const { data } = await account.call(WireOrders, { method: 'GET', path: '/v1/orders', query, effect: false });
  const readTime = ({ created_date: date = '' }: WireOrder): number => Date.parse(date) || 0;
  return data.filter((order) => order.external_reference === reference).toSorted((left, right) => readTime(left) - readTime(right));
}
