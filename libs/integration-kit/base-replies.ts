import type { CheckReport, Conflict, ConnectReport, GrantedAccount, ManualStep, Provider } from '#provider-kit';
import {
  checkAnyText,
  checkFlag,
  checkList,
  checkMap,
  checkOptional,
  checkShape,
  checkText,
  type ReplyCheck,
  type ReplyChecks,
} from './reply-checks.js';

const checkTexts: ReplyCheck = checkOptional(checkMap(checkAnyText));

/** Checks the replies that any provider may give, whatever its integration. Lookups are read leniently. */
export const baseReplies: ReplyChecks<Provider> = {
  check: { check: checkShape<CheckReport>({ account: checkOptional(checkAnyText), errors: checkTexts, warnings: checkTexts }) },
  connect: {
    check: checkShape<ConnectReport>({
      memory: checkTexts,
      conflict: checkOptional(checkList(checkShape<Conflict>({ about: checkOptional(checkAnyText), address: checkAnyText }))),
      manual: checkOptional(
        checkList(
          checkShape<ManualStep>({
            about: checkOptional(checkAnyText),
            address: checkAnyText,
            events: checkOptional(checkList(checkText)),
            text: checkMap(checkText),
          }),
        ),
      ),
      warnings: checkTexts,
    }),
  },
  isUsed: { check: checkFlag },
  identifyGrant: { check: checkShape<GrantedAccount>({ id: checkText, name: checkAnyText, isLive: checkOptional(checkFlag) }) },
};
