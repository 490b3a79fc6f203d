import type { InvoiceStatus } from './payment-facts.js';
import { isPaid } from './payment-facts.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** The provider is read soon after an event and less often as time passes. */
const UNDERWAY = { share: 1 / 10, least: 30 * SECOND, most: 6 * HOUR };
/** Without events, only a reading can find that the buyer has paid. */
const EVENTLESS = { age: HOUR, most: 60 * SECOND };
/** A paid invoice can still be refunded in the gateway's own dashboard. */
const SETTLED = { share: 1 / 2, least: HOUR, most: DAY };
/** A payment that was quiet for this long is not read. A webhook or a visit wakes it. */
const QUIET = 60 * DAY;
/** The provider needs a moment to register the end of a hold. */
const AFTER_END = 5 * SECOND;

/** Facts that the time of the next reading depends on. */
export interface Reading {
  status: InvoiceStatus;
  activeAt: Date;
  expiresAt: Date | null;
  refundPending: boolean;
  /** Whether a dispute is undecided. */
  disputed: boolean;
  /** Whether the register has yet to reply for a receipt. */
  receiptPending: boolean;
  /** Whether the gateway sends no events, by the manifest. */
  lacksEvents: boolean;
}

/** Returns the time of a payment's next reading, which makes up for lost webhooks. Null: no more readings. */
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
  const hasEnd = status === 'waitingForCapture' || status === 'pending';
  return new Date(hasEnd && end > now.getTime() ? Math.min(next, end) : next);
}
