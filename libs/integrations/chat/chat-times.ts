/* Times of messages to and from the gateway, which does not document its own (README.md). */

/** Milliseconds in which the outcome is returned to the gateway directly. Later it is acknowledged. */
export const SYNC_MS = 2_500;
/**
 * Seconds after which a message without an outcome has failed, so that the gateway is notified before it
 * gives up.
 */
export const SEND_PATIENCE_S = 25;
/** Seconds for which an edit, a deletion, a read receipt or a reaction is tried. */
export const ACT_PATIENCE_S = 3_600;
/** Seconds until the next try, doubled each time: first and maximum. */
export const RETRY_S = { first: 1, most: 60 };
/**
 * Milliseconds that a call may take beyond PROVIDER_BUDGET_MS. Less than the remaining lease of an operation.
 */
export const MEDIA_MS = 7_000;
/** Seconds until an outcome is acknowledged if its reply may not have arrived. */
export const ACK_AFTER_S = 5;
/** Milliseconds after a reply was sent until no acknowledgement is needed. */
export const ANSWERED_MS = 1_000;
/** Milliseconds that a stopping process waits for messages being sent. */
export const END_MS = 10_000;
/** Seconds until a dialogue whose wake-up was lost is checked again. */
export const LOOK_AGAIN_S = 10;
/** Maximum bytes of one file, the gateway's limit. */
export const MOST_BYTES = 20 * 1024 * 1024;

/** Seconds for which a message waits for its files until they are checked again. */
export const HOLD_S = 7_200;
/** Seconds in which the messenger must have provided a file. */
export const MEDIA_PATIENCE_S = 3_600;
/** Seconds for which one worker has claimed a message's files, and after which it renews the claim. */
export const MEDIA_LEASE_S = { length: 30, renewal: 10 };
/** Seconds until the next try of a file, doubled each time: first and maximum. */
export const MEDIA_RETRY_S = { first: 2, most: 300 };
/** Milliseconds for one file. */
export const FILE_MS = 300_000;
/** Maximum number of messages whose files a process transfers at the same time. */
export const MEDIA_AT_ONCE = 4;
/**
 * Maximum number of dialogues that a process sends at the same time, so that a slow messenger leaves room for
 * others.
 */
export const OUT_AT_ONCE = 5;
/** Milliseconds until a dialogue without a free slot is tried again. */
export const NO_ROOM_MS = 500;
