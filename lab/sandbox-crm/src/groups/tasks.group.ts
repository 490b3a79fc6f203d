import { TaskStatus } from '#crm-client/wire';
import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type JsonObject, asNumber, asObject, asText, copy, pick } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { answerHistory, findReferenced, logChanges, merge, recordById, readSite } from './records.js';

const FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  orderNumber: ['equals', (row) => asObject(row['order'])['number']],
  status: ['equals', (row) => (row['complete'] === true ? 'completed' : 'performing')],
  text: ['contains', (row) => row['text']],
  performers: ['in', (row) => row['performer']],
  creators: ['in', (row) => row['creator']],
  dateFrom: ['from', (row) => row['datetime']],
  dateTo: ['to', (row) => row['datetime']],
  createdAtFrom: ['from', (row) => row['createdAt']],
  createdAtTo: ['to', (row) => row['createdAt']],
  completedAtFrom: ['from', (row) => row['completedAt']],
  completedAtTo: ['to', (row) => row['completedAt']],
};

/** `tasks/*`. */
export function taskHandlers(): Handlers {
  return {
    'tasks.list': (call) => {
      const filter = asObject(call.input['filter']);
      const status = asText(filter['status']);
      if (status !== undefined && !(TaskStatus as readonly string[]).includes(status))
        throw invalid({ 'filter.status': `must be one of ${TaskStatus.join(', ')}` });
      const page = paginate(applyFilter(call.crm, call.crm.rows('tasks'), filter, FILTER), call.input);
      return { tasks: page.rows, pagination: page.pagination };
    },
    'tasks.get': (call) => ({ task: recordById(call, 'tasks') }),
    'tasks.create': (call) => {
      const given = asObject(call.input['task']);
      if (asText(given['text']) === undefined) throw invalid({ 'task.text': 'is required' });
      if (asNumber(given['performerId']) === undefined) throw invalid({ 'task.performerId': 'is required' });
      const task = call.crm.insert('tasks', {
        createdAt: call.crm.now(),
        complete: false,
        creator: 1,
        performerType: 'user',
        ...readFields(call, given),
      });
      call.crm.log('taskHistory', { created: true, field: 'text', oldValue: null, newValue: task['text'], task: copy(task) }, call.key.key);
      return { id: task['id'] };
    },
    'tasks.edit': (call) => {
      const task = recordById(call, 'tasks');
      const before = copy(task);
      const { id: _id, ...fields } = readFields(call, asObject(call.input['task']));
      merge(task, fields);
      if (task['complete'] === true && before['complete'] !== true) task['completedAt'] = call.crm.now();
      if (task['complete'] !== true) delete task['completedAt'];
      call.crm.changed();
      logChanges(call, 'taskHistory', before, task, { task: { id: task['id'] } });
      return {};
    },
    'tasks.history': (call) => answerHistory(call, 'taskHistory', 'task'),
    'tasks.getComments': (call) => {
      const task = recordById(call, 'tasks');
      const page = paginate(
        call.crm.rows('taskComments').filter((comment) => comment['taskId'] === task['id']),
        call.input,
      );
      return { comments: page.rows.map(({ taskId: _taskId, ...comment }) => comment), pagination: page.pagination };
    },
  };
}

/** Reads a task's fields and validates its performer. Links order and customer if found. */
function readFields(call: Call, given: JsonObject): JsonObject {
  readSite(call);
  const { order, customer, creator: _creator, createdAt: _createdAt, id: _id, ...fields } = copy(given);
  const performer = asNumber(given['performerId']);
  if (performer !== undefined) {
    const group = given['performerType'] === 'group';
    if (!call.crm.find(group ? 'userGroups' : 'users', 'id', performer))
      throw invalid({ 'task.performerId': `is not a ${group ? 'group' : 'user'} of the account` });
    fields['performer'] = performer;
  }
  for (const [name, collection, kept, reference] of [
    ['order', 'orders', ['id', 'number', 'externalId', 'site'], order],
    ['customer', 'customers', ['type', 'id', 'externalId', 'site'], customer],
  ] as const) {
    const row = reference === undefined ? undefined : findReferenced(call.crm, collection, reference);
    if (row) fields[name] = pick(row, kept);
  }
  return fields;
}
