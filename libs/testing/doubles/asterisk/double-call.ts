import { randomUUID } from 'node:crypto';
import { type CallStage, type DoubleChannel, snapshot } from './double-channel.js';

/** Outcome of a dialled leg, in Asterisk's words. */
export type DialStatus = 'ANSWER' | 'BUSY' | 'NOANSWER' | 'CANCEL' | 'CONGESTION' | 'CHANUNAVAIL' | 'DONTCALL' | 'TORTURE' | 'ABORT';

/** One call at the double, played by a spec step by step; each step sends the events that Asterisk would. */
export class DoubleCall {
  private readonly dialled = new Map<string, DoubleChannel>();
  private operatorChannel: DoubleChannel | undefined;

  constructor(
    private readonly pbx: CallStage,
    /** The channel that began it. */
    readonly root: DoubleChannel,
    private readonly respond?: (response: 'Success' | 'Failure', reason: string) => void,
    /** Of a click-to-call: where its manager is sent once he has taken his phone. */
    private readonly destination?: string,
  ) {}

  /** What the CRM knows it by. */
  get id(): string {
    return this.root.linkedId;
  }

  /** The manager's phone rings at click-to-call: its `DialBegin` has no channel that dials. */
  ringOperator(): this {
    this.operatorChannel = this.root;
    this.pbx.emit('DialBegin', { ...dest(this.root), DialString: this.root.name.split('/')[1]?.split('-')[0] ?? '' });
    this.state(this.root, 'Ringing');
    return this;
  }

  operatorAnswers(): this {
    this.state(this.root, 'Up');
    this.pbx.emit('DialEnd', { ...dest(this.root), DialStatus: 'ANSWER' });
    this.respond?.('Success', '4');
    this.root.exten = this.destination ?? 's';
    return this;
  }

  operatorRefuses(status: DialStatus, reason: string): void {
    this.pbx.emit('DialEnd', { ...dest(this.root), DialStatus: status });
    this.end(this.root, status === 'BUSY' ? 17 : 16);
    this.respond?.('Failure', reason);
  }

  /** Phones inside ring, at once. */
  ring(...codes: string[]): this {
    for (const code of codes) this.dial(`PJSIP/${code}`, code, code);
    return this;
  }

  /** An outside line is dialled. */
  dialOut(number: string, trunk = 'trunk'): this {
    this.root.exten = number;
    this.dial(`PJSIP/${trunk}`, number, `${number}@${trunk}`);
    return this;
  }

  /** Somebody takes the call: an extension, or a number outside. Who rang with him is told off. */
  answer(who: string): this {
    const channel = this.leg(who);
    this.state(channel, 'Up');
    for (const [other, loser] of [...this.dialled]) {
      if (other === who || loser.state === 'Up') continue;
      this.dialEnd(loser, 'CANCEL');
      this.end(loser, 26);
    }
    this.dialEnd(channel, 'ANSWER');
    if (this.root !== this.operatorChannel) this.state(this.root, 'Up');
    const bridge = randomUUID();
    for (const one of [channel, this.root]) {
      one.bridge = bridge;
      this.pbx.emit('BridgeEnter', { BridgeUniqueid: bridge, BridgeType: 'basic', BridgeNumChannels: '2', ...snapshot(one) });
    }
    return this;
  }

  /** A leg is not taken, and why. */
  refuse(who: string, status: DialStatus): this {
    const channel = this.leg(who);
    this.dialEnd(channel, status);
    this.end(channel, { BUSY: 17, NOANSWER: 19, CONGESTION: 34, CHANUNAVAIL: 20 }[status as string] ?? 16);
    return this;
  }

  /** It is recorded; the event does not name the file. */
  record(file: string, options: { silent?: boolean } = {}): this {
    this.root.variables.set('MIXMONITOR_FILENAME', file);
    if (!options.silent) this.pbx.emit('VarSet', { ...snapshot(this.root), Variable: 'MIXMONITOR_FILENAME', Value: file });
    this.pbx.emit('MixMonitorStart', snapshot(this.root));
    return this;
  }

  /** The dial plan asks for the caller's manager; resolved with the variable it was given. */
  route(phone = this.root.callerId): Promise<string> {
    this.pbx.emit('UserEvent', { ...snapshot(this.root), UserEvent: 'CrossdockRoute', Phone: phone });
    return this.pbx.variableSet(this.root.name, 'CROSSDOCK_MANAGER');
  }

  /** One hands the call on to another without asking: the caller's channel dials. */
  blindTransfer(from: string, to: string): this {
    const leaver = this.leg(from);
    this.pbx.emit('BlindTransfer', {
      Result: 'Success',
      ...snapshot(leaver, 'Transferer'),
      ...snapshot(this.root, 'Transferee'),
      Extension: to,
    });
    this.end(leaver, 16);
    this.dialled.delete(from);
    this.root.exten = to;
    return this.ring(to);
  }

  /** One hands the call on after having asked: the other's channel comes into this call. */
  attendedTransfer(from: string, consultation: DoubleCall, to: string): this {
    const joined = consultation.leg(to);
    const leaver = this.leg(from);
    this.pbx.emit('AttendedTransfer', {
      Result: 'Success',
      ...snapshot(leaver, 'OrigTransferer'),
      ...snapshot(consultation.root, 'SecondTransferer'),
    });
    joined.linkedId = this.id;
    joined.bridge = this.root.bridge;
    this.pbx.emit('BridgeEnter', { BridgeUniqueid: joined.bridge, BridgeType: 'basic', BridgeNumChannels: '3', ...snapshot(joined) });
    this.dialled.set(to, joined);
    consultation.dialled.delete(to);
    this.end(leaver, 16);
    this.dialled.delete(from);
    consultation.end(consultation.root, 16);
    return this;
  }

  /** The call ends: whoever is in it hangs up, the dialled ones first. Before an answer the caller gave up. */
  hangup(cause = 16): void {
    for (const channel of [...this.dialled.values()]) {
      if (channel.state !== 'Up') this.dialEnd(channel, 'CANCEL');
      this.end(channel, cause);
    }
    this.dialled.clear();
    this.end(this.root, cause);
  }

  /** The call ends and no event tells: somebody was not listening. */
  vanish(): void {
    for (const channel of [...this.dialled.values(), this.root]) this.pbx.channels.delete(channel.id);
  }

  private leg(who: string): DoubleChannel {
    const channel = this.dialled.get(who);
    if (!channel) throw new Error(`${who} was not dialled in this call`);
    return channel;
  }

  private dial(peer: string, who: string, dialString: string): void {
    const channel = this.pbx.newChannel(peer, {
      linkedId: this.id,
      callerId: who,
      connected: this.root.callerId,
      exten: who,
      context: this.root.context,
    });
    this.dialled.set(who, channel);
    this.pbx.emit('DialBegin', { ...snapshot(this.root), ...snapshot(channel, 'Dest'), DialString: dialString });
    this.state(channel, 'Ringing');
  }

  private dialEnd(channel: DoubleChannel, status: DialStatus): void {
    this.pbx.emit('DialEnd', { ...snapshot(this.root), ...snapshot(channel, 'Dest'), DialStatus: status });
  }

  private state(channel: DoubleChannel, state: string): void {
    channel.state = state;
    this.pbx.emit('Newstate', snapshot(channel));
  }

  private end(channel: DoubleChannel, cause: number): void {
    if (!this.pbx.channels.delete(channel.id)) return;
    this.pbx.emit('Hangup', { ...snapshot(channel), Cause: String(cause), 'Cause-txt': 'Normal Clearing' });
  }
}

/** A dialled channel that nobody's channel dialled: the fields of the caller are there and empty. */
function dest(channel: DoubleChannel): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(Object.keys(snapshot(channel)).map((name) => [name, ''])), ...snapshot(channel, 'Dest') };
}
