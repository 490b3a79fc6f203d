import type { CallDirection, CallNews, CallOutcome, CallSnapshot } from '#telephony/port';
import { isLocal } from './asterisk.numbers.js';

/** One phone or line that was called within a call. */
export interface Leg {
  /** Its channel's `Uniqueid`. */
  id: string;
  /** The extension; missing for a line outside. */
  code?: string;
  /** The manager's own phone at click-to-call, which rings before the customer is called. */
  own?: boolean;
  state: 'ringing' | 'answered' | 'over';
  /** Why its channel is about to hang up (Q.850): comes before Dial's word. */
  cause?: string;
  /** Dial's word of a leg that was not answered. */
  status?: string;
  /** How it ended unanswered. */
  outcome?: CallOutcome;
}

/**
 * What is known of a call; plain data, stored by the integration while the call lasts. Times in milliseconds.
 */
export interface CallState {
  /** `Linkedid`: one for all its channels. */
  id: string;
  /** The first channel. */
  rootId: string;
  /** The extension whose phone began the call. */
  rootCode?: string;
  /** Begun by the PBX itself on order (`Originate`). */
  originated?: boolean;
  /** Missing while only managers are in it. */
  direction?: CallDirection;
  phone?: string;
  externalPhone?: string;
  startedAt: number;
  /** When a customer and a manager first talked. */
  answeredAt?: number;
  /** When an incoming call was taken outside, before any manager took it. */
  elsewhereAt?: number;
  /** When the customer of an outgoing call refused it, if no other line was called since. */
  refusedAt?: number;
  /** Who has, or had last, the customer; before an answer who rang first. */
  code?: string;
  /** The customer's channel, once it is known. */
  customerId?: string;
  /** Whether anybody but the manager's own phone was called. */
  dialled?: boolean;
  /** Events were missed for too long to know more about the end. */
  lost?: boolean;
  /** How the last leg that was not answered ended. */
  last?: CallOutcome;
  record?: string;
  /** When the recording began, and whether its channel was up by then: while it rings nothing is written. */
  recordFrom?: { at: number; up: boolean };
  legs: Leg[];
  /** Extensions whose users see the call. */
  told: string[];
  /** Its channels: `Uniqueid` to name. */
  channels: Record<string, string>;
  /** Calls that came into this one: a transfer may give all channels the `Linkedid` of either. */
  also?: string[];
}

/** Bounds of a missed end; `recordFrom` is when the recording's sound began. Milliseconds since 1970. */
export interface Unheard {
  earliest: number;
  latest: number;
  recordFrom: number;
}

/** News as the tracker makes them. */
export interface TrackedNews extends CallNews {
  /** Where the end was guessed: its bounds, within which the recording says more. */
  unheard?: Unheard;
}

/** The manager who began the call. */
export function getOwnCode(call: CallState): string | undefined {
  return call.rootCode ?? call.legs.find((leg) => leg.own && leg.code)?.code;
}

/** A Local channel that began a call is taken out of it once the phones talk to each other. */
export function isLocalRoot(call: CallState): boolean {
  return call.originated === true && call.rootCode === undefined;
}

/** Whether an answered leg makes customer and manager talk: each must have come to the phone. */
export function isTalk(call: CallState, leg: Leg): boolean {
  if (call.direction === 'in') return leg.code !== undefined;
  if (leg.code === undefined) return getOwnCode(call) !== undefined;
  return call.legs.some((one) => one.id === call.customerId && one.state === 'answered');
}

/** Channels that hear the customer: in a bridge with him, or behind a pair of Local channels. */
export function listCompany(call: CallState, bridges: ReadonlyMap<string, string>): string[] {
  const { customerId } = call;
  if (customerId === undefined) return [];
  const reached = new Set([customerId]);
  for (const id of reached) {
    const bridge = bridges.get(id);
    const pair = isLocal(call.channels[id] ?? '') ? getOtherEnd(call.channels[id] ?? '') : undefined;
    for (const [other, name] of Object.entries(call.channels))
      if ((bridge !== undefined && bridges.get(other) === bridge) || (pair !== undefined && name === pair)) reached.add(other);
  }
  reached.delete(customerId);
  return [...reached];
}

/** The other end of a Local channel. */
function getOtherEnd(name: string): string {
  return name.endsWith(';1') ? `${name.slice(0, -1)}2` : `${name.slice(0, -1)}1`;
}

/** How a call ended. `cause`: what the last channel's end says, where no leg said more. */
export function decideEnd(call: CallState, at: number, cause: CallOutcome): { outcome: CallOutcome; endedAt: number } {
  const until = (moment: number): number => Math.max(moment, call.startedAt);
  if (call.lost) return { outcome: 'unknown', endedAt: until(at) };
  if (call.answeredAt !== undefined) return { outcome: 'answered', endedAt: until(at) };
  // A talk outside belongs to no extension; for phones that rang here, the call was over when it began.
  if (call.elsewhereAt !== undefined && call.code !== undefined)
    return { outcome: call.last ?? 'cancelled', endedAt: until(call.elsewhereAt) };
  if (call.elsewhereAt !== undefined) return { outcome: 'answered', endedAt: until(at) };
  return { outcome: unansweredOutcome(call, cause), endedAt: until(call.refusedAt ?? at) };
}

function unansweredOutcome(call: CallState, cause: CallOutcome): CallOutcome {
  if (call.last) return call.last;
  if (call.dialled || cause === 'unknown') return cause;
  // No phone rang: a customer hung up in a menu, or the manager's own phone was not picked up.
  if (call.direction === 'in') return 'no-answer';
  return call.legs.find((leg) => leg.own)?.outcome ?? 'failed';
}

/** A call as the CRM's side sees it. */
export function toSnapshot(call: CallState): CallSnapshot {
  const answeredAt = call.answeredAt ?? (call.code === undefined ? call.elsewhereAt : undefined);
  return {
    externalId: call.id,
    direction: call.direction ?? 'out',
    ...(call.phone && { phone: call.phone }),
    ...(call.externalPhone && { externalPhone: call.externalPhone }),
    ...(call.code && { code: call.code }),
    startedAt: new Date(call.startedAt),
    ...(answeredAt !== undefined && { answeredAt: new Date(answeredAt) }),
    ...(call.record && { record: call.record }),
  };
}

/** The bounds of a talk's missed end; undefined without a recording. */
export function boundEnd(call: CallState, earliest: number, latest: number): Unheard | undefined {
  const { record, recordFrom, answeredAt } = call;
  if (record === undefined || recordFrom === undefined || answeredAt === undefined) return undefined;
  return { earliest, latest, recordFrom: recordFrom.up ? recordFrom.at : Math.max(recordFrom.at, answeredAt) };
}

/** News of an end that was guessed, once the recording's length is known. */
export function applyLength(news: CallNews, { earliest, latest, recordFrom }: Unheard, seconds: number): CallNews {
  const endedAt = new Date(Math.min(Math.max(recordFrom + seconds * 1000, earliest), latest));
  return {
    call: { ...news.call, endedAt, outcome: 'answered' },
    signals: news.signals.map((signal) => (signal.type === 'hangup' ? { ...signal, outcome: 'answered' } : signal)),
  };
}
