import { UserStatus } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Handlers } from '../engine/call.js';
import { asText } from '../json.js';
import { list, recordById } from './records.js';

/** `users`, `user-groups`. */
export function userHandlers(): Handlers {
  return {
    // Only online users are found by their status.
    'users.list': list({ status: (row) => (row['online'] === true ? row['status'] : undefined), groups: 'groups.*.code' }),
    'users.get': (call) => ({ user: recordById(call, 'users') }),
    'users.status': (call) => {
      const user = recordById(call, 'users');
      const status = asText(call.input['status']);
      if (status === undefined || !(UserStatus as readonly string[]).includes(status))
        throw invalid({ status: `must be one of ${UserStatus.join(', ')}` });
      user['status'] = status;
      call.crm.changed();
      return {};
    },
    'users.userGroups': list({}, { from: 'userGroups' }),
  };
}
