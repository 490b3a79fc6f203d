import {
  anything,
  either,
  type Fields,
  flag,
  like,
  list,
  nothing,
  number,
  object,
  oneOf,
  type Schema,
  text,
  whole,
  type WireCall,
} from '../../../libs/testing/double/wire.js';
import { BARCODES, GOODS_TYPES, type MoySkladGoodsType } from './moysklad-objects.js';

const CALLS = [
  ...(['getEmployee', 'getApplication', 'createToken'] as const),
  ...(['listAssortment', 'listGoods', 'getGood', 'listComponents'] as const),
  ...(['listStores', 'getStore', 'listOrganizations', 'getOrganization', 'listAgents', 'getAgent'] as const),
  ...(['listCurrencies', 'getCurrency'] as const),
  ...(['currentStock', 'currentStockOfAll', 'stockByStore', 'stockOfAll', 'listReserves'] as const),
  ...(['createOrder', 'listOrders', 'getOrder', 'updateOrder', 'deleteOrder', 'deleteOrders'] as const),
  ...(['listPositions', 'addPositions', 'getPosition', 'updatePosition', 'deletePosition', 'deletePositions'] as const),
  ...(['createDemand', 'listDemands', 'createReturn', 'listReturns'] as const),
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
const MOVED_FIELDS = ORDER_FIELDS.filter((name) => name !== 'deliveryPlannedMoment');
export const MOVEMENT_FIELDS = { demand: [...MOVED_FIELDS, 'customerOrder'], salesreturn: [...MOVED_FIELDS, 'demand'] } as const;
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
const moved = { positions: { items: named(POSITION_FIELDS.filter((name) => name !== 'reserve')) } };
/** The elements are checked one by one, by hand. */
const references = list(anything, 1);
const hook = named(HOOK_FIELDS.webhook);
const stockHook = named(HOOK_FIELDS.webhookstock);

const uuid = like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const moment = like(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
const link = { href: like(/^https?:/), 'metadataHref?': like(/^https?:/), type: text(1), mediaType: oneOf('application/json') };
const meta = object(link);
const reference = object({ meta });
const collection = object({
  ...link,
  ...{ size: whole(0), limit: whole(1, 1_000), offset: whole(0), 'nextHref?': text(1), 'previousHref?': text(1) },
});
const own = { meta, id: uuid, accountId: uuid };
const stockFields = { stock: number(), reserve: number(), inTransit: number() };
const priced = { 'buyPrice?': object({ value: number(0), currency: reference }) };
const goodFields: Fields = {
  ...{ ...own, updated: moment, name: text(), 'code?': text(), externalCode: text(1), archived: flag },
  'barcodes?': list(object(Object.fromEntries(BARCODES.map((name) => [`${name}?`, text(1)]))), 1),
};
const articled = { ...goodFields, ...priced, 'article?': text() };
const variant = { ...goodFields, ...priced, product: either(reference, object(articled)) };
const single = { product: articled, variant, consignment: goodFields, service: { ...goodFields, ...priced } };
const part = object({
  ...{ ...own, quantity: number(0) },
  assortment: either(reference, ...Object.values(single).map((fields) => object(fields))),
});
/** Each kind of goods has other fields. */
const GOODS: Readonly<Record<MoySkladGoodsType, Fields>> = {
  ...single,
  bundle: { ...articled, components: object({ meta: collection, 'rows?': list(part) }) },
};
const goodReply = either(...Object.values(GOODS).map((fields) => object(fields)));
const oldStock = { 'stock?': number(), 'reserve?': number(), 'inTransit?': number(), 'quantity?': number() };
const assortmentReply = either(...Object.values(GOODS).map((fields) => object({ ...fields, ...oldStock })));
const entryFields = { ...own, updated: moment, name: text(1), 'code?': text(), externalCode: text(1), archived: flag };
const entryReply = object(entryFields);
const storeReply = object({ ...entryFields, pathName: text(), 'parent?': reference });
const currencyReply = object({
  ...{ meta, id: uuid, name: text(1), fullName: text(1), code: text(3, 3), isoCode: text(3, 3), archived: flag, system: flag },
  ...{ rate: number(0), multiplicity: whole(1), indirect: flag, default: flag, rateUpdateType: oneOf('auto', 'manual') },
});
const positionReply = object({
  ...{ ...own, quantity: number(0), price: number(0), discount: number(), vat: whole(0), vatEnabled: flag },
  ...{ assortment: either(reference, goodReply), shipped: number(0), reserve: number(0) },
  'stock?': object({ cost: number(0), quantity: number(), reserve: number(), intransit: number(), available: number() }),
});
const entryOrLink = either(reference, entryReply);
const storeOrLink = either(reference, storeReply);
const orderReply = object({
  ...{ ...own, 'syncId?': uuid, updated: moment, name: text(1), 'description?': text(), externalCode: text(1), moment },
  ...{ applicable: flag, 'deleted?': moment, sum: number(0), 'store?': storeOrLink, agent: entryOrLink, organization: entryOrLink },
  ...{ created: moment, 'deliveryPlannedMoment?': moment, positions: object({ meta: collection, 'rows?': list(positionReply) }) },
});
const movedPosition = object({
  ...{ ...own, quantity: number(0), price: number(0), discount: number(), vat: whole(0), vatEnabled: flag },
  assortment: either(reference, goodReply),
});
const movedFields: Fields = {
  ...{ id: uuid, accountId: uuid, meta: object({ ...link, 'uuidHref?': like(/^https?:/) }) },
  ...{ 'syncId?': uuid, updated: moment, name: text(1), 'description?': text(), externalCode: text(1), moment },
  ...{ applicable: flag, 'deleted?': moment, sum: number(0), store: storeOrLink, agent: entryOrLink, organization: entryOrLink },
  ...{ created: moment, positions: object({ meta: collection, 'rows?': list(movedPosition) }) },
};
const demandReply = object({ ...movedFields, 'customerOrder?': reference });
const returnReply = object({ ...movedFields, 'demand?': reference });
const hookReply = object({
  ...own,
  url: text(1, 255),
  enabled: flag,
  'authorApplication?': reference,
  entityType: text(1),
  action: text(1),
  method: oneOf('POST'),
  diffType: oneOf('NONE', 'FIELDS'),
});
const stockHookReply = object({
  ...own,
  url: text(1, 255),
  enabled: flag,
  'authorApplication?': reference,
  stockType: oneOf('stock'),
  reportType: oneOf('bystore', 'all'),
});
const figure = either(number(), nothing);
const figures = { 'stock?': figure, 'freeStock?': figure, 'quantity?': figure, 'reserve?': figure, 'inTransit?': figure };
const refusals = object({ errors: list(anything, 1) });
const rowsOf = (row: Schema): Schema => object({ context: object({ employee: reference }), meta: collection, rows: list(row) });
const both = <Get extends MoySkladCall, List extends MoySkladCall>(get: Get, many: List, row: Schema) =>
  ({ [get]: row, [many]: rowsOf(row) }) as Record<Get | List, Schema>;

/** Replies with a body. Empty fields are left out. */
const REPLIES: Partial<Record<MoySkladCall, Schema>> = {
  getEmployee: object({ ...own, name: text(1), fullName: text(1), shortFio: text(1), uid: text(1), archived: flag, externalCode: text(1) }),
  getApplication: object({ ...own, name: text(1), appUid: text(1) }),
  createToken: object({ access_token: text(1) }),
  ...{ listAssortment: rowsOf(assortmentReply), listComponents: rowsOf(part) },
  ...{ ...both('getStore', 'listStores', storeReply), ...both('getOrganization', 'listOrganizations', entryReply) },
  ...{ ...both('getAgent', 'listAgents', entryReply), ...both('getCurrency', 'listCurrencies', currencyReply) },
  currentStock: list(object({ assortmentId: uuid, storeId: either(uuid, nothing), ...figures })),
  currentStockOfAll: list(object({ assortmentId: uuid, ...figures })),
  stockByStore: rowsOf(object({ meta, stockByStore: list(object({ meta, name: text(1), ...stockFields })) })),
  stockOfAll: rowsOf(
    object({
      ...{ meta, ...stockFields, quantity: number(), 'price?': number(0), salePrice: number(0) },
      ...{ name: text(), code: text(), externalCode: text(1), article: text() },
    }),
  ),
  listReserves: rowsOf(
    object({ operation: object({ meta, name: text(1), moment }), assortment: reference, reserve: number(0), 'store?': reference }),
  ),
  createOrder: either(orderReply, list(either(orderReply, refusals))),
  ...{ ...both('getOrder', 'listOrders', orderReply), updateOrder: orderReply },
  ...{ createDemand: demandReply, listDemands: rowsOf(demandReply), createReturn: returnReply, listReturns: rowsOf(returnReply) },
  deleteOrders: list(either(object({ info: text(1) }), refusals)),
  ...{ ...both('getPosition', 'listPositions', positionReply), addPositions: list(positionReply), updatePosition: positionReply },
  ...{ ...both('getWebhook', 'listWebhooks', hookReply), createWebhook: hookReply, updateWebhook: hookReply },
  ...{ ...both('getStockWebhook', 'listStockWebhooks', stockHookReply), createStockWebhook: stockHookReply },
  updateStockWebhook: stockHookReply,
};

function make(
  call: MoySkladCall,
  request: string,
  query: readonly string[] = [],
  body?: Schema,
  reply = REPLIES[call],
): WireCall<MoySkladCall> {
  const [method, path = ''] = request.split(' ') as [WireCall['method'], string];
  const asked = object(Object.fromEntries(query.map((name) => [`${name}?`, text()])));
  return { call, method, path: BASE + path, query: asked, ...(body && { body, isBodyOptional: true }), ...(reply && { reply }) };
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
  ...GOODS_TYPES.flatMap((type) => {
    const good = object(GOODS[type]);
    return [
      make('listGoods', `GET /entity/${type}`, LIST, undefined, rowsOf(good)),
      make('getGood', `GET /entity/${type}/:id`, DETAIL, undefined, good),
    ];
  }),
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
  make('deleteOrders', `POST ${ORDER}/delete`, [], references),
  make('deleteOrder', `DELETE ${ORDER}/syncid/:syncId`),
  make('getOrder', `GET ${ORDER}/:id`, DETAIL),
  make('updateOrder', `PUT ${ORDER}/:id`, DETAIL, order),
  make('deleteOrder', `DELETE ${ORDER}/:id`),
  make('listPositions', `GET ${ORDER}/:id/positions`, [...PAGE, 'expand', 'fields']),
  make('addPositions', `POST ${ORDER}/:id/positions`, [], position),
  make('deletePositions', `POST ${ORDER}/:id/positions/delete`, [], references),
  make('getPosition', `GET ${ORDER}/:id/positions/:position`, ['expand']),
  make('updatePosition', `PUT ${ORDER}/:id/positions/:position`, [], position),
  make('deletePosition', `DELETE ${ORDER}/:id/positions/:position`),
  make('createDemand', 'POST /entity/demand', ['expand'], named(MOVEMENT_FIELDS.demand, moved)),
  make('listDemands', 'GET /entity/demand', LIST),
  make('createReturn', 'POST /entity/salesreturn', ['expand'], named(MOVEMENT_FIELDS.salesreturn, moved)),
  make('listReturns', 'GET /entity/salesreturn', LIST),
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
