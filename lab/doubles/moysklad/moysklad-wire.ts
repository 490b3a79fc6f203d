import { anything, object, type Schema, text, type WireCall } from '../../../libs/testing/double/wire.js';

const CALLS = [
  ...(['getEmployee', 'getApplication', 'createToken'] as const),
  ...(['listAssortment', 'listGoods', 'getGood', 'listComponents'] as const),
  ...(['listStores', 'getStore', 'listOrganizations', 'getOrganization', 'listAgents', 'getAgent'] as const),
  ...(['listCurrencies', 'getCurrency'] as const),
  ...(['currentStock', 'currentStockOfAll', 'stockByStore', 'stockOfAll', 'listReserves'] as const),
  ...(['createOrder', 'listOrders', 'getOrder', 'updateOrder', 'deleteOrder', 'deleteOrders'] as const),
  ...(['listPositions', 'addPositions', 'getPosition', 'updatePosition', 'deletePosition', 'deletePositions'] as const),
  ...(['createWebhook', 'listWebhooks', 'getWebhook', 'updateWebhook', 'deleteWebhook'] as const),
  ...(['createStockWebhook', 'listStockWebhooks', 'getStockWebhook', 'updateStockWebhook', 'deleteStockWebhook'] as const),
] as const;
/** The calls of the API that the double knows. `Goods`: products, variants, bundles and services. */
export type MoySkladCall = (typeof CALLS)[number];

/** The path of the API. */
export const BASE = '/api/remap/1.2';
/** Parameters of lists and of single objects. */
export const PAGE = ['limit', 'offset'];
const LIST = [...PAGE, 'filter', 'order', 'search', 'expand'];
const DETAIL = ['expand', 'fields'];
const CURRENT = ['stockType', 'include', 'filter', 'changedSince'];

/** Fields that a client writes. Their values are checked by hand: each mistake has its code. */
export const ORDER_FIELDS = [
  ...['meta', 'organization', 'agent', 'store', 'name', 'externalCode', 'syncId', 'description', 'applicable'],
  ...['moment', 'deliveryPlannedMoment', 'positions'],
];
export const POSITION_FIELDS = ['meta', 'id', 'assortment', 'quantity', 'price', 'discount', 'vat', 'vatEnabled', 'reserve'];
export const HOOK_FIELDS = {
  webhook: ['meta', 'url', 'enabled', 'action', 'entityType', 'diffType'],
  webhookstock: ['meta', 'url', 'enabled', 'stockType', 'reportType'],
} as const;

const named = (names: readonly string[], known: Readonly<Record<string, Schema>> = {}): Schema => ({
  properties: Object.fromEntries(names.map((name) => [name, known[name] ?? anything])),
});
const order = named(ORDER_FIELDS, { positions: { items: named(POSITION_FIELDS) } });
const position = named(POSITION_FIELDS);
const hook = named(HOOK_FIELDS.webhook);
const stockHook = named(HOOK_FIELDS.webhookstock);

function make(call: MoySkladCall, request: string, query: readonly string[] = [], body?: Schema): WireCall<MoySkladCall> {
  const [method, path = ''] = request.split(' ') as [WireCall['method'], string];
  const asked = object(Object.fromEntries(query.map((name) => [`${name}?`, text()])));
  return { call, method, path: BASE + path, query: asked, ...(body && { body, isBodyOptional: true }) };
}
const makeEntries = (list: MoySkladCall, get: MoySkladCall, type: string): WireCall<MoySkladCall>[] => [
  make(list, `GET /entity/${type}`, LIST),
  make(get, `GET /entity/${type}/:id`, ['expand']),
];
const ORDER = '/entity/customerorder';

/** The calls of MoySklad's API that we use. */
export const WIRE: readonly WireCall<MoySkladCall>[] = [
  make('getEmployee', 'GET /context/employee'),
  make('getApplication', 'GET /context/application'),
  make('createToken', 'POST /security/token'),
  make('listAssortment', 'GET /entity/assortment', LIST),
  ...['product', 'variant', 'bundle', 'service', 'consignment'].flatMap((type) => [
    make('listGoods', `GET /entity/${type}`, LIST),
    make('getGood', `GET /entity/${type}/:id`, DETAIL),
  ]),
  make('listComponents', 'GET /entity/bundle/:id/components', [...PAGE, 'expand']),
  ...makeEntries('listStores', 'getStore', 'store'),
  ...makeEntries('listOrganizations', 'getOrganization', 'organization'),
  ...makeEntries('listAgents', 'getAgent', 'counterparty'),
  ...makeEntries('listCurrencies', 'getCurrency', 'currency'),
  make('currentStock', 'GET /report/stock/bystore/current', [...CURRENT, 'withRecalculate']),
  make('currentStockOfAll', 'GET /report/stock/all/current', CURRENT),
  make('stockByStore', 'GET /report/stock/bystore', [...PAGE, 'filter']),
  make('stockOfAll', 'GET /report/stock/all', [...PAGE, 'filter']),
  make('listReserves', 'GET /report/byoperations/reserve', [...PAGE, 'filter']),
  make('createOrder', `POST ${ORDER}`, ['expand'], order),
  make('listOrders', `GET ${ORDER}`, [...LIST, 'fields']),
  make('deleteOrders', `POST ${ORDER}/delete`, [], anything),
  make('deleteOrder', `DELETE ${ORDER}/syncid/:syncId`),
  make('getOrder', `GET ${ORDER}/:id`, DETAIL),
  make('updateOrder', `PUT ${ORDER}/:id`, DETAIL, order),
  make('deleteOrder', `DELETE ${ORDER}/:id`),
  make('listPositions', `GET ${ORDER}/:id/positions`, [...PAGE, 'expand', 'fields']),
  make('addPositions', `POST ${ORDER}/:id/positions`, [], position),
  make('deletePositions', `POST ${ORDER}/:id/positions/delete`, [], anything),
  make('getPosition', `GET ${ORDER}/:id/positions/:position`, ['expand']),
  make('updatePosition', `PUT ${ORDER}/:id/positions/:position`, [], position),
  make('deletePosition', `DELETE ${ORDER}/:id/positions/:position`),
  make('createWebhook', 'POST /entity/webhook', [], hook),
  make('listWebhooks', 'GET /entity/webhook', PAGE),
  make('getWebhook', 'GET /entity/webhook/:id'),
  make('updateWebhook', 'PUT /entity/webhook/:id', [], hook),
  make('deleteWebhook', 'DELETE /entity/webhook/:id'),
  make('createStockWebhook', 'POST /entity/webhookstock', [], stockHook),
  make('listStockWebhooks', 'GET /entity/webhookstock', PAGE),
  make('getStockWebhook', 'GET /entity/webhookstock/:id'),
  make('updateStockWebhook', 'PUT /entity/webhookstock/:id', [], stockHook),
  make('deleteStockWebhook', 'DELETE /entity/webhookstock/:id'),
];
