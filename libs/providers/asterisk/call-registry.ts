import type { CallNews, CallOutcome, CallSignal } from '#telephony/port';
import { isPlacedHere } from '#telephony/port';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { addLeg, answerLeg, closeFor, endLeg, findHolder, isActive, makeNews, ringFor } from './call-legs.js';
import { type CallState, decideEnd, getOwnCode, isLocalRoot, type Leg, toSnapshot } from './call-state.js';

/** Calls that are followed at a time, and their channels: beyond what a PBX holds. */
const MOST_CALLS = 50_000;
const MOST_CHANNELS = 3 * MOST_CALLS;

/** The first channel of a call. */
export interface RootChannel {
  id: string;
  name: string;
  exten?: string | undefined;
  callerId?: string | undefined;
}

/**
 * The calls that are followed, from their first channel to their end, and which channels are in which call.
 * Methods that change a call return the news that follow; times are in milliseconds.
 */
export class CallRegistry {
  /** Which bridge a channel is in. */
  readonly bridges = new Map<string, string>();
  /** Calls that are not followed, as there are too many, since it was last set to 0. */
  refused = 0;
  /** By each `Linkedid` that a call has. */
  private readonly calls = new Map<string, CallState>();
  /** The call's id by its channels'. */
  private readonly callIds = new Map<string, string>();

  /** `most`: calls that are followed at a time. */
  constructor(
    readonly numbers: AsteriskNumbers,
    private readonly most = MOST_CALLS,
  ) {}

  /** Whether no more calls are followed. */
  get isFull(): boolean {
    return this.calls.size >= this.most;
  }

  /** The calls, each once. */
  list(): Set<CallState> {
    return new Set(this.calls.values());
  }

  /** The call with a `Linkedid`. */
  get(callId: string | undefined): CallState | undefined {
    return callId === undefined ? undefined : this.calls.get(callId);
  }

  /** The call of a channel; of a channel that is in none, the call with this `Linkedid`. */
  findByChannel(id: string | undefined, callId?: string): CallState | undefined {
    return id === undefined ? undefined : this.get(this.callIds.get(id) ?? callId);
  }

  hasChannel(id: string): boolean {
    return this.callIds.has(id);
  }

  /** Adds calls as they were when they were last reported (`CallNews.memory`). */
  restore(memories: readonly object[]): void {
    for (const memory of memories) {
      const call = structuredClone(memory) as CallState;
      if (typeof call.id !== 'string' || this.calls.has(call.id)) continue;
      for (const id of [call.id, ...(call.also ?? [])]) this.calls.set(id, call);
      for (const id of Object.keys(call.channels)) this.callIds.set(id, call.id);
    }
  }

  /** Begins a call with its first channel: from outside, from an internal phone, or by the PBX itself. */
  begin(callId: string, root: RootChannel, at: number): CallState {
    // Only internal phones dial `*8`.
    const isPhone = root.exten?.startsWith('*') === true;
    const rootCode = isPhone ? this.numbers.getPhoneCode(root.name, root.callerId) : this.numbers.findCode(root.name);
    const call: CallState = { id: callId, rootId: root.id, startedAt: at, legs: [], told: [], channels: {} };
    if (rootCode !== undefined) {
      call.rootCode = rootCode;
      const phone = this.numbers.readOutsideNumber(root.exten);
      if (phone) call.phone = phone;
    } else if (isLocal(root.name)) {
      // The PBX itself calls somebody: outgoing once an outside line is dialled.
      call.originated = true;
    } else {
      call.direction = 'in';
      call.customerId = root.id;
      const externalPhone = this.numbers.readOutsideNumber(root.exten);
      if (root.callerId) call.phone = root.callerId;
      if (externalPhone) call.externalPhone = externalPhone;
    }
    this.calls.set(callId, call);
    return call;
  }

  /** Puts a channel into a call. */
  join(call: CallState, id: string, name: string): void {
    if (this.callIds.size >= MOST_CHANNELS && !this.callIds.has(id)) return;
    call.channels[id] = name;
    this.callIds.set(id, call.id);
  }

  /** Moves a channel into another call; a call among managers becomes part of the customer's. */
  move(id: string | undefined, into: CallState | undefined, at: number): CallNews[] {
    const from = this.findByChannel(id);
    const name = id === undefined ? undefined : from?.channels[id];
    if (id === undefined || !from || !into || name === undefined || from === into) return [];
    // Of two calls with customers each remains one; else the managers' call becomes part of the customer's.
    if (!from.direction || !into.direction) return from.direction ? this.merge(from, into, at) : this.merge(into, from, at);
    const news: CallNews[] = [];
    const leg = from.legs.find((one) => one.id === id);
    delete from.channels[id];
    if (id === from.customerId || Object.keys(from.channels).length === 0) news.push(...this.end(from, at, 'unknown'));
    return [...news, ...this.moveIn(into, id, name, at, leg)];
  }

  /** Removes an ended channel; ends the call when nobody is left to talk. */
  removeChannel(call: CallState, id: string, outcome: CallOutcome, at: number): CallNews[] {
    delete call.channels[id];
    this.callIds.delete(id);
    this.bridges.delete(id);
    const leg = call.legs.find((one) => one.id === id);
    const news: CallNews[] = [];
    if (leg?.state === 'ringing') news.push(...endLeg(call, leg, outcome, at));
    if (leg?.state === 'answered') {
      leg.state = 'over';
      if (leg.code !== undefined && !leg.own && call.direction && !isActive(call, leg.code) && id !== call.customerId) {
        const signals = closeFor(call, leg.code, 'answered');
        if (signals.length > 0) news.push(...makeNews(call, signals));
      }
    }
    // The call is over when the customer has left it; before anyone answered also when the manager gives up.
    const over =
      Object.keys(call.channels).length === 0 ||
      (id === call.customerId && (call.direction === 'in' || call.answeredAt !== undefined)) ||
      (id === call.rootId && call.direction === 'out' && call.answeredAt === undefined && !isLocalRoot(call));
    if (over) return [...news, ...this.end(call, at, outcome)];
    findHolder(call, this.bridges);
    if (id === call.rootId && call.direction === 'out' && call.rootCode !== undefined && !isActive(call, call.rootCode)) {
      // The manager handed his customer on to somebody.
      const signals = closeFor(call, call.rootCode, 'answered');
      if (signals.length > 0) news.push(...makeNews(call, signals));
    }
    return news;
  }

  /** Ends a call. `cause`: what the last channel's end says, where no leg said more. */
  end(call: CallState, at: number, cause: CallOutcome): CallNews[] {
    for (const id of [call.id, ...(call.also ?? [])]) this.calls.delete(id);
    for (const id of Object.keys(call.channels)) this.callIds.delete(id);
    const dialled = call.dialled === true;
    // Calls among managers are not reported; one that was placed on order and never got to the customer is.
    if (!call.direction && !(call.originated && !dialled)) return [];
    call.direction ??= 'out';
    const ownCode = getOwnCode(call);
    if (call.direction === 'out' && ownCode !== undefined) call.code ??= ownCode;
    const { outcome, endedAt } = decideEnd(call, at, cause);
    // A talk outside belongs to no extension.
    const told = call.elsewhereAt !== undefined && outcome === 'answered' ? 'cancelled' : outcome;
    const signals: CallSignal[] = call.told.length > 0 ? [{ type: 'hangup', codes: [...call.told], outcome: told }] : [];
    call.told = [];
    return [{ call: { ...toSnapshot(call), endedAt: new Date(endedAt), outcome }, signals }];
  }

  /**
   * The extension that is called, `by` a channel; undefined for an outside line and for our call's customer.
   */
  findCalledCode(call: CallState, name: string, by: string | undefined, byName = ''): string | undefined {
    const code = (isLocal(byName) ? this.numbers.findCodeBehind(byName, name) : undefined) ?? this.numbers.findCode(name);
    const own = getOwnCode(call);
    // The customer's number may be as short as an extension.
    const isCustomer = isPlacedHere(call.id) && !call.direction && by === call.rootId && own !== undefined && code !== own;
    return isCustomer ? undefined : code;
  }

  private merge(call: CallState, other: CallState, at: number): CallNews[] {
    call.also = [...(call.also ?? []), other.id, ...(other.also ?? [])];
    for (const id of call.also) this.calls.set(id, call);
    const news = Object.entries(other.channels).flatMap(([id, name]) => {
      const leg = other.legs.find((one) => one.id === id);
      return this.moveIn(call, id, name, at, leg);
    });
    return news.length > 0 ? news : makeNews(call, []);
  }

  private moveIn(call: CallState, id: string, name: string, at: number, before?: Leg): CallNews[] {
    this.join(call, id, name);
    const code = before?.code ?? this.numbers.findCode(name);
    if (code === undefined || !call.direction || call.legs.some((one) => one.id === id)) return [];
    const leg: Leg = { id, code, state: 'ringing' };
    addLeg(call, leg);
    const news = ringFor(call, code);
    return before && before.state !== 'answered' ? news : [...news, ...answerLeg(call, leg, at, this.bridges)];
  }
}
