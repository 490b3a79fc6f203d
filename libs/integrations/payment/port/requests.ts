import type { Customer, Money } from '#provider-kit';
import type { ProviderMemory } from './replies.js';
import type { PaymentStatus, RefundStatus } from './statuses.js';

/**
 * `automatic`: one stage, captured when the buyer pays; `manual`: two stages, held until `approve` or
 * `cancel`.
 */
export type CaptureMode = 'automatic' | 'manual';

/** One line of the invoice (reference: `create[items][]`). Goods with marking codes come one unit a line. */
export interface InvoiceItem {
  name: string;
  /**
   * The CRM's unit price, rounded to the currency's digits; times the quantity it may differ from `total`.
   */
  price: Money;
  /** Above zero; may have a fraction (weighed goods). */
  quantity: number;
  /** The line's share of the invoice's amount, above zero: the totals of all items make it. */
  total: Money;
  /** Price times quantity as the CRM sent them, before scaling. Missing in old payments. */
  sent?: Money;
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
  /** Marked goods whose codes are unknown: the CRM sent one code for several pieces. */
  lacksCode?: true;
  /** A share of a line's money that is not a number of its pieces; `quantity` is 1. */
  isShare?: true;
}

/** Who pays, in short, as far as the CRM knows. Every part may be missing. */
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
   * Our payment id (UUID), known to the CRM as `paymentId` and usable as idempotency key: the same in every
   * repeat, new after a refusal. Store it at the provider so that `find` and webhooks lead back to us.
   */
  reference: string;
  /** The CRM's id of the invoice. */
  invoiceUuid: string;
  /** Code of one of `manifest.shops(settings)`. */
  shop: string;
  /** One of the manifest's `invoiceTypes`. Missing when the CRM named none, and in old payments. */
  invoiceType?: string;
  /** Of the shop when the invoice was made; a later change of the settings does not reach it. */
  capture: CaptureMode;
  /** What is to be paid; above zero, in one of the manifest's currencies. */
  amount: Money;
  orderNumber?: string;
  /** The order's id in the CRM. */
  orderId?: string;
  /** The shop's site from the CRM, not checked. */
  siteUrl?: string;
  /** The buyer's return address from the CRM, unchecked. Hosted pages must return to `doneUrl` instead. */
  returnUrl?: string;
  /**
   * The module's permanent link, which the CRM hands to the buyer. "Back" and "cancel" of a hosted page lead
   * here.
   */
  payUrl: string;
  /**
   * Where a hosted page sends a buyer who has paid; our page shows the outcome and links to a safe
   * `returnUrl`.
   */
  doneUrl: string;
  /** Empty when the CRM sends none above zero; otherwise their totals make `amount`. */
  items: InvoiceItem[];
  buyer: Buyer;
  /** The buyer as the CRM has him, with his legal person. Missing when unknown or emptied with age. */
  customer?: Customer;
}

/** A part of an invoice's line. */
export interface GoodsLine {
  /** Index in `CreateRequest.items`. */
  item: number;
  /** Whole pieces. Zero: a share of the line's money only. */
  pieces: number;
  /** Money of this part, in minor units, above zero. */
  minor: number;
}

/** A refund as we keep it. */
export interface ExistingRefund {
  /** Our refund id (`RefundRequest.key`); for a refund made elsewhere, an id that we assigned. */
  id: string;
  externalId?: string;
  amount: Money;
  status: RefundStatus;
  /** The refunded goods. Missing for a refund made elsewhere, or by an older version. */
  goods?: GoodsLine[];
}

/** A stored payment, passed to calls on an existing one. */
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
  /** The provider's last `memory`; empty at first. */
  memory: ProviderMemory;
  createdAt: Date;
  request: CreateRequest;
}

/** A call with an effect on an existing payment. */
export interface KeyedRequest {
  /**
   * The provider's idempotency key, a UUID: the same in every repeat of this call, new for every other call.
   */
  key: string;
}

/** Takes a hold, or a part of it: what is left of it is released. */
export interface ApproveRequest extends KeyedRequest {
  /** Above zero, at most what is held. */
  amount: Money;
}

/** Releases a hold, or voids an unpaid invoice. */
export interface CancelRequest extends KeyedRequest {
  /** As the CRM sent it. Missing: the CRM sent no amount, or Crossdock cancels. The whole is canceled. */
  amount?: Money;
}

/**
 * A refund request. `key` is also our refund id: store it at the provider so that `get` returns it as
 * `reference`.
 */
export interface RefundRequest extends KeyedRequest {
  /** Above zero, at most what was captured and not refunded yet. */
  amount: Money;
  /** Goods of the receipt, the same in every repeat. Missing: call `chooseRefunded`. */
  goods?: GoodsLine[];
}
