import { randomInt } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AmiSession } from './ami-session.js';
import type { AsteriskFaults } from './asterisk-faults.js';
import { DoubleCall } from './double-call.js';
import { type CallStage, type ChannelOptions, describeChannel, type DoubleChannel, type Fields, snapshot } from './double-channel.js';
import { tone } from './tone.js';

/** An action as a client sent it. */
export interface ReceivedAction {
  readonly session: number;
  readonly name: string;
  readonly fields: Fields;
}

/** How the manager's phone reacts to a click-to-call. */
export type OperatorMood = 'answers' | 'rings' | 'unregistered' | keyof typeof REFUSALS;

/**
 * How a phone refuses: Dial's word and the cause of its hangup, by its SIP answer (486, 603, 480, 404, 503).
 */
const REFUSALS = {
  busy: { status: 'BUSY', cause: 17 },
  declines: { status: 'NOANSWER', cause: 21 },
  unavailable: { status: 'NOANSWER', cause: 19 },
  unknown: { status: 'NOANSWER', cause: 1 },
  overloaded: { status: 'CONGESTION', cause: 34 },
} as const;

/** Replies to an action. */
type Answer = (response: string, message: string, more?: Fields) => void;

/** How it is started. */
export interface AsteriskOptions {
  port?: number;
  username?: string;
  secret?: string;
}

/**
 * Asterisk's manager interface with channels, over TCP: logins, actions and the calls that a spec plays
 * (`incoming`, `outgoing`, `Originate`). Events look as in its documentation and public captures.
 */
export class AsteriskDouble implements CallStage {
  readonly actions: ReceivedAction[] = [];
  /** How many calls it began for `Originate`. */
  originated = 0;
  readonly faults: AsteriskFaults = {};
  /** Asterisk's own database. */
  readonly database = new Map<string, string>();
  readonly channels = new Map<string, DoubleChannel>();
  operator: OperatorMood = 'answers';
  /** Names of its PJSIP endpoints. Undefined if it has no PJSIP. */
  endpoints: readonly string[] | undefined = ['101', '102', '103', 'trunk'];
  private readonly sessions = new Set<AmiSession>();
  private readonly happenings = new EventEmitter();
  private server: Server | undefined;
  private port = 0;
  private sessionCount = 0;
  private channelCount = 0;
  private readonly epoch = Math.floor(Date.now() / 1000);

  private constructor(
    readonly username: string,
    /** A spec may change it. */
    public secret: string,
  ) {}

  static async start(options: AsteriskOptions = {}): Promise<AsteriskDouble> {
    const double = new AsteriskDouble(options.username ?? 'crossdock', options.secret ?? 'ami-secret');
    double.port = options.port ?? 0;
    await double.comeBack();
    return double;
  }

  /** Settings of a connection that uses it, without its extensions. */
  get settings(): { host: string; port: number; username: string; secret: string } {
    return { host: '127.0.0.1', port: this.port, username: this.username, secret: this.secret };
  }

  /** Sessions that get events, now. */
  get listeners(): number {
    return [...this.sessions].filter((session) => session.loggedIn && session.events).length;
  }

  /** Sessions that are logged in, now. */
  get sessionsNow(): number {
    return [...this.sessions].filter((session) => session.loggedIn).length;
  }

  /** Actions of a name. */
  listActions(name: string): ReceivedAction[] {
    return this.actions.filter((action) => action.name === name);
  }

  /** A customer calls a number of the company. */
  incoming(from: string, did: string, trunk = 'trunk'): DoubleCall {
    const call = new DoubleCall(
      this,
      this.newChannel(`PJSIP/${trunk}`, { callerId: from, exten: did, context: 'from-trunk', state: 'Ring' }),
    );
    return call;
  }

  /** A manager dials from their phone. */
  outgoing(code: string, number: string): DoubleCall {
    return new DoubleCall(
      this,
      this.newChannel(`PJSIP/${code}`, { callerId: code, exten: number, context: 'from-internal', state: 'Ring' }),
    );
  }

  /**
   * A whole call of a made-up customer, in a few seconds. Its record is written to the folder, if there is
   * one.
   */
  async demoCall(extension: string, recordings?: string): Promise<void> {
    const call = this.incoming(`7916${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`, '74950000000').ring(extension);
    await this.talk(call, extension, recordings);
  }

  /** Takes every click-to-call like a customer and plays `demoCall`. Never ends. */
  async demoCustomers(recordings?: string): Promise<never> {
    for (;;) {
      const call = await this.placed();
      const number = call.root.exten;
      void this.talk(call.dialOut(number), number, recordings);
    }
  }

  private async talk(call: DoubleCall, who: string, recordings: string | undefined): Promise<void> {
    await sleep(2_000);
    call.answer(who);
    if (recordings !== undefined) {
      const name = `${call.id.replace(/[^\w.-]/g, '_')}.wav`;
      await mkdir(recordings, { recursive: true });
      await writeFile(join(recordings, name), tone(3));
      call.record(`/var/spool/asterisk/monitor/${name}`);
    }
    await sleep(3_000);
    call.hangup();
  }

  /** The next click-to-call whose manager has picked up the phone. */
  async placed(): Promise<DoubleCall> {
    const [call] = (await once(this.happenings, 'placed')) as [DoubleCall];
    return call;
  }

  /** A channel's variable, once a client has set it. */
  async variableSet(channel: string, variable: string): Promise<string> {
    for (;;) {
      const set = this.actions.find(
        ({ name, fields }) => name === 'Setvar' && fields['Channel'] === channel && fields['Variable'] === variable,
      );
      if (set) return set.fields['Value'] ?? '';
      await once(this.happenings, 'action');
    }
  }

  /** Sends an event to all that listen. */
  emit(event: string, fields: Fields): void {
    for (const session of this.sessions)
      if (session.loggedIn && session.events) session.write({ Event: event, Privilege: 'call,all', ...fields });
  }

  /** A new channel, with its event. */
  newChannel(peer: string, options: ChannelOptions): DoubleChannel {
    const sequence = ++this.channelCount;
    const id = options.id ?? `${this.epoch}.${sequence}`;
    const channel: DoubleChannel = {
      id,
      linkedId: options.linkedId ?? id,
      name: `${peer}-${sequence.toString(16).padStart(8, '0')}`,
      state: options.state ?? 'Down',
      callerId: options.callerId ?? '',
      connected: options.connected ?? '',
      exten: options.exten ?? 's',
      context: options.context ?? 'from-internal',
      bridge: '',
      variables: new Map(),
      since: Date.now(),
    };
    this.channels.set(id, channel);
    this.emit('Newchannel', snapshot(channel));
    return channel;
  }

  /** Ends every connection. New ones are accepted. */
  dropAll(): void {
    for (const session of this.sessions) session.socket.destroy();
  }

  /** The PBX goes down. Its calls continue unless they are ended. */
  async goAway(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    this.dropAll();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  /** Restarts the PBX at its port. */
  async comeBack(): Promise<void> {
    const server = createServer((socket) => this.accept(socket));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await this.goAway();
  }

  private accept(socket: Socket): void {
    const session = new AmiSession(++this.sessionCount, socket, this.faults);
    this.sessions.add(session);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sessions.delete(session));
    socket.on('data', (chunk) => this.read(session, chunk));
    if (!this.faults.mute) session.writeText(`${this.faults.banner ?? 'Asterisk Call Manager/9.0.0'}\r\n`);
  }

  private read(session: AmiSession, chunk: Buffer): void {
    for (const fields of session.read(chunk)) {
      const action: ReceivedAction = { session: session.id, name: fields['Action'] ?? '', fields };
      this.actions.push(action);
      this.act(session, action);
      this.happenings.emit('action');
    }
  }

  private act(session: AmiSession, { name, fields }: ReceivedAction): void {
    if (this.faults.deaf || this.faults.mute) return;
    const id: Fields = fields['ActionID'] === undefined ? {} : { ActionID: fields['ActionID'] };
    const answer: Answer = (response, message, more = {}) => session.write({ Response: response, ...id, Message: message, ...more });
    if (name.toLowerCase() === 'challenge') return this.challenge(session, fields, id, answer);
    if (name.toLowerCase() === 'login') return this.logIn(session, fields, answer);
    if (!session.loggedIn) return answer('Error', 'Permission denied');
    if (this.faults.forbidden?.includes(name)) return answer('Error', 'Permission denied');
    switch (name) {
      case 'CoreSettings':
        return session.write({ Response: 'Success', ...id, AMIversion: '9.0.0', AsteriskVersion: '22.1.0', SystemName: '' });
      case 'PJSIPShowEndpoints':
        return this.listEndpoints(session, id, answer, name);
      case 'Ping':
        return answer('Success', '', { Ping: 'Pong', Timestamp: (Date.now() / 1000).toFixed(6) });
      case 'Logoff':
        answer('Goodbye', 'Thanks for all the fish.');
        session.socket.end();
        return;
      case 'CoreShowChannels':
        return this.listChannels(session, id, answer);
      case 'Getvar': {
        const channel = [...this.channels.values()].find((one) => one.name === fields['Channel']);
        if (!channel) return answer('Error', 'No such channel');
        return answer('Success', 'Result will follow', {
          Variable: fields['Variable'] ?? '',
          Value: channel.variables.get(fields['Variable'] ?? '') ?? '',
        });
      }
      case 'Setvar': {
        const channel = [...this.channels.values()].find((one) => one.name === fields['Channel']);
        if (!channel) return answer('Error', 'No such channel');
        channel.variables.set(fields['Variable'] ?? '', fields['Value'] ?? '');
        return answer('Success', 'Variable Set');
      }
      case 'DBPut':
        this.database.set(`${fields['Family'] ?? ''}/${fields['Key'] ?? ''}`, fields['Val'] ?? '');
        return answer('Success', 'Updated database successfully');
      case 'QueuePause':
        return answer('Error', 'Interface not found');
      case 'Command':
        return session.writeText(
          `Response: Success\r\n${id['ActionID'] ? `ActionID: ${id['ActionID']}\r\n` : ''}Message: Command output follows\r\nOutput: Channel  State\r\nOutput:   0 active channels\r\n\r\n`,
        );
      case 'Originate':
        return this.originate(session, fields, answer);
      default:
        return answer('Error', `Invalid/unknown command: ${name}.`);
    }
  }

  private challenge(session: AmiSession, { AuthType: type }: Fields, id: Fields, answer: Answer): void {
    if (this.faults.noChallenge) return answer('Error', 'Permission denied');
    if (type?.toUpperCase() !== 'MD5') return answer('Error', 'Must specify AuthType');
    session.challenge ??= String(randomInt(1_000_000_000));
    session.write({ Response: 'Success', ...id, Challenge: session.challenge });
  }

  private logIn(session: AmiSession, fields: Fields, answer: Answer): void {
    if (fields['Username'] !== this.username || !session.proves(this.secret, fields)) {
      answer('Error', 'Authentication failed');
      session.socket.end();
      return;
    }
    session.loggedIn = true;
    session.events = fields['Events'] !== 'off';
    answer('Success', 'Authentication accepted');
    session.write({ Event: 'FullyBooted', Privilege: 'system,all', Uptime: '1000', LastReload: '1000', Status: 'Fully Booted' });
  }

  private listChannels(session: AmiSession, id: Fields, answer: Answer): void {
    session.socket.cork();
    answer('Success', 'Channels will follow', { EventList: 'start' });
    for (const channel of this.channels.values()) session.write({ Event: 'CoreShowChannel', ...id, ...describeChannel(channel) });
    session.write({ Event: 'CoreShowChannelsComplete', ...id, EventList: 'Complete', ListItems: String(this.channels.size) });
    this.faults.afterList?.();
    session.socket.uncork();
  }

  private listEndpoints(session: AmiSession, id: Fields, answer: Answer, name: string): void {
    if (!this.endpoints) return answer('Error', `Invalid/unknown command: ${name}.`);
    if (this.endpoints.length === 0) return answer('Error', 'No endpoints found');
    answer('Success', 'A listing of Endpoints follows, presented as EndpointList events', { EventList: 'start' });
    for (const endpoint of this.endpoints)
      session.write({
        ...{ Event: 'EndpointList', ...id, ObjectType: 'endpoint', ObjectName: endpoint, Transport: '', Aor: endpoint, Auths: endpoint },
        ...{ OutboundAuths: '', Contacts: '', DeviceState: 'Not in use', ActiveChannels: '' },
      });
    const ListItems = String(this.endpoints.length);
    session.write({ Event: 'EndpointListComplete', ...id, EventList: 'Complete', ListItems });
  }

  private originate(session: AmiSession, fields: Fields, answer: Answer): void {
    const id = fields['ChannelId'];
    if (!fields['Channel'] || !fields['Exten']) return answer('Error', 'Channel not specified');
    const { originate } = this.faults;
    if (originate === 'garbage') session.socket.end('<!doctype html>\r\n\r\n');
    else if (originate?.startsWith('drop')) session.socket.destroy();
    else if (originate === undefined) answer('Success', 'Originate successfully queued');
    if (originate === 'drop-before') return;
    const callerId = /<([^>]*)>/.exec(fields['CallerID'] ?? '')?.[1] ?? '';
    const respond = (response: 'Success' | 'Failure', reason: string): void =>
      this.emit('OriginateResponse', {
        ...(fields['ActionID'] !== undefined && { ActionID: fields['ActionID'] }),
        ...{ Response: response, Channel: fields['Channel'] ?? '', Context: fields['Context'] ?? '', Exten: fields['Exten'] ?? '' },
        ...{
          Application: '',
          Data: '',
          Reason: reason,
          Uniqueid: response === 'Success' ? (id ?? '') : '<unknown>',
          CallerIDNum: callerId,
          CallerIDName: '',
        },
      });
    // Asterisk only logs that an id is in use, after it has queued the call.
    if (id !== undefined && this.channels.has(id)) return respond('Failure', '0');
    this.originated++;
    if (this.operator === 'unregistered') return respond('Failure', '0');
    const channel = this.newChannel(fields['Channel'], {
      ...(id !== undefined && { id }),
      callerId,
      connected: callerId,
      context: fields['Context'] ?? '',
      exten: 's',
    });
    const call = new DoubleCall(this, channel, respond, fields['Exten']);
    if (this.operator in REFUSALS) {
      const { status, cause } = REFUSALS[this.operator as keyof typeof REFUSALS];
      call.ringOperator(this.operator === 'declines');
      return call.operatorRefuses(status, cause);
    }
    call.ringOperator();
    if (this.operator === 'answers') call.operatorAnswers();
    this.happenings.emit('placed', call);
  }
}
