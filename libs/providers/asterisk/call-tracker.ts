import type { CallUpdate } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { readCauseOutcome, readDialOutcome } from './asterisk.outcomes.js';
import {
  addLeg,
  announceCompany,
  answerLeg,
  assess,
  dialOut,
  endLeg,
  explainEnd,
  findHolder,
  makeUpdates,
  pairLegs,
  passOn,
  ringFor,
} from './call-legs.js';
import { CallRegistry } from './call-registry.js';
import type { CallState, Leg, TrackedUpdate } from './call-state.js';
import { catchUp } from './catch-up.js';
import { type ListedChannel, optional } from './channel-list.js';
import { EarlyEvents, type HeldEvent } from './early-events.js';

/**
 * Builds calls from Asterisk's events by `Linkedid`. The events of one channel arrive in order. Events of
 * different channels arrive in any order: each adds a fact, and the result follows from all facts of a call.
 * Only the end of a dialled leg (`DialEnd`) shows an answer. A channel that is up does not.
 */
export class CallTracker {
  private readonly registry: CallRegistry;
  private readonly early: EarlyEvents;

  /** `most`: calls that are followed at a time. */
  constructor(
    private readonly numbers: AsteriskNumbers,
    most?: number,
  ) {
    this.registry = new CallRegistry(numbers, most);
    this.early = new EarlyEvents(this.registry);
  }

  /** Restores calls that were reported before (`CallUpdate.memory`). */
  restore(memories: readonly object[]): void {
    this.registry.restore(memories);
  }

  /** Whether no more calls are followed. */
  get isFull(): boolean {
    return this.registry.isFull;
  }

  /**
   * Number of calls that were not followed because there were too many, since the last call of this method.
   */
  takeRefused(): number {
    const { refused } = this.registry;
    this.registry.refused = 0;
    return refused;
  }

  /** Whether the file of a call's recording is still unknown. */
  lacksRecord(callId: string): boolean {
    const call = this.registry.get(callId);
    return call !== undefined && call.record === undefined;
  }

  /** Updates the calls to match the existing channels after a silence. See `catchUp`. */
  reconcile(channels: readonly ListedChannel[], now: Date, lastSeen: Date): TrackedUpdate[] {
    return catchUp(this.registry, channels, now, lastSeen);
  }

  /** When `settle` has something to do, milliseconds since 1970. Undefined if not before the next event. */
  get dueAt(): number | undefined {
    const times = [this.registry.dueAt, this.early.dueAt].filter((time) => time !== undefined);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Processes an event. Returns the updates that follow from it. */
  apply(event: AmiMessage, now: Date): CallUpdate[] {
    const updates = this.settle(now);
    if (this.early.holdBack(event, now.getTime())) return updates;
    updates.push(...this.take(event, now.getTime()));
    return [...updates, ...this.takeHeld(this.early.release(event))];
  }

  /** Decides the calls that waited for late events. Returns the updates that follow. */
  settle(now: Date): CallUpdate[] {
    const at = now.getTime();
    return [...this.takeHeld(this.early.releaseOld(at)), ...this.registry.settle(at)];
  }

  private takeHeld(held: readonly HeldEvent[]): CallUpdate[] {
    return held.flatMap(({ event, at }) => this.take(event, at));
  }

  private take(event: AmiMessage, at: number): CallUpdate[] {
    switch (event.get('Event')) {
      case 'Newchannel':
        return this.applyNewChannel(event, at);
      case 'DialBegin':
        return this.applyDialBegin(event, at);
      case 'DialEnd':
        return this.applyDialEnd(event, at);
      case 'HangupRequest':
        return this.applyHangupRequest(event);
      case 'Hangup':
        return this.applyHangup(event, at);
      case 'Pickup':
        return this.applyPickup(event, at);
      case 'AttendedTransfer':
        return this.applyAttendedTransfer(event, at);
      case 'VarSet':
        return event.get('Variable') === 'MIXMONITOR_FILENAME' ? this.setRecord(event, event.get('Value'), new Date(at)) : [];
      case 'BridgeEnter':
        return this.applyBridgeEnter(event, at);
      case 'BridgeLeave':
        return this.applyBridgeLeave(event, at);
      case 'NewConnectedLine':
      case 'Newstate':
        return this.followChannel(event, at);
      default:
        return [];
    }
  }

  /** Stores the file that a call is recorded to, since an event of the recorded channel. */
  setRecord(event: AmiMessage, file: string | undefined, now: Date): CallUpdate[] {
    const call = this.registry.get(event.get('Linkedid'));
    if (!call || !file || call.record) return [];
    call.record = file;
    call.recordFrom = { at: now.getTime(), up: event.get('ChannelStateDesc') === 'Up' };
    return makeUpdates(call, []);
  }

  private applyNewChannel(event: AmiMessage, at: number): CallUpdate[] {
    const { registry } = this;
    const [id, callId, name] = [event.get('Uniqueid'), event.get('Linkedid'), event.get('Channel')];
    if (!id || !callId || !name || registry.hasChannel(id)) return this.followChannel(event, at);
    const known = registry.get(callId);
    if (!known && registry.isFull) {
      if (id === callId) registry.refused++;
      return [];
    }
    const call = known ?? registry.begin(callId, { id, name, exten: event.get('Exten'), callerId: event.get('CallerIDNum') }, at);
    registry.join(call, id, name);
    // Tracked from the first event, so that an incoming call at which no phone rang is not lost.
    return known || call.direction !== 'in' ? [] : makeUpdates(call, []);
  }

  private applyDialBegin(event: AmiMessage, at: number): CallUpdate[] {
    const { registry } = this;
    const [id, name] = [event.get('DestUniqueid'), event.get('DestChannel')];
    const callId = event.get('Linkedid') ?? event.get('DestLinkedid');
    if (!id || !name || !callId || (registry.isFull && !registry.get(callId))) return [];
    const call =
      registry.get(callId) ?? registry.begin(callId, { id: event.get('Uniqueid') ?? id, name: event.get('Channel') ?? name }, at);
    registry.join(call, id, name);
    if (call.legs.some((leg) => leg.id === id)) return [];
    const [by, byName] = [event.get('Uniqueid'), event.get('Channel')];
    const code = registry.findCalledCode(call, name, by, byName);
    const ends: Partial<Leg> = { ...optional('by', by), ...optional('local', readFirstEnd(name)) };
    if (id === call.rootId && !byName) {
      call.originated = true;
      if (code !== undefined || isLocal(name)) {
        call.legs.push({ id, state: 'ringing', own: true, ...ends, ...optional('code', code) });
        pairLegs(call);
        return [];
      }
      // Another program has the PBX call the customer first. The line looked like an incoming call.
      delete call.direction;
      delete call.externalPhone;
    }
    if (call.direction === 'in' && by === call.rootId && event.get('CallerIDNum')) call.phone = event.get('CallerIDNum') ?? '';
    addLeg(call, { id, state: 'ringing', ...ends, ...(code !== undefined && { code }) });
    if (ends.local !== undefined) return makeUpdates(call, []);
    if (code !== undefined) return ringFor(call, code);
    return call.direction === 'in' ? makeUpdates(call, []) : dialOut(call, event, this.numbers);
  }

  private applyDialEnd(event: AmiMessage, at: number): CallUpdate[] {
    const { registry } = this;
    const [id, status] = [event.get('DestUniqueid'), event.get('DialStatus')];
    const updates: CallUpdate[] = [];
    if (status === 'ANSWER') updates.push(...this.takePicker(event, at));
    const call = registry.findByChannel(id, event.get('DestLinkedid'));
    const leg = call?.legs.find((one) => one.id === id);
    if (!call || !leg || leg.state !== 'ringing') return updates;
    const outcome = readDialOutcome(status, leg.cause);
    if (outcome === 'answered') return [...updates, ...answerLeg(call, leg, at, registry.bridges)];
    if (status !== undefined) leg.status = status;
    return [...updates, ...endLeg(call, leg, outcome, at)];
  }

  /** A phone that was not dialled answers: it picked the call up, and its `Pickup` may arrive later. */
  private takePicker(event: AmiMessage, at: number): CallUpdate[] {
    const { registry } = this;
    const [by, id, name] = [event.get('Uniqueid'), event.get('DestUniqueid'), event.get('DestChannel')];
    const call = registry.findByChannel(by, event.get('Linkedid'));
    if (!call || by === undefined || !id || !name || call.legs.some((one) => one.id === id)) return [];
    const own = registry.findByChannel(id);
    if (own === call) return [];
    return this.joinPicker(call, { id, by, ...optional('code', own?.rootCode ?? this.numbers.findCode(name)) }, name, at);
  }

  private joinPicker(call: CallState, picker: Omit<Leg, 'state'>, name: string, at: number): CallUpdate[] {
    const { registry } = this;
    const own = registry.findByChannel(picker.id);
    const updates = own && own !== call ? registry.end(own, at, 'cancelled') : [];
    registry.join(call, picker.id, name);
    addLeg(call, { ...picker, state: 'ringing' });
    return picker.code === undefined ? updates : [...updates, ...ringFor(call, picker.code)];
  }

  /** Stores why a channel will hang up, before Dial reports how its leg ended. */
  private applyHangupRequest(event: AmiMessage): CallUpdate[] {
    const id = event.get('Uniqueid');
    const leg = this.registry.findByChannel(id)?.legs.find((one) => one.id === id);
    const cause = event.get('Cause');
    if (leg && cause !== undefined) leg.cause ??= cause;
    return [];
  }

  private applyHangup(event: AmiMessage, at: number): CallUpdate[] {
    const id = event.get('Uniqueid');
    this.registry.dropLeftover(id);
    const call = this.registry.findByChannel(id, event.get('Linkedid'));
    if (!call || id === undefined) return [];
    const leg = call.legs.find((one) => one.id === id);
    if (leg) explainEnd(call, leg, event.get('Cause'));
    return this.registry.removeChannel(call, id, readCauseOutcome(leg?.cause ?? event.get('Cause')), at);
  }

  /**
   * A phone picks up a call ringing elsewhere: its channel leaves its own call and replaces the other one.
   * The `DialEnd` of the call may have shown the phone before.
   */
  private applyPickup(event: AmiMessage, at: number): CallUpdate[] {
    const { registry } = this;
    const [id, name, target] = [event.get('Uniqueid'), event.get('Channel'), event.get('TargetUniqueid') ?? ''];
    const call = registry.findByChannel(target, event.get('TargetLinkedid'));
    if (!call || !id || !name) return [];
    const rang = call.legs.find((one) => one.id === target);
    const updates = rang?.state === 'ringing' ? endLeg(call, rang, 'cancelled', at) : [];
    const code = this.numbers.getPhoneCode(name, event.get('CallerIDNum'));
    const leg = call.legs.find((one) => one.id === id);
    if (!leg) return [...updates, ...this.joinPicker(call, { id, code, ...optional('by', rang?.by) }, name, at)];
    if (leg.code !== undefined) return updates;
    // A phone that no setting lists looked like a line outside.
    leg.code = code;
    delete call.elsewhereAt;
    assess(call);
    findHolder(call, registry.bridges);
    return [...updates, ...ringFor(call, code)];
  }

  /** The events of the channels may not show that they are in another call now. This one does. */
  private applyAttendedTransfer(event: AmiMessage, at: number): CallUpdate[] {
    const [id, other] = [event.get('TransferTargetUniqueid'), event.get('TransfereeUniqueid')];
    if (event.get('Result') !== 'Success') return [];
    return this.registry.move(id, this.registry.findByChannel(other), at);
  }

  /** Channels that talk in one bridge are in one call, whatever call each began, also after being parked. */
  private applyBridgeEnter(event: AmiMessage, at: number): CallUpdate[] {
    const { registry } = this;
    const [id, bridge] = [event.get('Uniqueid'), event.get('BridgeUniqueid')];
    const updates = this.followChannel(event, at);
    // Channels in a parking lot do not hear each other.
    if (id === undefined || bridge === undefined || event.get('BridgeType') === 'parking' || event.get('BridgeType') === 'holding')
      return updates;
    const call = registry.findByChannel(id);
    if (!call) return updates;
    registry.bridges.set(id, bridge);
    for (const [other, its] of registry.bridges) {
      const company = registry.findByChannel(other);
      if (its !== bridge || !company || company === call || (company.direction && call.direction)) continue;
      updates.push(...registry.move(id, company, at));
      break;
    }
    const joined = registry.findByChannel(id);
    if (!joined) return updates;
    findHolder(joined, registry.bridges);
    const signals = announceCompany(joined, registry.bridges);
    return signals.length > 0 ? [...updates, ...makeUpdates(joined, signals)] : updates;
  }

  private applyBridgeLeave(event: AmiMessage, at: number): CallUpdate[] {
    const updates = this.followChannel(event, at);
    const id = event.get('Uniqueid') ?? '';
    this.registry.bridges.delete(id);
    const call = this.registry.findByChannel(id);
    if (call) passOn(call, this.registry.bridges);
    return updates;
  }

  /** Moves a channel whose `Linkedid` is another call's now: an attended transfer joins two. */
  private followChannel(event: AmiMessage, at: number): CallUpdate[] {
    return this.registry.move(event.get('Uniqueid'), this.registry.get(event.get('Linkedid')), at);
  }
}

/** Name of a Local channel's pair, from its first end. Undefined for any other channel. */
function readFirstEnd(name: string): string | undefined {
  return isLocal(name) && name.endsWith(';1') ? name.slice(0, -2) : undefined;
}
