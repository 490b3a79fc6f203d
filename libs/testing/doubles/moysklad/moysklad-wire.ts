import type { Schema, WireCall } from '../../double/wire.js';
import type { MoySkladCall } from './moysklad-faults.js';
import { listHookFields } from './moysklad-hooks.js';
import { ORDER_FIELDS, POSITION_FIELDS } from './moysklad-orders.js';
import { ROUTES } from './moysklad-routes.js';

const toSchema = (names: readonly string[], known: Readonly<Record<string, object>> = {}): Schema => ({
  ...{ type: 'object', properties: Object.fromEntries(names.map((name) => [name, known[name] ?? {}])) },
});
const order = toSchema(ORDER_FIELDS, { positions: { items: toSchema(POSITION_FIELDS) } });
const position = toSchema(POSITION_FIELDS);
/** Bodies by their fields, whose values are checked by hand. */
const BODIES: Partial<Record<MoySkladCall, Schema>> = {
  ...{ createOrder: order, updateOrder: order, addPositions: position, updatePosition: position },
  ...{ createWebhook: toSchema(listHookFields('webhook')), updateWebhook: toSchema(listHookFields('webhook')) },
  ...{ createStockWebhook: toSchema(listHookFields('webhookstock')), updateStockWebhook: toSchema(listHookFields('webhookstock')) },
};

/** The calls of MoySklad's API that we use. */
export const WIRE: readonly WireCall[] = ROUTES.map(({ call, method, path, query = [] }) => ({
  ...{
    call,
    method,
    path: `/api/remap/1.2${path}`,
    query: toSchema(query, Object.fromEntries(query.map((name) => [name, { type: 'string' }]))),
  },
  ...(BODIES[call] && { body: BODIES[call] }),
}));
