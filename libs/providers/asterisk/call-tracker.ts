import { type CallDirection, type CallNews, type CallOutcome, type CallSignal, type CallSnapshot, isPlacedHere } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { outcomeOfCause, outcomeOfDial } from './asterisk.outcomes.js';

/** One phone or line that was called within a call. */
interface Leg {
  /** Its channel's `Uniqueid`. */
  id: string;
  /** The extension; missing for a line outside. */
  code?: string;
  /** The manager's own phone at click-to-call, which rings before the customer is called. */
  own?: boolean;
  state: 'ringing' | 'answered' | 'over';
}

/** What is known of a call; plain data, kept by the integration while the call goes on. Times in milliseconds. */
interface CallState {
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
  answeredAt?: number;
  /** Who answered first, else who rang first. */
  code?: string;
  /** Whether `code` answered. */
  taken?: boolean;
  /** The customer's channel, once it is known. */
  customerId?: string;
  /** Whether anybody but the manager's own phone was called. */
  dialled?: boolean;
  /** How the last leg that was not answered ended. */
  last?: CallOutcome;
  record?: string;
  legs: Leg[];
  /** Extensions whose users have the call before their eyes. */
  told: string[];
  /** Channels there are: `Uniqueid` to name. */
  channels: Record<string, string>;
  /** Calls that came into this one: a transfer may give all channels the `Linkedid` of either. */
  also?: string[];
}

/** A channel as `CoreShowChannels` lists it. */
export interface ListedChannel {
  id: string;
  call: string;
  name: string;
  state: string;
  exten?: string;
  callerId?: string;
  connected?: string;
  bridge?: string;
  seconds: number;
}

const MOST_LEGS = 20;

/**
 * Makes calls out of the events of an Asterisk, correlated by `Linkedid`. Only the end of a dialled leg (`DialEnd`) says whether somebody answered; that a channel is
 * up says nothing. Pure but for what it remembers: give it every event in order, with the moment it came.
 */
export class CallTracker {
  /** By each `Linkedid` that a call goes by. */
  private readonly calls = new Map<string, CallState>();
  /** Which call a channel belongs to. */
  private readonly callOf = new Map<string, string>();

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
      case 'Hangup':
        return this.hangup(event, at);
      case 'Rename':
        return this.rename(event);
      case 'AttendedTransfer':
        return this.attendedTransfer(event, at);
      case 'VarSet':
        return event.get('Variable') === 'MIXMONITOR_FILENAME' ? this.recorded(event.get('Linkedid') ?? '', event.get('Value')) : [];
      case 'BridgeEnter':
      case 'NewConnectedLine':
      case 'Newstate':
        return this.moved(event, at);
      default:
        return [];
    }
  }

  /** The file a call is recorded to. */
  recorded(callId: string, file: string | undefined): CallNews[] {
    const call = this.calls.get(callId);
    if (!call || !file || call.record) return [];
    call.record = file;
    return this.news(call, []);
  }

  /** Whether it is still to be found out where a call is recorded to. */
  lacksRecord(callId: string): boolean {
    const call = this.calls.get(callId);
    return call !== undefined && call.record === undefined;
  }

  /**
   * Makes what is remembered fit the channels that there are: after a time in which nobody listened. A call that has none any more ended when it was last seen
   * (`lastSeen`), because more is not known; one that began meanwhile is taken up.
   */
  reconcile(channels: readonly ListedChannel[], now: Date, lastSeen: Date): CallNews[] {
    const byCall = new Map<string, ListedChannel[]>();
    for (const channel of channels) {
      const call = this.calls.get(channel.call)?.id ?? channel.call;
      byCall.set(call, [...(byCall.get(call) ?? []), channel]);
    }
    const news: CallNews[] = [];
    for (const call of new Set(this.calls.values())) {
      const present = byCall.get(call.id) ?? [];
      byCall.delete(call.id);
      news.push(...this.catchUp(call, present, now.getTime(), lastSeen.getTime()));
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
    const rootCode = this.numbers.codeOf(root.name);
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
    const code = this.phoneOf(call, name, event.get('Uniqueid'));
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
    if (call.told.includes(code)) return this.news(call, []);
    call.told.push(code);
    return this.news(call, [{ type: 'in', codes: [code] }]);
  }

  /** A line outside is dialled for a manager. */
  private goesOut(call: CallState, legId: string, event: AmiMessage): CallNews[] {
    const before = call.direction;
    call.direction = 'out';
    if (call.answeredAt === undefined) call.customerId = legId;
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
    if (before || code === undefined) return this.news(call, []);
    call.told.push(code);
    return this.news(call, [{ type: 'out', codes: [code] }]);
  }

  private dialEnd(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('DestUniqueid');
    const call = id === undefined ? undefined : this.calls.get(this.callOf.get(id) ?? event.get('DestLinkedid') ?? '');
    const leg = call?.legs.find((one) => one.id === id);
    if (!call || !leg || leg.state !== 'ringing') return [];
    const outcome = outcomeOfDial(event.get('DialStatus'));
    if (outcome !== 'answered') return this.notAnswered(call, leg, outcome);
    leg.state = 'answered';
    if (leg.own) return [];
    const signals: CallSignal[] = [];
    // Another phone picked the call up: the channel that answered has its name.
    const code = this.numbers.codeOf(event.get('DestChannel') ?? '') ?? leg.code;
    if (leg.code !== undefined && code !== undefined && code !== leg.code && call.direction) {
      signals.push(...this.close(call, leg.code, 'cancelled'));
      leg.code = code;
      if (!call.told.includes(code)) {
        call.told.push(code);
        signals.push({ type: 'in', codes: [code] });
      }
    }
    if (!call.direction) return [];
    call.answeredAt ??= at;
    if (call.direction === 'out' && leg.code === undefined && !call.taken) call.customerId = leg.id;
    if (!call.taken && (leg.code !== undefined || call.direction === 'out')) {
      if (leg.code !== undefined && call.direction === 'in') call.code = leg.code;
      call.taken = true;
    }
    return this.news(call, signals);
  }

  private notAnswered(call: CallState, leg: Leg, outcome: CallOutcome): CallNews[] {
    leg.state = 'over';
    if (leg.own) return [];
    if (!call.direction) return [];
    if (call.answeredAt === undefined) call.last = outcome;
    const signals = leg.code !== undefined && !this.isAtIt(call, leg.code) ? this.close(call, leg.code, outcome) : [];
    return this.news(call, signals);
  }

  private hangup(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('Uniqueid');
    const call = id === undefined ? undefined : this.calls.get(this.callOf.get(id) ?? event.get('Linkedid') ?? '');
    if (!call || id === undefined) return [];
    return this.gone(call, id, outcomeOfCause(event.get('Cause')), at);
  }

  /** A channel of a call is no more. */
  private gone(call: CallState, id: string, outcome: CallOutcome, at: number): CallNews[] {
    delete call.channels[id];
    this.callOf.delete(id);
    const leg = call.legs.find((one) => one.id === id);
    const news: CallNews[] = [];
    if (leg?.state === 'ringing') news.push(...this.notAnswered(call, leg, outcome));
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
    const outcome = call.answeredAt !== undefined ? 'answered' : this.unanswered(call, dialled, cause);
    const signals: CallSignal[] = call.told.length > 0 ? [{ type: 'hangup', codes: [...call.told], outcome }] : [];
    call.told = [];
    return [{ call: { ...snapshotOf(call), endedAt: new Date(Math.max(at, call.startedAt)), outcome }, signals }];
  }

  private unanswered(call: CallState, dialled: boolean, cause: CallOutcome): CallOutcome {
    if (call.last) return call.last;
    if (dialled || cause === 'unknown') return cause;
    // Nobody was rung: a customer who hung up in a menu got no answer; a manager who did not take his own phone called nobody.
    return call.direction === 'in' ? 'no-answer' : 'failed';
  }

  private rename(event: AmiMessage): CallNews[] {
    const [id, name] = [event.get('Uniqueid'), event.get('Newname')];
    const call = id === undefined ? undefined : this.calls.get(this.callOf.get(id) ?? '');
    if (call && id !== undefined && name) call.channels[id] = name;
    return [];
  }

  /** A channel that came into another call: an attended transfer joins two. */
  private moved(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('Uniqueid');
    return id === undefined ? [] : this.joined(id, this.calls.get(event.get('Linkedid') ?? ''), at);
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
    if (!from.direction || !into.direction) return from.direction ? this.merge(from, into) : this.merge(into, from);
    const news: CallNews[] = [];
    const leg = from.legs.find((one) => one.id === id);
    delete from.channels[id];
    if (id === from.customerId || Object.keys(from.channels).length === 0) news.push(...this.end(from, at, 'unknown'));
    return [...news, ...this.comesIn(into, id, name, leg?.state)];
  }

  private merge(call: CallState, other: CallState): CallNews[] {
    call.also = [...(call.also ?? []), other.id, ...(other.also ?? [])];
    for (const id of call.also) this.calls.set(id, call);
    const news = Object.entries(other.channels).flatMap(([id, name]) =>
      this.comesIn(call, id, name, other.legs.find((leg) => leg.id === id)?.state),
    );
    return news.length > 0 ? news : this.news(call, []);
  }

  private comesIn(call: CallState, id: string, name: string, state: Leg['state'] = 'answered'): CallNews[] {
    this.join(call, id, name);
    const code = this.numbers.codeOf(name);
    if (code === undefined || !call.direction || call.legs.some((one) => one.id === id)) return [];
    this.addLeg(call, { id, code, state });
    return this.rings(call, code);
  }

  private catchUp(call: CallState, present: readonly ListedChannel[], at: number, lastSeen: number): CallNews[] {
    const alive = new Set(present.map((channel) => channel.id));
    for (const channel of present) this.join(call, channel.id, channel.name);
    const news: CallNews[] = [];
    for (const leg of call.legs) {
      const channel = present.find((one) => one.id === leg.id);
      if (!channel || leg.state !== 'ringing' || !isTalking(channel, present)) continue;
      leg.state = 'answered';
      if (leg.own || !call.direction) continue;
      call.answeredAt ??= lastSeen;
      call.taken = true;
      if (leg.code !== undefined && call.direction === 'in') call.code = leg.code;
      if (leg.code === undefined && call.direction === 'out') call.customerId = leg.id;
      news.push(...this.news(call, []));
    }
    for (const id of Object.keys(call.channels)) {
      if (alive.has(id) || !this.calls.has(call.id)) continue;
      news.push(...this.gone(call, id, 'unknown', alive.size === 0 ? lastSeen : at));
    }
    // A call may also be remembered without a channel.
    if (this.calls.has(call.id) && alive.size === 0) news.push(...this.end(call, lastSeen, 'unknown'));
    return news;
  }

  /** A call that began while nobody listened. */
  private takeUp(present: readonly ListedChannel[], at: number): CallNews[] {
    const root = present.find((channel) => channel.id === channel.call);
    if (!root) return [];
    const call = this.begin(root.call, root, at - root.seconds * 1000);
    const news: CallNews[] = [];
    for (const channel of present) this.join(call, channel.id, channel.name);
    if (call.direction === 'in') news.push(...this.news(call, []));
    for (const channel of present) {
      if (channel.id === root.id || isLocal(channel.name)) continue;
      const code = this.phoneOf(call, channel.name, isLocal(root.name) ? undefined : root.id);
      const talking = isTalking(channel, present);
      if (!talking && channel.state !== 'Ringing' && channel.state !== 'Ring') continue;
      this.addLeg(call, { id: channel.id, state: talking ? 'answered' : 'ringing', ...(code !== undefined && { code }) });
      if (code === undefined && call.direction !== 'in') {
        call.direction = 'out';
        call.customerId = channel.id;
        const phone = call.phone ?? this.numbers.outside(root.connected) ?? this.numbers.outside(channel.callerId);
        if (phone) call.phone = phone;
        if (call.rootCode !== undefined) call.code = call.rootCode;
      }
      if (talking && call.direction) {
        call.answeredAt ??= at - channel.seconds * 1000;
        call.taken = true;
        if (code !== undefined && call.direction === 'in') call.code ??= code;
      }
      if (code !== undefined) news.push(...this.rings(call, code));
      else if (call.direction === 'out' && call.rootCode !== undefined && !call.told.includes(call.rootCode)) {
        call.told.push(call.rootCode);
        news.push(...this.news(call, [{ type: 'out', codes: [call.rootCode] }]));
      }
    }
    return news;
  }

  /** The extension that is called, `by` a channel; undefined for a line outside, and for the customer of a call placed here, though his number be short. */
  private phoneOf(call: CallState, name: string, by: string | undefined): string | undefined {
    const code = this.numbers.codeOf(name);
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

/** Up in a bridge with somebody else: the only sign of an answer when nobody saw the leg's end. */
function isTalking(channel: ListedChannel, present: readonly ListedChannel[]): boolean {
  return (
    channel.state === 'Up' &&
    channel.bridge !== undefined &&
    present.some((other) => other.id !== channel.id && other.bridge === channel.bridge)
  );
}

/** The manager who began the call. */
function ownCodeOf(call: CallState): string | undefined {
  return call.rootCode ?? call.legs.find((leg) => leg.own && leg.code)?.code;
}

/** A Local channel that began a call is taken out of it once the phones talk to each other. */
function isLocalRoot(call: CallState): boolean {
  return call.originated === true && call.rootCode === undefined;
}

function snapshotOf(call: CallState): CallSnapshot {
  return {
    externalId: call.id,
    direction: call.direction ?? 'out',
    ...(call.phone && { phone: call.phone }),
    ...(call.externalPhone && { externalPhone: call.externalPhone }),
    ...(call.code && { code: call.code }),
    startedAt: new Date(call.startedAt),
    ...(call.answeredAt !== undefined && { answeredAt: new Date(call.answeredAt) }),
    ...(call.record && { record: call.record }),
  };
}
