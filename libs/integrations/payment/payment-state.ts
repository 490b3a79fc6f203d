import type { Each } from '#integration-kit';
import { type Money, toMoney } from '#provider-kit';
import {
  LONGEST_TEXT,
  isPaid,
  mayStillBePaid,
  getAmount,
  computePayable,
  type InvoiceStatus,
  type DisputeFacts,
  type PaymentFacts,
  type Happening,
  type PaymentUpdate,
} from './payment-facts.js';
import { mergeRefunds, mergeDisputes, mergeReceipts, buildLostRefund, toHappening } from './merge-reported.js';
import type { PaymentState, ReceiptState, Reported } from './port/index.js';

/** How long a payment is read after late money arrived, unless the money is returned earlier. */
const LATE_MS = 24 * 3_600_000;

/** The result of applying an update to the facts. */
export interface Advance {
  facts: PaymentFacts;
  happenings: Happening[];
  /** Ids of refunds that are new or changed. */
  refunds: string[];
  /** Disputes that are new or changed. */
  disputes: DisputeFacts[];
  /** Receipts that failed, or are registered although they had failed. */
  receipts: ReceiptState[];
}

/** A status only moves to a higher rank, so updates may arrive in any order. */
const RANK: Readonly<Record<InvoiceStatus, number>> = { pending: 0, waitingForCapture: 1, succeeded: 2, canceled: 2, refundSucceeded: 2 };

/**
 * Applies a provider's update to the payment. A payment only moves forward: late updates are ignored, a final
 * status is kept, a completed refund stays completed, a refund missing from the update is unchanged. Only a
 * declined capture starts again, with another attempt. Pure.
 */
export function advance(before: PaymentFacts, update: PaymentUpdate): Advance {
  const { state } = update;
  const isOutdated = isOlder(before, update);
  const { declined } = state;
  if (before.status === 'waitingForCapture' && state.status === 'pending' && declined !== undefined && !isOutdated)
    return startAgain(before, update, declined.slice(0, LONGEST_TEXT));
  const happenings: Happening[] = [];
  const late = RANK[state.status] < RANK[before.status] || isOfDeclined(before, state);
  const moves = !late && RANK[state.status] > RANK[before.status];
  let status: InvoiceStatus = moves ? state.status : before.status;
  const facts: { -readonly [Key in keyof PaymentFacts]: PaymentFacts[Key] } = { ...before, ...advanceValues(before, update, status) };
  if (!late && (moves || !isOutdated) && state.externalId !== undefined) facts.externalId = state.externalId;
  if (update.effect && state.memory) facts.memory = state.memory;
  const grown = isPaid(before.status) && state.status === 'succeeded' ? findGrowth(before, state.captured) : undefined;
  if (grown) {
    facts.captured = grown;
    happenings.push({ code: 'succeeded', amount: grown, moved: true });
  }
  const isOpen = mayStillBePaid(before, update.now);
  const lateMoney = isOpen ? findLateMoney(before, state) : undefined;
  if (status === 'canceled' && (moves || isOpen)) facts.expiresAt = readEnd(before, update, lateMoney);
  const isOver = status === 'canceled' ? moves : status === 'pending' && facts.expiresAt === undefined;
  if (isOver && hasMissed(before, update)) happenings.push({ code: 'missed', moved: true });
  if (facts.declined !== undefined && facts.declined !== before.declined)
    happenings.push({ code: 'declined', moved: true, comment: facts.declined });
  if (moves)
    happenings.push({
      code: status,
      amount: getAmount({ ...facts, status }),
      moved: true,
      ...(facts.cancellation && { comment: facts.cancellation }),
    });
  else if (lateMoney || (!late && isPaid(before.status) !== isPaid(state.status)))
    happenings.push({
      code: state.status,
      moved: false,
      ...(lateMoney && { amount: lateMoney }),
      ...(state.cancellation && { comment: state.cancellation.slice(0, LONGEST_TEXT) }),
    });
  const disputed = isPaid(status) ? mergeDisputes(before.disputes, update, happenings) : { disputes: before.disputes, changed: [] };
  facts.disputes = disputed.disputes;
  const receipts = isPaid(status) ? mergeReceipts(before.receipts, update, happenings) : { receipts: before.receipts, changed: [] };
  facts.receipts = receipts.receipts;
  const merged = isPaid(status) ? mergeRefunds(before, update, happenings) : { refunds: before.refunds, changed: [] as string[] };
  facts.refunds = merged.refunds;
  for (const lost of disputed.changed.filter((one) => one.status === 'lost')) {
    const refund = buildLostRefund(lost, facts, update);
    if (!refund) continue;
    facts.refunds = [...facts.refunds, refund];
    merged.changed.push(refund.id);
    happenings.push(toHappening(refund));
  }
  if (status === 'succeeded' && isAllGivenBack(facts)) {
    status = 'refundSucceeded';
    happenings.push({ code: status, moved: true });
  }
  facts.status = status;
  return { facts, happenings, refunds: merged.changed, disputes: disputed.changed, receipts: receipts.changed };
}

/** Begins another attempt after a declined capture. The payment is unpaid, and the hold no longer counts. */
function startAgain(before: PaymentFacts, update: PaymentUpdate, declined: string): Advance {
  const { memory = before.memory } = update.effect ? update.state : {};
  const none = { held: undefined, discount: undefined, expiresAt: undefined, capturing: undefined };
  return {
    facts: { ...before, ...none, memory, status: 'pending', declined, declinedId: before.externalId ?? '' },
    happenings: [
      ...(hasMissed(before, update) ? [{ code: 'missed', moved: true } as const] : []),
      { code: 'declined', moved: true, comment: declined },
    ],
    ...{ refunds: [], disputes: [], receipts: [] },
  };
}

/** Whether a reading started before the payment's last attempt or capture. */
function isOlder(before: PaymentFacts, { asked }: PaymentUpdate): boolean {
  return asked !== undefined && (asked.externalId !== before.externalId || asked.capturing?.minor !== before.capturing?.minor);
}

/** Whether a state reports the hold of an attempt that was declined. */
function isOfDeclined({ declinedId }: PaymentFacts, { status, externalId }: PaymentState): boolean {
  return declinedId !== undefined && status === 'waitingForCapture' && externalId === declinedId;
}

/** Whether the provider's deadline of a hold, or of the buyer's approval, has passed. */
function hasMissed({ status, expiresAt }: PaymentFacts, { now }: PaymentUpdate): boolean {
  return (status === 'waitingForCapture' || status === 'pending') && expiresAt !== undefined && expiresAt <= now;
}

/** Returns the buyer's money, held or captured, that a cancelled invoice's provider has to return. */
export function findLateMoney(facts: PaymentFacts, { status, held, captured, refunds = [] }: PaymentState): Money | undefined {
  if (status !== 'waitingForCapture' && status !== 'succeeded') return undefined;
  const came = (status === 'succeeded' ? captured : held) ?? computePayable(facts);
  const given = refunds.reduce((sum, refund) => (refund.status === 'canceled' ? sum : sum + refund.amount.minor), 0);
  return came.minor > given ? toMoney(came.minor - given, came.currency) : undefined;
}

/** Applies the values of an update. `status`: the payment's status after the update. */
function advanceValues(before: PaymentFacts, update: PaymentUpdate, status: InvoiceStatus): Each<Reported> {
  const { state, now } = update;
  const moves = status !== before.status;
  const holds = status === 'waitingForCapture' && state.status === status;
  const takes = moves && status === 'succeeded';
  const discount = state.discount && (holds || takes) ? state.discount : before.discount;
  const payable = computePayable({ amount: before.amount, discount });
  return {
    discount,
    held: holds ? (state.held ?? before.held ?? payable) : before.held,
    captured: takes ? (state.captured ?? payable) : before.captured,
    paidAt: takes ? (state.paidAt ?? now) : before.paidAt,
    fee: (state.status === 'succeeded' && isPaid(status) && state.fee) || before.fee,
    expiresAt: readDeadline(before, state, status),
    cancellation: (moves && status === 'canceled' && state.cancellation?.slice(0, LONGEST_TEXT)) || before.cancellation,
    capturing: holds && !isOlder(before, update) ? state.capturing : status === 'waitingForCapture' ? before.capturing : undefined,
    declined:
      status === 'pending' && state.status === status && !isOlder(before, update)
        ? readDeclined(before, state)
        : moves
          ? undefined
          : before.declined,
  };
}

/** Returns the deadline of a hold, or of the buyer's approval. */
function readDeadline(before: PaymentFacts, state: PaymentState, status: InvoiceStatus): Date | undefined {
  if (status === 'pending') return state.toAuthorize && (state.expiresAt ?? before.expiresAt);
  const isHold = status === 'waitingForCapture' && state.status === status;
  return (isHold && state.expiresAt) || (before.status === 'pending' ? undefined : before.expiresAt);
}

/** Returns the reason why the present attempt of an unpaid payment failed. */
function readDeclined(before: PaymentFacts, { declined, externalId = before.externalId }: PaymentState): string | undefined {
  return declined?.slice(0, LONGEST_TEXT) ?? (externalId === before.externalId ? before.declined : undefined);
}

/**
 * Returns the time until which a cancelled payment is read. The end of a hold is kept only if it caused the
 * cancellation.
 */
function readEnd(before: PaymentFacts, { state, now }: PaymentUpdate, lateMoney: Money | undefined): Date | undefined {
  const isUnderway = lateMoney !== undefined || state.refunds?.some(({ status }) => status === 'pending') === true;
  if (isUnderway) return new Date(Math.max(now.getTime() + LATE_MS, before.expiresAt?.getTime() ?? 0));
  if (state.status === 'canceled' && state.expiresAt) return state.expiresAt;
  // A reading that started before the cancellation does not include it.
  if (state.status === 'pending') return before.expiresAt;
  return before.expiresAt && before.expiresAt <= now ? before.expiresAt : undefined;
}

/** Returns the captured amount if it grew by at least the whole invoice, because a buyer may pay it twice. */
function findGrowth(before: PaymentFacts, told: Money | undefined): Money | undefined {
  const { captured } = before;
  if (!captured || told?.currency !== captured.currency || told.minor === captured.minor) return undefined;
  return told.minor - captured.minor >= computePayable(before).minor ? told : undefined;
}

function isAllGivenBack({ captured, refunds }: PaymentFacts): boolean {
  const done = refunds.filter((refund) => refund.status === 'succeeded').reduce((sum, refund) => sum + refund.amount.minor, 0);
  return captured !== undefined && captured.minor > 0 && done >= captured.minor;
}
