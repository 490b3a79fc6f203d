import type { CallOutcome } from '#telephony/port';

/** What Dial says of a leg (`DialStatus`). An unknown one is a failure, never an answer. */
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

/** Q.850 causes of a leg that ended before anyone answered and without a word of Dial. Never an answer. */
const BY_CAUSE: Readonly<Record<string, CallOutcome>> = {
  16: 'cancelled',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  21: 'busy',
  26: 'cancelled',
};

export function outcomeOfDial(status: string | undefined): CallOutcome {
  return (status !== undefined && Object.hasOwn(BY_DIAL_STATUS, status) && BY_DIAL_STATUS[status]) || 'failed';
}

export function outcomeOfCause(cause: string | undefined): CallOutcome {
  return (cause !== undefined && Object.hasOwn(BY_CAUSE, cause) && BY_CAUSE[cause]) || 'failed';
}
