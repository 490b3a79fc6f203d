import { formatDate } from '#crm-client';
import type * as wire from '#crm-client/wire';
import type { Each } from '#integration-kit';
import { type Money, toMoney, toWireAmount } from '#provider-kit';
import type { PaymentDetails, PaymentEntity } from './payment.entity.js';
import { type InvoiceStatus, isPaid } from './payment-facts.js';
import type { Reported } from './port/index.js';

/**
 * Stores, sends and shows the values that a gateway reports. A new member of `Reported` does not compile
 * until each function here, `advanceValues` and the move-in have it.
 */

// The database

/** The column of each value. */
interface ColumnsOf {
  discount: 'discountMinor';
  held: 'heldMinor';
  captured: 'capturedMinor';
  paidAt: 'paidAt';
  fee: 'details';
  expiresAt: 'expiresAt';
  cancellation: 'cancellation' | 'details';
  capturing: 'details';
  declined: 'details';
}

/** The columns of all values. */
export type ReportedColumns = Pick<PaymentEntity, ColumnsOf[keyof Reported]>;

/** Reads the values of a stored payment. */
export function readReported(row: ReportedColumns & Pick<PaymentEntity, 'currency'>): Each<Reported> {
  const read = (minor: string | number | null): Money | undefined => (minor === null ? undefined : toMoney(Number(minor), row.currency));
  return {
    discount: read(row.discountMinor),
    held: read(row.heldMinor),
    captured: read(row.capturedMinor),
    paidAt: row.paidAt ?? undefined,
    fee: read(row.details.fee ?? null),
    expiresAt: row.expiresAt ?? undefined,
    cancellation: row.details.cancellation ?? row.cancellation ?? undefined,
    capturing: read(row.details.capturing ?? null),
    declined: row.details.declined,
  };
}

/** The columns that store values. */
export function toReportedColumns(values: Reported & Pick<PaymentDetails, 'declinedId'>): ReportedColumns {
  const { discount, held, captured, paidAt, expiresAt, cancellation, capturing, declined, declinedId, fee } = values;
  return {
    discountMinor: discount ? String(discount.minor) : null,
    heldMinor: held ? String(held.minor) : null,
    capturedMinor: captured ? String(captured.minor) : null,
    paidAt: paidAt ?? null,
    expiresAt: expiresAt ?? null,
    cancellation: cancellation ?? null,
    details: { cancellation, capturing: capturing?.minor, declined, declinedId, fee: fee?.minor } satisfies Each<PaymentDetails>,
  };
}

// The CRM

/** The reference's format of an invoice's dates, in the account's time zone. */
const DATE = 'Y-m-d H:i:s';

type WireValues = Pick<wire.PaymentsApiUpdateInvoiceRequest, 'discountAmount' | 'paidAt' | 'expiredAt' | 'cancellationDetails'>;

/** Builds the values of the CRM's invoice with this status. The invoice's amount is `getAmount`. */
export function toWireValues(values: Reported, status: InvoiceStatus, timeZone: string): WireValues {
  const { discount, paidAt, expiresAt, cancellation } = values;
  const holds = status === 'waitingForCapture';
  const told: Each<Record<keyof Reported, WireValues>> = {
    // The CRM accepts a discount only with these two statuses.
    discount: discount && (holds || status === 'succeeded') ? { discountAmount: toWireAmount(discount) } : {},
    held: undefined,
    captured: undefined,
    paidAt: paidAt && isPaid(status) ? { paidAt: formatDate(paidAt, DATE, timeZone) } : {},
    expiresAt: expiresAt && holds ? { expiredAt: formatDate(expiresAt, DATE, timeZone) } : {},
    cancellation: cancellation && status === 'canceled' ? { cancellationDetails: cancellation } : {},
    // The CRM has no fields for these. See `toWireStatus`.
    ...{ capturing: undefined, declined: undefined, fee: undefined },
  };
  return Object.assign({}, ...Object.values(told)) as WireValues;
}

// Operators

/** The values that operators see. Amounts are in the payment's currency. */
export interface ReportedView {
  /** Discount granted by the gateway. */
  discount?: number;
  held?: number;
  captured?: number;
  paidAt?: string;
  expiresAt?: string;
  cancellation?: string;
  /** The gateway's fee, if the gateway reports it with the payment. */
  fee?: number;
  /** Amount of a capture that the gateway has not decided. */
  capturing?: number;
  /** Reason of the last declined capture. */
  declined?: string;
}

/** Builds the values for operators. */
export function toReportedView(values: Reported): ReportedView {
  const { discount, held, captured, paidAt, expiresAt, cancellation, capturing, declined, fee } = values;
  return {
    discount: discount && toWireAmount(discount),
    held: held && toWireAmount(held),
    captured: captured && toWireAmount(captured),
    paidAt: paidAt?.toISOString(),
    expiresAt: expiresAt?.toISOString(),
    cancellation: cancellation || undefined,
    fee: fee && toWireAmount(fee),
    capturing: capturing && toWireAmount(capturing),
    declined,
  } satisfies Each<Record<keyof Reported, unknown>>;
}
