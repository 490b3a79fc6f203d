import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type JsonObject, asNumber, asObject, asObjects, asText, copy } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { answerHistory, logChanges, merge, recordById } from './records.js';

const FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  stores: ['in', (row) => row['store']],
  itemId: ['equals', (row) => asObject(row['item'])['id']],
  offerXmlId: ['equals', (row) => asObject(asObject(row['item'])['offer'])['xmlId']],
  offerExternalId: ['equals', (row) => asObject(asObject(row['item'])['offer'])['externalId']],
  orderId: ['equals', (row) => asObject(asObject(row['item'])['order'])['id']],
  shipmentDateFrom: ['from', (row) => row['shipmentDate']],
  shipmentDateTo: ['to', (row) => row['shipmentDate']],
  invoiceNumber: ['contains', (row) => row['invoiceNumber']],
  deliveryNoteNumber: ['contains', (row) => row['deliveryNoteNumber']],
};

/** `orders/packs/*`: which of an order's items come from which warehouse. */
export function packHandlers(): Handlers {
  return {
    'packs.list': (call) => {
      const page = paginate(applyFilter(call.crm, call.crm.rows('packs'), asObject(call.input['filter']), FILTER), call.input);
      return { packs: page.rows, pagination: page.pagination };
    },
    'packs.get': (call) => ({ pack: recordById(call, 'packs') }),
    'packs.create': (call) => {
      const given = asObject(call.input['pack']);
      const item = readItem(call, given);
      if (asText(given['store']) === undefined) throw invalid({ 'pack.store': 'is required' });
      const { itemId: _itemId, item: _item, id: _id, ...fields } = checked(call, given);
      const pack = call.crm.insert('packs', { quantity: 1, purchasePrice: 0, ...fields, item });
      call.crm.log('packHistory', { created: true, field: 'id', oldValue: null, newValue: pack['id'], pack: copy(pack) }, call.key.key);
      return { id: pack['id'] };
    },
    'packs.edit': (call) => {
      const pack = recordById(call, 'packs');
      const before = copy(pack);
      const { itemId: _itemId, item: _item, id: _id, ...fields } = checked(call, asObject(call.input['pack']));
      merge(pack, fields);
      call.crm.changed();
      logChanges(call, 'packHistory', before, pack, { pack: { id: pack['id'] } });
      return { id: pack['id'] };
    },
    'packs.delete': (call) => {
      const pack = recordById(call, 'packs');
      call.crm.remove('packs', pack);
      call.crm.log(
        'packHistory',
        { deleted: true, field: 'id', oldValue: pack['id'], newValue: null, pack: { id: pack['id'] } },
        call.key.key,
      );
      return {};
    },
    'packs.history': (call) => {
      // An entry of this history has no key.
      const answer = answerHistory(call, 'packHistory', 'order');
      return { ...answer, history: asObjects(answer['history']).map(({ apiKey: _apiKey, ...entry }) => entry) };
    },
  };
}

function checked(call: Call, given: JsonObject): JsonObject {
  const errors: { [field: string]: string } = {};
  const store = asText(given['store']);
  if (store !== undefined && !call.crm.find('stores', 'code', store)) errors['pack.store'] = 'is not a warehouse of the account';
  const quantity = asNumber(given['quantity']);
  if (quantity !== undefined && quantity <= 0) errors['pack.quantity'] = 'must be more than 0';
  if (Object.keys(errors).length > 0) throw invalid(errors);
  return given;
}

/** Returns a pack's item with its order. Throws `ApiError` 400 if unknown or canceled. */
function readItem(call: Call, given: JsonObject): JsonObject {
  const id = asText(given['itemId']) ?? asText(asObject(given['item'])['id']);
  for (const order of call.crm.rows('orders')) {
    const item = asObjects(order['items']).find((one) => asText(one['id']) === id);
    if (!item) continue;
    if (item['isCanceled'] === true || item['status'] === 'canceled') throw invalid({ 'pack.itemId': 'is cancelled' });
    return { id: item['id'], order: { id: order['id'] }, offer: copy(asObject(item['offer'])) };
  }
  throw invalid({ 'pack.itemId': 'is not known' });
}
