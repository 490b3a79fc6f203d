import type { CallEvent, CallUpdate, CallOutcome, CallSignal, CallSnapshot, TrackedCall } from '#telephony/port';
import { BEGINNING, isInside, type Notice, readExtension, readOutcome, STATISTICS } from './notice.js';
import { nameRecord } from './records.js';
import type { ZadarmaContext } from './zadarma.settings.js';

/** The known facts about a call, as JSON. */
interface Memory {
  /** ISO 8601, like the other times. */
  startedAt: string;
  /** Its first notice came, which knows best when it began. */
  isBegun?: boolean;
  phone?: string;
  externalPhone?: string;
  /** A person took it, not a menu. */
  answeredAt?: string;
  /** The phone that had the customer last, else the first that rang. */
  code?: string;
  /** Phones notified that the call started, but not that it ended. */
  told: string[];
  /** Phones that answered. */
  answered: string[];
  /** The end came, and waits for earlier notices. */
  end?: { duration?: string | undefined; receivedAt: string };
}

/** Seconds that an end waits for earlier notices: each is its own request, so one may overtake another. */
const WAIT_S = 5;

/** An end that comes this much later than the talk's end was delayed on its way. Milliseconds. */
const LATE_MS = 60_000;
/** The same if it is unknown how long the customer waited for an answer. */
const LATE_WAIT_MS = 3_600_000;
/** No talk is longer. */
const LONGEST_TALK_S = 86_400;
/** Digits of the shortest number outside. */
const LEAST_DIGITS = 5;

/** Applies a notice to its call. Any of them may come first, and any may be missing. */
export function track(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: ZadarmaContext): CallUpdate | undefined {
  if (call?.endedAt) return undefined;
  const notice = event.data as Notice;
  const isOutgoing = event.call.startsWith('out_');
  // A talk among managers, or a manager's phone that rings before the customer does: a separate call.
  if (isInside(isOutgoing ? notice.destination : notice.caller_id, context)) return undefined;
  const memory = learn(structuredClone(call?.memory as Memory | undefined), notice, receivedAt, isOutgoing, context);
  const signals = follow(memory, notice, receivedAt, isOutgoing, context);
  if (isEnd(notice)) memory.end = { duration: notice.duration, receivedAt: receivedAt.toISOString() };
  const snapshot: CallSnapshot = {
    externalId: call?.externalId ?? event.call,
    direction: isOutgoing ? 'out' : 'in',
    startedAt: new Date(memory.startedAt),
    ...(memory.phone !== undefined && { phone: memory.phone }),
    ...(memory.externalPhone !== undefined && { externalPhone: memory.externalPhone }),
    ...(memory.code !== undefined && { code: memory.code }),
    ...(memory.answeredAt !== undefined && { answeredAt: new Date(memory.answeredAt) }),
  };
  if (!isEnd(notice)) return { call: snapshot, signals, memory };
  if (event.hasWaited !== true && lacksNotice(notice, memory, isOutgoing)) return { call: snapshot, signals, memory, waitS: WAIT_S };
  return finish(snapshot, memory, notice, event.call, receivedAt, signals);
}

/** Whether a notice may be missing that changes the result: who answered, or whose phone rang. */
function lacksNotice(end: Notice, memory: Memory, isOutgoing: boolean): boolean {
  if (isOutgoing || end.event === STATISTICS) return false;
  if ((memory.code ?? readExtension(end.last_internal) ?? readExtension(end.internal)) === undefined) return true;
  if (readOutcome(end.disposition) !== 'answered') return false;
  return memory.answeredAt === undefined || memory.told.some((code) => !memory.answered.includes(code));
}

/** Notes when the call began, and who takes part. */
function learn(known: Memory | undefined, notice: Notice, receivedAt: Date, isOutgoing: boolean, context: ZadarmaContext): Memory {
  const told = Math.min(notice.startedAt === undefined ? Infinity : Date.parse(notice.startedAt), receivedAt.getTime());
  const memory = known ?? { startedAt: new Date(told).toISOString(), told: [], answered: [] };
  // Others may contain the time when a phone began to ring, or a time of a clock that was changed since.
  const isFirst = BEGINNING.has(notice.event ?? '');
  if (isFirst || (!memory.isBegun && told < Date.parse(memory.startedAt))) memory.startedAt = new Date(told).toISOString();
  if (isFirst) memory.isBegun = true;
  const [phone, ours] = isOutgoing ? [notice.destination, notice.caller_id] : [notice.caller_id, notice.called_did];
  if (hasDigits(phone)) memory.phone ??= phone;
  if (hasDigits(ours) && ours !== '0' && !isInside(ours, context)) memory.externalPhone ??= ours;
  return memory;
}

/** Applies a notice to the phones. Returns the signals for them. */
function follow(memory: Memory, notice: Notice, receivedAt: Date, isOutgoing: boolean, context: ZadarmaContext): CallSignal[] {
  const signals: CallSignal[] = [];
  const tell = (phone: string): void => {
    // The call has ended, so the ring is not shown.
    if (memory.end || memory.told.includes(phone)) return;
    memory.told.push(phone);
    signals.push({ type: isOutgoing ? 'out' : 'in', codes: [phone] });
  };
  const code = readExtension(notice.internal);
  if ((notice.event === 'NOTIFY_INTERNAL' || notice.event === 'NOTIFY_OUT_START') && code !== undefined) {
    memory.code ??= code;
    // Its ringing comes late: it has the call already, or had it.
    if (!memory.answered.includes(code)) tell(code);
  }
  if (notice.event === 'NOTIFY_ANSWER') {
    const inside = !isOutgoing && isInside(notice.destination, context) ? readExtension(notice.destination) : undefined;
    const taker = code ?? inside ?? memory.code;
    // A menu takes calls too: its number is the one that was called.
    const isPerson = isOutgoing || (code ?? inside) !== undefined || isOutside(notice.destination, memory);
    if (!isPerson) return signals;
    memory.answeredAt ??= (memory.end ? findAnswer(memory, memory.end) : receivedAt).toISOString();
    if (taker === undefined) return signals;
    tell(taker);
    memory.code = taker;
    if (!isOutgoing) signals.push(...hangUp(memory, [taker]));
    if (!memory.answered.includes(taker)) memory.answered.push(taker);
  }
  return signals;
}

/**
 * Ends the call for all phones except these: for phones that had it, as a talk. For others, as a call that
 * another phone took.
 */
function hangUp(memory: Memory, but: readonly string[]): CallSignal[] {
  const over = memory.told.filter((code) => !but.includes(code));
  memory.told = memory.told.filter((code) => but.includes(code));
  const had = over.filter((code) => memory.answered.includes(code));
  const rang = over.filter((code) => !memory.answered.includes(code));
  return [
    ...(had.length > 0 ? [{ type: 'hangup', codes: had, outcome: 'answered' } as const] : []),
    ...(rang.length > 0 ? [{ type: 'hangup', codes: rang, outcome: 'cancelled' } as const] : []),
  ];
}

function finish(
  snapshot: CallSnapshot,
  memory: Memory,
  notice: Notice,
  call: string,
  receivedAt: Date,
  signals: readonly CallSignal[],
): CallUpdate {
  const talkMs = readSeconds(notice.duration) * 1000;
  const named = readExtension(notice.last_internal) ?? readExtension(notice.internal);
  const outcome = judge(notice, memory, named, talkMs > 0, snapshot.direction === 'out');
  const isAnswered = outcome === 'answered';
  // The named phone may be the first that had the call, so a phone that was seen to answer counts for more.
  const code = isAnswered
    ? (readExtension(notice.last_internal) ?? (memory.answered.length > 0 ? memory.code : undefined) ?? named ?? memory.code)
    : (memory.code ?? named);
  const { code: _before, answeredAt: seenAt, ...rest } = snapshot;
  const endedAt = findEnd(snapshot, notice, talkMs, receivedAt);
  const answeredAt = seenAt ?? new Date(Math.max(snapshot.startedAt.getTime(), endedAt.getTime() - talkMs));
  return {
    call: {
      ...{ ...rest, endedAt, outcome },
      ...(code !== undefined && { code }),
      ...(isAnswered && { answeredAt }),
      ...(notice.is_recorded === '1' && { record: nameRecord({ record: notice.call_id_with_rec, call }, endedAt) }),
    },
    signals: [...signals, ...close(memory, outcome, code)],
    ...(outcome === 'not-allowed' && { concernsAccount: true }),
  };
}

/** The outcome by the end's notice: "answered" also occurs for menus, without any person. */
function judge(notice: Notice, memory: Memory, named: string | undefined, hasTalk: boolean, isOutgoing: boolean): CallOutcome {
  const said = readOutcome(notice.disposition);
  if (said !== 'answered' || isOutgoing || memory.answeredAt !== undefined) return said;
  return named !== undefined && hasTalk ? 'answered' : 'no-answer';
}

/** Ends the call for all notified phones. */
function close(memory: Memory, outcome: CallOutcome, code: string | undefined): CallSignal[] {
  const { told } = memory;
  if (told.length === 0) return [];
  if (outcome !== 'answered') return [{ type: 'hangup', codes: told, outcome }];
  if (code === undefined || !told.includes(code)) return hangUp(memory, []);
  return [...hangUp(memory, [code]), { type: 'hangup', codes: [code], outcome }];
}

/** When a call was answered if its end came before its answer. */
function findAnswer({ startedAt }: Memory, { duration, receivedAt }: NonNullable<Memory['end']>): Date {
  return new Date(Math.max(Date.parse(startedAt), Date.parse(receivedAt) - readSeconds(duration) * 1000));
}

/** When a call ended: when its notice came, unless that was held up. */
function findEnd({ startedAt, answeredAt }: CallSnapshot, { event }: Notice, talkMs: number, receivedAt: Date): Date {
  const least = (answeredAt ?? startedAt).getTime() + talkMs;
  const received = receivedAt.getTime();
  if (event === STATISTICS) return new Date(Math.max(Math.min(received, least), startedAt.getTime()));
  const isLate = received - least > (answeredAt ? LATE_MS : LATE_WAIT_MS);
  return new Date(isLate ? least : Math.max(received, least));
}

function isEnd({ event }: Notice): boolean {
  return event === 'NOTIFY_END' || event === 'NOTIFY_OUT_END' || event === STATISTICS;
}

function isOutside(destination: string | undefined, { externalPhone }: Memory): boolean {
  const [digits, ours] = [destination, externalPhone].map((text) => (text ?? '').replace(/\D/g, '')) as [string, string];
  return digits.length >= LEAST_DIGITS && digits !== ours;
}

function hasDigits(number: string | undefined): number is string {
  return /\d/.test(number ?? '');
}

function readSeconds(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Math.min(Number(text), LONGEST_TALK_S) : 0;
}
