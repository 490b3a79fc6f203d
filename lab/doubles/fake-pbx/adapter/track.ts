import { DateTime } from 'luxon';
import type { CallEvent, CallUpdate, CallOutcome, CallSignal, CallSnapshot, TrackedCall } from '#telephony/port';
import type { FakePbxContext } from './fake-pbx.settings.js';
import { nameRecord } from './records.js';

/**
 * A notice's fields, all texts. Which ones a notice has depends on the event. `catchUp` makes `STATISTICS`.
 */
export interface Notice {
  event: string;
  pbx_call_id: string;
  call_start: string;
  caller_id?: string;
  called_did?: string;
  destination?: string;
  internal?: string;
  last_internal?: string;
  duration?: string;
  disposition?: string;
  is_recorded?: string;
  call_id_with_rec?: string;
}

/** The known facts about a call, as JSON. */
interface Memory {
  startedAt: string;
  phone?: string;
  externalPhone?: string;
  answeredAt?: string;
  /** The phone that had the customer last, else the first that rang. */
  code?: string;
  /** Phones notified that the call started, but not that it ended. */
  told: string[];
  /** Phones that answered. */
  answered: string[];
}

const OUTCOMES: Readonly<Record<string, CallOutcome>> = {
  ...{ answered: 'answered', busy: 'busy', 'no answer': 'no-answer', cancel: 'cancelled', failed: 'failed' },
  ...{ 'call failed': 'failed', 'unallocated number': 'failed', 'no money': 'not-allowed', 'line limit': 'not-allowed' },
};

/** Reads a time of the PBX without an offset. Undefined when it is not a time. */
export function readStart(text: string | undefined, zone: string): Date | undefined {
  const time = DateTime.fromFormat(text ?? '', 'yyyy-MM-dd HH:mm:ss', { zone });
  return time.isValid ? time.toJSDate() : undefined;
}

/** Applies a notice to its call. Any of them may come first, and any may be missing. */
export function track(event: CallEvent, call: TrackedCall | undefined, receivedAt: Date, context: FakePbxContext): CallUpdate | undefined {
  const notice = event.data as Notice;
  const { settings } = context;
  const startedAt = readStart(notice.call_start, settings.zone) ?? receivedAt;
  const isOutgoing = event.call.startsWith('out_');
  // The PBX rings a manager before it calls the requested customer: a separate call.
  if (isOutgoing && settings.extensions.some(({ code }) => code === notice.destination)) return undefined;
  const memory: Memory = structuredClone(
    (call?.memory as Memory | undefined) ?? { startedAt: startedAt.toISOString(), told: [], answered: [] },
  );
  learn(memory, notice, isOutgoing);
  const signals = follow(memory, notice, receivedAt, isOutgoing);
  const snapshot: CallSnapshot = {
    externalId: call?.externalId ?? event.call,
    direction: isOutgoing ? 'out' : 'in',
    startedAt: new Date(memory.startedAt),
    ...(memory.phone && { phone: memory.phone }),
    ...(memory.externalPhone && { externalPhone: memory.externalPhone }),
    ...(memory.code && { code: memory.code }),
    ...(memory.answeredAt && { answeredAt: new Date(memory.answeredAt) }),
  };
  if (!isEnd(notice)) return { call: snapshot, signals, memory };
  return finish(snapshot, memory, notice, receivedAt, signals);
}

function learn(memory: Memory, { caller_id, called_did, destination }: Notice, isOutgoing: boolean): void {
  const [phone, ours] = isOutgoing ? [destination, caller_id] : [caller_id, called_did];
  if (phone) memory.phone ??= phone;
  if (ours && ours !== '0') memory.externalPhone ??= ours;
}

/** Applies a notice to the phones. Returns the signals for them. */
function follow(memory: Memory, notice: Notice, receivedAt: Date, isOutgoing: boolean): CallSignal[] {
  const code = readExtension(notice.internal);
  const signals: CallSignal[] = [];
  const tell = (phone: string): void => {
    if (memory.told.includes(phone)) return;
    memory.told.push(phone);
    signals.push({ type: isOutgoing ? 'out' : 'in', codes: [phone] });
  };
  switch (notice.event) {
    case 'NOTIFY_INTERNAL':
    case 'NOTIFY_OUT_START':
      if (code === undefined) break;
      memory.code ??= code;
      // Its ringing comes late: it has the call already, or had it.
      if (!memory.answered.includes(code)) tell(code);
      break;
    case 'NOTIFY_ANSWER': {
      memory.answeredAt ??= receivedAt.toISOString();
      if (code === undefined) break;
      tell(code);
      memory.code = code;
      if (isOutgoing) break;
      for (const outcome of ['answered', 'cancelled'] as const) {
        const codes = memory.told.filter((one) => one !== code && memory.answered.includes(one) === (outcome === 'answered'));
        if (codes.length > 0) signals.push({ type: 'hangup', codes, outcome });
      }
      memory.told = [code];
      if (!memory.answered.includes(code)) memory.answered.push(code);
      break;
    }
  }
  return signals;
}

function finish(snapshot: CallSnapshot, memory: Memory, notice: Notice, receivedAt: Date, signals: CallSignal[]): CallUpdate {
  const talkMs = Number(notice.duration ?? 0) * 1000;
  const code = readExtension(notice.last_internal) ?? readExtension(notice.internal) ?? memory.code;
  const said = OUTCOMES[notice.disposition ?? ''] ?? 'unknown';
  // A voice menu answers too. Only a phone makes it a talk.
  const isTalk = memory.answeredAt !== undefined || (code !== undefined && talkMs > 0);
  const outcome = said === 'answered' && !isTalk ? 'no-answer' : said;
  const leastEnd = (snapshot.answeredAt ?? snapshot.startedAt).getTime() + talkMs;
  // Calls in the records ended before the query: how long they rang is unknown.
  const isOver = notice.event === 'STATISTICS';
  const endedAt = new Date((isOver ? Math.min : Math.max)(receivedAt.getTime(), leastEnd));
  const answeredAt = snapshot.answeredAt ?? new Date(endedAt.getTime() - talkMs);
  return {
    call: {
      ...snapshot,
      ...(code !== undefined && { code }),
      ...{ endedAt, outcome },
      ...(notice.is_recorded === '1' && { record: nameRecord({ record: notice.call_id_with_rec, call: notice.pbx_call_id }, endedAt) }),
      ...(outcome === 'answered' && { answeredAt: answeredAt < snapshot.startedAt ? snapshot.startedAt : answeredAt }),
    },
    signals: memory.told.length > 0 ? [...signals, { type: 'hangup', codes: memory.told, outcome }] : signals,
  };
}

function isEnd({ event }: Notice): boolean {
  return event === 'NOTIFY_END' || event === 'NOTIFY_OUT_END' || event === 'STATISTICS';
}

/** The short extension, also of a full login (`499499-100`). Undefined when there is none. */
function readExtension(text: string | undefined): string | undefined {
  const code = text?.slice(text.lastIndexOf('-') + 1);
  return code === '' || code === '0' ? undefined : code;
}
