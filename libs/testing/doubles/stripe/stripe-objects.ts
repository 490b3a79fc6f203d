/** API objects with the properties that matter, in Stripe's spelling; ids until expanded. */
export interface StripeSession {
  id: string;
  object: 'checkout.session';
  amount_subtotal: number;
  amount_total: number;
  cancel_url: string | null;
  client_reference_id: string | null;
  created: number;
  currency: string;
  customer_email: string | null;
  expires_at: number;
  livemode: false;
  metadata: Record<string, string>;
  mode: 'payment';
  payment_intent: string | null;
  /** With manual capture `unpaid` until the hold is taken. */
  payment_status: 'paid' | 'unpaid';
  status: 'open' | 'complete' | 'expired';
  success_url: string;
  /** Only of an open one. */
  url: string | null;
}

/** A line of a session, answered by its own call. */
export interface StripeLine {
  id: string;
  object: 'item';
  amount_total: number;
  currency: string;
  description: string;
  price: { unit_amount: number };
  quantity: number;
}

export interface StripeIntent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: 'automatic' | 'automatic_async' | 'manual';
  client_secret: string;
  created: number;
  currency: string;
  description: string | null;
  last_payment_error: { type: 'card_error' | 'invalid_request_error'; code: string; decline_code?: string; message: string } | null;
  latest_charge: string | null;
  livemode: false;
  metadata: Record<string, string>;
  status: 'requires_payment_method' | 'requires_action' | 'processing' | 'requires_capture' | 'succeeded' | 'canceled';
}

export interface StripeCharge {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  created: number;
  currency: string;
  disputed: boolean;
  failure_code: string | null;
  livemode: false;
  metadata: Record<string, string>;
  paid: boolean;
  payment_intent: string;
  payment_method_details: { type: 'card'; card: { brand: 'visa'; last4: string; capture_before?: number } };
  refunded: boolean;
  status: 'succeeded' | 'failed' | 'pending';
}

export interface StripeRefund {
  id: string;
  object: 'refund';
  amount: number;
  charge: string;
  created: number;
  currency: string;
  failure_reason?: string;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string | null;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled' | 'requires_action';
}

export interface StripeDispute {
  id: string;
  object: 'dispute';
  amount: number;
  /** Of money withdrawn and given back; an inquiry has none. */
  balance_transactions: { id: string; object: 'balance_transaction'; amount: number; currency: string }[];
  charge: string;
  created: number;
  currency: string;
  enhanced_eligibility_types: string[];
  evidence: object;
  evidence_details: { due_by: number | null; has_evidence: boolean; past_due: boolean; submission_count: number };
  intended_submission_method: string | null;
  is_charge_refundable: boolean;
  livemode: false;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string;
  status: 'warning_needs_response' | 'warning_closed' | 'needs_response' | 'under_review' | 'won' | 'lost';
}

/** Where an account's events are posted; its secret is answered to its creation alone. */
export interface StripeEndpoint {
  id: string;
  object: 'webhook_endpoint';
  api_version: string | null;
  application: null;
  created: number;
  description: string | null;
  enabled_events: string[];
  livemode: boolean;
  metadata: Record<string, string>;
  status: 'enabled' | 'disabled';
  url: string;
}

export type StripeObject = StripeSession | StripeIntent | StripeCharge | StripeRefund | StripeDispute;

/** An event as a webhook carries it: `data.object` is as it was at that moment. */
export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  type: string;
  data: { object: StripeObject };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
}

/** An answer of the API. */
export interface StripeAnswer {
  status: number;
  json: object;
}

/** The API says no. */
export class StripeRefusal extends Error {
  constructor(
    readonly status: number,
    readonly details: {
      type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
      code?: string;
      param?: string;
      decline_code?: string;
    },
    message: string,
    /** Of an error about a payment: Stripe shows it along. */
    readonly intent?: StripeIntent,
  ) {
    super(message);
  }
}
