import { TaskStatus } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type JsonObject, asNumber, asObject, asText, pick } from '../json.js';
import { type Resource, answerHistory, findReferenced, keep, list, omit, readSite, recordById } from './records.js';

const TASK: Resource = {
  collection: 'tasks',
  field: 'task',
  history: ['taskHistory', 'text'],
  required: ['text', 'performerId'],
  defaults: ({ crm }) => ({ createdAt: crm.now(), complete: false, creator: 1, performerType: 'user' }),
  read: readFields,
  afterEdit: ({ crm }, task, before) => {
    if (task['complete'] === true && before['complete'] !== true) task['completedAt'] = crm.now();
    if (task['complete'] !== true) delete task['completedAt'];
  },
};

/** `tasks/*`. */
export function taskHandlers(): Handlers {
  const { create, edit } = keep(TASK);
  const find = list({
    status: (row) => (row['complete'] === true ? 'completed' : 'performing'),
    text: '~text',
    dateFrom: 'datetime',
    dateTo: 'datetime',
  });
  return {
    'tasks.list': (call) => {
      const status = asText(asObject(call.input['filter'])['status']);
      if (status !== undefined && !(TaskStatus as readonly string[]).includes(status))
        throw invalid({ 'filter.status': `must be one of ${TaskStatus.join(', ')}` });
      return find(call);
    },
    'tasks.get': (call) => ({ task: recordById(call, 'tasks') }),
    'tasks.create': create,
    'tasks.edit': edit,
    'tasks.history': (call) => answerHistory(call, 'taskHistory', 'task'),
    'tasks.getComments': list(
      {},
      {
        from: (call) => {
          const task = recordById(call, 'tasks');
          return call.crm.rows('taskComments').filter((comment) => comment['taskId'] === task['id']);
        },
        show: (comment) => omit(comment, ['taskId']),
      },
    ),
  };
}

/** Reads a task's fields and validates its performer. Links order and customer if found. */
function readFields(call: Call, given: JsonObject): JsonObject {
  readSite(call);
  const fields = omit(given, ['order', 'customer', 'creator', 'createdAt']);
  const performer = asNumber(given['performerId']);
  if (performer !== undefined) {
    const group = given['performerType'] === 'group';
    if (!call.crm.find(group ? 'userGroups' : 'users', 'id', performer))
      throw invalid({ 'task.performerId': `is not a ${group ? 'group' : 'user'} of the account` });
    fields['performer'] = performer;
  }
  for (const [name, collection, kept] of [
    ['order', 'orders', ['id', 'number', 'externalId', 'site']],
    ['customer', 'customers', ['type', 'id', 'externalId', 'site']],
  ] as const) {
    const row = given[name] === undefined ? undefined : findReferenced(call.crm, collection, given[name]);
    if (row) fields[name] = pick(row, kept);
  }
  return fields;
}
