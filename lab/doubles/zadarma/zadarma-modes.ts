import { type AllModes, mode, type ModeTable } from '../../../libs/testing/double/modes.js';
import { oneOf } from '../../../libs/testing/double/wire.js';

/** Points that the service leaves open have a choice for each reading. */
export const MODES = {
  /** The HTTP status of an answer whose `status` is `error`, but for 401 and 429. */
  refusalStatus: mode(oneOf(400, 200), 400),
  /** Statistics of more than a month. */
  longPeriods: ['refused', 'cut'],
  /** `is_recorded` in the statistics. */
  recordedAs: ['text', 'boolean'],

  /** Notices name extensions by their full login (`499499-100`). */
  fullLogins: false,
  /** Notices write callers with a plus. */
  plusNumbers: false,
  /** `NOTIFY_ANSWER` names the phone. */
  answerNamesPhone: true,
  /** The fields in which `NOTIFY_END` names the phones that talked. */
  endNames: ['both', 'internal', 'last', 'none'],
  /** `NOTIFY_ANSWER` comes for outgoing calls too. */
  answersOutgoing: false,
  /** `call_start` of `NOTIFY_INTERNAL` and `NOTIFY_ANSWER` belongs to the phone, not to the call. */
  legTimes: false,
  /**
   * Whether `NOTIFY_INTERNAL_END` is sent, and its signed fields: the fields of `NOTIFY_START`, or others.
   */
  internalEnd: ['start-fields', 'other-fields', 'none'],
  /** How notices are signed: base64 of the hex digest, of its bytes, or not at all (no keys). */
  signatures: ['hex', 'raw', 'none'],
  /** When `NOTIFY_RECORD` comes: once the recording is ready, before the end of the call, never. */
  recordNotice: ['when-ready', 'before-end', 'none'],
  /** Notices in a row that may fail until the service removes the address. 0: it never does. */
  failuresMost: 10,

  /** Milliseconds from a call's end until its recording is ready. */
  recordReadyMs: 0,
  /** A recording that is not ready already has an address without a file. */
  linksEarly: false,
  /** Recordings have addresses at another host. */
  foreignLinks: false,
  /** Downloads keep to a range. Otherwise they are whole. */
  ranges: false,
  /** Downloads have their size. */
  sizes: true,

  /** Whether calls requested through the API wait for a test, or are answered automatically. */
  clicks: ['by-hand', 'answered'],
} as const satisfies ModeTable;
export type ZadarmaModes = AllModes<typeof MODES>;
