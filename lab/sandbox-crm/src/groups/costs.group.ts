import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asList, asNumber, asObjects, asText, pick } from '../json.js';
import { type Resource, createRecord, findReferenced, keep, list, omit, readSite, recordById, needFields } from './records.js';

const COST: Resource = {
  collection: 'costs',
  field: 'cost',
  required: ['dateFrom', 'dateTo', 'summ', 'costItem'],
  defaults: (call) => ({ createdAt: call.crm.now(), createdBy: 'api', sites: [readSite(call)] }),
  read: (call, given) => readFields(call, given, 'cost'),
};

/** `costs/*`. */
export function costHandlers(): Handlers {
  const { create, edit, remove } = keep(COST);
  return {
    'costs.list': list(
      { comment: '~comment', costGroups: (row, crm) => crm.find('costItems', 'code', asText(row['costItem']))?.['group'] },
      { newestFirst: true },
    ),
    'costs.get': (call) => ({ cost: recordById(call, 'costs') }),
    'costs.create': create,
    'costs.costsUpload': (call) => {
      // All are checked before the first one is created.
      const costs = asObjects(call.input['costs']).map((given, index) => {
        needFields(given, `costs[${index}]`, COST.required ?? []);
        return readFields(call, given, `costs[${index}]`);
      });
      return { uploadedCosts: costs.map((cost) => createRecord(call, { ...COST, read: undefined }, cost)['id'] ?? null) };
    },
    'costs.edit': edit,
    'costs.delete': remove,
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

function readFields(call: Call, given: JsonObject, path: string): JsonObject {
  const errors: { [field: string]: string } = {};
  const item = asText(given['costItem']);
  const itemRow = call.crm.find('costItems', 'code', item);
  if (item !== undefined && !itemRow) errors[`${path}.costItem`] = 'is not a cost item of the account';
  if ((asNumber(given['summ']) ?? 0) < 0) errors[`${path}.summ`] = 'must not be negative';
  const fields = omit(given, ['order']);
  if (given['order'] !== undefined) {
    const found = findReferenced(call.crm, 'orders', given['order']);
    if (!found) errors[`${path}.order`] = 'is not known';
    else if (itemRow && itemRow['appliesToOrders'] !== true) errors[`${path}.order`] = 'the cost item does not refer to orders';
    else fields['order'] = pick(found, ['id', 'number', 'externalId']);
  }
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return fields;
}
