import type { CallEvent, CallUpdate, CallOutcome, CallSignal, TrackedCall } from '#telephony/port';
import type { WireCall } from './fake-switchboard.webhook.js';

/** The stored facts about a call in progress, as JSON. */
interface Memory {
  /** The phone was notified. */
  told: boolean;
  answeredAt?: string;
}

const OUTCOMES: ReadonlyMap<string, CallOutcome> = new Map([
  ['answered', 'answered'],
  ['busy', 'busy'],
  ['missed', 'no-answer'],
  ['cancelled', 'cancelled'],
]);

/** Applies an event to its call. It may come twice, too late, or as the only one. */
export function track(event: CallEvent, call: TrackedCall | undefined): CallUpdate | undefined {
  if (call?.endedAt) return undefined;
  const wire = event.data as WireCall;
  const before = call?.memory as Memory | undefined;
  const answeredAt = wire.answeredAt ?? before?.answeredAt;
  const snapshot = {
    ...{ externalId: event.call, direction: wire.direction, phone: wire.customer, code: wire.extension },
    startedAt: new Date(wire.startedAt),
    ...(answeredAt !== undefined && { answeredAt: new Date(answeredAt) }),
  };
  const codes = [wire.extension];
  if (wire.endedAt !== undefined) {
    const outcome = OUTCOMES.get(wire.result ?? '') ?? 'unknown';
    const signals: CallSignal[] = before?.told ? [{ type: 'hangup', codes, outcome }] : [];
    return { call: { ...snapshot, endedAt: new Date(wire.endedAt), outcome }, signals };
  }
  const memory: Memory = { told: true, ...(answeredAt !== undefined && { answeredAt }) };
  return { call: snapshot, signals: before?.told ? [] : [{ type: wire.direction, codes }], memory };
}
