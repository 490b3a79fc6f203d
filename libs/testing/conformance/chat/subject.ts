import type { ChatProvider } from '#chat/port';
import type { WebhookRequest } from '#provider-kit';
import type { ExpectedFailure, ProviderSubject, ConformanceOptions } from '../provider/index.js';

/** Methods a chat provider may lack. */
export type OptionalChatMethod = Exclude<keyof ChatProvider, 'manifest'>;
/** Facts that the suite needs before it runs. */
export type ChatConformanceOptions<S extends object> = ConformanceOptions<OptionalChatMethod, ChatSubject<S>>;
/** A file at the messenger. */
export interface ChatFile {
  name: string;
  /** Media type. */
  type: string;
  bytes: Uint8Array;
}
/** A message of the shop at the messenger. */
export interface SeenMessage {
  id: string;
  text: string;
  deleted: boolean;
  /** Bytes of its file, if it has one. */
  file?: Uint8Array;
  /** The id of the message that it answers. Undefined if there is none. Missing if unknown. */
  quote?: string | undefined;
  reaction?: string;
}
/** The messenger behind the provider: its customers' actions, and the messages they see. */
export interface MessengerStage {
  /** Id of an account that `listAccounts` returns. */
  readonly account: string;
  /** A customer writes to the account. Returns the chat's id and the message's. */
  write(message: { person: string; text?: string; files?: readonly ChatFile[] }): Promise<{ chat: string; message: string }>;
  /** The customer edits a message. Missing if the messenger does not support it. */
  edit?(place: { chat: string; message: string }, text: string): void | Promise<void>;
  /** Webhooks that were posted since the last call of this method, in order. */
  takeWebhooks(): Promise<WebhookRequest[]>;
  /** Are its webhooks signed over their bytes? */
  readonly signed: boolean;
  /** Is their time signed too? */
  readonly dated: boolean;
  /** Whether a secret of the settings or of the memory proves them. By default like `signed`. */
  readonly secret?: boolean;
  /** Messages of the shop in a chat, in order. */
  listSent(chat: string): Promise<readonly SeenMessage[]>;
  /** The customer reads the shop's messages. Missing if the messenger does not support it. */
  read?(chat: string): void | Promise<void>;
  /** Something else happens at the messenger, such as a message in a group. */
  happenElsewhere?(): void | Promise<void>;
  /** The customer blocks the shop. Missing if the messenger does not support it. */
  block?(person: string): Promise<void>;
  /** The next message is sent, and its reply is lost. */
  loseReply(): void;
  /** The next text without a file is rejected. Needed if a long text is sent after its file. */
  refuseText?(): void;
}
/** The provider under test, and the service behind it. */
export interface ChatSubject<S extends object> extends ProviderSubject<S> {
  readonly provider: ChatProvider<S>;
  /** Needed with `sendMessage`. */
  readonly messenger?: MessengerStage;
  /** A chat and its customer with visits. Needed with `findLastOnline` and `readVisits`. */
  readonly visitor?: { readonly externalUserId: string; readonly externalChatId: string };
  /** At least wrong credentials and an outage. Missing for built-in providers. */
  readonly failures?: readonly ExpectedFailure<S>[];
  close?(): Promise<void>;
}
