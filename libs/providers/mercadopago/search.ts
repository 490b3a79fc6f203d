import { readReferenceTime } from '#provider-kit';
import type { MercadoPago, ShopContext, WireOrder } from './mercadopago.api.js';

/** Most by which an order may seem older than its reference, because clocks differ. */
const CLOCKS_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Finds the orders of an invoice by our reference, the oldest first. One just made may be missing. */
export async function searchOrders(api: MercadoPago, reference: string, context: ShopContext): Promise<WireOrder[]> {
  const now = context.now.getTime();
  const since = (readReferenceTime(reference) ?? now - DAY_MS) - CLOCKS_MS;
  const query = {
    begin_date: new Date(since).toISOString(),
    end_date: new Date(now + DAY_MS).toISOString(),
    external_reference: reference,
  };
  const { data } = await api.orders(context, { query });
  const readTime = ({ created_date: date = '' }: WireOrder): number => Date.parse(date) || 0;
  return data.filter((order) => order.external_reference === reference).toSorted((left, right) => readTime(left) - readTime(right));
}
