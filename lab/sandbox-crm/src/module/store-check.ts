import { checkStocks } from '../groups/store.group.js';
import { type JsonObject, asObject, asObjects, isObject } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import type { ModuleReply } from './module-http.js';
import type { StoreAction } from './registration.js';
import { type Judgement, judge } from './reply-check.js';

/**
 * Checks a warehouse callback's reply: its type, and that each stock has an offer and a known warehouse.
 */
export function judgeStore(action: StoreAction, reply: ModuleReply, crm: AccountContext): Judgement {
  const judgement = judge(
    reply,
    action === 'inventoriesUpload' ? 'CallbackStoreInventoriesUploadResponse' : 'CallbackStoreReserveResponse',
  );
  if (!judgement.done || !isObject(reply.json)) return judgement;
  const list = action === 'inventoriesUpload' ? 'offers' : 'inventories';
  const errors: { [field: string]: string } = {};
  if (!Array.isArray(reply.json[list])) errors[list] = 'is required, a list';
  if (reply.json['errorMsg'] !== undefined) errors['errorMsg'] = 'must not be present with "success": true';
  for (const { path, offer } of listStocks(action, reply.json)) {
    checkStocks(crm, offer, path, errors);
    asObjects(offer['stores']).forEach((store, index) => {
      if (store['available'] === undefined && store['purchasePrice'] === undefined)
        errors[`${path}.stores[${index}]`] = 'must have available or purchasePrice';
    });
  }
  const violations = Object.entries(errors).map(([field, message]) => `${field}: ${message}`);
  return { done: violations.length === 0, violations };
}

/** Returns the offers of a reply with their paths. */
export function listStocks(action: StoreAction, body: JsonObject): { readonly path: string; readonly offer: JsonObject }[] {
  const offers = (value: JsonObject, path: string): { path: string; offer: JsonObject }[] =>
    asObjects(value['offers']).map((offer, index) => ({ path: `${path}offers[${index}]`, offer }));
  if (action === 'inventoriesUpload') return offers(body, '');
  return asObjects(body['inventories']).flatMap((inventory, index) => offers(asObject(inventory), `inventories[${index}].`));
}
