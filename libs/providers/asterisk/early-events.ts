import type { AmiMessage } from './ami.message.js';
import { type CallRegistry, SETTLE_MS } from './call-registry.js';

/** Maximum number of calls whose events are held back, and of their events: more than one burst has. */
const MOST_CALLS = 1_000;
const MOST_EVENTS = 200;

/** An event that was held back, with its time of arrival in milliseconds. */
export interface HeldEvent {
  event: AmiMessage;
  at: number;
}

/**
 * Events of calls whose first channel is not known yet: a channel that it dialled may come before it. Only
 * the first channel shows who calls whom.
 */
export class EarlyEvents {
  /** By `Linkedid`, in the order of arrival. */
  private readonly held = new Map<string, HeldEvent[]>();

  constructor(private readonly registry: CallRegistry) {}

  /** When the oldest event is no longer held back, milliseconds since 1970. */
  get dueAt(): number | undefined {
    const [first] = this.held.values();
    return first?.[0] && first[0].at + SETTLE_MS;
  }

  /** Holds back an event. Returns whether it did. */
  holdBack(event: AmiMessage, at: number): boolean {
    const { registry } = this;
    const id = event.get('Uniqueid');
    const callId = readCallId(event);
    if (callId === undefined || registry.get(callId) || isRoot(event, callId) || registry.isLeftover(id)) return false;
    const events = this.held.get(callId);
    if (!events && (event.get('Event') !== 'Newchannel' || id === undefined)) return false;
    // The last events of a burst begin no call.
    if (registry.isEnded(callId)) return true;
    if (!events && this.held.size >= MOST_CALLS) return false;
    if (!events) this.held.set(callId, [{ event, at }]);
    else if (events.length < MOST_EVENTS) events.push({ event, at });
    return true;
  }

  /** Returns the events that waited for a call that is known now. */
  release(event: AmiMessage): HeldEvent[] {
    const callId = readCallId(event);
    return this.registry.get(callId) ? this.remove(callId ?? '') : [];
  }

  /** Returns the events that have waited for long enough: their first channel was missed. */
  releaseOld(at: number): HeldEvent[] {
    const old: HeldEvent[] = [];
    for (const [callId, [first]] of this.held) {
      if (first && Math.abs(at - first.at) < SETTLE_MS) break;
      old.push(...this.remove(callId));
    }
    return old;
  }

  private remove(callId: string): HeldEvent[] {
    const events = this.held.get(callId) ?? [];
    this.held.delete(callId);
    return events;
  }
}

function readCallId(event: AmiMessage): string | undefined {
  return event.get('Linkedid') ?? event.get('DestLinkedid');
}

/** Whether an event shows the first channel of its call, whose `Uniqueid` is the `Linkedid`. */
function isRoot(event: AmiMessage, callId: string): boolean {
  return event.get('Uniqueid') === callId || event.get('DestUniqueid') === callId;
}
