import { type CallNews, type CallOutcome, type CallSignal, isPlacedHere } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { outcomeOfCause, outcomeOfDial } from './asterisk.outcomes.js';
import {
  type CallState,
  companyOf,
  endOf,
  isLocalRoot,
  isTalk,
  type Leg,
  ownCodeOf,
  snapshotOf,
  type TrackedNews,
  unheardEnd,
} from './call-state.js';
import { isTalking, type ListedChannel } from './channel-list.js';

const MOST_LEGS = 20;
/** A call that ended while nobody listened for longer than this: its length is not known even roughly. */
const MOST_GUESSED_MS = 600_000;
/** What the called party itself said: no other line is tried for it. */
const REFUSALS: ReadonlySet<CallOutcome> = new Set(['busy', 'no-answer', 'not-allowed']);

/**
 * Makes calls out of the events of an Asterisk, correlated by `Linkedid`. Only the end of a dialled leg (`DialEnd`) says whether somebody answered; that a channel is
 * up says nothing. Pure but for what it remembers: give it every event in order, with the moment it came.
 */
export class CallTracker {
  /** By each `Linkedid` that a call goes by. */
  private readonly calls = new Map<string, CallState>();
  /** Which call a channel belongs to. */
  private readonly callOf = new Map<string, string>();
  /** Which bridge a channel is in. */
  private readonly bridges = new Map<string, string>();

  constructor(private readonly numbers: AsteriskNumbers) {}

  /** Goes on with calls that were told of before (`CallNews.memory`). */
  restore(memories: readonly object[]): void {
    for (const memory of memories) {
      const call = structuredClone(memory) as CallState;
      if (typeof call.id !== 'string' || this.calls.has(call.id)) continue;
      for (const id of [call.id, ...(call.also ?? [])]) this.calls.set(id, call);
      for (const id of Object.keys(call.channels)) this.callOf.set(id, call.id);
    }
  }

  /** Takes an event; gives the news that follow from it. */
  apply(event: AmiMessage, now: Date): CallNews[] {
    const at = now.getTime();
    switch (event.get('Event')) {
      case 'Newchannel':
        return this.newChannel(event, at);
      case 'DialBegin':
        return this.dialBegin(event, at);
      case 'DialEnd':
        return this.dialEnd(event, at);
      case 'HangupRequest':
        return this.hangupRequest(event);
      case 'Hangup':
        return this.hangup(event, at);
      case 'Pickup':
        return this.pickup(event, at);
      case 'AttendedTransfer':
        return this.attendedTransfer(event, at);
      case 'VarSet':
        return event.get('Variable') === 'MIXMONITOR_FILENAME' ? this.recorded(event, event.get('Value'), now) : [];
      case 'BridgeEnter':
        return this.bridgeEnter(event, at);
      case 'BridgeLeave':
        return this.bridgeLeave(event, at);
      case 'NewConnectedLine':
      case 'Newstate':
        return this.moved(event, at);
      default:
        return [];
    }
  }

  /** The file a call is recorded to, since an event of the recorded channel. */
  recorded(event: AmiMessage, file: string | undefined, now: Date): CallNews[] {
    const call = this.calls.get(event.get('Linkedid') ?? '');
    if (!call || !file || call.record) return [];
    call.record = file;
    call.recordFrom = { at: now.getTime(), up: event.get('ChannelStateDesc') === 'Up' };
    return this.news(call, []);
  }

  /** Whether it is still to be found out where a call is recorded to. */
  lacksRecord(callId: string): boolean {
    const call = this.calls.get(callId);
    return call !== undefined && call.record === undefined;
  }

  /**
   * Makes what is remembered fit the channels that there are: after a time in which nobody listened, since `lastSeen`. A call that has none any more ended by now at
   * the latest, and is told so; after a long time its length is not known, and it is told as `unknown`. One that began meanwhile is taken up.
   */
  reconcile(channels: readonly ListedChannel[], now: Date, lastSeen: Date): TrackedNews[] {
    const byCall = new Map<string, ListedChannel[]>();
    this.bridges.clear();
    for (const channel of channels) {
      if (channel.bridge) this.bridges.set(channel.id, channel.bridge);
      const call = this.calls.get(channel.call)?.id ?? channel.call;
      byCall.set(call, [...(byCall.get(call) ?? []), channel]);
    }
    const news: TrackedNews[] = [];
    for (const call of new Set(this.calls.values())) {
      const present = byCall.get(call.id) ?? [];
      byCall.delete(call.id);
      const unheard = present.length === 0 ? unheardEnd(call, lastSeen.getTime(), now.getTime()) : undefined;
      for (const one of this.catchUp(call, present, now.getTime(), lastSeen.getTime()))
        news.push(one.call.endedAt && unheard ? { ...one, unheard } : one);
    }
    for (const present of byCall.values()) news.push(...this.takeUp(present, now.getTime()));
    return news;
  }

  private newChannel(event: AmiMessage, at: number): CallNews[] {
    const [id, callId, name] = [event.get('Uniqueid'), event.get('Linkedid'), event.get('Channel')];
    if (!id || !callId || !name || this.callOf.has(id)) return this.moved(event, at);
    const known = this.calls.get(callId);
    const call = known ?? this.begin(callId, { id, name, exten: event.get('Exten'), callerId: event.get('CallerIDNum') }, at);
    this.join(call, id, name);
    // Kept from its first sign on, so that an incoming call which nobody's phone rang for is not lost either.
    return known || call.direction !== 'in' ? [] : this.news(call, []);
  }

  private begin(
    callId: string,
    root: { id: string; name: string; exten?: string | undefined; callerId?: string | undefined },
    at: number,
  ): CallState {
    // Nobody outside dials `*8`.
    const isPhone = root.exten?.startsWith('*') === true;
    const rootCode = isPhone ? this.numbers.codeOfPhone(root.name, root.callerId) : this.numbers.codeOf(root.name);
    const call: CallState = { id: callId, rootId: root.id, startedAt: at, legs: [], told: [], channels: {} };
    if (rootCode !== undefined) {
      call.rootCode = rootCode;
      const phone = this.numbers.outside(root.exten);
      if (phone) call.phone = phone;
    } else if (isLocal(root.name)) {
      // The PBX itself calls somebody: outgoing once an outside line is dialled.
      call.originated = true;
    } else {
      call.direction = 'in';
      call.customerId = root.id;
      const externalPhone = this.numbers.outside(root.exten);
      if (root.callerId) call.phone = root.callerId;
      if (externalPhone) call.externalPhone = externalPhone;
    }
    this.calls.set(callId, call);
    return call;
  }

  private dialBegin(event: AmiMessage, at: number): CallNews[] {
    const [id, name] = [event.get('DestUniqueid'), event.get('DestChannel')];
    const callId = event.get('Linkedid') ?? event.get('DestLinkedid');
    if (!id || !name || !callId) return [];
    const call = this.calls.get(callId) ?? this.begin(callId, { id: event.get('Uniqueid') ?? id, name: event.get('Channel') ?? name }, at);
    this.join(call, id, name);
    if (call.legs.some((leg) => leg.id === id)) return [];
    const code = this.phoneOf(call, name, event.get('Uniqueid'), event.get('Channel'));
    if (id === call.rootId && !event.get('Channel')) {
      call.originated = true;
      if (code !== undefined || isLocal(name)) {
        call.legs.push({ id, state: 'ringing', own: true, ...(code && { code }) });
        return [];
      }
      // Something else has the PBX call the customer first; the line looked like one that calls in.
      delete call.direction;
      delete call.externalPhone;
    }
    if (code === undefined && isLocal(name)) return [];
    if (call.direction === 'in' && event.get('Uniqueid') === call.rootId && event.get('CallerIDNum'))
      call.phone = event.get('CallerIDNum') ?? '';
    this.addLeg(call, { id, state: 'ringing', ...(code !== undefined && { code }) });
    if (code !== undefined) return this.rings(call, code);
    if (call.direction === 'in') return this.news(call, []);
    return this.goesOut(call, id, event);
  }

  /** A manager's phone rings: for a call from outside, or for one that is handed on to him. Calls among managers are nobody else's business. */
  private rings(call: CallState, code: string): CallNews[] {
    if (!call.direction || code === call.rootCode) return [];
    call.code ??= code;
    return this.news(call, this.announce(call, code));
  }

  /** The call begins for a manager: of one direction in all that is told of it. */
  private announce(call: CallState, code: string): CallSignal[] {
    if (!call.direction || call.told.includes(code)) return [];
    call.told.push(code);
    return [{ type: call.direction, codes: [code] }];
  }

  /** A line outside is dialled for a manager. */
  private goesOut(call: CallState, legId: string, event: AmiMessage): CallNews[] {
    const before = call.direction;
    call.direction = 'out';
    if (call.answeredAt === undefined) call.customerId = legId;
    delete call.refusedAt;
    const asked = this.numbers.outside(event.get('Exten')) ?? call.phone;
    const dialled = this.numbers.dialled(event.get('DialString'));
    // The dial plan takes a prefix for outside off before it dials.
    const phone =
      asked && dialled && asked.endsWith(dialled) ? dialled : (asked ?? dialled ?? this.numbers.outside(event.get('DestCallerIDNum')));
    if (phone && !before) call.phone = phone;
    const externalPhone = this.numbers.outside(event.get('DestConnectedLineNum')) ?? this.numbers.outside(event.get('CallerIDNum'));
    if (externalPhone && externalPhone !== call.phone) call.externalPhone ??= externalPhone;
    const code = ownCodeOf(call);
    if (code !== undefined) call.code ??= code;
    // He may have been told that another line was refused; once the customer is handed on he has no part in it.
    const calls = code !== undefined && call.answeredAt === undefined;
    return this.news(call, calls ? this.announce(call, code) : []);
  }

  private dialEnd(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('DestUniqueid');
    const call = id === undefined ? undefined : this.calls.get(this.callOf.get(id) ?? event.get('DestLinkedid') ?? '');
    const leg = call?.legs.find((one) => one.id === id);
    if (!call || !leg || leg.state !== 'ringing') return [];
    const status = event.get('DialStatus');
    const outcome = outcomeOfDial(status, leg.cause);
    if (outcome === 'answered' && this.isTakenElsewhere(call, leg)) return this.notAnswered(call, leg, 'cancelled', at);
    if (outcome === 'answered') return this.answered(call, leg, at);
    if (status !== undefined) leg.status = status;
    return this.notAnswered(call, leg, outcome, at);
  }

  /** A Local channel is answered with the phone behind it, which may be another's: who picked the call up. */
  private isTakenElsewhere(call: CallState, leg: Leg): boolean {
    if (leg.own || leg.code === undefined || !isLocal(call.channels[leg.id] ?? '') || call.answeredAt === undefined) return false;
    return !call.legs.some((one) => one !== leg && one.code === leg.code && one.state === 'answered');
  }

  private answered(call: CallState, leg: Leg, at: number): CallNews[] {
    leg.state = 'answered';
    if (leg.own || !call.direction) return [];
    if (call.answeredAt === undefined) {
      if (call.direction === 'out' && leg.code === undefined) call.customerId = leg.id;
      if (isTalk(call, leg)) {
        call.answeredAt = at;
        const code = leg.code ?? ownCodeOf(call);
        if (code !== undefined) call.code = code;
      } else if (call.direction === 'in') call.elsewhereAt ??= at;
    }
    this.findHolder(call);
    return this.news(call, []);
  }

  private notAnswered(call: CallState, leg: Leg, outcome: CallOutcome, at: number): CallNews[] {
    leg.state = 'over';
    leg.outcome = outcome;
    if (leg.own || !call.direction) return [];
    if (call.answeredAt === undefined) call.last = outcome;
    const signals = leg.code !== undefined && !this.isAtIt(call, leg.code) ? this.close(call, leg.code, outcome) : [];
    const ownCode = ownCodeOf(call);
    if (call.direction === 'out' && leg.code === undefined && ownCode !== undefined && !call.legs.some(isCalled)) {
      // The PBX plays its tone to the manager for as long as he listens; the customer's word counts.
      call.refusedAt = at;
      if (REFUSALS.has(outcome)) signals.push(...this.close(call, ownCode, outcome));
    }
    return this.news(call, signals);
  }

  /** Who has the customer, once they have talked: who is in a bridge with him, else who is left of those that took the call. */
  private findHolder(call: CallState): void {
    if (call.answeredAt === undefined) return;
    const here = companyOf(call, this.bridges).flatMap((id) => this.codeWithin(call, id) ?? []);
    const codes =
      here.length > 0 ? here : Object.keys(call.channels).flatMap((id) => (this.isUp(call, id) && this.codeWithin(call, id)) || []);
    const [first] = codes;
    if (first !== undefined && !codes.includes(call.code ?? '')) call.code = first;
  }

  private codeWithin(call: CallState, id: string): string | undefined {
    if (id === call.customerId || isLocal(call.channels[id] ?? '')) return undefined;
    const leg = call.legs.find((one) => one.id === id);
    return leg ? leg.code : id === call.rootId ? call.rootCode : undefined;
  }

  private isUp(call: CallState, id: string): boolean {
    const leg = call.legs.find((one) => one.id === id);
    return leg ? leg.state === 'answered' : id === call.rootId;
  }

  /** Says why a channel will hang up, before Dial says how its leg ended. */
  private hangupRequest(event: AmiMessage): CallNews[] {
    const id = event.get('Uniqueid') ?? '';
    const leg = this.calls.get(this.callOf.get(id) ?? '')?.legs.find((one) => one.id === id);
    const cause = event.get('Cause');
    if (leg && cause !== undefined) leg.cause ??= cause;
    return [];
  }

  /** A phone takes a call that rings at another: its channel, until now a call of its own, comes into this one in the other's place. */
  private pickup(event: AmiMessage, at: number): CallNews[] {
    const [id, name, target] = [event.get('Uniqueid'), event.get('Channel'), event.get('TargetUniqueid') ?? ''];
    const call = this.calls.get(this.callOf.get(target) ?? event.get('TargetLinkedid') ?? '');
    if (!call || !id || !name || call.legs.some((one) => one.id === id)) return [];
    const rang = call.legs.find((one) => one.id === target);
    const news = rang?.state === 'ringing' ? this.notAnswered(call, rang, 'cancelled', at) : [];
    const own = this.calls.get(this.callOf.get(id) ?? '');
    if (own && own !== call) news.push(...this.end(own, at, 'cancelled'));
    const code = this.numbers.codeOfPhone(name, event.get('CallerIDNum'));
    this.join(call, id, name);
    this.addLeg(call, { id, code, state: 'ringing' });
    return [...news, ...this.rings(call, code)];
  }

  private hangup(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('Uniqueid');
    const call = id === undefined ? undefined : this.calls.get(this.callOf.get(id) ?? event.get('Linkedid') ?? '');
    if (!call || id === undefined) return [];
    const cause = event.get('Cause');
    const leg = call.legs.find((one) => one.id === id);
    if (leg?.state === 'over' && cause !== undefined) {
      // The cause may come with the end only.
      const outcome = outcomeOfDial(leg.status, cause);
      if (leg.status !== undefined && call.last === leg.outcome) call.last = outcome;
      if (leg.status !== undefined) leg.outcome = outcome;
    }
    return this.gone(call, id, outcomeOfCause(leg?.cause ?? cause), at);
  }

  /** A channel of a call is no more. */
  private gone(call: CallState, id: string, outcome: CallOutcome, at: number): CallNews[] {
    delete call.channels[id];
    this.callOf.delete(id);
    this.bridges.delete(id);
    const leg = call.legs.find((one) => one.id === id);
    const news: CallNews[] = [];
    if (leg?.state === 'ringing') news.push(...this.notAnswered(call, leg, outcome, at));
    if (leg?.state === 'answered') {
      leg.state = 'over';
      if (leg.code !== undefined && !leg.own && call.direction && !this.isAtIt(call, leg.code) && id !== call.customerId) {
        const signals = this.close(call, leg.code, 'answered');
        if (signals.length > 0) news.push(...this.news(call, signals));
      }
    }
    // The call is over when the customer has left it; before anyone answered also when the manager gives up.
    const over =
      Object.keys(call.channels).length === 0 ||
      (id === call.customerId && (call.direction === 'in' || call.answeredAt !== undefined)) ||
      (id === call.rootId && call.direction === 'out' && call.answeredAt === undefined && !isLocalRoot(call));
    if (over) return [...news, ...this.end(call, at, outcome)];
    this.findHolder(call);
    if (id === call.rootId && call.direction === 'out' && call.rootCode !== undefined && !this.isAtIt(call, call.rootCode)) {
      // The manager handed his customer on to somebody.
      const signals = this.close(call, call.rootCode, 'answered');
      if (signals.length > 0) news.push(...this.news(call, signals));
    }
    return news;
  }

  private end(call: CallState, at: number, cause: CallOutcome): CallNews[] {
    for (const id of [call.id, ...(call.also ?? [])]) this.calls.delete(id);
    for (const id of Object.keys(call.channels)) this.callOf.delete(id);
    const dialled = call.dialled === true;
    // Calls among managers are not told of; one that was placed on order and never got to the customer is.
    if (!call.direction && !(call.originated && !dialled)) return [];
    call.direction ??= 'out';
    const ownCode = ownCodeOf(call);
    if (call.direction === 'out' && ownCode !== undefined) call.code ??= ownCode;
    const { outcome, endedAt } = endOf(call, at, cause);
    // A talk outside was nobody's here.
    const told = call.elsewhereAt !== undefined && outcome === 'answered' ? 'cancelled' : outcome;
    const signals: CallSignal[] = call.told.length > 0 ? [{ type: 'hangup', codes: [...call.told], outcome: told }] : [];
    call.told = [];
    return [{ call: { ...snapshotOf(call), endedAt: new Date(endedAt), outcome }, signals }];
  }

  /** A channel that came into another call: an attended transfer joins two. */
  private moved(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('Uniqueid');
    return id === undefined ? [] : this.joined(id, this.calls.get(event.get('Linkedid') ?? ''), at);
  }

  /** Two that talk in one bridge are in one call, whatever call each began: so is one taken from where it was parked. */
  private bridgeEnter(event: AmiMessage, at: number): CallNews[] {
    const [id, bridge] = [event.get('Uniqueid'), event.get('BridgeUniqueid')];
    const news = this.moved(event, at);
    // Of those who wait where calls are parked none hears another.
    if (id === undefined || bridge === undefined || event.get('BridgeType') === 'parking' || event.get('BridgeType') === 'holding')
      return news;
    this.bridges.set(id, bridge);
    const call = this.calls.get(this.callOf.get(id) ?? '');
    if (!call) return news;
    for (const [other, its] of this.bridges) {
      const company = this.calls.get(this.callOf.get(other) ?? '');
      if (its !== bridge || !company || company === call || (company.direction && call.direction)) continue;
      news.push(...this.joined(id, company, at));
      break;
    }
    const joined = this.calls.get(this.callOf.get(id) ?? '');
    if (joined) this.findHolder(joined);
    return news;
  }

  private bridgeLeave(event: AmiMessage, at: number): CallNews[] {
    const news = this.moved(event, at);
    const id = event.get('Uniqueid') ?? '';
    this.bridges.delete(id);
    const call = this.calls.get(this.callOf.get(id) ?? '');
    if (call) this.findHolder(call);
    return news;
  }

  /** The events of a channel that only got company may never say that it is in another call now: this one does. */
  private attendedTransfer(event: AmiMessage, at: number): CallNews[] {
    const [id, other] = [event.get('TransferTargetUniqueid'), event.get('TransfereeUniqueid')];
    if (event.get('Result') !== 'Success' || id === undefined || other === undefined) return [];
    return this.joined(id, this.calls.get(this.callOf.get(other) ?? ''), at);
  }

  private joined(id: string, into: CallState | undefined, at: number): CallNews[] {
    const from = this.calls.get(this.callOf.get(id) ?? '');
    const name = from?.channels[id];
    if (!from || !into || name === undefined || from === into) return [];
    // Of two calls with customers each remains one; else the managers' call becomes part of the customer's.
    if (!from.direction || !into.direction) return from.direction ? this.merge(from, into, at) : this.merge(into, from, at);
    const news: CallNews[] = [];
    const leg = from.legs.find((one) => one.id === id);
    delete from.channels[id];
    if (id === from.customerId || Object.keys(from.channels).length === 0) news.push(...this.end(from, at, 'unknown'));
    return [...news, ...this.comesIn(into, id, name, at, leg)];
  }

  private merge(call: CallState, other: CallState, at: number): CallNews[] {
    call.also = [...(call.also ?? []), other.id, ...(other.also ?? [])];
    for (const id of call.also) this.calls.set(id, call);
    const news = Object.entries(other.channels).flatMap(([id, name]) =>
      this.comesIn(
        call,
        id,
        name,
        at,
        other.legs.find((leg) => leg.id === id),
      ),
    );
    return news.length > 0 ? news : this.news(call, []);
  }

  private comesIn(call: CallState, id: string, name: string, at: number, before?: Leg): CallNews[] {
    this.join(call, id, name);
    const code = before?.code ?? this.numbers.codeOf(name);
    if (code === undefined || !call.direction || call.legs.some((one) => one.id === id)) return [];
    const leg: Leg = { id, code, state: 'ringing' };
    this.addLeg(call, leg);
    const news = this.rings(call, code);
    return before && before.state !== 'answered' ? news : [...news, ...this.answered(call, leg, at)];
  }

  private catchUp(call: CallState, present: readonly ListedChannel[], at: number, lastSeen: number): CallNews[] {
    const alive = new Set(present.map((channel) => channel.id));
    for (const channel of present) this.join(call, channel.id, channel.name);
    const news: CallNews[] = [];
    for (const leg of [...call.legs]) {
      const channel = present.find((one) => one.id === leg.id);
      // It may have been answered at any time since; that was not before its channel was made.
      if (channel && leg.state === 'ringing' && isTalking(channel, present))
        news.push(...this.answered(call, leg, Math.max(lastSeen, at - channel.seconds * 1000)));
    }
    const lost = alive.size === 0 && at - lastSeen > MOST_GUESSED_MS;
    const ended = lost ? lastSeen : at;
    if (lost) call.lost = true;
    for (const id of Object.keys(call.channels)) {
      if (alive.has(id) || !this.calls.has(call.id)) continue;
      news.push(...this.gone(call, id, 'unknown', ended));
    }
    // A call may also be remembered without a channel.
    if (this.calls.has(call.id) && alive.size === 0) news.push(...this.end(call, ended, 'unknown'));
    return news;
  }

  /** A call that began while nobody listened. Its first channel may be gone: whoever began it has handed it on. */
  private takeUp(present: readonly ListedChannel[], at: number): CallNews[] {
    const talking = present.filter((one) => !isLocal(one.name) && isTalking(one, present));
    const [oldest] = talking.sort((left, right) => right.seconds - left.seconds);
    const root = present.find((channel) => channel.id === channel.call) ?? oldest;
    if (!root) return [];
    const call = this.begin(root.call, root, at - root.seconds * 1000);
    if (call.direction && isPlacedHere(call.id)) call.direction = 'out';
    for (const channel of present) this.join(call, channel.id, channel.name);
    const news: CallNews[] = call.direction === 'in' ? this.news(call, []) : [];
    for (const channel of present) {
      if (channel.id === root.id || isLocal(channel.name)) continue;
      const code = this.phoneOf(call, channel.name, isLocal(root.name) ? undefined : root.id);
      const talks = isTalking(channel, present);
      if (!talks && channel.state !== 'Ringing' && channel.state !== 'Ring') continue;
      const leg: Leg = { id: channel.id, state: 'ringing', ...(code !== undefined && { code }) };
      this.addLeg(call, leg);
      if (code === undefined && call.direction !== 'in') {
        call.direction = 'out';
        call.customerId = channel.id;
        const phone = call.phone ?? this.numbers.outside(root.connected) ?? this.numbers.outside(channel.callerId);
        if (phone) call.phone = phone;
        if (call.rootCode !== undefined) call.code = call.rootCode;
      }
      if (code !== undefined) news.push(...this.rings(call, code));
      else if (call.direction === 'out' && call.rootCode !== undefined) news.push(...this.news(call, this.announce(call, call.rootCode)));
      if (talks) news.push(...this.answered(call, leg, at - channel.seconds * 1000));
    }
    return news;
  }

  /** The extension that is called, `by` a channel; undefined for a line outside, and for the customer of a call placed here, though his number be short. */
  private phoneOf(call: CallState, name: string, by: string | undefined, byName = ''): string | undefined {
    const code = (isLocal(byName) ? this.numbers.codeBehind(byName, name) : undefined) ?? this.numbers.codeOf(name);
    const own = ownCodeOf(call);
    const isCustomer = isPlacedHere(call.id) && !call.direction && by === call.rootId && own !== undefined && code !== own;
    return isCustomer ? undefined : code;
  }

  /** A queue may ring for an hour: what is over is forgotten. */
  private addLeg(call: CallState, leg: Leg): void {
    call.dialled = true;
    if (call.legs.length >= MOST_LEGS) call.legs = call.legs.filter((one) => one.own || one.state !== 'over');
    call.legs.push(leg);
  }

  private join(call: CallState, id: string, name: string): void {
    call.channels[id] = name;
    this.callOf.set(id, call.id);
  }

  /** Whether some leg of an extension still rings or talks. */
  private isAtIt(call: CallState, code: string): boolean {
    return call.legs.some((leg) => leg.code === code && leg.state !== 'over');
  }

  private close(call: CallState, code: string, outcome: CallOutcome): CallSignal[] {
    if (!call.told.includes(code)) return [];
    call.told = call.told.filter((one) => one !== code);
    return [{ type: 'hangup', codes: [code], outcome }];
  }

  private news(call: CallState, signals: CallSignal[]): CallNews[] {
    if (!call.direction) return [];
    return [{ call: snapshotOf(call), signals, memory: structuredClone(call) }];
  }
}

/** Rings or talks, beside the manager's own phone. */
function isCalled(leg: Leg): boolean {
  return !leg.own && leg.state !== 'over';
}
