/** A refusal by the API. Of calls about orders it is `{errors: [{code, message, details}]}`. */
export class MercadoPagoRefusal extends Error {
  /** `details`: one line for each thing that is wrong, naming its path. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: readonly string[],
  ) {
    super(message);
  }
}

/** What a client sent to open a checkout, checked. */
export interface MercadoPagoRequest {
  type: 'online';
  processing_mode: 'manual';
  total_amount: string;
  capture_mode?: 'automatic' | 'automatic_async' | 'manual';
  external_reference?: string;
  expiration_time?: string;
  currency?: string;
  description?: string;
  marketplace_fee?: string;
  items?: { title: string; quantity: number; unit_price: string; external_code?: string }[];
  payer?: { email: string; identification?: { type: string; number: string } };
  config?: {
    statement_descriptor?: string;
    default_payment_due_date?: string;
    online?: {
      success_url?: string;
      failure_url?: string;
      pending_url?: string;
      auto_return?: 'approved' | 'all';
      available_from?: string;
      allowed_user_type?: 'account_only';
      retries?: { allowed?: boolean };
    };
    payment_method?: { max_installments?: number; not_allowed_ids?: string[]; not_allowed_types?: string[] };
  };
}

/** One try of the buyer's to pay. */
export interface MercadoPagoAttempt {
  id: string;
  status: string;
  status_detail: string;
  payment_method: { id: string; type: string; installments?: number; ticket_url?: string };
}

/** A payment of an order. Amounts are in the smallest unit. */
export interface MercadoPagoPayment extends MercadoPagoAttempt {
  /** Number of the payment in the older API. */
  number: number;
  amount: number;
  paid: number;
  refunded: number;
  attempts: MercadoPagoAttempt[];
  /** Seconds since 1970. */
  approvedAt?: number;
  expiresAt?: number;
}

export interface MercadoPagoRefund {
  id: string;
  /** The payment's id. */
  transactionId: string;
  amount: number;
  status: 'processing' | 'processed' | 'failed';
}

export interface MercadoPagoChargeback {
  id: string;
  transactionId: string;
  caseId: string;
  amount: number;
  status: 'in_process' | 'settled' | 'reimbursed';
}

/** An order as the double keeps it. Amounts are in the smallest unit, times in seconds since 1970. */
export interface MercadoPagoOrder {
  id: string;
  request: MercadoPagoRequest;
  total: number;
  status: string;
  detail: string;
  clientToken: string;
  createdAt: number;
  updatedAt: number;
  /** Undefined: no end was asked for. */
  expiresAt: number | undefined;
  /** Counts the changes. */
  version: number;
  payments: MercadoPagoPayment[];
  refunds: MercadoPagoRefund[];
  chargebacks: MercadoPagoChargeback[];
}

/** A change of an order that is told to webhooks. */
export interface MercadoPagoEvent {
  /** Such as `order.processed`. */
  action: string;
  order: MercadoPagoOrder;
}
