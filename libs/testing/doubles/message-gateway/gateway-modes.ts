/**
 * Standing behaviour, until changed. Where the real gateway's behaviour is not known, a mode has each way; it
 * starts with the one named first.
 */
export interface GatewayModes {
  /** Refuses a second message with the same external id in a channel. On at first. */
  uniqueExternalIds: boolean;
  /** Milliseconds every call takes. 0 at first. */
  latencyMs: number;
  /** Calls a second before it answers 429, 100 at first; undefined: no limit. */
  callsPerSecond: number | undefined;
  /** What the limit counts by: the token that is sent, or the transport whose tokens they all are. */
  limitPer: 'token' | 'transport';
  /** Whether the limit's 429 carries Retry-After. Off at first. */
  sendsRetryAfter: boolean;
  /** What becomes of a transport's tokens when it gets a new one. */
  formerTokens: 'refused' | 'taken';
  /** The status without a token, or with a wrong one. */
  unauthorizedStatus: 401 | 403;
  /** What becomes of texts: as sent, or trimmed with HTML's characters replaced by entities. */
  texts: 'kept' | 'escaped';
  /** The unit of `edited_at`. A value that is no date of our time in it is refused. */
  editedAt: 'milliseconds' | 'seconds';
  /** How the bytes of a file come: as the body, or as the first part of a form. */
  uploads: 'raw' | 'multipart';
  /** Whose view a channel's settings take; of the channel: `receive` is from managers to customers. */
  settingsSeenFrom: 'channel' | 'gateway';
  /** Whether what a channel's settings leave out is refused when a module does it. */
  abilities: 'checked' | 'ignored';
  /** Which of the two known clients the replies to channels, edits and deletions are made for. */
  replies: 'generated' | 'hand-written';
  /** The status of a new channel. */
  createdStatus: 201 | 200;
  /** The name of a file's address. */
  fileUrlKey: 'url' | 'Url';
  /** The name of "is paid" in an order's payments, both ways. */
  paidKey: 'payed' | 'paid';
  /** Status of a module's reply in which an `error` is read; in others it is a malformed reply. */
  errorReplies: '200' | 'any';
  /** The header that names the client in webhooks. */
  clientIdHeader: 'Clientid' | 'X-Client-Id' | 'none';
  /** Whether `meta` of webhooks has an `id`. Off at first. */
  metaId: boolean;
  /** When a webhook is repeated, up to 3 posts: not answered in time, never, or also refused or 5xx. */
  repeats: 'after-timeout' | 'never' | 'after-failure';
  /** Whether a webhook waits for the answer to the one before. */
  webhookOrder: 'one-by-one' | 'at-once';
  /** Milliseconds a webhook waits for its answer. 5,000 at first. */
  webhookTimeoutMs: number;
  /** Milliseconds from `async: true` until the message has failed. 30,000 at first. */
  ackDeadlineMs: number;
  /** What an acknowledgement names its message by; by-external-id needs one in the `async: true` reply. */
  acks: 'by-id' | 'by-external-id';
  /** An acknowledgement of a message that waits for none: repeated, before the reply, after it has failed. */
  strayAcks: 'taken' | 'refused';
  /** Put into the replies to messages. None at first. */
  warnings: readonly string[];
}

export const FIRST_MODES: GatewayModes = {
  uniqueExternalIds: true,
  latencyMs: 0,
  callsPerSecond: 100,
  limitPer: 'token',
  sendsRetryAfter: false,
  formerTokens: 'refused',
  unauthorizedStatus: 401,
  texts: 'kept',
  editedAt: 'milliseconds',
  uploads: 'raw',
  settingsSeenFrom: 'channel',
  abilities: 'checked',
  replies: 'generated',
  createdStatus: 201,
  fileUrlKey: 'url',
  paidKey: 'payed',
  errorReplies: '200',
  clientIdHeader: 'Clientid',
  metaId: false,
  repeats: 'after-timeout',
  webhookOrder: 'one-by-one',
  webhookTimeoutMs: 5_000,
  ackDeadlineMs: 30_000,
  acks: 'by-id',
  strayAcks: 'taken',
  warnings: [],
};
