import type { AmiMessage } from './ami.message.js';

/** A channel as `CoreShowChannels` lists it. */
export interface ListedChannel {
  id: string;
  call: string;
  name: string;
  state: string;
  exten?: string;
  callerId?: string;
  connected?: string;
  bridge?: string;
  /** Since the channel was made. */
  seconds: number;
}

/** Up in a bridge with another: the only sign of an answer when the leg's end was missed. */
export function isTalking(channel: ListedChannel, present: readonly ListedChannel[]): boolean {
  return (
    channel.state === 'Up' &&
    channel.bridge !== undefined &&
    present.some((other) => other.id !== channel.id && other.bridge === channel.bridge)
  );
}

/** Reads the events of `CoreShowChannels`. */
export function readChannels(events: readonly AmiMessage[]): ListedChannel[] {
  return events.flatMap((event) => {
    const [id, call, name] = [event.get('Uniqueid'), event.get('Linkedid'), event.get('Channel')];
    if (!id || !name) return [];
    return [
      {
        id,
        call: call ?? id,
        name,
        state: event.get('ChannelStateDesc') ?? '',
        seconds: readSeconds(event.get('Duration')),
        ...optional('exten', event.get('Exten')),
        ...optional('callerId', event.get('CallerIDNum')),
        ...optional('connected', event.get('ConnectedLineNum')),
        ...optional('bridge', event.get('BridgeId')),
      },
    ];
  });
}

/** `hh:mm:ss`. */
function readSeconds(duration: string | undefined): number {
  const match = /^(\d+):(\d\d):(\d\d)$/.exec(duration ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : 0;
}

/** A property, if it has a value. */
export function optional<Name extends string>(name: Name, value: string | undefined): { [key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: string };
}
