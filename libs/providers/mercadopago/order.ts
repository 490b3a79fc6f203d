import { v5 as uuidv5 } from 'uuid';
import type { ExistingPayment, ProviderMemory } from '#payment/port';
import { estimateStart, isRefusal, unlessError } from '#provider-kit';
import type { MercadoPago, ShopContext, WireOrder } from './mercadopago.api.js';
import { CANCELLABLE, ENDED, OPEN } from './mercadopago.statuses.js';

/** The id of the payment's present order. Undefined before the first. */
export function getOrderId({ memory, externalId }: ExistingPayment): string | undefined {
  return memory.order ?? externalId;
}

/** The integration's memory of an order, the invoice's number `attempt`. */
export function rememberOrder({ id, checkout_url: url }: WireOrder, attempt: number): ProviderMemory {
  return { order: id, attempt: String(attempt), ...(url !== undefined && { url }) };
}

/** Cancels an order; `key`: of a KeyedRequest. Throws a Refusal if its state does not allow it. */
export function cancelOrder(api: MercadoPago, id: string, key: string, context: ShopContext): Promise<WireOrder> {
  // One operation may cancel two orders.
  return api.cancel(context, { id, key: uuidv5(id, key) });
}

/** Cancels an order. Undefined if it was paid, or ended, at this very moment. */
export function closeOrder(api: MercadoPago, { id }: WireOrder, key: string, context: ShopContext): Promise<WireOrder | undefined> {
  return unlessError(isRefusal, cancelOrder(api, id, key, context), () => undefined);
}

/** `status/status_detail`. */
export function getState({ status, status_detail: detail = '' }: WireOrder): string {
  return `${status}/${detail}`;
}

/** Whether the buyer may pay on the order's page, and no payment is in progress. */
export function isOpen(order: WireOrder): boolean {
  return OPEN.has(getState(order));
}

/** Whether the order can be cancelled at Mercado Pago. */
export function isCancellable({ status }: WireOrder): boolean {
  return CANCELLABLE.has(status);
}

/** Whether the order was not paid and can no longer be paid. */
export function hasEnded({ status }: WireOrder): boolean {
  return ENDED.has(status);
}

/** Until when a slip of the order may be paid, whatever the order's status. Undefined when none can be. */
export function readSlipEnd({ transactions }: WireOrder, now: Date): Date | undefined {
  const ends = (transactions?.payments ?? []).map(({ date_of_expiration: end }) => Date.parse(end ?? ''));
  const last = Math.max(...ends.filter((end) => end > now.getTime()));
  return Number.isFinite(last) ? new Date(last) : undefined;
}

/** Whether the order's time is up. Mercado Pago's status does not always show it. */
export function isOverdue({ created_date: created, expiration_time: lasts = '' }: WireOrder, now: Date): boolean {
  const ms = readDuration(lasts);
  const end = ms === undefined ? Date.parse(lasts) : Date.parse(created ?? '') + ms;
  // Without either, it is not a number, and no time is later than that.
  return now.getTime() >= end;
}

/** Milliseconds of an ISO 8601 duration of weeks or less. Undefined for anything else. */
function readDuration(text: string): number | undefined {
  const parts = /^P(?=.*\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!parts) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}

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
