import { estimateStart } from '#provider-kit';
import type { MercadoPago, ShopContext, WireOrder } from './mercadopago.api.js';

const DAY_MS = 24 * 3_600_000;

/** Finds the orders of an invoice by our reference, the oldest first. One just made may be missing. */
export async function searchOrders(api: MercadoPago, reference: string, context: ShopContext): Promise<WireOrder[]> {
  const query = {
    begin_date: estimateStart(reference, context.now).toISOString(),
    end_date: new Date(context.now.getTime() + DAY_MS).toISOString(),
    external_reference: reference,
  };
  const { data } = await api.orders(context, { query });
  const readTime = ({ created_date: date = '' }: WireOrder): number => Date.parse(date) || 0;
  return data.filter((order) => order.external_reference === reference).toSorted((left, right) => readTime(left) - readTime(right));
}
