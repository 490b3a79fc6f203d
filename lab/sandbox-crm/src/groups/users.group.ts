import { UserStatus } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { asObject, asObjects, asText } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { recordById } from './records.js';

const FILTER: FilterRules = {
  email: ['equals', (row) => row['email']],
  // Only online users are found by their status.
  status: ['equals', (row) => (row['online'] === true ? row['status'] : undefined)],
  online: ['equals', (row) => row['online']],
  active: ['equals', (row) => row['active']],
  isManager: ['equals', (row) => row['isManager']],
  isAdmin: ['equals', (row) => row['isAdmin']],
  groups: ['in', (row) => asObjects(row['groups']).map((group) => group['code'] ?? null)],
  createdAtFrom: ['from', (row) => row['createdAt']],
  createdAtTo: ['to', (row) => row['createdAt']],
};

/** `users`, `user-groups`. */
export function userHandlers(): Handlers {
  return {
    'users.list': (call) => {
      const page = paginate(applyFilter(call.crm, call.crm.rows('users'), asObject(call.input['filter']), FILTER), call.input);
      return { users: page.rows, pagination: page.pagination };
    },
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
    'users.userGroups': (call) => {
      const page = paginate(call.crm.rows('userGroups'), call.input);
      return { groups: page.rows, pagination: page.pagination };
    },
  };
}
