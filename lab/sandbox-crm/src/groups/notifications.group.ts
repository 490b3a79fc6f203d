import { ApiError, invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type JsonObject, asList, asNumber, asObject, asObjects, asText } from '../json.js';

/** Maximum number of notifications per type, user and key within `minutes`, from the reference. */
const BALANCE: { readonly [type: string]: { readonly count: number; readonly minutes: number } } = {
  'api.error': { count: 3, minutes: 60 },
  'api.info': { count: 10, minutes: 30 },
};
const TAGS = ['b', 'i', 'strong', 'em', 'br', 'span', 'div', 'p', 'a'];

/** `notifications/send`. */
export function notificationHandlers(): Handlers {
  return {
    'notifications.send': (call) => {
      const notification = asObject(call.input['notification']);
      const users = recipients(call, notification);
      const type = asText(notification['type']) ?? '';
      const message = asText(notification['message']) ?? '';
      const errors: { [field: string]: string } = {};
      const balance = BALANCE[type];
      if (!balance) errors['notification.type'] = `must be one of ${Object.keys(BALANCE).join(', ')}`;
      const text = message.replace(/<[^>]*>/g, '');
      if (text === '') errors['notification.message'] = 'is required';
      if ([...text].length > 160) errors['notification.message'] = 'must have at most 160 characters, tags aside';
      const tag = [...message.matchAll(/<\/?([a-z0-9]+)/gi)].find((match) => !TAGS.includes((match[1] ?? '').toLowerCase()));
      if (tag) errors['notification.message'] = `the tag <${tag[1] ?? ''}> is not allowed; allowed are ${TAGS.join(', ')}`;
      if (!balance || Object.keys(errors).length > 0) throw invalid(errors);
      spend(call, users, type, balance);
      call.crm.insert('notifications', {
        type,
        message,
        userIds: users,
        createdAt: call.crm.now(),
        at: call.crm.instant().getTime(),
        key: call.key.key,
      });
      return {};
    },
  };
}

function recipients(call: Call, notification: JsonObject): number[] {
  const ids = asList(notification['userIds']).map((id) => asNumber(id) ?? 0);
  const groups = asList(notification['userGroups']).map(String);
  if (ids.length > 0 === groups.length > 0)
    throw invalid({ 'notification.userIds': 'exactly one of userIds and userGroups must be filled' });
  if (groups.length > 0) {
    const unknown = groups.find((group) => group !== 'superadmins');
    if (unknown !== undefined) throw invalid({ 'notification.userGroups': 'only superadmins is taken' });
    return call.crm
      .rows('users')
      .filter((user) => user['isAdmin'] === true)
      .map((user) => asNumber(user['id']) ?? 0);
  }
  const unknown = ids.find((id) => !call.crm.find('users', 'id', id));
  if (unknown !== undefined) throw invalid({ 'notification.userIds': `${unknown} is not a user of the account` });
  return ids;
}

/** Takes one from each recipient's balance. If any balance is empty, the whole call is rejected. */
function spend(call: Call, users: readonly number[], type: string, balance: { readonly count: number; readonly minutes: number }): void {
  const now = call.crm.instant().getTime();
  const since = now - balance.minutes * 60_000;
  const recent = asObjects(call.crm.rows('notifications')).filter(
    (row) => row['type'] === type && row['key'] === call.key.key && (asNumber(row['at']) ?? 0) > since,
  );
  const used = users.map((user) => recent.filter((row) => asList(row['userIds']).includes(user)));
  const left = Math.min(...used.map((rows) => balance.count - rows.length));
  call.header('x-ratelimit-remaining', String(Math.max(0, left - 1)));
  if (left > 0) return;
  const oldest = Math.min(...used.filter((rows) => rows.length >= balance.count).map((rows) => asNumber(rows[0]?.['at']) ?? now));
  call.header('x-ratelimit-retry-after', String(Math.ceil((oldest + balance.minutes * 60_000) / 1000)));
  throw new ApiError(429, 'Request limit has been exceeded over the last time.');
}
