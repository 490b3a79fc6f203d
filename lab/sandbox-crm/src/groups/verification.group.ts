import { randomUUID } from 'node:crypto';
import { invalid, notFound } from '../engine/api-error.js';
import type { Handlers } from '../engine/call.js';
import { type JsonObject, asObject, asText } from '../json.js';
import type { AccountContext } from '../store/account-context.js';

/** The code in every SMS of the sandbox. */
const CODE = '1234';

/** `verification/sms/*`. The control API creates checks, because no method requests an SMS. */
export function verificationHandlers(): Handlers {
  return {
    'verification.smsConfirm': (call) => {
      const given = asObject(call.input['verification']);
      const row = call.crm.find('verifications', 'checkId', asText(given['checkId']));
      if (!row) throw invalid({ 'verification.checkId': 'is not known' });
      if (asText(given['code']) !== CODE) throw invalid({ 'verification.code': 'is wrong' });
      row['verifiedAt'] ??= call.crm.now();
      call.crm.changed();
      return { verification: show(row) };
    },
    'verification.smsStatus': (call) => {
      const row = call.crm.find('verifications', 'checkId', call.path['checkId']);
      if (!row) throw notFound();
      return { verification: show(row) };
    },
  };
}

/** Starts a check of a phone. Returns it in the API's format, with the code of the SMS. */
export function startVerification(crm: AccountContext, actionType: string): JsonObject {
  const row = crm.insert('verifications', { createdAt: crm.now(), expiredAt: crm.now(), checkId: randomUUID(), actionType });
  return { ...show(row), code: CODE };
}

function show({ id: _id, ...row }: JsonObject): JsonObject {
  return row;
}
