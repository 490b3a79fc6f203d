import type { CallUpdate, CallOutcome, CallSignal } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { readDialOutcome } from './asterisk.outcomes.js';
import {
  assessRings,
  assessTalk,
  type CallState,
  findFront,
  getOwnCode,
  isReal,
  type Leg,
  listCompany,
  readResult,
  toSnapshot,
} from './call-state.js';

/** Which bridge a channel is in. */
export type Bridges = ReadonlyMap<string, string>;

const MOST_LEGS = 20;
/** Outcomes that the called party itself caused: no other line is tried then. */
const REFUSALS: ReadonlySet<CallOutcome> = new Set(['busy', 'no-answer', 'not-allowed']);

// Changes to one call as its legs ring, are taken and end. Each changes the call and returns its updates.

/** A manager's phone rings for an outside or transferred call. Internal calls are not reported. */
export function ringFor(call: CallState, code: string): CallUpdate[] {
  if (!call.direction || (code === call.rootCode && call.rootId in call.channels)) return [];
  return makeUpdates(call, announce(call, code));
}

/** The call begins for a manager, once. A call has one direction in all its updates. */
export function announce(call: CallState, code: string): CallSignal[] {
  if (!call.direction || call.told.includes(code)) return [];
  call.told.push(code);
  return [{ type: call.direction, codes: [code] }];
}

/** The call begins for managers who came into a bridge with the customer without having been rung. */
export function announceCompany(call: CallState, bridges: Bridges): CallSignal[] {
  const company = new Set(listCompany(call, bridges));
  const legs = call.legs.filter((leg) => company.has(leg.id) && isReal(leg) && leg.state === 'answered');
  return legs.flatMap((leg) => (leg.code === undefined ? [] : announce(call, leg.code)));
}

/** A line outside is dialled for a manager. */
export function dialOut(call: CallState, event: AmiMessage, numbers: AsteriskNumbers): CallUpdate[] {
  const before = call.direction;
  call.direction = 'out';
  delete call.refusedAt;
  const asked = numbers.readOutsideNumber(event.get('Exten')) ?? call.phone;
  const dialled = numbers.readDialled(event.get('DialString'));
  // The dial plan takes a prefix for outside off before it dials.
  const phone =
    asked && dialled && asked.endsWith(dialled) ? dialled : (asked ?? dialled ?? numbers.readOutsideNumber(event.get('DestCallerIDNum')));
  if (phone && !before) call.phone = phone;
  const externalPhone = numbers.readOutsideNumber(event.get('DestConnectedLineNum')) ?? numbers.readOutsideNumber(event.get('CallerIDNum'));
  if (externalPhone && externalPhone !== call.phone) call.externalPhone ??= externalPhone;
  const code = getOwnCode(call);
  assess(call);
  if (code === undefined) return makeUpdates(call, before ? [] : announceRinging(call));
  // An earlier line may have rejected the call. A transferred customer is no longer the manager's call.
  return makeUpdates(call, call.answeredAt === undefined ? announce(call, code) : []);
}

/** The PBX calls a customer and a manager, and the manager's phone may be the first in the events. */
function announceRinging(call: CallState): CallSignal[] {
  return call.legs.flatMap((leg) => (isReal(leg) && leg.code !== undefined && leg.state !== 'over' ? announce(call, leg.code) : []));
}

/** A leg is taken. */
export function answerLeg(call: CallState, leg: Leg, at: number, bridges: Bridges): CallUpdate[] {
  leg.state = 'answered';
  leg.answeredAt ??= at;
  if (leg.own || !call.direction) return [];
  assess(call);
  findHolder(call, bridges);
  return makeUpdates(call, closeIdle(call));
}

/** Ends an unanswered leg. */
export function endLeg(call: CallState, leg: Leg, outcome: CallOutcome, at: number): CallUpdate[] {
  leg.state = 'over';
  leg.outcome = outcome;
  leg.ended ??= 1 + Math.max(0, ...call.legs.map((one) => one.ended ?? 0));
  if (leg.own || !call.direction) return [];
  assess(call);
  const signals = closeIdle(call);
  const ownCode = getOwnCode(call);
  const isLine = leg.code === undefined && isReal(leg);
  if (call.direction === 'out' && call.answeredAt === undefined && isLine && ownCode && !call.legs.some(isCalled)) {
    // The PBX plays its tone to the manager for as long as they listen. The customer's action counts.
    call.refusedAt = at;
    if (REFUSALS.has(outcome)) signals.push(...closeFor(call, ownCode, outcome));
  }
  return makeUpdates(call, signals);
}

/** Stores why a leg's channel hung up: some causes arrive only in `Hangup`. */
export function explainEnd(call: CallState, leg: Leg, cause: string | undefined): void {
  if (leg.cause === undefined && cause !== undefined) leg.cause = cause;
  if (leg.state === 'over' && leg.status !== undefined) leg.outcome = readDialOutcome(leg.status, leg.cause);
  assess(call);
}

/** Sets the facts that follow from all legs together. */
export function assess(call: CallState): void {
  assessTalk(call);
  assessRings(call);
}

/** Sets who has the customer: the one in a bridge with them, else the last who took the call. */
export function findHolder(call: CallState, bridges: Bridges): void {
  if (call.answeredAt === undefined) return;
  const here = listCompany(call, bridges)
    .sort(compareBirths)
    .flatMap((id) => codeWithin(call, id) ?? []);
  const codes =
    here.length > 0
      ? here
      : Object.keys(call.channels)
          .sort(compareBirths)
          .flatMap((id) => (isUp(call, id) && codeWithin(call, id)) || []);
  const [first] = codes;
  if (first !== undefined && !codes.includes(call.code ?? '')) call.code = first;
}

/** Sets who has the customer after a channel left. Who leaves after the customer has had them to the end. */
export function passOn(call: CallState, bridges: Bridges): void {
  if (call.customerId !== undefined && bridges.has(call.customerId)) findHolder(call, bridges);
}

/** `Uniqueid` counts up. The events of births do not arrive in this order. */
function compareBirths(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

function codeWithin(call: CallState, id: string): string | undefined {
  if (id === call.customerId || isLocal(call.channels[id] ?? '')) return undefined;
  const leg = call.legs.find((one) => one.id === id);
  return leg ? leg.code : id === call.rootId ? call.rootCode : undefined;
}

function isUp(call: CallState, id: string): boolean {
  const leg = call.legs.find((one) => one.id === id);
  return leg ? leg.state === 'answered' : id === call.rootId;
}

/** A queue may ring for an hour: legs that ended are forgotten. */
export function addLeg(call: CallState, leg: Leg): void {
  call.dialled = true;
  if (call.legs.length >= MOST_LEGS) {
    call.legs = call.legs.filter((one) => one.own || one.state !== 'over');
    call.pruned = true;
    call.ends = Object.fromEntries(Object.entries(call.ends ?? {}).filter(([, id]) => id in call.channels));
  }
  call.legs.push(leg);
  pairLegs(call);
  assess(call);
}

/** Finds the other ends of Local channels, which may hang up before their first ends are dialled. */
export function pairLegs(call: CallState): void {
  for (const leg of call.legs) {
    const pair = leg.local === undefined ? undefined : call.ends?.[leg.local];
    if (pair !== undefined) leg.pair = pair;
  }
}

/** Whether some phone of an extension still rings or talks. */
export function isActive(call: CallState, code: string): boolean {
  return call.legs.some((leg) => leg.code === code && isReal(leg) && (leg.state !== 'over' || awaitsReason(call, leg)));
}

/** A phone stops as the Local channel before it ends, and only its result shows the reason. */
function awaitsReason(call: CallState, leg: Leg): boolean {
  return leg.outcome === 'cancelled' && leg.closed !== true && findFront(call, leg)?.state === 'ringing';
}

/** Ends the call for the extensions whose phones neither ring nor talk any longer. */
export function closeIdle(call: CallState): CallSignal[] {
  const own = getOwnCode(call);
  const ownIsHere = call.rootId in call.channels;
  return call.told.flatMap((code) => {
    if (isActive(call, code)) return [];
    if (code === own && (ownIsHere || call.answeredAt === undefined)) return [];
    const legs = call.legs.filter((leg) => leg.code === code && isReal(leg) && !leg.closed);
    return closeFor(call, code, code === own ? 'answered' : readPhoneResult(call, legs));
  });
}

function readPhoneResult(call: CallState, legs: readonly Leg[]): CallOutcome {
  if (legs.some((leg) => leg.answeredAt !== undefined) || (legs.length === 0 && call.answeredAt !== undefined)) return 'answered';
  const results = legs.map((leg) => {
    const front = leg.outcome === 'cancelled' ? findFront(call, leg) : undefined;
    return front?.state === 'over' ? readResult(call, front) : (leg.outcome ?? 'cancelled');
  });
  return results.findLast((result) => result !== 'cancelled') ?? 'cancelled';
}

/** Ends the call for an extension whose user was sent its start. */
function closeFor(call: CallState, code: string, outcome: CallOutcome): CallSignal[] {
  if (!call.told.includes(code)) return [];
  call.told = call.told.filter((one) => one !== code);
  for (const leg of call.legs) if (leg.code === code && leg.state === 'over') leg.closed = true;
  return [{ type: 'hangup', codes: [code], outcome }];
}

/** The updates of a call. Empty for a call among managers. */
export function makeUpdates(call: CallState, signals: CallSignal[]): CallUpdate[] {
  if (!call.direction) return [];
  return [{ call: toSnapshot(call), signals, memory: structuredClone(call) }];
}

/** Rings or talks, in addition to the manager's own phone. */
function isCalled(leg: Leg): boolean {
  return isReal(leg) && leg.state !== 'over';
}
