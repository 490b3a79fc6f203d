import type { CallUpdate, CallOutcome, CallSignal } from '#telephony/port';
import { isPlacedHere } from '#telephony/port';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { addLeg, announceCompany, answerLeg, assess, closeIdle, endLeg, makeUpdates, passOn, pairLegs, ringFor } from './call-legs.js';
import { type CallState, decideEnd, findOver, getOwnCode, isComplete, isOwnPhoneOnly, type Leg, toSnapshot } from './call-state.js';

/** Maximum number of followed calls, and of their channels: more than a PBX can have. */
const MOST_CALLS = 50_000;
const MOST_CHANNELS = 3 * MOST_CALLS;
/**
 * Milliseconds that the end of a call waits for late events: twice the spread seen within one burst. Only an
 * end waits, as the CRM takes a call once, and only while channels of the call remain.
 */
export const SETTLE_MS = 1_000;

/** The first channel of a call. */
export interface RootChannel {
  id: string;
  name: string;
  exten?: string | undefined;
  callerId?: string | undefined;
}

/**
 * The followed calls, from their first channel to their end, and the call of each channel. Methods that
 * change a call return the updates that follow. Times are in milliseconds.
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
  /** Calls whose customer has left, until the last event of their burst, oldest first. */
  private readonly ending = new Set<CallState>();
  /** When calls ended, while late events may name them. */
  private readonly ended = new Map<string, number>();
  /** Channels that outlived their call. */
  private readonly leftover = new Set<string>();

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

  /** The call of a channel. For a channel without a call, the call with this `Linkedid`. */
  findByChannel(id: string | undefined, callId?: string): CallState | undefined {
    return id === undefined ? undefined : this.get(this.callIds.get(id) ?? callId);
  }

  hasChannel(id: string): boolean {
    return this.callIds.has(id);
  }

  /** Whether a channel remains of a call that has ended. */
  isLeftover(id: string | undefined): boolean {
    return id !== undefined && this.leftover.has(id);
  }

  /** Whether a call with a `Linkedid` has just ended. */
  isEnded(callId: string): boolean {
    return this.ended.has(callId);
  }

  /** Time of the next end of a waiting call, milliseconds since 1970. Undefined if there is none. */
  get dueAt(): number | undefined {
    const [first] = this.ending;
    return first?.over && first.over.at + SETTLE_MS;
  }

  /** Ends calls that have been over for long enough. */
  settle(at: number): CallUpdate[] {
    for (const [callId, endedAt] of this.ended) {
      if (Math.abs(at - endedAt) < SETTLE_MS) break;
      this.ended.delete(callId);
    }
    const updates: CallUpdate[] = [];
    for (const call of this.ending) {
      const { over } = call;
      // A clock may be set back.
      if (over && Math.abs(at - over.at) < SETTLE_MS) break;
      this.ending.delete(call);
      delete call.over;
      // A late answer may show that the call continues.
      if (over && findOver(call, over.at) !== undefined) updates.push(...this.end(call, over.at, over.outcome));
    }
    return updates;
  }

  /** Adds calls in their last reported state (`CallUpdate.memory`). */
  restore(memories: readonly object[]): void {
    for (const memory of memories) {
      const call = structuredClone(memory) as CallState;
      if (typeof call.id !== 'string' || this.calls.has(call.id)) continue;
      // Earlier versions did not store when a leg was answered.
      for (const leg of call.legs) if (leg.state === 'answered') leg.answeredAt ??= call.answeredAt ?? call.startedAt;
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
      // The PBX itself calls someone: outgoing once an outside line is dialled.
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
    if (!isLocal(name) || !name.endsWith(';2')) return;
    (call.ends ??= {})[name.slice(0, -2)] = id;
    pairLegs(call);
  }

  /** Moves a channel into another call. A call among managers becomes part of the customer's. */
  move(id: string | undefined, into: CallState | undefined, at: number): CallUpdate[] {
    const from = this.findByChannel(id);
    const name = id === undefined ? undefined : from?.channels[id];
    if (id === undefined || !from || !into || name === undefined || from === into) return [];
    // Two calls with customers each remain one. Otherwise the managers' call becomes part of the customer's.
    if (!from.direction || !into.direction) return from.direction ? this.merge(from, into, at) : this.merge(into, from, at);
    const updates: CallUpdate[] = [];
    const leg = from.legs.find((one) => one.id === id);
    delete from.channels[id];
    if (leg) leg.state = 'over';
    if (id === from.customerId || Object.keys(from.channels).length === 0) updates.push(...this.end(from, at, 'unknown'));
    else updates.push(...makeUpdates(from, closeIdle(from)));
    return [...updates, ...this.moveIn(into, id, name, at, leg)];
  }

  /** Removes an ended channel. `outcome`: the result that the channel's cause stands for. */
  removeChannel(call: CallState, id: string, outcome: CallOutcome, at: number): CallUpdate[] {
    delete call.channels[id];
    this.callIds.delete(id);
    this.bridges.delete(id);
    if (id === call.rootId) call.rootGone ??= { at, outcome };
    const leg = call.legs.find((one) => one.id === id);
    const updates: CallUpdate[] = [];
    if (leg) leg.goneAt ??= at;
    if (leg?.state === 'ringing') updates.push(...endLeg(call, leg, outcome, at));
    if (leg?.state === 'answered') leg.state = 'over';
    const over = findOver(call, at);
    if (over !== undefined && isComplete(call)) return [...updates, ...this.end(call, call.over?.at ?? at, call.over?.outcome ?? outcome)];
    if (over !== undefined && call.over === undefined) {
      call.over = { at, outcome };
      this.ending.add(call);
    }
    if (over === undefined) passOn(call, this.bridges);
    const signals = closeIdle(call);
    return signals.length > 0 ? [...updates, ...makeUpdates(call, signals)] : updates;
  }

  /** Ends a call. `cause`: by the last channel's end, if no leg had a better one. */
  end(call: CallState, at: number, cause: CallOutcome): CallUpdate[] {
    this.ending.delete(call);
    for (const id of [call.id, ...(call.also ?? [])]) {
      this.calls.delete(id);
      this.ended.set(id, at);
    }
    for (const id of Object.keys(call.channels)) {
      this.callIds.delete(id);
      if (this.leftover.size < MOST_CHANNELS) this.leftover.add(id);
    }
    const dialled = call.dialled === true && !isOwnPhoneOnly(call);
    // Calls among managers are not reported. A requested call that never reached the customer is.
    if (!call.direction && !(call.originated && !dialled)) return [];
    call.direction ??= 'out';
    const ownCode = getOwnCode(call);
    if (call.direction === 'out' && ownCode !== undefined) call.code ??= ownCode;
    assess(call);
    const { outcome, endedAt } = decideEnd(call, findOver(call, at) ?? at, call.rootGone?.outcome ?? cause);
    const signals: CallSignal[] = call.told.length > 0 ? [{ type: 'hangup', codes: [...call.told], outcome }] : [];
    call.told = [];
    return [{ call: { ...toSnapshot(call), endedAt: new Date(endedAt), outcome }, signals }];
  }

  /** Forgets a channel that outlived its call. */
  dropLeftover(id: string | undefined): void {
    if (id !== undefined) this.leftover.delete(id);
  }

  /** The called extension, `by` a channel. Undefined for an outside line and for our call's customer. */
  findCalledCode(call: CallState, name: string, by: string | undefined, byName = ''): string | undefined {
    const code = (isLocal(byName) ? this.numbers.findCodeBehind(byName, name) : undefined) ?? this.numbers.findCode(name);
    const own = getOwnCode(call);
    // The customer's number may be as short as an extension.
    const isCustomer = isPlacedHere(call.id) && !call.direction && by === call.rootId && own !== undefined && code !== own;
    return isCustomer ? undefined : code;
  }

  private merge(call: CallState, other: CallState, at: number): CallUpdate[] {
    this.ending.delete(other);
    call.also = [...(call.also ?? []), other.id, ...(other.also ?? [])];
    for (const id of call.also) this.calls.set(id, call);
    const updates = Object.entries(other.channels).flatMap(([id, name]) => {
      const leg = other.legs.find((one) => one.id === id);
      return this.moveIn(call, id, name, at, leg);
    });
    return updates.length > 0 ? updates : makeUpdates(call, []);
  }

  private moveIn(call: CallState, id: string, name: string, at: number, before?: Leg): CallUpdate[] {
    this.join(call, id, name);
    const code = before?.code ?? this.numbers.findCode(name);
    if (!call.direction || call.legs.some((one) => one.id === id)) return [];
    if (before?.local !== undefined) addLeg(call, { ...before });
    if (code === undefined || isLocal(name)) return [];
    const leg: Leg = { id, code, state: 'ringing', ...(before?.by !== undefined && { by: before.by }) };
    addLeg(call, leg);
    if (before) {
      const updates = ringFor(call, code);
      return before.state === 'answered' ? [...updates, ...answerLeg(call, leg, at, this.bridges)] : updates;
    }
    // A manager who began a call to consult a colleague is not called. A manager who took a parked customer
    // is in a bridge with them.
    return [...answerLeg(call, leg, at, this.bridges), ...makeUpdates(call, announceCompany(call, this.bridges))];
  }
}
