import { randomUUID } from 'node:crypto';
import { type CallStage, type DoubleChannel, snapshot } from './double-channel.js';

/** Outcome of a dialled leg, in Asterisk's words. */
export type DialStatus = 'ANSWER' | 'BUSY' | 'NOANSWER' | 'CANCEL' | 'CONGESTION' | 'CHANUNAVAIL' | 'DONTCALL' | 'TORTURE' | 'ABORT';

/** Cause of a leg's end if the phone or line itself ends it. */
const CAUSES: Readonly<Partial<Record<DialStatus, number>>> = { BUSY: 17, CONGESTION: 34, CHANUNAVAIL: 20 };

/** One call at the double, played by a spec step by step. Each step sends the events that Asterisk would. */
export class DoubleCall {
  private readonly dialled = new Map<string, DoubleChannel>();
  private operatorChannel: DoubleChannel | undefined;

  constructor(
    private readonly pbx: CallStage,
    /** The channel that began it. */
    readonly root: DoubleChannel,
    private readonly respond?: (response: 'Success' | 'Failure', reason: string) => void,
    /** For a click-to-call: the destination of its manager after picking up the phone. */
    private readonly destination?: string,
  ) {}

  /** The CRM's id for it. */
  get id(): string {
    return this.root.linkedId;
  }

  /** The manager's phone rings at click-to-call: its `DialBegin` has no channel that dials. */
  ringOperator(rings = true): this {
    this.operatorChannel = this.root;
    this.pbx.emit('DialBegin', { ...dest(this.root), DialString: this.root.name.split('/')[1]?.split('-')[0] ?? '' });
    if (rings) this.state(this.root, 'Ringing');
    return this;
  }

  operatorAnswers(): this {
    this.state(this.root, 'Up');
    this.pbx.emit('DialEnd', { ...dest(this.root), DialStatus: 'ANSWER' });
    this.respond?.('Success', '4');
    this.root.exten = this.destination ?? 's';
    return this;
  }

  /** The manager's phone refuses: the cause, Dial's status, then a response whose reason is always 0. */
  operatorRefuses(status: DialStatus, cause: number): void {
    this.requestHangup(this.root, cause);
    this.pbx.emit('DialEnd', { ...dest(this.root), DialStatus: status });
    this.end(this.root, cause);
    this.respond?.('Failure', '0');
  }

  /** Inside phones ring at the same time. */
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

  /** An extension or an outside number answers. Phones that rang with it stop. */
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
    for (const one of [channel, this.root]) this.enter(one, bridge);
    return this;
  }

  /** A leg is rejected. A queue reports NOANSWER for a busy member. Only the cause shows it. */
  refuse(who: string, status: DialStatus, cause = CAUSES[status]): this {
    const channel = this.leg(who);
    if (cause !== undefined) this.requestHangup(channel, cause);
    this.dialEnd(channel, status);
    this.end(channel, cause ?? (status === 'NOANSWER' ? 0 : 16));
    return this;
  }

  /** Another phone picks the call up with `*8`: it has its own channel and call, and nothing is renamed. */
  pickUp(by: string, rings: string): this {
    const [target, picker] = [this.leg(rings), this.pbx.newChannel(`PJSIP/${by}`, { callerId: by, exten: '*8', state: 'Ring' })];
    this.state(picker, 'Up');
    this.pbx.emit('Pickup', { ...snapshot(picker), ...snapshot(target, 'Target') });
    this.dialled.delete(rings);
    this.dialled.set(by, picker);
    this.dialEnd(picker, 'ANSWER');
    this.state(this.root, 'Up');
    this.end(target, 16);
    const bridge = randomUUID();
    for (const one of [picker, this.root]) this.enter(one, bridge);
    picker.linkedId = this.id;
    return this;
  }

  /** The call is recorded. The event does not contain the file. */
  record(file: string, options: { silent?: boolean } = {}): this {
    this.root.variables.set('MIXMONITOR_FILENAME', file);
    if (!options.silent) this.pbx.emit('VarSet', { ...snapshot(this.root), Variable: 'MIXMONITOR_FILENAME', Value: file });
    this.pbx.emit('MixMonitorStart', snapshot(this.root));
    return this;
  }

  /** The dial plan requests the caller's manager. Resolves with the variable that it received. */
  route(phone = this.root.callerId): Promise<string> {
    this.pbx.emit('UserEvent', { ...snapshot(this.root), UserEvent: 'CrossdockRoute', Phone: phone });
    return this.pbx.variableSet(this.root.name, 'CROSSDOCK_MANAGER');
  }

  /** A phone passes the call on to another without a consultation: the caller's channel dials. */
  blindTransfer(from: string, to: string): this {
    const leaver = this.leg(from);
    this.pbx.emit('BlindTransfer', {
      Result: 'Success',
      ...snapshot(leaver, 'Transferer'),
      ...snapshot(this.root, 'Transferee'),
      Extension: to,
    });
    for (const one of [this.root, leaver]) this.leave(one);
    this.end(leaver, 16);
    this.dialled.delete(from);
    this.root.exten = to;
    return this.ring(to);
  }

  /**
   * Attended transfer: the customer's channel joins the consultation's bridge, the other channel this call.
   */
  attendedTransfer(from: string, question: DoubleCall, to: string): this {
    const [joined, leaver, asker] = [question.leg(to), this.leg(from), question.root];
    const bridge = joined.bridge;
    this.leave(this.root);
    this.leave(asker);
    this.enter(this.root, bridge);
    this.pbx.emit('AttendedTransfer', {
      Result: 'Success',
      ...snapshot(leaver, 'OrigTransferer'),
      ...snapshot(asker, 'SecondTransferer'),
      ...snapshot(this.root, 'Transferee'),
      ...snapshot(joined, 'TransferTarget'),
      IsExternal: 'No',
      DestType: 'Bridge',
      DestBridgeUniqueid: bridge,
    });
    joined.linkedId = this.id;
    this.dialled.set(to, joined);
    question.dialled.delete(to);
    this.leave(leaver);
    this.end(leaver, 16);
    this.dialled.delete(from);
    question.end(asker, 16);
    return this;
  }

  /** The caller hangs up. Before an answer this has its own cause. */
  hangup(): void {
    const dialled = [...this.dialled.values()];
    const cause = dialled.some((channel) => channel.state !== 'Up') ? 127 : 16;
    this.requestHangup(this.root, cause);
    for (const channel of dialled) if (channel.state !== 'Up') this.dialEnd(channel, 'CANCEL');
    for (const channel of [this.root, ...dialled]) this.leave(channel);
    for (const channel of [...dialled, this.root]) this.end(channel, cause);
    this.dialled.clear();
  }

  /** The call ends without events, as if they were missed. */
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

  private enter(channel: DoubleChannel, bridge: string): void {
    channel.bridge = bridge;
    this.pbx.emit('BridgeEnter', { BridgeUniqueid: bridge, BridgeType: 'basic', ...snapshot(channel) });
  }

  private leave(channel: DoubleChannel): void {
    if (channel.bridge === '') return;
    this.pbx.emit('BridgeLeave', { BridgeUniqueid: channel.bridge, BridgeType: 'basic', ...snapshot(channel) });
    channel.bridge = '';
  }

  private requestHangup(channel: DoubleChannel, cause: number): void {
    this.pbx.emit('HangupRequest', { ...snapshot(channel), Cause: String(cause) });
  }

  private end(channel: DoubleChannel, cause: number): void {
    if (!this.pbx.channels.delete(channel.id)) return;
    this.pbx.emit('Hangup', { ...snapshot(channel), Cause: String(cause), 'Cause-txt': 'Normal Clearing' });
  }
}

/** A dialled channel without a dialling one: the caller's fields are present and empty. */
function dest(channel: DoubleChannel): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(Object.keys(snapshot(channel)).map((name) => [name, ''])), ...snapshot(channel, 'Dest') };
}
