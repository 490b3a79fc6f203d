import type { CallOutcome } from '#telephony/port';

/** Dial's outcomes of a leg (`DialStatus`). An unknown one is a failure, never an answer. */
const BY_DIAL_STATUS: Readonly<Record<string, CallOutcome>> = {
  ANSWER: 'answered',
  BUSY: 'busy',
  NOANSWER: 'no-answer',
  CANCEL: 'cancelled',
  CONGESTION: 'failed',
  CHANUNAVAIL: 'failed',
  DONTCALL: 'not-allowed',
  TORTURE: 'not-allowed',
  ABORT: 'failed',
};

/**
 * Q.850 causes of a leg that ended before anyone answered and without a status from Dial. Never an answer.
 */
const BY_CAUSE: Readonly<Record<string, CallOutcome>> = {
  16: 'cancelled',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  21: 'busy',
  26: 'cancelled',
  127: 'cancelled',
};

/** Causes of a phone that could not be rung: no such phone, not registered, broken, out of lines. */
const UNREACHABLE = new Set(['1', '2', '3', '20', '22', '25', '27', '28', '34', '38', '41', '42', '44', '58']);

/**
 * The outcome of a dialled leg. Dial and Queue also report NOANSWER for a phone that rejected the call, and
 * CHANUNAVAIL or CONGESTION for a phone that is busy behind a line: the cause of the leg's hangup, if known,
 * distinguishes them.
 */
export function readDialOutcome(status: string | undefined, cause?: string): CallOutcome {
  const told = (status !== undefined && Object.hasOwn(BY_DIAL_STATUS, status) && BY_DIAL_STATUS[status]) || 'failed';
  if (told !== 'no-answer' && told !== 'failed') return told;
  if (cause === '17' || cause === '21') return 'busy';
  return cause !== undefined && UNREACHABLE.has(cause) ? 'failed' : told;
}

/** The outcome of a leg without a status from Dial. */
export function readCauseOutcome(cause: string | undefined): CallOutcome {
  return (cause !== undefined && Object.hasOwn(BY_CAUSE, cause) && BY_CAUSE[cause]) || 'failed';
}
