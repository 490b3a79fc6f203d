import { invalid, missing } from '../engine/api-error.js';
import type { Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import { type Resource, keep, list, merge, recordByPath } from './records.js';

/** Maximum number of warehouses per offer in an upload, from the reference. */
const STORES_LIMIT = 500;

const GROUP: Resource = {
  collection: 'productGroups',
  field: 'productGroup',
  required: ['name'],
  fixed: ['site'],
  defaults: () => ({ active: true }),
  read: (call, given, isNew) => {
    if (isNew && !call.crm.find('sites', 'code', asText(given['site'])))
      throw invalid({ 'productGroup.site': 'must be the code of a store of the account' });
    return { ...pick(given, ['name', 'externalId', 'active', 'site']), ...findParent(call.crm, given, isNew) };
  },
  find: (call) => {
    if (call.input['by'] !== 'id' && call.input['site'] === undefined) throw missing('site');
    return recordByPath(call, 'productGroups');
  },
};

/** `store/*`: products, offers (SKUs, stored separately), groups, properties, prices, stocks. */
export function storeHandlers(): Handlers {
  return { ...productReads(), ...productWrites(), ...groupHandlers(), ...stockHandlers(), ...priceHandlers() };
}

/** Products and offers. */
function productReads(): Handlers {
  return {
    'store.products': list(
      {
        name: '~name article',
        urlLike: '~url',
        groups: 'groups.*.id',
        groupExternalId: 'groups.*.externalId',
        offerIds: 'offers.*.id',
        offerExternalId: 'offers.*.externalId',
        offerXmlId: 'offers.*.xmlId',
        sites: 'offers.*.site',
        catalogs: 'catalogId',
      },
      { from: ({ crm }) => crm.rows('products').map((product) => showProduct(crm, product)) },
    ),

    'store.offers': list(
      { name: '~name', sites: 'site', active: 'active', minPrice: 'price', maxPrice: 'price', groups: 'product.groups.*.id' },
      { from: ({ crm }) => crm.rows('offers').map((offer) => showOffer(crm, offer, true)) },
    ),
  };
}

/** Products that are created or changed. */
function productWrites(): Handlers {
  return {
    'store.productsBatchCreate': (call) => {
      const products = asObjects(call.input['products']);
      const errors: { [field: string]: string } = {};
      products.forEach((given, index) => {
        if (asText(given['name']) === undefined) errors[`products[${index}].name`] = 'is required';
        if (asNumber(given['catalogId']) === undefined) errors[`products[${index}].catalogId`] = 'is required';
        checkGroups(call.crm, given, `products[${index}]`, errors);
      });
      if (Object.keys(errors).length > 0) throw invalid(errors);
      return {
        processedProductsCount: products.length,
        addedProducts: products.map((given) => createProduct(call.crm, given)['id'] ?? null),
      };
    },

    'store.productBatchEdit': (call) => {
      const notFoundProducts: Json[] = [];
      let processed = 0;
      for (const [index, given] of asObjects(call.input['products']).entries()) {
        if (given['id'] === undefined && (given['externalId'] === undefined || given['site'] === undefined))
          throw invalid({ [`products[${index}]`]: 'must have id, or externalId and site' });
        const product =
          call.crm.find('products', 'id', asText(given['id'])) ?? call.crm.find('products', 'externalId', asText(given['externalId']));
        if (!product) {
          notFoundProducts.push(pick(given, ['id', 'externalId']));
          continue;
        }
        const errors: { [field: string]: string } = {};
        checkGroups(call.crm, given, `products[${index}]`, errors);
        if (Object.keys(errors).length > 0) throw invalid(errors);
        const { id: _id, site: _site, ...fields } = given;
        merge(product, fields);
        product['updatedAt'] = call.crm.now();
        processed += 1;
      }
      call.crm.changed();
      return { processedProductsCount: processed, notFoundProducts };
    },
  };
}

/** Product groups and properties. */
function groupHandlers(): Handlers {
  const groups = keep(GROUP);
  return {
    'store.productGroups': list({ parentGroupId: 'parentId', minLevel: 'lvl', maxLevel: 'lvl' }, { from: 'productGroups' }),

    'store.productGroupsCreate': groups.create,

    'store.productGroupsEdit': groups.edit,

    'store.productsProperties': list({ name: '~name' }, { from: ({ crm }) => listProperties(crm) }),

    'store.productsPropertyValues': list({}, { from: ({ crm }) => countValues(crm) }),
  };
}

/** Stocks of offers. */
function stockHandlers(): Handlers {
  return {
    'store.inventories': (call) => {
      const withStores = asText(asObject(call.input['filter'])['details']) === '1';
      return list(
        {
          offerExternalId: 'externalId',
          offerXmlId: 'xmlId',
          offerArticle: 'article',
          offerActive: 'active',
          productExternalId: 'product.externalId',
          productArticle: 'product.article',
          productActive: 'product.active',
        },
        {
          from: ({ crm }) =>
            crm.rows('offers').map((offer) => ({ ...offer, product: crm.find('products', 'id', asText(offer['productId'])) })),
          show: (offer) => ({
            ...pick(offer, ['id', 'externalId', 'xmlId', 'site', 'purchasePrice']),
            quantity: asNumber(offer['quantity']) ?? 0,
            ...(withStores
              ? { stores: asObjects(offer['stores']).map((store) => pick(store, ['store', 'quantity', 'purchasePrice'])) }
              : {}),
          }),
        },
      )(call);
    },

    'store.inventoriesUpload': (call) => {
      const errors: { [field: string]: string } = {};
      const offers = asObjects(call.input['offers']);
      offers.forEach((given, index) => checkStocks(call.crm, given, `offers[${index}]`, errors));
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const notFoundOffers: Json[] = [];
      let processed = 0;
      for (const given of offers) {
        const found = findOffers(call.crm, given, asText(call.input['site']));
        if (found.length === 0) notFoundOffers.push(pick(given, ['id', 'xmlId', 'externalId']));
        else processed += 1;
        for (const offer of found) putStocks(call.crm, offer, asObjects(given['stores']));
      }
      call.crm.changed();
      return { processedOffersCount: processed, notFoundOffers };
    },
  };
}

/** Prices of offers. */
function priceHandlers(): Handlers {
  return {
    'store.pricesUpload': (call) => {
      const prices = asObjects(call.input['prices']);
      const errors: { [field: string]: string } = {};
      prices.forEach((given, index) =>
        asObjects(given['prices']).forEach((price, position) => {
          if (!call.crm.find('priceTypes', 'code', asText(price['code'])))
            errors[`prices[${index}].prices[${position}].code`] = 'is not a price type of the account';
          if (price['remove'] !== true && (asNumber(price['price']) ?? -1) < 0)
            errors[`prices[${index}].prices[${position}].price`] = 'must be a number from 0';
        }),
      );
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const notFoundOffers: Json[] = [];
      let processed = 0;
      for (const given of prices) {
        const found = findOffers(call.crm, given, asText(given['site']));
        if (found.length === 0)
          notFoundOffers.push(
            Object.fromEntries(Object.entries(pick(given, ['id', 'xmlId', 'externalId'])).map(([name, value]) => [name, asText(value)])),
          );
        else processed += 1;
        for (const offer of found) putPrices(offer, asObjects(given['prices']));
      }
      call.crm.changed();
      return { processedOffersCount: processed, notFoundOffers };
    },
  };
}

/** Lists the values of all properties with the number of their offers. */
function countValues(crm: AccountContext): JsonObject[] {
  const counts = new Map<string, { property: JsonObject; value: string; offersCount: number }>();
  for (const offer of crm.rows('offers'))
    for (const [code, value] of Object.entries(asObject(offer['properties']))) {
      const key = `${code} ${String(value)}`;
      const known = counts.get(key) ?? { property: property(crm, code), value: String(value), offersCount: 0 };
      counts.set(key, { ...known, offersCount: known.offersCount + 1 });
    }
  return [...counts.values()];
}

/** Creates a product with one offer of the same name and external id, ready to be sold. */
export function createProduct(crm: AccountContext, given: JsonObject): JsonObject {
  const product = crm.insert('products', {
    active: true,
    popular: false,
    stock: false,
    novelty: false,
    recommended: false,
    markable: false,
    type: 'product',
    groups: [],
    ...copy(given),
    updatedAt: crm.now(),
  });
  crm.insert('offers', {
    ...pick(given, ['name', 'article', 'externalId']),
    ...(given['externalId'] === undefined ? {} : { xmlId: given['externalId'] }),
    productId: product['id'],
    site: asText(crm.rows('sites')[0]?.['code']),
    active: true,
    quantity: 0,
    price: 0,
    prices: [],
    stores: [],
    properties: {},
    unit: { code: 'pc', name: 'Штука', sym: 'шт.' },
  });
  return product;
}

function showProduct(crm: AccountContext, product: JsonObject): JsonObject {
  const offers = crm
    .rows('offers')
    .filter((offer) => offer['productId'] === product['id'])
    .map((offer) => showOffer(crm, offer, false));
  const prices = offers.map((offer) => asNumber(offer['price']) ?? 0);
  return {
    ...copy(product),
    minPrice: Math.min(...prices, Infinity) === Infinity ? 0 : Math.min(...prices),
    maxPrice: Math.max(0, ...prices),
    quantity: offers.reduce((sum, offer) => sum + (asNumber(offer['quantity']) ?? 0), 0),
    offers,
  };
}

function showOffer(crm: AccountContext, offer: JsonObject, withProduct: boolean): JsonObject {
  const { productId, stores: _stores, ...fields } = copy(offer);
  const shown: JsonObject = { images: [], ...fields };
  if (!withProduct) return shown;
  const product = crm.find('products', 'id', asText(productId));
  return product ? { ...shown, product: copy(product) } : shown;
}

/** Finds offers by id, otherwise by xmlId (all matches), otherwise by externalId, like the reference. */
export function findOffers(crm: AccountContext, given: JsonObject, site: string | undefined): JsonObject[] {
  const ofSite = (offer: JsonObject): boolean => site === undefined || offer['site'] === undefined || offer['site'] === site;
  for (const field of ['id', 'xmlId', 'externalId']) {
    const value = asText(given[field]);
    if (value === undefined) continue;
    const found = crm.rows('offers').filter((offer) => asText(offer[field]) === value && ofSite(offer));
    if (found.length > 0) return found;
  }
  return [];
}

/** Validates an offer's stocks in `inventories/upload` or a module's reply. Adds messages under `path`. */
export function checkStocks(crm: AccountContext, given: JsonObject, path: string, errors: { [field: string]: string }): void {
  if (['id', 'xmlId', 'externalId'].every((field) => asText(given[field]) === undefined))
    errors[path] = 'must have id, xmlId or externalId';
  const stores = asObjects(given['stores']);
  if (stores.length > STORES_LIMIT) errors[`${path}.stores`] = `at most ${STORES_LIMIT} warehouses`;
  stores.forEach((store, index) => {
    if (!crm.find('stores', 'code', asText(store['code']))) errors[`${path}.stores[${index}].code`] = 'is not a warehouse of the account';
    if (store['available'] !== undefined && asNumber(store['available']) === undefined)
      errors[`${path}.stores[${index}].available`] = 'must be a number';
  });
}

/** Sets an offer's stocks in the given warehouses (reference: `stores[]` of `inventories/upload`). */
export function putStocks(crm: AccountContext, offer: JsonObject, given: readonly JsonObject[]): void {
  const stores = asObjects(offer['stores']);
  for (const store of given) {
    const code = asText(store['code']) ?? '';
    let known = stores.find((one) => one['store'] === code);
    if (!known) {
      known = { store: code, quantity: 0 };
      stores.push(known);
    }
    if (store['available'] !== undefined) known['quantity'] = asNumber(store['available']) ?? 0;
    if (store['purchasePrice'] !== undefined) known['purchasePrice'] = store['purchasePrice'];
  }
  offer['stores'] = stores;
  offer['quantity'] = stores.reduce((sum, store) => sum + (asNumber(store['quantity']) ?? 0), 0);
  const price = stores.find((store) => store['purchasePrice'] !== undefined)?.['purchasePrice'];
  if (price !== undefined) offer['purchasePrice'] = price;
  const product = crm.find('products', 'id', asText(offer['productId']));
  if (product) product['updatedAt'] = crm.now();
}

/**
 * Sets prices by their types (reference: `prices[]` of `prices/upload`). The offer's price is its base price.
 */
export function putPrices(offer: JsonObject, given: readonly JsonObject[]): void {
  let prices = asObjects(offer['prices']);
  for (const price of given) {
    prices = prices.filter((one) => one['priceType'] !== price['code']);
    if (price['remove'] !== true) prices.push({ priceType: price['code'], price: price['price'], ordering: 10 });
  }
  offer['prices'] = prices;
  offer['price'] = asNumber(prices.find((one) => one['priceType'] === 'base')?.['price']) ?? 0;
}

function checkGroups(crm: AccountContext, given: JsonObject, path: string, errors: { [field: string]: string }): void {
  asObjects(given['groups']).forEach((reference, index) => {
    const group =
      crm.find('productGroups', 'id', asText(reference['id'])) ?? crm.find('productGroups', 'externalId', asText(reference['externalId']));
    if (!group) errors[`${path}.groups[${index}]`] = 'is not a product group of the account';
  });
}

/** Returns a reference to the account's product group with this name. Creates the group if it is missing. */
export function groupNamed(crm: AccountContext, name: string): JsonObject {
  const group =
    crm.find('productGroups', 'name', name) ??
    crm.insert('productGroups', { active: true, name, site: asText(crm.rows('sites')[0]?.['code']), lvl: 1 });
  return pick(group, ['id']);
}

/** Returns the group's parent and level. An edit that does not name a parent keeps both. */
function findParent(crm: AccountContext, given: JsonObject, isNew: boolean): JsonObject {
  if (given['parentId'] === undefined && given['parentExternalId'] === undefined) return isNew ? { lvl: 1 } : {};
  const parent =
    crm.find('productGroups', 'id', asText(given['parentId'])) ??
    crm.find('productGroups', 'externalId', asText(given['parentExternalId']));
  if (!parent) throw invalid({ 'productGroup.parentId': 'is not a product group of the account' });
  return { parentId: parent['id'], lvl: (asNumber(parent['lvl']) ?? 1) + 1 };
}

function listProperties(crm: AccountContext): JsonObject[] {
  const codes = new Set(crm.rows('offers').flatMap((offer) => Object.keys(asObject(offer['properties']))));
  return [...codes].map((code) => property(crm, code));
}

function property(crm: AccountContext, code: string): JsonObject {
  return {
    sites: crm.rows('sites').map((site) => site['code'] ?? null),
    groups: [],
    code,
    name: code,
    isNumeric: false,
    visible: true,
    variative: true,
  };
}
