import type { MaxButton } from './max-wire.js';

/** A user, a bot or a person, as messages show them. */
export interface MaxUser {
  user_id: number;
  first_name: string;
  last_name?: string;
  username?: string;
  is_bot: boolean;
  last_activity_time: number;
  name: string;
}

/** A person with MAX. */
export interface MaxPerson {
  readonly user: MaxUser;
  readonly phone: string;
  /** A public address. Only events of the dialog itself show it. */
  avatarUrl: string | undefined;
}

/** An address that a bot's updates are posted to. */
export interface MaxSubscription {
  url: string;
  /** Milliseconds since 1970. */
  time: number;
  secret: string | undefined;
  types: readonly string[] | undefined;
}

/** An uploaded file, or one of a person. */
export interface MaxFile {
  bytes: Buffer;
  name: string;
  type: string;
  /** How many more messages with it are refused because it is being processed. */
  waits: number;
}

/** A message of either side. */
export interface MaxMessage {
  readonly mid: string;
  readonly chat: number;
  readonly by: 'person' | 'bot';
  readonly sender: MaxUser;
  /** Milliseconds since 1970. */
  readonly at: number;
  text: string;
  attachments: object[];
  files: MaxFile[];
  buttons: MaxButton[][];
  link: object | undefined;
  /** `mid` of the answered message. */
  quote: string | undefined;
  edits: number;
  deleted: boolean;
}

/** A dialog of a person with a bot, or a group. */
export interface MaxChat {
  readonly id: number;
  readonly type: 'dialog' | 'chat';
  readonly person: MaxPerson;
  readonly messages: MaxMessage[];
  stopped: boolean;
}

/** A bot. `updates` are the updates without an address, their numbers are the markers. */
export interface MaxBotRecord {
  token: string;
  readonly user: MaxUser;
  subscriptions: MaxSubscription[];
  readonly chats: Map<number, MaxChat>;
  updates: object[];
}

/** The content of a person's message. */
export type MaxContent =
  | { kind: 'text'; text: string; markup?: object[] }
  | { kind: 'image' | 'video' | 'audio' | 'file' | 'sticker'; files: { bytes: Uint8Array; name?: string; type?: string }[]; text?: string }
  | { kind: 'contact'; of?: MaxPerson; hash?: boolean }
  | { kind: 'location'; latitude: number; longitude: number }
  | { kind: 'share'; url: string; title: string }
  | { kind: string; attachment: object };
