import type { CallNews } from '#telephony/port';
import type { AmiMessage } from './ami.message.js';
import { type AsteriskNumbers, isLocal } from './asterisk.numbers.js';
import { readCauseOutcome, readDialOutcome } from './asterisk.outcomes.js';
import { addLeg, answerLeg, dialOut, endLeg, findHolder, isTakenElsewhere, makeNews, ringFor } from './call-legs.js';
import { CallRegistry } from './call-registry.js';
import type { TrackedNews } from './call-state.js';
import { catchUp } from './catch-up.js';
import type { ListedChannel } from './channel-list.js';

/**
 * Builds calls from Asterisk's events, in order with arrival times, by `Linkedid`. Only the end of a dialled
 * leg (`DialEnd`) shows that somebody answered; a channel being up does not.
 */
export class CallTracker {
  private readonly registry: CallRegistry;

  /** `most`: calls that are followed at a time. */
  constructor(
    private readonly numbers: AsteriskNumbers,
    most?: number,
  ) {
    this.registry = new CallRegistry(numbers, most);
  }

  /** Restores calls that were reported before (`CallNews.memory`). */
  restore(memories: readonly object[]): void {
    this.registry.restore(memories);
  }

  /** Whether no more calls are followed. */
  get isFull(): boolean {
    return this.registry.isFull;
  }

  /** How many calls were not followed, as there were too many, since this was last asked. */
  takeRefused(): number {
    const { refused } = this.registry;
    this.registry.refused = 0;
    return refused;
  }

  /** Whether it is still to be found out where a call is recorded to. */
  lacksRecord(callId: string): boolean {
    const call = this.registry.get(callId);
    return call !== undefined && call.record === undefined;
  }

  /** Makes the calls fit the channels that there are after a silence; see `catchUp`. */
  reconcile(channels: readonly ListedChannel[], now: Date, lastSeen: Date): TrackedNews[] {
    return catchUp(this.registry, channels, now, lastSeen);
  }

  /** Takes an event; returns the news that follow from it. */
  apply(event: AmiMessage, now: Date): CallNews[] {
    const at = now.getTime();
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
        return event.get('Variable') === 'MIXMONITOR_FILENAME' ? this.setRecord(event, event.get('Value'), now) : [];
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
  setRecord(event: AmiMessage, file: string | undefined, now: Date): CallNews[] {
    const call = this.registry.get(event.get('Linkedid'));
    if (!call || !file || call.record) return [];
    call.record = file;
    call.recordFrom = { at: now.getTime(), up: event.get('ChannelStateDesc') === 'Up' };
    return makeNews(call, []);
  }

  private applyNewChannel(event: AmiMessage, at: number): CallNews[] {
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
    return known || call.direction !== 'in' ? [] : makeNews(call, []);
  }

  private applyDialBegin(event: AmiMessage, at: number): CallNews[] {
    const { registry } = this;
    const [id, name] = [event.get('DestUniqueid'), event.get('DestChannel')];
    const callId = event.get('Linkedid') ?? event.get('DestLinkedid');
    if (!id || !name || !callId || (registry.isFull && !registry.get(callId))) return [];
    const call =
      registry.get(callId) ?? registry.begin(callId, { id: event.get('Uniqueid') ?? id, name: event.get('Channel') ?? name }, at);
    registry.join(call, id, name);
    if (call.legs.some((leg) => leg.id === id)) return [];
    const code = registry.findCalledCode(call, name, event.get('Uniqueid'), event.get('Channel'));
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
    if (call.direction === 'in') return makeNews(call, []);
    return dialOut(call, id, event, this.numbers);
  }

  private applyDialEnd(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('DestUniqueid');
    const call = this.registry.findByChannel(id, event.get('DestLinkedid'));
    const leg = call?.legs.find((one) => one.id === id);
    if (!call || !leg || leg.state !== 'ringing') return [];
    const status = event.get('DialStatus');
    const outcome = readDialOutcome(status, leg.cause);
    if (outcome === 'answered' && isTakenElsewhere(call, leg)) return endLeg(call, leg, 'cancelled', at);
    if (outcome === 'answered') return answerLeg(call, leg, at, this.registry.bridges);
    if (status !== undefined) leg.status = status;
    return endLeg(call, leg, outcome, at);
  }

  /** Says why a channel will hang up, before Dial says how its leg ended. */
  private applyHangupRequest(event: AmiMessage): CallNews[] {
    const id = event.get('Uniqueid');
    const leg = this.registry.findByChannel(id)?.legs.find((one) => one.id === id);
    const cause = event.get('Cause');
    if (leg && cause !== undefined) leg.cause ??= cause;
    return [];
  }

  private applyHangup(event: AmiMessage, at: number): CallNews[] {
    const id = event.get('Uniqueid');
    const call = this.registry.findByChannel(id, event.get('Linkedid'));
    if (!call || id === undefined) return [];
    const cause = event.get('Cause');
    const leg = call.legs.find((one) => one.id === id);
    if (leg?.state === 'over' && cause !== undefined) {
      // The cause may come with the end only.
      const outcome = readDialOutcome(leg.status, cause);
      if (leg.status !== undefined && call.last === leg.outcome) call.last = outcome;
      if (leg.status !== undefined) leg.outcome = outcome;
    }
    return this.registry.removeChannel(call, id, readCauseOutcome(leg?.cause ?? cause), at);
  }

  /**
   * A phone picks up a call ringing elsewhere: its channel, so far a call of its own, replaces the other's.
   */
  private applyPickup(event: AmiMessage, at: number): CallNews[] {
    const { registry } = this;
    const [id, name, target] = [event.get('Uniqueid'), event.get('Channel'), event.get('TargetUniqueid') ?? ''];
    const call = registry.findByChannel(target, event.get('TargetLinkedid'));
    if (!call || !id || !name || call.legs.some((one) => one.id === id)) return [];
    const rang = call.legs.find((one) => one.id === target);
    const news = rang?.state === 'ringing' ? endLeg(call, rang, 'cancelled', at) : [];
    const own = registry.findByChannel(id);
    if (own && own !== call) news.push(...registry.end(own, at, 'cancelled'));
    const code = this.numbers.getPhoneCode(name, event.get('CallerIDNum'));
    registry.join(call, id, name);
    addLeg(call, { id, code, state: 'ringing' });
    return [...news, ...ringFor(call, code)];
  }

  /** The events of the channels may not say that they are in another call now: this one does. */
  private applyAttendedTransfer(event: AmiMessage, at: number): CallNews[] {
    const [id, other] = [event.get('TransferTargetUniqueid'), event.get('TransfereeUniqueid')];
    if (event.get('Result') !== 'Success') return [];
    return this.registry.move(id, this.registry.findByChannel(other), at);
  }

  /** Channels that talk in one bridge are in one call, whatever call each began, also after being parked. */
  private applyBridgeEnter(event: AmiMessage, at: number): CallNews[] {
    const { registry } = this;
    const [id, bridge] = [event.get('Uniqueid'), event.get('BridgeUniqueid')];
    const news = this.followChannel(event, at);
    // Channels in a parking lot do not hear each other.
    if (id === undefined || bridge === undefined || event.get('BridgeType') === 'parking' || event.get('BridgeType') === 'holding')
      return news;
    const call = registry.findByChannel(id);
    if (!call) return news;
    registry.bridges.set(id, bridge);
    for (const [other, its] of registry.bridges) {
      const company = registry.findByChannel(other);
      if (its !== bridge || !company || company === call || (company.direction && call.direction)) continue;
      news.push(...registry.move(id, company, at));
      break;
    }
    const joined = registry.findByChannel(id);
    if (joined) findHolder(joined, registry.bridges);
    return news;
  }

  private applyBridgeLeave(event: AmiMessage, at: number): CallNews[] {
    const news = this.followChannel(event, at);
    const id = event.get('Uniqueid') ?? '';
    this.registry.bridges.delete(id);
    const call = this.registry.findByChannel(id);
    if (call) findHolder(call, this.registry.bridges);
    return news;
  }

  /** Moves a channel whose `Linkedid` is another call's now: an attended transfer joins two. */
  private followChannel(event: AmiMessage, at: number): CallNews[] {
    return this.registry.move(event.get('Uniqueid'), this.registry.get(event.get('Linkedid')), at);
  }
}
