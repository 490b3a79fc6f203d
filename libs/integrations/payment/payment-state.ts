import type { Each } from '#integration-kit';
import { isUuid } from '#platform';
import { type Money, toMoney } from '#provider-kit';
import type {
  DisputeState,
  DisputeStatus,
  PaymentState,
  PaymentStatus,
  ProviderMemory,
  ReceiptState,
  ReceiptStatus,
  Reported,
  RefundState,
  RefundStatus,
} from './port/index.js';

/**
 * An invoice's status in the CRM: the payment's, or `refundSucceeded` once everything captured was refunded.
 */
export type InvoiceStatus = PaymentStatus | 'refundSucceeded';

/** A stored refund. */
export interface RefundFacts {
  readonly id: string;
  readonly externalId?: string;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly comment?: string;
  /** True: requested by the CRM. False: found at the provider. */
  readonly requested: boolean;
  readonly createdAt: Date;
}

/** A stored dispute. */
export interface DisputeFacts {
  readonly externalId: string;
  readonly status: DisputeStatus;
  readonly amount?: Money;
  readonly reason?: string;
  /** When we received it. */
  readonly since: Date;
}

/** A stored receipt. */
export type ReceiptFacts = Pick<ReceiptState, 'externalId' | 'status'>;

/** All stored facts of a payment that can change. */
export interface PaymentFacts extends Readonly<Reported> {
  readonly status: InvoiceStatus;
  readonly externalId?: string;
  /** The invoice's amount. */
  readonly amount: Money;
  readonly memory: ProviderMemory;
  /** The `externalId` of the last attempt whose capture was declined. */
  readonly declinedId?: string | undefined;
  /** Oldest first. */
  readonly refunds: readonly RefundFacts[];
  /** In the order in which we received them. */
  readonly disputes: readonly DisputeFacts[];
  readonly receipts: readonly ReceiptFacts[];
}

/** One event in the payment's history. */
export interface Happening {
  code:
    | InvoiceStatus
    | `refund.${RefundStatus}`
    | `dispute.${DisputeStatus}`
    | `receipt.${'failed' | 'registered'}`
    | 'declined'
    | 'missed';
  amount?: Money;
  refundId?: string;
  comment?: string;
  /** False: the event contradicts a final status and was only noted. */
  moved: boolean;
}

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

/** An update from a provider. */
export interface PaymentUpdate {
  state: PaymentState;
  /** Whether this is the reply of a call with an effect, so that its `memory` counts. */
  effect: boolean;
  /**
   * For a reading: the payment when it started. If the id has changed since, because a visit opened another
   * session, the reading does not restore the earlier id. It does not undo a capture requested since, either.
   */
  asked?: Pick<PaymentFacts, 'externalId' | 'capturing'> | undefined;
  now: Date;
  /** Returns an id for a refund that was made elsewhere. */
  newId(): string;
}

/** Maximum length of a reason or comment (reference: `cancellationDetails`). */
const LONGEST_TEXT = 255;

/** A status only moves to a higher rank, so updates may arrive in any order. */
const RANK: Readonly<Record<InvoiceStatus, number>> = { pending: 0, waitingForCapture: 1, succeeded: 2, canceled: 2, refundSucceeded: 2 };

/** Whether money was taken. */
export function isPaid(status: InvoiceStatus): boolean {
  return status === 'succeeded' || status === 'refundSucceeded';
}

/**
 * Returns the amount that can still be refunded: captured, less refunds made or pending and amounts withheld
 * by disputes.
 */
export function computeRefundable(facts: Pick<PaymentFacts, 'amount' | 'captured' | 'refunds' | 'disputes'>): Money {
  const left = computeKept(facts);
  const withheld = facts.disputes.reduce((sum, { status, amount }) => (status === 'open' ? sum + (amount?.minor ?? left.minor) : sum), 0);
  return toMoney(Math.max(0, left.minor - withheld), left.currency);
}

function computeKept({ amount, captured, refunds }: Pick<PaymentFacts, 'amount' | 'captured' | 'refunds'>): Money {
  const given = refunds.reduce((sum, refund) => (refund.status === 'canceled' ? sum : sum + refund.amount.minor), 0);
  return toMoney(Math.max(0, (captured?.minor ?? 0) - given), amount.currency);
}

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

/**
 * Whether a cancelled invoice can still be paid, because the service cannot stop a payment that a buyer has
 * started.
 */
export function mayStillBePaid({ status, expiresAt }: Pick<PaymentFacts, 'status' | 'expiresAt'>, now: Date): boolean {
  return status === 'canceled' && expiresAt !== undefined && expiresAt > now;
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

/** Returns the invoice's amount: the captured amount, or before the capture the payable amount. */
export function getAmount(facts: Pick<PaymentFacts, 'status' | 'amount' | 'discount' | 'captured'>): Money {
  const payable = computePayable(facts);
  return isPaid(facts.status) ? (facts.captured ?? payable) : payable;
}

function computePayable({ amount, discount }: Pick<PaymentFacts, 'amount' | 'discount'>): Money {
  return discount ? toMoney(Math.max(0, amount.minor - discount.minor), amount.currency) : amount;
}

/** Returns which of refunds, disputes and receipts the provider has yet to decide. */
export function findAwaited({ refunds, disputes, receipts }: Pick<PaymentFacts, 'refunds' | 'disputes' | 'receipts'>): {
  refundPending: boolean;
  disputed: boolean;
  receiptPending: boolean;
} {
  return {
    refundPending: refunds.some(({ status }) => status === 'pending'),
    disputed: disputes.some(({ status }) => status === 'inquiry' || status === 'open'),
    receiptPending: receipts.some(({ status }) => status === 'pending'),
  };
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

function mergeRefunds(before: PaymentFacts, update: PaymentUpdate, happenings: Happening[]): { refunds: RefundFacts[]; changed: string[] } {
  const refunds = [...before.refunds];
  const changed: string[] = [];
  for (const told of update.state.refunds ?? []) {
    const index = refunds.findIndex((known) => isSame(known, told));
    const known = refunds[index];
    const next = known ? advanceRefund(known, told, happenings) : buildRefund(told, update);
    if (next === known) continue;
    if (known) refunds[index] = next;
    else refunds.push(next);
    changed.push(next.id);
    if (next.status !== known?.status) happenings.push(toHappening(next));
  }
  return { refunds, changed };
}

function toHappening({ id, status, amount, comment }: RefundFacts): Happening {
  return { code: `refund.${status}`, amount, refundId: id, moved: true, ...(comment && { comment }) };
}

/** A dispute's status only moves to a higher rank. */
const DISPUTE_RANK: Readonly<Record<DisputeStatus, number>> = { inquiry: 0, open: 1, won: 2, lost: 2 };

function mergeDisputes(
  before: readonly DisputeFacts[],
  update: PaymentUpdate,
  happenings: Happening[],
): { disputes: readonly DisputeFacts[]; changed: DisputeFacts[] } {
  const disputes = [...before];
  const changed: DisputeFacts[] = [];
  for (const told of update.state.disputes ?? []) {
    const index = disputes.findIndex(({ externalId }) => externalId === told.externalId);
    const known = disputes[index];
    const rank = known ? DISPUTE_RANK[told.status] - DISPUTE_RANK[known.status] : 1;
    if (rank < 0 || told.status === known?.status) continue;
    const next = toDispute(told, known?.since ?? update.now);
    happenings.push({
      code: `dispute.${next.status}`,
      moved: rank > 0,
      ...(next.amount && { amount: next.amount }),
      ...(next.reason && { comment: next.reason }),
    });
    if (rank === 0) continue;
    if (known) disputes[index] = next;
    else disputes.push(next);
    changed.push(next);
  }
  return { disputes: changed.length > 0 ? disputes : before, changed };
}

function toDispute({ externalId, status, amount, reason }: DisputeState, since: Date): DisputeFacts {
  return { externalId, status, since, ...(amount && { amount }), ...(reason && { reason: reason.slice(0, LONGEST_TEXT) }) };
}

/**
 * A receipt's status only moves to a higher rank. A failed receipt may still be registered, by hand or late.
 */
const RECEIPT_RANK: Readonly<Record<ReceiptStatus, number>> = { pending: 0, failed: 1, registered: 2 };

function mergeReceipts(
  before: readonly ReceiptFacts[],
  update: PaymentUpdate,
  happenings: Happening[],
): { receipts: readonly ReceiptFacts[]; changed: ReceiptState[] } {
  const known = new Map(before.map((one) => [one.externalId, one]));
  const changed = (update.state.receipts ?? []).filter(({ externalId, status }) => {
    const last = known.get(externalId);
    return !last || RECEIPT_RANK[status] > RECEIPT_RANK[last.status];
  });
  const told: ReceiptState[] = [];
  for (const receipt of changed) {
    const { externalId, status, amount } = receipt;
    const last = known.get(externalId);
    known.set(externalId, { externalId, status });
    // A receipt that is registered with its payment is nothing to report.
    if (status === 'pending' || (status === 'registered' && !last)) continue;
    happenings.push({ code: `receipt.${status}`, amount, moved: true });
    if (status === 'failed' || last?.status === 'failed') told.push(receipt);
  }
  return { receipts: changed.length > 0 ? [...known.values()] : before, changed: told };
}

/**
 * The CRM has no chargebacks, so a lost dispute is reported as a refund. The refund needs a known amount and
 * is never more than the kept amount.
 */
function buildLostRefund(
  { externalId, amount, reason }: DisputeFacts,
  facts: PaymentFacts,
  update: PaymentUpdate,
): RefundFacts | undefined {
  const minor = Math.min(amount?.minor ?? 0, computeKept(facts).minor);
  if (minor === 0) return undefined;
  return {
    id: update.newId(),
    externalId,
    amount: toMoney(minor, facts.amount.currency),
    status: 'succeeded',
    ...(reason && { comment: reason }),
    requested: false,
    createdAt: update.now,
  };
}

function isSame(known: RefundFacts, told: RefundState): boolean {
  return known.id === told.reference || (known.externalId !== undefined && known.externalId === told.externalId);
}

function buildRefund(told: RefundState, update: PaymentUpdate): RefundFacts {
  const requested = told.reference !== undefined && isUuid(told.reference);
  return {
    id: requested && told.reference ? told.reference : update.newId(),
    externalId: told.externalId,
    amount: told.amount,
    status: told.status,
    ...(told.comment && { comment: told.comment.slice(0, LONGEST_TEXT) }),
    requested,
    createdAt: update.now,
  };
}

/** Returns the known refund itself if nothing changes. */
function advanceRefund(known: RefundFacts, told: RefundState, happenings: Happening[]): RefundFacts {
  if (known.status !== 'pending') {
    if (told.status !== 'pending' && told.status !== known.status)
      happenings.push({
        code: `refund.${told.status}`,
        refundId: known.id,
        amount: known.amount,
        moved: false,
        ...(told.comment && { comment: told.comment.slice(0, LONGEST_TEXT) }),
      });
    return known.externalId === undefined ? { ...known, externalId: told.externalId } : known;
  }
  if (told.status === 'pending' && known.externalId !== undefined) return known;
  return {
    ...known,
    externalId: told.externalId,
    status: told.status,
    ...(told.comment && { comment: told.comment.slice(0, LONGEST_TEXT) }),
  };
}
