/** Standing behaviour, until changed. What the service leaves open has a value for each reading. */
export interface ZadarmaModes {
  /** Milliseconds every call of the API takes. */
  latencyMs: number;
  /** The most calls of the API in a minute, of one key, and of them to the statistics. */
  callsPerMinute: number;
  statisticsPerMinute: number;
  /** A 429 says in `Retry-After` when to come again. */
  retryAfter: boolean;
  /** The HTTP status of an answer whose `status` is `error`, but for 401 and 429. */
  refusalStatus: 400 | 200;
  /** What becomes of a question to the statistics that is longer than a month. */
  longPeriods: 'refused' | 'cut';
  /** `is_recorded` in the statistics. */
  recordedAs: 'text' | 'boolean';

  /** Notices name extensions by their full login (`499499-100`). */
  fullLogins: boolean;
  /** Notices write callers with a plus. */
  plusNumbers: boolean;
  /** `NOTIFY_ANSWER` names the phone. */
  answerNamesPhone: boolean;
  /** In which fields `NOTIFY_END` names the phones that talked. */
  endNames: 'both' | 'internal' | 'last' | 'none';
  /** `NOTIFY_ANSWER` comes for outgoing calls too. */
  answersOutgoing: boolean;
  /** `call_start` of `NOTIFY_INTERNAL` and `NOTIFY_ANSWER` is the phone's, not the call's. */
  legTimes: boolean;
  /** `NOTIFY_INTERNAL_END` is sent, and what signs it: the fields of `NOTIFY_START`, or others. */
  internalEnd: 'start-fields' | 'other-fields' | 'none';
  /** How notices are signed: base64 of the hex digest, of its bytes, or not at all (no keys). */
  signatures: 'hex' | 'raw' | 'none';
  /** When `NOTIFY_RECORD` comes: once the recording is ready, before the end of the call, never. */
  recordNotice: 'when-ready' | 'before-end' | 'none';
  /** Notices in a row that may fail until the service switches them off; 0: it never does. */
  failuresMost: number;
  /** What is switched off then. */
  switchesOff: 'url' | 'notifications';

  /** Milliseconds from a call's end until its recording is ready. */
  recordReadyMs: number;
  /** A recording that is not ready has an address already, where nothing is found. */
  linksEarly: boolean;
  /** Recordings have addresses at another host. */
  foreignLinks: boolean;
  /** Downloads keep to a range; otherwise they are whole. */
  ranges: boolean;
  /** Downloads tell their size. */
  sizes: boolean;
  /** Recordings that an account keeps: a new one takes the place of the oldest. */
  recordsMost: number;

  /** Whether calls that the API is asked for wait for a test, or are answered by themselves. */
  clicks: 'by-hand' | 'answered';
}

export const FIRST_MODES: ZadarmaModes = {
  ...{ latencyMs: 0, callsPerMinute: 100, statisticsPerMinute: 3, retryAfter: true, refusalStatus: 400 },
  ...{ longPeriods: 'refused', recordedAs: 'text', fullLogins: false, plusNumbers: false, answerNamesPhone: true, endNames: 'both' },
  ...{ answersOutgoing: false, legTimes: false, internalEnd: 'start-fields', signatures: 'hex', recordNotice: 'when-ready' },
  ...{ failuresMost: 10, switchesOff: 'url', recordReadyMs: 0, linksEarly: false, foreignLinks: false, ranges: false, sizes: true },
  ...{ recordsMost: 1_000, clicks: 'by-hand' },
};
