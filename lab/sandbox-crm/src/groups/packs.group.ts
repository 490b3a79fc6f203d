import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type JsonObject, asNumber, asObject, asObjects, asText, copy } from '../json.js';
import { type Resource, answerHistory, keep, list, omit, recordById } from './records.js';

const PACK: Resource = {
  collection: 'packs',
  field: 'pack',
  history: ['packHistory', 'id'],
  required: ['store'],
  defaults: () => ({ quantity: 1, purchasePrice: 0 }),
  read: (call, given, isNew) => ({
    ...omit(checked(call, given), ['itemId', 'item']),
    ...(isNew ? { item: readItem(call, given) } : {}),
  }),
};

/** `orders/packs/*`: which of an order's items come from which warehouse. */
export function packHandlers(): Handlers {
  const { create, edit, remove } = keep(PACK);
  return {
    'packs.list': list({
      itemId: 'item.id',
      offerXmlId: 'item.offer.xmlId',
      offerExternalId: 'item.offer.externalId',
      orderId: 'item.order.id',
      invoiceNumber: '~invoiceNumber',
      deliveryNoteNumber: '~deliveryNoteNumber',
    }),
    'packs.get': (call) => ({ pack: recordById(call, 'packs') }),
    'packs.create': create,
    'packs.edit': edit,
    'packs.delete': remove,
    'packs.history': (call) => {
      // An entry of this history has no key.
      const answer = answerHistory(call, 'packHistory', 'order');
      return { ...answer, history: asObjects(answer['history']).map((entry) => omit(entry, ['apiKey'])) };
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
