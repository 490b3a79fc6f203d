import { Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { JsonObject, asNumber, asObject, asObjects, asText, copy } from '../json.js';
import { FilterRules, applyFilter } from './filters.js';
import { createOrder, editOrder, showOrder } from './order-record.js';
import { answerHistory, logChanges, recordByPath, siteOf } from './records.js';

export const ORDER_FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  externalIds: ['in', (row) => row['externalId']],
  numbers: ['in', (row) => row['number']],
};

/** `orders/*`. */
export function orderHandlers(): Handlers {
  return {
    'orders.list': (call) => {
      const rows = applyFilter(call.crm, call.crm.rows('orders'), asObject(call.input['filter']), ORDER_FILTER).reverse();
      const page = paginate(rows, call.input);
      return { orders: page.rows.map((row) => showOrder(call.crm, row)), pagination: page.pagination };
    },
    'orders.create': (call) => {
      const order = createOrder(call.crm, asObject(call.input['order']), siteOf(call));
      call.crm.log(
        'orderHistory',
        { created: true, field: 'status', oldValue: null, newValue: { code: order['status'] }, order: showOrder(call.crm, order) },
        call.key.key,
      );
      return { id: order['id'], order: showOrder(call.crm, order) };
    },
    'orders.get': (call) => ({ order: showOrder(call.crm, recordByPath(call, 'orders')) }),
    'orders.edit': (call) => {
      const order = recordByPath(call, 'orders');
      const before = copy(order);
      const given = asObject(call.input['order']);
      editOrder(call.crm, order, given);
      logChanges(
        call,
        'orderHistory',
        before,
        order,
        { order: orderReference(order) },
        new Set(Object.keys(given).filter((name) => name !== 'id')),
      );
      return { id: order['id'], order: showOrder(call.crm, order) };
    },
    'orders.history': (call) => answerHistory(call, 'orderHistory', 'order'),
  };
}

/** An order in a history entry: what identifies it. */
export function orderReference(order: JsonObject): JsonObject {
  return Object.fromEntries(
    ['id', 'externalId', 'number', 'site', 'status', 'managerId']
      .filter((name) => order[name] !== undefined)
      .map((name) => [name, order[name]]),
  );
}
void asNumber;
void asObjects;
void asText;
