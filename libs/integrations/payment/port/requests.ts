import type { Customer, Money } from '#provider-kit';
import type { ProviderMemory } from './replies.js';
import type { PaymentStatus, RefundStatus } from './statuses.js';

/**
 * `automatic`: one stage, captured when the buyer pays. `manual`: two stages, held until `approve` or
 * `cancel`.
 */
export type CaptureMode = 'automatic' | 'manual';

/**
 * One line of the invoice (reference: `create[items][]`). Goods with marking codes have one line per unit.
 */
export interface InvoiceItem {
  name: string;
  /**
   * The CRM's unit price, rounded to the currency's digits. Multiplied by the quantity, it may differ from
   * `total`.
   */
  price: Money;
  /** Above zero. May have a fraction (weighed goods). */
  quantity: number;
  /** The line's share of the invoice's amount, above zero. The totals of all items add up to the amount. */
  total: Money;
  /** Price times quantity as the CRM sent them, before scaling. Missing in old payments. */
  sent?: Money;
  measurementUnit?: string;
  /** A code of the CRM: `none`, `vat0`, `vat10`, `vat20`, `vat110`, `vat120`. Others may be added. */
  vat?: string;
  /** A code of the CRM: `full_prepayment`, `advance`. Others may be added. */
  paymentMethod?: string;
  /** A code of the CRM: `commodity`, `service`, `payment`. Others may be added. */
  paymentObject?: string;
  /** Code of the goods for the receipt. */
  productCode?: string;
  /** Marking code of this unit. */
  markingCode?: string;
  /** Marked goods whose codes are unknown: the CRM sent one code for several pieces. */
  lacksCode?: true;
  /**
   * Whether the line is a share of another line's money rather than a number of its pieces. `quantity` is 1.
   */
  isShare?: true;
}

/** The buyer in short, from the CRM. Every part may be missing. */
export interface Buyer {
  /** The customer's id in the CRM. */
  id?: string;
  name?: string;
  email?: string;
  /** The CRM's value, not normalised. */
  phone?: string;
}

/** An invoice to be paid. */
export interface CreateRequest {
  /**
   * Our payment id (UUID), known to the CRM as `paymentId` and usable as idempotency key: the same in every
   * repeat, new after a rejection. Store it at the provider so that `find` and webhooks can return it.
   */
  reference: string;
  /** The CRM's id of the invoice. */
  invoiceUuid: string;
  /** Code of one of `manifest.listShops(settings)`. */
  shop: string;
  /** One of the manifest's `invoiceTypes`. Missing if the CRM sent none, and in old payments. */
  invoiceType?: string;
  /** The shop's mode when the invoice was made. Later changes of the settings do not affect it. */
  capture: CaptureMode;
  /** Amount to pay, above zero, in one of the manifest's currencies. */
  amount: Money;
  orderNumber?: string;
  /** The order's id in the CRM. */
  orderId?: string;
  /** The shop's site from the CRM, unchecked. */
  siteUrl?: string;
  /** The buyer's return address from the CRM, unchecked. Hosted pages must return to `doneUrl` instead. */
  returnUrl?: string;
  /**
   * The module's permanent link, which the CRM passes to the buyer. "Back" and "cancel" of a hosted page lead
   * here.
   */
  payUrl: string;
  /**
   * Where a hosted page sends a buyer who has paid. Our page shows the outcome and links to a safe
   * `returnUrl`.
   */
  doneUrl: string;
  /** Empty if the CRM sends no item above zero. Otherwise their totals add up to `amount`. */
  items: InvoiceItem[];
  buyer: Buyer;
  /** The buyer's record in the CRM, with their legal person. Missing if unknown or erased with age. */
  customer?: Customer;
}

/** A part of an invoice's line. */
export interface GoodsLine {
  /** Index in `CreateRequest.items`. */
  item: number;
  /** Number of whole pieces. Zero: only a share of the line's money. */
  pieces: number;
  /** Money of this part, in minor units, above zero. */
  minor: number;
}

/** A stored refund. */
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
  /** Our id and the CRM's: `request.reference`. */
  id: string;
  /** The provider's id, once assigned. */
  externalId?: string;
  /** The stored status. The provider's own status takes precedence. */
  status: PaymentStatus;
  /** Amount captured from the buyer. Missing before the capture. */
  captured?: Money;
  refunds: ExistingRefund[];
  /** The provider's last `memory`, initially empty. */
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

/** Captures a hold, or a part of it. The remainder is released. */
export interface ApproveRequest extends KeyedRequest {
  /** Above zero, at most the held amount. */
  amount: Money;
}

/** Releases a hold, or voids an unpaid invoice. */
export interface CancelRequest extends KeyedRequest {
  /**
   * The amount sent by the CRM. Missing: the CRM sent no amount, or Crossdock cancels. The whole payment is
   * canceled.
   */
  amount?: Money;
}

/**
 * A refund request. `key` is also our refund id: store it at the provider so that `get` returns it as
 * `reference`.
 */
export interface RefundRequest extends KeyedRequest {
  /** Above zero, at most the captured amount less earlier refunds. */
  amount: Money;
  /** Goods of the receipt, the same in every repeat. Missing: call `chooseRefunded`. */
  goods?: GoodsLine[];
}
