import type { Money } from '#provider-kit';
import type { ProviderMemory } from './replies.js';
import type { PaymentStatus, RefundStatus } from './statuses.js';

/**
 * `automatic`: one stage, the money is taken when the buyer pays; `manual`: two stages, it is held until
 * `approve` or `cancel`.
 */
export type CaptureMode = 'automatic' | 'manual';

/** One line of the invoice (reference: `create[items][]`). Goods with marking codes come one unit a line. */
export interface InvoiceItem {
  name: string;
  /**
   * Of one unit as the CRM has it, rounded to the currency's digits; times the quantity it need not come to
   * `total`.
   */
  price: Money;
  /** Above zero; may have a fraction (weighed goods). */
  quantity: number;
  /** The line's share of the invoice's amount, above zero: the totals of all items make it. */
  total: Money;
  measurementUnit?: string;
  /** As the CRM names it: `none`, `vat0`, `vat10`, `vat20`, `vat110`, `vat120`; others may come. */
  vat?: string;
  /** As the CRM names it: `full_prepayment`, `advance`; others may come. */
  paymentMethod?: string;
  /** As the CRM names it: `commodity`, `service`, `payment`; others may come. */
  paymentObject?: string;
  /** Code of the goods for the receipt. */
  productCode?: string;
  /** Marking code of this very unit. */
  markingCode?: string;
}

/** Who pays, as far as the CRM knows. Every part may be missing. */
export interface Buyer {
  /** The customer's id in the CRM. */
  id?: string;
  name?: string;
  email?: string;
  /** As the CRM has it, not normalised. */
  phone?: string;
}

/** An invoice to be paid. */
export interface CreateRequest {
  /**
   * Our id of the payment, a UUID (36 characters), also the `paymentId` the CRM knows. The same in every
   * repeat of the same registration, another one after a refusal: serves as the provider's idempotency key.
   * Written to the provider (metadata, order number) so that `find` and webhooks lead back to us.
   */
  reference: string;
  /** The CRM's id of the invoice. */
  invoiceUuid: string;
  /** Code of one of `manifest.shops(settings)`. */
  shop: string;
  /** Of the shop when the invoice was made; a later change of the settings does not reach it. */
  capture: CaptureMode;
  /** What is to be paid; above zero, in one of the manifest's currencies. */
  amount: Money;
  orderNumber?: string;
  /** The order's id in the CRM. */
  orderId?: string;
  /** The shop's site as the CRM gives it, not checked. */
  siteUrl?: string;
  /**
   * Where the buyer wants to end as the CRM gives it, not checked. Hosted pages lead back to `doneUrl`, never
   * here: our page decides whether it is safe.
   */
  returnUrl?: string;
  /**
   * The module's own lasting link: what the CRM hands to the buyer. A hosted page's "back" or "cancel" leads
   * here.
   */
  payUrl: string;
  /**
   * Where a hosted page sends the buyer who has paid: our page shows the outcome and leads on to a safe
   * `returnUrl`.
   */
  doneUrl: string;
  /** Empty when the CRM sends none above zero; otherwise their totals make `amount`. */
  items: InvoiceItem[];
  buyer: Buyer;
}

/** A refund as we keep it. */
export interface ExistingRefund {
  /**
   * Our id of it; what `RefundRequest.key` was. Of a refund made elsewhere (the gateway's own dashboard) one
   * we gave it.
   */
  id: string;
  externalId?: string;
  amount: Money;
  status: RefundStatus;
}

/** A payment as it is stored, given to operations on an existing one. */
export interface ExistingPayment {
  /** Ours and the CRM's id: `request.reference`. */
  id: string;
  /** The provider's id, once it has one. */
  externalId?: string;
  /** As last known; the provider's own word counts. */
  status: PaymentStatus;
  /** Taken from the buyer; missing before. */
  captured?: Money;
  refunds: ExistingRefund[];
  /** What the provider last gave as `memory`; empty at first. */
  memory: ProviderMemory;
  createdAt: Date;
  request: CreateRequest;
}

/** A call with an effect on an existing payment. */
export interface KeyedRequest {
  /**
   * A UUID: the same in every repeat of this very call, another one for every other call. The provider's
   * idempotency key.
   */
  key: string;
}

/** Takes a hold, or a part of it: what is left of it is released. */
export interface ApproveRequest extends KeyedRequest {
  /** Above zero, at most what is held. */
  amount: Money;
}

/**
 * Gives money back. `key` is our id of the refund too: written to the provider's refund so that `get` names
 * it as `reference`.
 */
export interface RefundRequest extends KeyedRequest {
  /** Above zero, at most what was captured and not refunded yet. */
  amount: Money;
}
