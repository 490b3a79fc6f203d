import { Type } from 'class-transformer';
import { IsArray, IsNotEmpty, IsOptional, IsString, ValidateNested } from 'class-validator';
import { v5 as uuidv5 } from 'uuid';
import type { ExistingPayment, ProviderMemory } from '#payment/port';
import type { MercadoPagoAccount } from './mercadopago.client.js';
import { CANCELLABLE, ENDED, OPEN } from './mercadopago.statuses.js';

/** A try to pay; `id` begins with PAY. Amounts are decimal texts. */
class WirePayment {
  @IsString() @IsNotEmpty() id!: string;
  @IsOptional() @IsString() status?: string;
  @IsOptional() @IsString() amount?: string;
  @IsOptional() @IsString() paid_amount?: string;
  /** Until when a slip or a transfer can be paid. */
  @IsOptional() @IsString() date_of_expiration?: string;
}

/** A refund of one of the order's payments. */
export class WireRefund {
  @IsString() @IsNotEmpty() id!: string;
  @IsString() amount!: string;
  @IsOptional() @IsString() status?: string;
}

/** A chargeback of one of the order's payments. */
export class WireChargeback {
  @IsString() @IsNotEmpty() id!: string;
  @IsOptional() @IsString() case_id?: string;
  @IsOptional() @IsString() status?: string;
}

class WireTransactions {
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WirePayment) payments?: WirePayment[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireRefund) refunds?: WireRefund[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireChargeback) chargebacks?: WireChargeback[];
}

/** `GET /v1/orders/{id}`, and what every call about an order answers; that of a refund has less. */
export class WireOrder {
  @IsString() @IsNotEmpty() id!: string;
  @IsString() status!: string;
  @IsOptional() @IsString() status_detail?: string;
  @IsOptional() @IsString() external_reference?: string;
  @IsOptional() @IsString() total_amount?: string;
  @IsOptional() @IsString() total_paid_amount?: string;
  @IsOptional() @IsString() currency?: string;
  @IsOptional() @IsString() created_date?: string;
  @IsOptional() @IsString() last_updated_date?: string;
  /** ISO 8601: a duration from `created_date`, as we send it, or a time. */
  @IsOptional() @IsString() expiration_time?: string;
  /** Where the buyer pays. */
  @IsOptional() @IsString() checkout_url?: string;
  @IsOptional() @ValidateNested() @Type(() => WireTransactions) transactions?: WireTransactions;
}

/** The id of the payment's present order; undefined before the first. */
export function getOrderId({ memory, externalId }: ExistingPayment): string | undefined {
  return memory.order ?? externalId;
}

/** What the integration keeps of an order, the invoice's number `attempt`. */
export function rememberOrder({ id, checkout_url: url }: WireOrder, attempt: number): ProviderMemory {
  return { order: id, attempt: String(attempt), ...(url !== undefined && { url }) };
}

/** Reads an order as it is now. */
export function readOrder(account: MercadoPagoAccount, id: string): Promise<WireOrder> {
  return account.call(WireOrder, { method: 'GET', path: buildPath(id), effect: false });
}

/** Cancels an order; `key`: of a KeyedRequest. Throws MercadoPagoRefusal if its state does not allow it. */
export function cancelOrder(account: MercadoPagoAccount, id: string, key: string): Promise<WireOrder> {
  // One operation may cancel two orders.
  return account.call(WireOrder, { method: 'POST', path: `${buildPath(id)}/cancel`, key: uuidv5(id, key), effect: true });
}

/** The path of an order's calls. */
export function buildPath(id: string): string {
  return `/v1/orders/${encodeURIComponent(id)}`;
}

/** `status/status_detail`. */
export function getState({ status, status_detail: detail = '' }: WireOrder): string {
  return `${status}/${detail}`;
}

/** Whether the buyer may pay on the order's page; nothing is on its way. */
export function isOpen(order: WireOrder): boolean {
  return OPEN.has(getState(order));
}

/** Whether Mercado Pago lets the order be cancelled. */
export function isCancellable({ status }: WireOrder): boolean {
  return CANCELLABLE.has(status);
}

/** Whether nobody can pay the order any more, and nobody has. */
export function hasEnded({ status }: WireOrder): boolean {
  return ENDED.has(status);
}

/** Until when a slip of the order may be paid, whatever the order's status; undefined when none can be. */
export function readSlipEnd({ transactions }: WireOrder, now: Date): Date | undefined {
  const ends = (transactions?.payments ?? []).map(({ date_of_expiration: end }) => Date.parse(end ?? ''));
  const last = Math.max(...ends.filter((end) => end > now.getTime()));
  return Number.isFinite(last) ? new Date(last) : undefined;
}

/** Whether the order's time is up; Mercado Pago does not always say so by its status. */
export function isOverdue({ created_date: created, expiration_time: lasts = '' }: WireOrder, now: Date): boolean {
  const ms = readDuration(lasts);
  const end = ms === undefined ? Date.parse(lasts) : Date.parse(created ?? '') + ms;
  // What says neither is not a number, and nothing is later than that.
  return now.getTime() >= end;
}

/** Milliseconds of an ISO 8601 duration of weeks or less; undefined for anything else. */
function readDuration(text: string): number | undefined {
  const parts = /^P(?=.*\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!parts) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}
