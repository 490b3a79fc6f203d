/* Times of messages to and from the gateway, which documents none of its own (README.md). */

/** Milliseconds in which the gateway is answered with the outcome itself; later it is acknowledged. */
export const SYNC_MS = 2_500;
/** Seconds after which a message without an outcome has failed: the gateway is told before it gives up. */
export const SEND_PATIENCE_S = 25;
/** Seconds for which an edit, a deletion, a reading or a reaction is tried. */
export const ACT_PATIENCE_S = 3_600;
/** Seconds to the next try, doubled with each: at first and at most. */
export const RETRY_S = { first: 1, most: 60 };
/** Milliseconds that a call may take beyond PROVIDER_BUDGET_MS, less than an operation's lease does. */
export const MEDIA_MS = 7_000;
/** Seconds after an outcome whose answer may not have arrived until it is acknowledged. */
export const ACK_AFTER_S = 5;
/** Milliseconds after an answer left until no acknowledgement is needed. */
export const ANSWERED_MS = 1_000;
/** Milliseconds that a process which ends waits for what it is sending. */
export const END_MS = 10_000;
/** Seconds until a dialogue is looked at again whose wake-up was lost. */
export const LOOK_AGAIN_S = 10;
/** Bytes of one file: the gateway's limit. */
export const MOST_BYTES = 20 * 1024 * 1024;

/** Seconds for which a message waits for its files until they are looked at again. */
export const HOLD_S = 7_200;
/** Seconds in which the messenger must have handed over a file. */
export const MEDIA_PATIENCE_S = 3_600;
/** Seconds for which one worker has a message's files to itself, and after which it renews that. */
export const MEDIA_LEASE_S = { length: 30, renewal: 10 };
/** Seconds to the next try of a file, doubled with each: at first and at most. */
export const MEDIA_RETRY_S = { first: 2, most: 300 };
/** Milliseconds for one file. */
export const FILE_MS = 300_000;
/** Messages whose files are passed on at once in a process. */
export const MEDIA_AT_ONCE = 4;
/** Dialogues whose messages are sent at once in a process: a slow messenger leaves room for others. */
export const OUT_AT_ONCE = 5;
/** Milliseconds until a dialogue is tried again that found no room. */
export const NO_ROOM_MS = 500;
