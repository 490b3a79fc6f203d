import { type CallUpdate, isPlacedHere } from '#telephony/port';
import { isLocal } from './asterisk.numbers.js';
import { addLeg, announce, answerLeg, findHolder, makeUpdates, ringFor } from './call-legs.js';
import type { CallRegistry } from './call-registry.js';
import { boundEnd, type CallState, getOwnCode, isLocalRoot, type Leg, type TrackedUpdate } from './call-state.js';
import { isTalking, type ListedChannel } from './channel-list.js';

/** If events were missed for longer than this, an ended call's length cannot be guessed. */
const MOST_GUESSED_MS = 600_000;

/**
 * Reconciles calls with present channels after missed events, complete until `lastSeen`. Calls without
 * channels have ended (after long as `unknown`); new calls are tracked from now.
 */
export function catchUp(registry: CallRegistry, channels: readonly ListedChannel[], now: Date, lastSeen: Date): TrackedUpdate[] {
  const byCall = new Map<string, ListedChannel[]>();
  registry.bridges.clear();
  for (const channel of channels) {
    if (channel.bridge) registry.bridges.set(channel.id, channel.bridge);
    const call = registry.get(channel.call)?.id ?? channel.call;
    byCall.set(call, [...(byCall.get(call) ?? []), channel]);
  }
  const updates: TrackedUpdate[] = [];
  for (const call of registry.list()) {
    const present = byCall.get(call.id) ?? [];
    byCall.delete(call.id);
    const unheard = present.length === 0 ? boundEnd(call, lastSeen.getTime(), now.getTime()) : undefined;
    for (const one of updateCall(registry, call, present, now.getTime(), lastSeen.getTime()))
      updates.push(one.call.endedAt && unheard ? { ...one, unheard } : one);
  }
  for (const present of byCall.values()) updates.push(...addCall(registry, present, now.getTime()));
  return updates;
}

function updateCall(
  registry: CallRegistry,
  call: CallState,
  present: readonly ListedChannel[],
  at: number,
  lastSeen: number,
): CallUpdate[] {
  const alive = new Set(present.map((channel) => channel.id));
  for (const channel of present) registry.join(call, channel.id, channel.name);
  const updates: CallUpdate[] = [];
  for (const channel of present) {
    const leg = call.legs.find((one) => one.id === channel.id);
    if (!leg) updates.push(...addPresentLeg(registry, call, channel, present, at));
    // It may have been answered at any time since, but not before its channel was made.
    else if (leg.state === 'ringing' && isTalking(channel, present))
      updates.push(...answerLeg(call, leg, Math.max(lastSeen, at - channel.seconds * 1000), registry.bridges));
  }
  findHolder(call, registry.bridges);
  const lost = alive.size === 0 && at - lastSeen > MOST_GUESSED_MS;
  const ended = lost ? lastSeen : at;
  if (lost) call.lost = true;
  for (const id of Object.keys(call.channels)) {
    if (alive.has(id) || !registry.get(call.id)) continue;
    updates.push(...registry.removeChannel(call, id, 'unknown', ended));
  }
  // A call may also be remembered without a channel.
  if (registry.get(call.id) && alive.size === 0) updates.push(...registry.end(call, ended, 'unknown'));
  return updates;
}

/** Tracks a call that began while events were missed. Its first channel may be gone. */
function addCall(registry: CallRegistry, present: readonly ListedChannel[], at: number): CallUpdate[] {
  const talking = present.filter((one) => !isLocal(one.name) && isTalking(one, present));
  const [oldest] = talking.sort((left, right) => right.seconds - left.seconds);
  const root = present.find((channel) => channel.id === channel.call) ?? oldest;
  if (root && registry.isFull) registry.refused++;
  if (!root || registry.isFull) return [];
  const call = registry.begin(root.call, root, at - root.seconds * 1000);
  if (call.direction && isPlacedHere(call.id)) call.direction = 'out';
  for (const channel of present) registry.join(call, channel.id, channel.name);
  const updates: CallUpdate[] = call.direction === 'in' ? makeUpdates(call, []) : [];
  for (const channel of present) updates.push(...addPresentLeg(registry, call, channel, present, at));
  return updates;
}

/** Adds a phone or line that was called while events were missed. */
function addPresentLeg(
  registry: CallRegistry,
  call: CallState,
  channel: ListedChannel,
  present: readonly ListedChannel[],
  at: number,
): CallUpdate[] {
  const talks = isTalking(channel, present);
  if (channel.id === call.rootId || isLocal(channel.name)) return [];
  if (!talks && channel.state !== 'Ringing' && channel.state !== 'Ring') return [];
  const root = present.find((one) => one.id === call.rootId);
  const code = registry.findCalledCode(call, channel.name, isLocalRoot(call) ? undefined : call.rootId);
  const leg: Leg = { id: channel.id, state: 'ringing', ...(code !== undefined && { code }) };
  addLeg(call, leg);
  const updates: CallUpdate[] = [];
  if (code === undefined && !call.direction) {
    call.direction = 'out';
    call.customerId = channel.id;
    const { numbers } = registry;
    const phone = call.phone ?? numbers.readOutsideNumber(root?.connected) ?? numbers.readOutsideNumber(channel.callerId);
    if (phone) call.phone = phone;
    const own = getOwnCode(call);
    if (own !== undefined) call.code = own;
    updates.push(...makeUpdates(call, own === undefined ? [] : announce(call, own)));
  } else if (code !== undefined) updates.push(...ringFor(call, code));
  return talks ? [...updates, ...answerLeg(call, leg, at - channel.seconds * 1000, registry.bridges)] : updates;
}
