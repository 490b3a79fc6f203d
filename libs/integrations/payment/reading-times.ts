import type { InvoiceStatus } from './payment-state.js';
import { isPaid } from './payment-state.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** The provider is asked soon after something happened and ever less often afterwards. */
const UNDERWAY = { share: 1 / 10, least: 30 * SECOND, most: 6 * HOUR };
/** Without events only a reading finds that the buyer has paid. */
const EVENTLESS = { age: HOUR, most: 60 * SECOND };
/** A paid one may still be refunded in the gateway's own dashboard. */
const SETTLED = { share: 1 / 2, least: HOUR, most: DAY };
/** Nothing is expected of one that was quiet for so long; a webhook or a visit wakes it. */
const QUIET = 60 * DAY;
/** After a hold's end the provider needs a moment to know of it. */
const AFTER_END = 5 * SECOND;

/** What the next reading depends on. */
export interface Reading {
  status: InvoiceStatus;
  activeAt: Date;
  expiresAt: Date | null;
  refundPending: boolean;
  /** A dispute is not decided yet. */
  disputed: boolean;
  /** The register has not answered for a receipt yet. */
  receiptPending: boolean;
  /** The gateway sends no events, by the manifest. */
  lacksEvents: boolean;
}

/** When a payment is to be read next: webhooks get lost, and this makes up for them. Null: no more. */
export function computeNextReading(
  { status, activeAt, expiresAt, refundPending, disputed, receiptPending, lacksEvents }: Reading,
  now: Date,
): Date | null {
  const isOver = status === 'refundSucceeded' || (status === 'canceled' && !(expiresAt && expiresAt > now));
  if (!refundPending && !disputed && !receiptPending && isOver) return null;
  const age = Math.max(0, now.getTime() - activeAt.getTime());
  if (age > QUIET && status !== 'waitingForCapture' && !disputed) return null;
  const pace = isPaid(status) && !refundPending ? SETTLED : UNDERWAY;
  const most = lacksEvents && pace === UNDERWAY && age <= EVENTLESS.age ? EVENTLESS.most : pace.most;
  const next = now.getTime() + Math.min(Math.max(age * pace.share, pace.least), most);
  const end = (expiresAt?.getTime() ?? Infinity) + AFTER_END;
  return new Date(status === 'waitingForCapture' && end > now.getTime() ? Math.min(next, end) : next);
}
