import {
  checkAll,
  checkAnyText,
  checkCount,
  checkFlag,
  checkFunction,
  checkId,
  checkList,
  checkMoment,
  checkObject,
  checkOneOf,
  checkOptional,
  checkShape,
  checkText,
  type ReplyCheck,
  type ReplyChecks,
} from '#integration-kit';
import type { CallEvent, CallUpdate, CallSnapshot, PlacedCall, RecordFile, TelephonyProvider } from './port/index.js';

const checkOutcome = checkOneOf('answered', 'busy', 'no-answer', 'cancelled', 'failed', 'not-allowed', 'unknown');

const checkSnapshot = checkShape<
  Pick<CallSnapshot, 'externalId' | 'direction' | 'phone' | 'code' | 'startedAt' | 'answeredAt' | 'endedAt' | 'outcome' | 'record'>
>({
  externalId: checkId,
  direction: checkOneOf('in', 'out'),
  phone: checkOptional(checkAnyText),
  code: checkOptional(checkAnyText),
  startedAt: checkMoment,
  answeredAt: checkOptional(checkMoment),
  endedAt: checkOptional(checkMoment),
  outcome: checkOptional(checkOutcome),
  record: checkOptional(checkAnyText),
});

const checkSignal: ReplyCheck = checkAll(
  checkShape<{ type: string; codes: string[] }>({ type: checkOneOf('in', 'out', 'hangup'), codes: checkList(checkText) }),
  (value, field, found, facts) => {
    const { type, outcome } = value as { type: string; outcome?: unknown };
    if (type === 'hangup') checkOutcome(outcome, `${field}.outcome`, found, facts);
  },
);

const checkUpdate: ReplyCheck = checkShape<Pick<CallUpdate, 'call' | 'signals' | 'memory'>>({
  call: checkSnapshot,
  signals: checkList(checkSignal),
  memory: checkOptional(checkObject),
});

const checkEvent = checkShape<CallEvent>({
  id: checkId,
  call: checkId,
  data: checkObject,
  hasWaited: checkOptional(checkFlag),
});

/** Checks the replies of PBXs against the port. */
export const telephonyReplies: ReplyChecks<TelephonyProvider> = {
  call: { check: checkOptional(checkShape<PlacedCall>({ externalId: checkOptional(checkId) })), failsAs: 'unknown_outcome' },
  findCall: { check: checkFlag },
  track: { check: checkOptional(checkUpdate), isSync: true },
  webhook: { of: 'parse', isSync: true, check: checkList(checkEvent), failsAs: 'invalid' },
  catchUp: { check: checkEvent, wrongItems: 'leave-out' },
  findRecord: {
    check: checkOptional(
      checkShape<RecordFile>({
        type: checkOneOf('audio/wav', 'audio/mpeg'),
        name: checkText,
        size: checkOptional(checkCount),
        open: checkFunction,
      }),
    ),
  },
};
