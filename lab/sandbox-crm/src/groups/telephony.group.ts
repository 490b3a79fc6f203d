import { TelephonyCallEventHangupStatus, TelephonyCallEventType, TelephonyCallResult } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';

/** `telephony/*`: events of calls, the calls themselves, the manager of a caller. */
export function telephonyHandlers(): Handlers {
  return { ...callHandlers(), ...managerHandlers() };
}

/** Events of calls, and ended calls. */
function callHandlers(): Handlers {
  return {
    'telephony.callEvent': (call) => {
      const event = asObject(call.input['event']);
      const errors: { [field: string]: string } = {};
      if (asText(event['phone']) === undefined) errors['event.phone'] = 'is required';
      expectOneOf(errors, 'event.type', event['type'], TelephonyCallEventType);
      const codes = asList(event['codes']).map(String);
      const userIds = asList(event['userIds']).map(String);
      if (event['type'] === 'hangup') expectOneOf(errors, 'event.hangupStatus', event['hangupStatus'], TelephonyCallEventHangupStatus);
      if (codes.length === 0 && userIds.length === 0) errors['event.codes'] = 'codes or userIds must name who is called';
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const known = listCodes(call);
      call.crm.insert('callEvents', { ...copy(event), at: call.crm.now(), call: call.exchangeId });
      return {
        notExistCodes: codes.filter((code) => !known.has(code)),
        notExistUsers: userIds.filter((id) => !call.crm.find('users', 'id', id)).map(Number),
      };
    },

    'telephony.callsUpload': (call) => {
      const calls = asObjects(call.input['calls']);
      const errors: { [field: string]: string } = {};
      calls.forEach((one, index) => check(call, one, `calls[${index}]`, errors));
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const duplicates: Json[] = [];
      let processed = 0;
      for (const one of calls) {
        const externalId = asText(one['externalId']);
        if (externalId !== undefined && call.crm.find('calls', 'externalId', externalId)) {
          duplicates.push(externalId);
          continue;
        }
        call.crm.insert('calls', { ...copy(one), receivedAt: call.crm.now(), call: call.exchangeId });
        processed += 1;
      }
      return { processedCallsCount: processed, duplicateCalls: duplicates };
    },
  };
}

/** The manager of a caller. */
function managerHandlers(): Handlers {
  return {
    'telephony.manager': (call) => {
      const phone = digits(asText(call.input['phone']));
      if (phone === '') throw invalid({ phone: 'is required' });
      const customer = call.crm
        .rows('customers')
        .find((row) => asObjects(row['phones']).some((one) => digits(asText(one['number'])) === phone));
      const order = call.crm
        .rows('orders')
        .findLast(
          (row) => digits(asText(row['phone'])) === phone || (customer !== undefined && asObject(row['customer'])['id'] === customer['id']),
        );
      const user = call.crm.find('users', 'id', asText(customer?.['managerId']) ?? asText(order?.['managerId']));
      const free = user !== undefined && user['online'] === true && user['status'] === 'free';
      const answer: JsonObject = {};
      if (user && (free || call.input['ignoreStatus'] === 1)) answer['manager'] = findManager(call, user);
      if (call.input['details'] !== 1) return answer;
      const url = call.crm.url;
      if (!customer)
        return {
          ...answer,
          links: { newOrderLink: `${url}/orders/add?phone=${phone}`, newCustomerLink: `${url}/customers/add?phone=${phone}` },
        };
      return {
        ...answer,
        customer: {
          id: asText(customer['id']),
          ...pick(customer, ['externalId', 'firstName', 'lastName', 'patronymic', 'email', 'phones']),
        },
        links: {
          customerLink: `${url}/customers/${String(customer['id'])}`,
          ...(order ? { lastOrderLink: `${url}/orders/${String(order['id'])}/edit` } : {}),
        },
      };
    },
  };
}

function check(call: Call, one: JsonObject, path: string, errors: { [field: string]: string }): void {
  for (const field of ['date', 'type', 'phone', 'result']) if (asText(one[field]) === undefined) errors[`${path}.${field}`] = 'is required';
  expectOneOf(errors, `${path}.type`, one['type'], ['in', 'out']);
  expectOneOf(errors, `${path}.result`, one['result'], TelephonyCallResult);
  const duration = asNumber(one['duration']);
  const waiting = asNumber(one['durationWaiting']);
  if (duration !== undefined && waiting !== undefined && duration < waiting)
    errors[`${path}.duration`] = 'must not be less than durationWaiting';
  const user = asText(one['userId']);
  if (user === undefined && asText(one['code']) === undefined) errors[`${path}.userId`] = 'userId or code must name who took the call';
  if (user !== undefined && !call.crm.find('users', 'id', user)) errors[`${path}.userId`] = 'is not a user of the account';
  const url = asText(one['recordUrl']);
  if (url !== undefined && !URL.canParse(url)) errors[`${path}.recordUrl`] = 'is not a URL';
}

/** Returns the extensions that the account's telephony modules registered: code to user's id. */
function listCodes(call: Call): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const module of Object.values(call.crm.account.modules)) {
    const telephony = asObject(asObject(module.registration['integrations'])['telephony']);
    for (const row of asObjects(telephony['additionalCodes'])) codes.set(asText(row['code']) ?? '', asText(row['userId']) ?? '');
  }
  return codes;
}

function findManager(call: Call, user: JsonObject): JsonObject {
  const id = asText(user['id']) ?? '';
  const code = [...listCodes(call)].find(([, userId]) => userId === id)?.[0];
  return { id, ...pick(user, ['firstName', 'lastName', 'patronymic', 'email']), code };
}

function expectOneOf(errors: { [field: string]: string }, field: string, value: Json | undefined, allowed: readonly string[]): void {
  if (value === undefined || !allowed.includes(String(value))) errors[field] ??= `must be one of ${allowed.join(', ')}`;
}

/** Returns a phone's digits, which are used for comparison. */
export function digits(phone: string | undefined): string {
  return (phone ?? '').replace(/\D/g, '');
}
