import type { CallNews, CallOutcome, CallSignal } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { type CallState, listCompany, isTalk, type Leg, getOwnCode, toSnapshot } from './call-state.js';

/** Which bridge a channel is in. */
export type Bridges = ReadonlyMap<string, string>;

const MOST_LEGS = 20;
/** What the called party itself said: no other line is tried for it. */
const REFUSALS: ReadonlySet<CallOutcome> = new Set(['busy', 'no-answer', 'not-allowed']);

// What happens to one call as its legs ring, are taken and end: each changes the call and returns its news.

/** A manager's phone rings for an outside or transferred call; internal calls are not reported. */
export function ringFor(call: CallState, code: string): CallNews[] {
  if (!call.direction || (code === call.rootCode && call.rootId in call.channels)) return [];
  call.code ??= code;
  return makeNews(call, announce(call, code));
}

/** The call begins for a manager, once; a call has one direction in all its news. */
export function announce(call: CallState, code: string): CallSignal[] {
  if (!call.direction || call.told.includes(code)) return [];
  call.told.push(code);
  return [{ type: call.direction, codes: [code] }];
}

/** A line outside is dialled for a manager. */
export function dialOut(call: CallState, legId: string, event: AmiMessage, numbers: AsteriskNumbers): CallNews[] {
  const before = call.direction;
  call.direction = 'out';
  if (call.answeredAt === undefined) call.customerId = legId;
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
  if (code !== undefined) call.code ??= code;
  // An earlier line may have been refused to the manager; a transferred customer is no longer his call.
  const calls = code !== undefined && call.answeredAt === undefined;
  return makeNews(call, calls ? announce(call, code) : []);
}

/** A Local channel is answered with the phone behind it, which may be another's: who picked the call up. */
export function isTakenElsewhere(call: CallState, leg: Leg): boolean {
  if (leg.own || leg.code === undefined || !isLocal(call.channels[leg.id] ?? '') || call.answeredAt === undefined) return false;
  return !call.legs.some((one) => one !== leg && one.code === leg.code && one.state === 'answered');
}

/** A leg is taken. */
export function answerLeg(call: CallState, leg: Leg, at: number, bridges: Bridges): CallNews[] {
  leg.state = 'answered';
  if (leg.own || !call.direction) return [];
  if (call.answeredAt === undefined) {
    if (call.direction === 'out' && leg.code === undefined) call.customerId = leg.id;
    if (isTalk(call, leg)) {
      call.answeredAt = at;
      const code = leg.code ?? getOwnCode(call);
      if (code !== undefined) call.code = code;
    } else if (call.direction === 'in') call.elsewhereAt ??= at;
  }
  findHolder(call, bridges);
  return makeNews(call, []);
}

/** Ends an unanswered leg. */
export function endLeg(call: CallState, leg: Leg, outcome: CallOutcome, at: number): CallNews[] {
  leg.state = 'over';
  leg.outcome = outcome;
  if (leg.own || !call.direction) return [];
  if (call.answeredAt === undefined) call.last = outcome;
  const signals = leg.code !== undefined && !isActive(call, leg.code) ? closeFor(call, leg.code, outcome) : [];
  const ownCode = getOwnCode(call);
  if (call.direction === 'out' && call.answeredAt === undefined && leg.code === undefined && ownCode && !call.legs.some(isCalled)) {
    // The PBX plays its tone to the manager for as long as he listens; the customer's word counts.
    call.refusedAt = at;
    if (REFUSALS.has(outcome)) signals.push(...closeFor(call, ownCode, outcome));
  }
  return makeNews(call, signals);
}

/** Sets who has the customer: the one in a bridge with him, else the last who took the call. */
export function findHolder(call: CallState, bridges: Bridges): void {
  if (call.answeredAt === undefined) return;
  const here = listCompany(call, bridges).flatMap((id) => codeWithin(call, id) ?? []);
  const codes = here.length > 0 ? here : Object.keys(call.channels).flatMap((id) => (isUp(call, id) && codeWithin(call, id)) || []);
  const [first] = codes;
  if (first !== undefined && !codes.includes(call.code ?? '')) call.code = first;
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

/** A queue may ring for an hour: what is over is forgotten. */
export function addLeg(call: CallState, leg: Leg): void {
  call.dialled = true;
  if (call.legs.length >= MOST_LEGS) call.legs = call.legs.filter((one) => one.own || one.state !== 'over');
  call.legs.push(leg);
}

/** Whether some leg of an extension still rings or talks. */
export function isActive(call: CallState, code: string): boolean {
  return call.legs.some((leg) => leg.code === code && leg.state !== 'over');
}

/** Ends the call for an extension whose user was sent its start. */
export function closeFor(call: CallState, code: string, outcome: CallOutcome): CallSignal[] {
  if (!call.told.includes(code)) return [];
  call.told = call.told.filter((one) => one !== code);
  return [{ type: 'hangup', codes: [code], outcome }];
}

/** The news of a call; none of a call among managers. */
export function makeNews(call: CallState, signals: CallSignal[]): CallNews[] {
  if (!call.direction) return [];
  return [{ call: toSnapshot(call), signals, memory: structuredClone(call) }];
}

/** Rings or talks, beside the manager's own phone. */
function isCalled(leg: Leg): boolean {
  return !leg.own && leg.state !== 'over';
}
