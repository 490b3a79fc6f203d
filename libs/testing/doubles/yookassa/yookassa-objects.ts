import { randomUUID } from 'node:crypto';

/** An amount as the API writes it: a decimal string with two digits after the point. */
export interface YooKassaMoney {
  value: string;
  currency: string;
}

/** Who ended a payment or refund, and why. */
export interface YooKassaCancellation {
  party: 'merchant' | 'yoo_money' | 'payment_network' | 'refund_network';
  reason: string;
}

export type YooKassaRegistration = 'pending' | 'succeeded' | 'canceled';

/** API objects with the properties that matter, in YooKassa's spelling; what is not there is left out. */
export interface YooKassaPayment {
  id: string;
  status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  paid: boolean;
  amount: YooKassaMoney;
  /** After the fee; of a payment that succeeded. */
  income_amount?: YooKassaMoney;
  description?: string;
  recipient: { account_id: string; gateway_id: string };
  payment_method?: YooKassaPaymentMethod;
  captured_at?: string;
  created_at: string;
  /** Until when a hold can be captured or cancelled. */
  expires_at?: string;
  /** Only of a pending one. */
  confirmation?: { type: 'redirect'; confirmation_url: string; return_url: string; enforce?: boolean };
  test: boolean;
  refunded_amount?: YooKassaMoney;
  refundable: boolean;
  receipt_registration?: YooKassaRegistration;
  metadata?: Record<string, string>;
  cancellation_details?: YooKassaCancellation;
  authorization_details?: { rrn: string; auth_code: string; three_d_secure: { applied: boolean } };
}

export interface YooKassaPaymentMethod {
  type: string;
  id: string;
  saved: boolean;
  /** Whether it is kept for later payments. */
  status: 'pending' | 'active' | 'inactive';
  title?: string;
  card?: { first6: string; last4: string; expiry_month: string; expiry_year: string; card_type: string };
}

export interface YooKassaRefund {
  id: string;
  payment_id: string;
  status: 'pending' | 'succeeded' | 'canceled';
  amount: YooKassaMoney;
  created_at: string;
  description?: string;
  metadata?: Record<string, string>;
  cancellation_details?: YooKassaCancellation;
  receipt_registration?: YooKassaRegistration;
  refund_authorization_details?: { rrn: string };
}

/** A receipt as the register has it. */
export interface YooKassaReceipt {
  id: string;
  type: 'payment' | 'refund';
  payment_id?: string;
  refund_id?: string;
  status: YooKassaRegistration;
  items: YooKassaReceiptItem[];
  settlements?: { type: string; amount: YooKassaMoney }[];
  tax_system_code?: number;
  /** Of a registered one, as is the number. */
  registered_at?: string;
  fiscal_document_number?: string;
}

/** A line of a receipt; `amount` is the price of one. */
export interface YooKassaReceiptItem {
  description: string;
  amount: YooKassaMoney;
  quantity: number;
  mark_quantity?: { numerator: number; denominator: number };
  vat_code: number;
  payment_mode?: string;
  payment_subject?: string;
  measure?: string;
  mark_code_info?: Record<string, string>;
  mark_mode?: string;
  planned_status?: number;
  product_code?: string;
}

/** What a client sends to have a receipt made. */
export interface YooKassaReceiptBody {
  customer?: { email?: string; phone?: string; full_name?: string; inn?: string };
  items: YooKassaReceiptItem[];
  tax_system_code?: number;
  timezone?: number;
  internet?: boolean;
}

export const YOOKASSA_EVENTS = [
  'payment.waiting_for_capture',
  'payment.succeeded',
  'payment.canceled',
  'refund.succeeded',
  'payment_method.active',
] as const;
export type YooKassaEventName = (typeof YOOKASSA_EVENTS)[number];

/** A notification: the object is as it was at that moment. There is no id and no signature. */
export interface YooKassaEvent {
  type: 'notification';
  event: YooKassaEventName;
  object: YooKassaPayment | YooKassaRefund;
}

/** The API says no. */
export class YooKassaRefusal extends Error {
  /** `parameter`: what is wrong, as `receipt.customer.phone`; `reason`: the business rule of a `refusal`. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: { parameter?: string; reason?: string } = {},
  ) {
    super(message);
  }
}

/** An answer of the API. */
export interface YooKassaAnswer {
  status: number;
  json: object;
}

/** What a call is told that has not been processed yet; it is to be repeated with its key. */
export function stillProcessing(): YooKassaRefusal {
  return new YooKassaRefusal(202, 'processing', 'The request is accepted and not processed yet');
}

/** The answer that a refusal is sent as. */
export function readAnswer({ status, code, message, details }: YooKassaRefusal): YooKassaAnswer {
  if (status === 202) return { status, json: { type: code, description: message, retry_after: 1_800 } };
  return { status, json: { type: 'error', id: randomUUID(), code, description: message, ...details } };
}

/** A refusal of a parameter, or of what this state does not allow. */
export function invalid(message: string, parameter?: string): YooKassaRefusal {
  return new YooKassaRefusal(400, 'invalid_request', message, parameter === undefined ? {} : { parameter });
}

/** The refusal for an object that is not there, or is another shop's. */
export function missing(what: string, parameter: string): YooKassaRefusal {
  return new YooKassaRefusal(404, 'not_found', `${what} is not there, or is another shop's`, { parameter });
}

/** Hundredths of the currency. Every currency of YooKassa has two digits. */
export function toMinor({ value }: YooKassaMoney): number {
  return Number(value.replace('.', ''));
}

export function toAmount(minor: number, currency: string): YooKassaMoney {
  const digits = String(minor).padStart(3, '0');
  return { value: `${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}
