import { type CallNews, type CallOutcome, type CallSignal, isPlacedHere } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { outcomeOfCause, outcomeOfDial } from './asterisk.outcomes.js';
import {
  addLeg,
  announce,
  answerLeg,
  closeFor,
  dialOut,
  endLeg,
  findHolder,
  isAtIt,
  isTakenElsewhere,
  newsOf,
  ringFor,
} from './call-legs.js';
import { type CallState, endOf, isLocalRoot, type Leg, ownCodeOf, snapshotOf, type TrackedNews, unheardEnd } from './call-state.js';
import { isTalking, type ListedChannel } from './channel-list.js';

/** Calls that are followed at a time, and their channels: beyond what a PBX holds. */
const MOST_CALLS = 50_000;
const MOST_CHANNELS = 3 * MOST_CALLS;
/** A call that ended while nobody listened for longer than this: its length is not known even roughly. */
const MOST_GUESSED_MS = 600_000;
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

  /** Calls that are not followed, as there are too many, since it was last set to 0. */
  refused = 0;

  /** `most`: calls that are followed at a time. */
  constructor(
    private readonly numbers: AsteriskNumbers,
    private readonly most = MOST_CALLS,
  ) {}

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
    return newsOf(call, []);
  }

  /** Whether no more calls are followed. */
  get isFull(): boolean {
    return this.calls.size >= this.most;
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
    if (!known && this.isFull) {
      if (id === callId) this.refused++;
      return [];
    }
    const call = known ?? this.begin(callId, { id, name, exten: event.get('Exten'), callerId: event.get('CallerIDNum') }, at);
    this.join(call, id, name);
    // Kept from its first sign on, so that an incoming call which nobody's phone rang for is not lost either.
    return known || call.direction !== 'in' ? [] : newsOf(call, []);
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
    if (!id || !name || !callId || (this.isFull && !this.calls.has(callId))) return [];
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
    addLeg(call, { id, state: 'ringing', ...(code !== undefined && { code }) });
    if (code !== undefined) return ringFor(call, code);
    if (call.direction === 'in') return newsOf(call, []);
    return dialOut(call, id, event, this.numbers);
  }

  private dialEnd(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('DestUniqueid');
    const call = id === undefined ? undefined : this.calls.get(this.callOf.get(id) ?? event.get('DestLinkedid') ?? '');
    const leg = call?.legs.find((one) => one.id === id);
    if (!call || !leg || leg.state !== 'ringing') return [];
    const status = event.get('DialStatus');
    const outcome = outcomeOfDial(status, leg.cause);
    if (outcome === 'answered' && isTakenElsewhere(call, leg)) return endLeg(call, leg, 'cancelled', at);
    if (outcome === 'answered') return answerLeg(call, leg, at, this.bridges);
    if (status !== undefined) leg.status = status;
    return endLeg(call, leg, outcome, at);
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
    const news = rang?.state === 'ringing' ? endLeg(call, rang, 'cancelled', at) : [];
    const own = this.calls.get(this.callOf.get(id) ?? '');
    if (own && own !== call) news.push(...this.end(own, at, 'cancelled'));
    const code = this.numbers.codeOfPhone(name, event.get('CallerIDNum'));
    this.join(call, id, name);
    addLeg(call, { id, code, state: 'ringing' });
    return [...news, ...ringFor(call, code)];
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
    if (leg?.state === 'ringing') news.push(...endLeg(call, leg, outcome, at));
    if (leg?.state === 'answered') {
      leg.state = 'over';
      if (leg.code !== undefined && !leg.own && call.direction && !isAtIt(call, leg.code) && id !== call.customerId) {
        const signals = closeFor(call, leg.code, 'answered');
        if (signals.length > 0) news.push(...newsOf(call, signals));
      }
    }
    // The call is over when the customer has left it; before anyone answered also when the manager gives up.
    const over =
      Object.keys(call.channels).length === 0 ||
      (id === call.customerId && (call.direction === 'in' || call.answeredAt !== undefined)) ||
      (id === call.rootId && call.direction === 'out' && call.answeredAt === undefined && !isLocalRoot(call));
    if (over) return [...news, ...this.end(call, at, outcome)];
    findHolder(call, this.bridges);
    if (id === call.rootId && call.direction === 'out' && call.rootCode !== undefined && !isAtIt(call, call.rootCode)) {
      // The manager handed his customer on to somebody.
      const signals = closeFor(call, call.rootCode, 'answered');
      if (signals.length > 0) news.push(...newsOf(call, signals));
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
    const call = this.calls.get(this.callOf.get(id) ?? '');
    if (!call) return news;
    this.bridges.set(id, bridge);
    for (const [other, its] of this.bridges) {
      const company = this.calls.get(this.callOf.get(other) ?? '');
      if (its !== bridge || !company || company === call || (company.direction && call.direction)) continue;
      news.push(...this.joined(id, company, at));
      break;
    }
    const joined = this.calls.get(this.callOf.get(id) ?? '');
    if (joined) findHolder(joined, this.bridges);
    return news;
  }

  private bridgeLeave(event: AmiMessage, at: number): CallNews[] {
    const news = this.moved(event, at);
    const id = event.get('Uniqueid') ?? '';
    this.bridges.delete(id);
    const call = this.calls.get(this.callOf.get(id) ?? '');
    if (call) findHolder(call, this.bridges);
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
    return news.length > 0 ? news : newsOf(call, []);
  }

  private comesIn(call: CallState, id: string, name: string, at: number, before?: Leg): CallNews[] {
    this.join(call, id, name);
    const code = before?.code ?? this.numbers.codeOf(name);
    if (code === undefined || !call.direction || call.legs.some((one) => one.id === id)) return [];
    const leg: Leg = { id, code, state: 'ringing' };
    addLeg(call, leg);
    const news = ringFor(call, code);
    return before && before.state !== 'answered' ? news : [...news, ...answerLeg(call, leg, at, this.bridges)];
  }

  private catchUp(call: CallState, present: readonly ListedChannel[], at: number, lastSeen: number): CallNews[] {
    const alive = new Set(present.map((channel) => channel.id));
    for (const channel of present) this.join(call, channel.id, channel.name);
    const news: CallNews[] = [];
    for (const channel of present) {
      const leg = call.legs.find((one) => one.id === channel.id);
      if (!leg) news.push(...this.meet(call, channel, present, at));
      // It may have been answered at any time since; that was not before its channel was made.
      else if (leg.state === 'ringing' && isTalking(channel, present))
        news.push(...answerLeg(call, leg, Math.max(lastSeen, at - channel.seconds * 1000), this.bridges));
    }
    findHolder(call, this.bridges);
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
    if (root && this.isFull) this.refused++;
    if (!root || this.isFull) return [];
    const call = this.begin(root.call, root, at - root.seconds * 1000);
    if (call.direction && isPlacedHere(call.id)) call.direction = 'out';
    for (const channel of present) this.join(call, channel.id, channel.name);
    const news: CallNews[] = call.direction === 'in' ? newsOf(call, []) : [];
    for (const channel of present) news.push(...this.meet(call, channel, present, at));
    return news;
  }

  /** A phone or line of a call that was called while nobody listened. */
  private meet(call: CallState, channel: ListedChannel, present: readonly ListedChannel[], at: number): CallNews[] {
    const talks = isTalking(channel, present);
    if (channel.id === call.rootId || isLocal(channel.name)) return [];
    if (!talks && channel.state !== 'Ringing' && channel.state !== 'Ring') return [];
    const root = present.find((one) => one.id === call.rootId);
    const code = this.phoneOf(call, channel.name, isLocalRoot(call) ? undefined : call.rootId);
    const leg: Leg = { id: channel.id, state: 'ringing', ...(code !== undefined && { code }) };
    addLeg(call, leg);
    const news: CallNews[] = [];
    if (code === undefined && !call.direction) {
      call.direction = 'out';
      call.customerId = channel.id;
      const phone = call.phone ?? this.numbers.outside(root?.connected) ?? this.numbers.outside(channel.callerId);
      if (phone) call.phone = phone;
      const own = ownCodeOf(call);
      if (own !== undefined) call.code = own;
      news.push(...newsOf(call, own === undefined ? [] : announce(call, own)));
    } else if (code !== undefined) news.push(...ringFor(call, code));
    return talks ? [...news, ...answerLeg(call, leg, at - channel.seconds * 1000, this.bridges)] : news;
  }

  /** The extension that is called, `by` a channel; undefined for a line outside, and for the customer of a call placed here, though his number be short. */
  private phoneOf(call: CallState, name: string, by: string | undefined, byName = ''): string | undefined {
    const code = (isLocal(byName) ? this.numbers.codeBehind(byName, name) : undefined) ?? this.numbers.codeOf(name);
    const own = ownCodeOf(call);
    const isCustomer = isPlacedHere(call.id) && !call.direction && by === call.rootId && own !== undefined && code !== own;
    return isCustomer ? undefined : code;
  }

  private join(call: CallState, id: string, name: string): void {
    if (this.callOf.size >= MOST_CHANNELS && !this.callOf.has(id)) return;
    call.channels[id] = name;
    this.callOf.set(id, call.id);
  }
}
