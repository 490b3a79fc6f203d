import type { Recorded } from './recorded-scenes.js';

/** A channel of a scripted scene. */
export interface ScriptedChannel {
  name: string;
  id: string;
  /** Its `Linkedid`, which a transfer changes. */
  call: string;
  state: string;
  from: string;
  exten: string;
}

/** Writes scenes as an Asterisk 22 would send them: with the fields and the order of the recordings. */
export class Script {
  readonly events: Recorded[] = [];
  private ms = 0;
  private channels = 0;
  private bridges = 0;

  /** Lets time pass. The events between two waits are one millisecond apart. */
  wait(ms: number): this {
    this.ms += ms;
    return this;
  }

  /** A channel that calls the PBX, or (`Down`) is called; `of`: the channel whose call it is in. */
  channel(
    peer: string,
    options: { of?: ScriptedChannel; from?: string; exten?: string; id?: string; state?: string } = {},
  ): ScriptedChannel {
    const number = ++this.channels;
    const id = options.id ?? `1700000000.${number}`;
    const suffix = /[;@]/.test(peer) ? '' : `-0000000${number.toString(16)}`;
    const state = options.state ?? (options.of ? 'Down' : 'Ring');
    const channel = { name: peer + suffix, id, call: options.of?.call ?? id, state, from: options.from ?? '', exten: options.exten ?? 's' };
    this.send('Newchannel', show(channel));
    return channel;
  }

  /** The two ends of a Local channel that rings an extension. */
  local(exten: string, of: ScriptedChannel): [ScriptedChannel, ScriptedChannel] {
    const peer = `Local/${exten}@from-internal-0000000${++this.channels}`;
    return [this.channel(`${peer};1`, { of, exten }), this.channel(`${peer};2`, { of, exten, state: 'Ring' })];
  }

  dial(by: ScriptedChannel | undefined, to: ScriptedChannel, dialled = ''): void {
    this.send('DialBegin', { ...(by && show(by)), ...show(to, 'Dest'), DialString: dialled });
    if (!to.name.startsWith('Local/')) this.state(to, 'Ringing');
  }

  /** A phone is taken. */
  answer(by: ScriptedChannel | undefined, to: ScriptedChannel): void {
    this.state(to, 'Up');
    this.send('DialEnd', { ...(by && show(by)), ...show(to, 'Dest'), DialStatus: 'ANSWER' });
    if (by) this.state(by, 'Up');
  }

  /** A leg ends unanswered; `cause`: its phone refused. */
  end(by: ScriptedChannel | undefined, to: ScriptedChannel, status: string, cause?: number): void {
    if (cause !== undefined) this.send('HangupRequest', { ...show(to), Cause: cause });
    this.send('DialEnd', { ...(by && show(by)), ...show(to, 'Dest'), DialStatus: status });
  }

  hangup(cause: number, ...channels: ScriptedChannel[]): void {
    for (const channel of channels) this.send('Hangup', { ...show(channel), Cause: cause });
  }

  /** A new bridge. */
  bridge(...channels: ScriptedChannel[]): string {
    const bridge = `b${++this.bridges}`;
    this.enter(bridge, ...channels);
    return bridge;
  }

  enter(bridge: string, ...channels: ScriptedChannel[]): void {
    for (const channel of channels) this.send('BridgeEnter', { ...show(channel), BridgeUniqueid: bridge, BridgeType: typeOf(bridge) });
  }

  leave(bridge: string, ...channels: ScriptedChannel[]): void {
    for (const channel of channels) this.send('BridgeLeave', { ...show(channel), BridgeUniqueid: bridge, BridgeType: typeOf(bridge) });
  }

  pickup(by: ScriptedChannel, target: ScriptedChannel): void {
    this.send('Pickup', { ...show(by), ...show(target, 'Target') });
  }

  attendedTransfer(orig: ScriptedChannel, second: ScriptedChannel, customer: ScriptedChannel, target: ScriptedChannel): void {
    this.send('AttendedTransfer', {
      Result: 'Success',
      ...show(orig, 'OrigTransferer'),
      ...show(second, 'SecondTransferer'),
      ...show(customer, 'Transferee'),
      ...show(target, 'TransferTarget'),
    });
  }

  state(channel: ScriptedChannel, state: string): void {
    channel.state = state;
    this.send('Newstate', show(channel));
  }

  private send(event: string, fields: Record<string, string | number>): void {
    this.events.push({ scene: '', ms: this.ms++, Event: event, ...fields });
  }
}

function typeOf(bridge: string): string {
  return bridge.startsWith('lot') ? 'parking' : 'basic';
}

function show({ name, id, call, state, from, exten }: ScriptedChannel, prefix = ''): Record<string, string> {
  const fields = { Channel: name, ChannelStateDesc: state, CallerIDNum: from || '<unknown>', Exten: exten, Uniqueid: id, Linkedid: call };
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [prefix + field, value]));
}
