/** Names and values of an action or event, in order. */
export type Fields = Readonly<Record<string, string>>;

/** A channel of the double. */
export interface DoubleChannel {
  id: string;
  linkedId: string;
  name: string;
  state: string;
  callerId: string;
  connected: string;
  exten: string;
  context: string;
  bridge: string;
  variables: Map<string, string>;
  /** Milliseconds since 1970. */
  since: number;
}

/** Options of a new channel besides its peer. */
export interface ChannelOptions {
  callerId?: string;
  exten?: string;
  context?: string;
  state?: string;
  linkedId?: string;
  id?: string;
  connected?: string;
}

/** Where calls are played: the double. */
export interface CallStage {
  readonly channels: Map<string, DoubleChannel>;
  emit(event: string, fields: Fields): void;
  newChannel(peer: string, options: ChannelOptions): DoubleChannel;
  variableSet(channel: string, variable: string): Promise<string>;
}

const STATES: Readonly<Record<string, string>> = { Down: '0', Ring: '4', Ringing: '5', Up: '6', Busy: '7' };

/** The fields every event about a channel has, with a prefix the fields of the dialled one. */
export function snapshot(channel: DoubleChannel, prefix = ''): Fields {
  const fields: Fields = {
    Channel: channel.name,
    ChannelState: STATES[channel.state] ?? '0',
    ChannelStateDesc: channel.state,
    CallerIDNum: channel.callerId || '<unknown>',
    CallerIDName: '<unknown>',
    ConnectedLineNum: channel.connected || '<unknown>',
    ConnectedLineName: '<unknown>',
    Language: 'en',
    AccountCode: '',
    Context: channel.context,
    Exten: channel.exten,
    Priority: '1',
    Uniqueid: channel.id,
    Linkedid: channel.linkedId,
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [prefix + name, value]));
}

/** The fields of a channel in the list of all channels. */
export function describeChannel(channel: DoubleChannel): Fields {
  const seconds = Math.round((Date.now() - channel.since) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    ...snapshot(channel),
    Application: '',
    ApplicationData: '',
    Duration: `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
    BridgeId: channel.bridge,
  };
}
