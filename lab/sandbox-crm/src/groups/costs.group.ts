import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, pick } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { findReferenced, merge, recordById, readSite } from './records.js';

const FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  costItems: ['in', (row) => row['costItem']],
  sites: ['in', (row) => row['sites']],
  createdBy: ['in', (row) => row['createdBy']],
  users: ['in', (row) => row['userId']],
  comment: ['contains', (row) => row['comment']],
  orderNumber: ['equals', (row) => asObject(row['order'])['number']],
  orderIds: ['in', (row) => asObject(row['order'])['id']],
  orderExternalIds: ['in', (row) => asObject(row['order'])['externalId']],
  dateFrom: ['from', (row) => row['dateFrom']],
  dateTo: ['to', (row) => row['dateTo']],
  createdAtFrom: ['from', (row) => row['createdAt']],
  createdAtTo: ['to', (row) => row['createdAt']],
  minSumm: ['min', (row) => row['summ']],
  maxSumm: ['max', (row) => row['summ']],
};

/** `costs/*`. */
export function costHandlers(): Handlers {
  return {
    'costs.list': (call) => {
      const rules: FilterRules = {
        ...FILTER,
        costGroups: ['in', (row) => call.crm.find('costItems', 'code', asText(row['costItem']))?.['group']],
      };
      const page = paginate(applyFilter(call.crm, call.crm.rows('costs'), asObject(call.input['filter']), rules).reverse(), call.input);
      return { costs: page.rows, pagination: page.pagination };
    },
    'costs.get': (call) => ({ cost: recordById(call, 'costs') }),
    'costs.create': (call) => ({ id: create(call, asObject(call.input['cost']), 'cost')['id'] }),
    'costs.costsUpload': (call) => {
      const checked = asObjects(call.input['costs']).map((cost, index) => readFields(call, cost, `costs[${index}]`, true));
      return { uploadedCosts: checked.map((cost) => insert(call, cost)['id'] ?? null) };
    },
    'costs.edit': (call) => {
      const cost = recordById(call, 'costs');
      merge(cost, readFields(call, asObject(call.input['cost']), 'cost', false));
      call.crm.changed();
      return { id: cost['id'] };
    },
    'costs.delete': (call) => {
      call.crm.remove('costs', recordById(call, 'costs'));
      return {};
    },
    'costs.costsDelete': (call) => {
      const notRemovedIds: Json[] = [];
      let count = 0;
      for (const id of asList(call.input['ids'])) {
        const cost = call.crm.find('costs', 'id', asText(id));
        if (cost) count += call.crm.remove('costs', cost) ? 1 : 0;
        else notRemovedIds.push(id);
      }
      return { count, notRemovedIds };
    },
  };
}

function create(call: Call, given: JsonObject, path: string): JsonObject {
  return insert(call, readFields(call, given, path, true));
}

function insert(call: Call, fields: JsonObject): JsonObject {
  return call.crm.insert('costs', { createdAt: call.crm.now(), createdBy: 'api', sites: [readSite(call)], ...fields });
}

function readFields(call: Call, given: JsonObject, path: string, isNew: boolean): JsonObject {
  const errors: { [field: string]: string } = {};
  if (isNew)
    for (const field of ['dateFrom', 'dateTo', 'summ', 'costItem'])
      if (asText(given[field]) === undefined) errors[`${path}.${field}`] = 'is required';
  const item = asText(given['costItem']);
  const itemRow = call.crm.find('costItems', 'code', item);
  if (item !== undefined && !itemRow) errors[`${path}.costItem`] = 'is not a cost item of the account';
  if ((asNumber(given['summ']) ?? 0) < 0) errors[`${path}.summ`] = 'must not be negative';
  const { id: _id, order, ...fields } = given;
  if (order !== undefined) {
    const found = findReferenced(call.crm, 'orders', order);
    if (!found) errors[`${path}.order`] = 'is not known';
    else if (itemRow && itemRow['appliesToOrders'] !== true) errors[`${path}.order`] = 'the cost item does not refer to orders';
    else fields['order'] = pick(found, ['id', 'number', 'externalId']);
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return fields;
}
