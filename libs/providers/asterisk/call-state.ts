import type { CallDirection, CallUpdate, CallOutcome, CallSnapshot } from '#telephony/port';
import { isLocal } from './asterisk.numbers.js';

/** One phone or line that was called within a call. */
export interface Leg {
  /** Its channel's `Uniqueid`. */
  id: string;
  /** The extension. Missing for an outside line. */
  code?: string;
  /** The channel that dialled it, if one did. */
  by?: string;
  /** Name of a Local channel without its `;1`: the phones that its other end dials count instead. */
  local?: string;
  /** The other end of a Local channel, once it has been seen. */
  pair?: string;
  /** The manager's own phone at click-to-call, which rings before the customer is called. */
  own?: boolean;
  state: 'ringing' | 'answered' | 'over';
  /** Why its channel is about to hang up (Q.850): comes before Dial's word. */
  cause?: string;
  /** Dial's status of an unanswered leg. */
  status?: string;
  /** How it ended unanswered. */
  outcome?: CallOutcome;
  answeredAt?: number;
  /** Counts the legs that ended unanswered, in the order of their dialling channel. */
  ended?: number;
  /** When its channel hung up. */
  goneAt?: number;
  /** Its user was sent the end of it. */
  closed?: boolean;
}

/**
 * The known facts about a call: plain data, stored by the integration while the call lasts. Times are in
 * milliseconds.
 */
export interface CallState {
  /** `Linkedid`: one for all its channels. */
  id: string;
  /** The first channel. */
  rootId: string;
  /** When the first channel hung up, and the result that its cause stands for. */
  rootGone?: { at: number; outcome: CallOutcome };
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
  /** The extension that has, or last had, the customer. Before an answer, the one that rang first. */
  code?: string;
  /** The customer's channel, once it is known. */
  customerId?: string;
  /** Whether any phone except for the manager's own was called. */
  dialled?: boolean;
  /** Legs that ended were forgotten, so `code` no longer follows from `legs`. */
  pruned?: boolean;
  /** Events were missed for too long to know more about the end. */
  lost?: boolean;
  /** The outcome of the last unanswered leg. */
  last?: CallOutcome;
  /** When the customer left, and the result by that channel's cause. Set while late events may arrive. */
  over?: { at: number; outcome: CallOutcome };
  record?: string;
  /** When the recording began, and whether its channel was up by then: while it rings nothing is written. */
  recordFrom?: { at: number; up: boolean };
  /** In the order in which each channel dialled. */
  legs: Leg[];
  /** Extensions whose users see the call. */
  told: string[];
  /** The second ends of Local channels: the pair's name to the `Uniqueid`. */
  ends?: Record<string, string>;
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

/** An update of the tracker. */
export interface TrackedUpdate extends CallUpdate {
  /** If the end was guessed: its bounds, which the recording narrows. */
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

/** Whether a leg is a phone or a line. A Local channel represents the channels behind it. */
export function isReal(leg: Leg): boolean {
  return leg.local === undefined && leg.own !== true;
}

/** Whether only the manager who began the call was called, perhaps through a Local channel. */
export function isOwnPhoneOnly({ legs, pruned }: CallState): boolean {
  const isBehindOwn = (leg: Leg): boolean => legs.some((one) => one.own === true && one.pair !== undefined && one.pair === leg.by);
  return pruned !== true && legs.every((leg) => leg.own === true || isBehindOwn(leg));
}

/** The legs that were dialled behind a Local channel. */
export function listBehind(call: CallState, leg: Leg): Leg[] {
  return leg.pair === undefined ? [] : call.legs.filter((one) => one.by === leg.pair);
}

/** The Local channel in front of a leg. */
export function findFront(call: CallState, leg: Leg): Leg | undefined {
  return leg.by === undefined ? undefined : call.legs.find((one) => one.pair === leg.by && one.own !== true);
}

/**
 * Sets who talked and since when, from all legs together: their events arrive in no fixed order. A talk needs
 * a customer and a manager.
 */
export function assessTalk(call: CallState): void {
  if (!call.direction || call.answeredAt !== undefined) return;
  const answered = call.legs.filter((leg) => isReal(leg) && leg.answeredAt !== undefined);
  const phone = findFirst(answered.filter((leg) => leg.code !== undefined));
  const line = findFirst(answered.filter((leg) => leg.code === undefined));
  if (call.direction === 'in') {
    if (line) call.elsewhereAt = line.answeredAt ?? 0;
    else delete call.elsewhereAt;
    if (phone) startTalk(call, phone.answeredAt ?? 0, phone.code);
    return;
  }
  const customer = line ?? call.legs.findLast((leg) => isReal(leg) && leg.code === undefined);
  if (customer) call.customerId = customer.id;
  const own = getOwnCode(call);
  if (line && own !== undefined) startTalk(call, line.answeredAt ?? 0, own);
  else if (line && phone) startTalk(call, Math.max(line.answeredAt ?? 0, phone.answeredAt ?? 0), phone.code);
}

function findFirst(legs: readonly Leg[]): Leg | undefined {
  return legs.reduce<Leg | undefined>((first, leg) => (first && (first.answeredAt ?? 0) <= (leg.answeredAt ?? 0) ? first : leg), undefined);
}

function startTalk(call: CallState, at: number, code: string | undefined): void {
  call.answeredAt = at;
  if (code !== undefined) call.code = code;
}

/** Sets the code and the result of an unanswered call: who rang first, and how the last leg ended. */
export function assessRings(call: CallState): void {
  if (call.answeredAt !== undefined) return;
  const code = getOwnCode(call) ?? findFirstCode(call, listTop(call));
  if (code !== undefined && call.direction && (call.code === undefined || call.pruned !== true)) call.code = code;
  const last = findLastEnded(listTop(call));
  if (last) call.last = readResult(call, last);
}

/** Legs that are not behind a Local channel of the call. */
function listTop(call: CallState): Leg[] {
  return call.legs.filter((leg) => leg.own !== true && findFront(call, leg) === undefined);
}

function findFirstCode(call: CallState, legs: readonly Leg[]): string | undefined {
  for (const leg of legs) {
    const code = leg.local === undefined ? leg.code : findFirstCode(call, listBehind(call, leg));
    if (code !== undefined) return code;
  }
  return undefined;
}

function findLastEnded(legs: readonly Leg[]): Leg | undefined {
  return legs.reduce<Leg | undefined>((last, leg) => ((leg.ended ?? 0) > (last?.ended ?? 0) ? leg : last), undefined);
}

/**
 * The outcome of an unanswered leg. The phone behind a Local channel is more exact, unless the caller gave
 * up.
 */
export function readResult(call: CallState, leg: Leg): CallOutcome {
  const told = leg.outcome ?? 'cancelled';
  const behind = told === 'cancelled' ? undefined : findLastEnded(listBehind(call, leg));
  const result = behind && readResult(call, behind);
  return result === undefined || result === 'cancelled' ? told : result;
}

/** When the call ended. Undefined while it continues. */
export function findOver(call: CallState, at: number): number | undefined {
  const customer = call.customerId === call.rootId ? call.rootGone?.at : call.legs.find((leg) => leg.id === call.customerId)?.goneAt;
  // The call has ended when the customer has left. Before an answer, also when the manager gives up.
  if (customer !== undefined && (call.direction === 'in' || call.answeredAt !== undefined)) return customer;
  if (call.direction === 'out' && call.answeredAt === undefined && call.rootGone && !isLocalRoot(call) && !isDialledByPhone(call))
    return call.rootGone.at;
  return Object.keys(call.channels).length === 0 ? at : undefined;
}

/** Whether a phone that was called itself has the customer called: its user was transferred. */
function isDialledByPhone({ legs, customerId }: CallState): boolean {
  const by = legs.find(({ id }) => id === customerId)?.by;
  return by !== undefined && legs.some((leg) => leg.id === by && isReal(leg) && leg.state !== 'over');
}

/** Whether no event of the call can follow. */
export function isComplete(call: CallState): boolean {
  return Object.keys(call.channels).length === 0 && call.legs.every((leg) => leg.local === undefined || leg.pair !== undefined);
}

/** Channels that hear the customer: in a bridge with them, or behind a pair of Local channels. */
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

/** The outcome of a call. `cause`: by the last channel's end, if no leg had a better one. */
export function decideEnd(call: CallState, at: number, cause: CallOutcome): { outcome: CallOutcome; endedAt: number } {
  const until = (moment: number): number => Math.max(moment, call.startedAt);
  if (call.lost) return { outcome: 'unknown', endedAt: until(at) };
  if (call.answeredAt !== undefined) return { outcome: 'answered', endedAt: until(at) };
  // A talk outside belongs to no extension. For phones that rang here, the call ended when it began.
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

/** The bounds of a talk's missed end. Undefined without a recording. */
export function boundEnd(call: CallState, earliest: number, latest: number): Unheard | undefined {
  const { record, recordFrom, answeredAt } = call;
  if (record === undefined || recordFrom === undefined || answeredAt === undefined) return undefined;
  return { earliest, latest, recordFrom: recordFrom.up ? recordFrom.at : Math.max(recordFrom.at, answeredAt) };
}

/** Updates a guessed end once the recording's length is known. */
export function applyLength(update: CallUpdate, { earliest, latest, recordFrom }: Unheard, seconds: number): CallUpdate {
  const endedAt = new Date(Math.min(Math.max(recordFrom + seconds * 1000, earliest), latest));
  return {
    call: { ...update.call, endedAt, outcome: 'answered' },
    signals: update.signals.map((signal) => (signal.type === 'hangup' ? { ...signal, outcome: 'answered' } : signal)),
  };
}
