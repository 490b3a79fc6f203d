import { type AllModes, maybe, mode, type ModeTable } from '../../../libs/testing/double/modes.js';
import { list, oneOf, text, whole } from '../../../libs/testing/double/wire.js';

/** Points of the real gateway that are not known have a choice for each way. */
export const MODES = {
  /** Calls per second of a transport before it returns 429. Undefined for no limit. */
  callsPerSecond: maybe(whole(0), 100),
  /** Calls per second of a bot before it returns 429. Undefined for no limit. */
  botCallsPerSecond: maybe(whole(0), 10),
  /** Whether a 429 has Retry-After. */
  sendsRetryAfter: false,
  /** The former tokens of a transport that gets a new one. */
  formerTokens: ['refused', 'taken'],
  /** The status without a token, or with a wrong one. */
  unauthorizedStatus: mode(oneOf(401, 403), 401),
  /** Which of the two known clients the replies to channels, edits and deletions are made for. */
  replies: ['generated', 'hand-written'],
  /** The status of a new channel. */
  createdStatus: mode(oneOf(201, 200), 201),
  /** The name of a file's address. */
  fileUrlKey: ['url', 'Url'],
  /** The name of "is paid" in an order's payments, both ways. */
  paidKey: ['payed', 'paid'],
  /** The header with the client in webhooks. */
  clientIdHeader: ['Clientid', 'X-Client-Id', 'none'],
  /**
   * When a webhook is repeated, up to 3 posts: after no reply in time, never, or also after a rejection or
   * 5xx.
   */
  repeats: ['after-timeout', 'never', 'after-failure'],
  /** Milliseconds a webhook waits for its answer. */
  webhookTimeoutMs: 5_000,
  /** Milliseconds from `async: true` until the message has failed. */
  ackDeadlineMs: 30_000,
  /** Whether `since_id` of the Bot API is part of its list, or is ignored. */
  sinceId: ['exclusive', 'inclusive', 'ignored'],
  /** The status of the upgrade to a bot's socket. 101: it opens. */
  socketStatus: mode(oneOf(101, 401, 403, 503), 101),
  /** The number of events after which a bot's socket is lost, with the next event. Undefined: it stays. */
  dropsSocketAfter: maybe(whole(0)),
  /** Added to the replies to messages. */
  warnings: mode<readonly string[]>(list(text()), []),
} as const satisfies ModeTable;
export type GatewayModes = AllModes<typeof MODES>;
