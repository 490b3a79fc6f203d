/* Times of messages to and from the gateway. It documents none of its own; README.md says what is assumed. */

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
/** Seconds until a dialogue is looked at again whose wake-up was lost. */
export const LOOK_AGAIN_S = 10;
/** Bytes of one file: the gateway's limit. */
export const MOST_BYTES = 20 * 1024 * 1024;
