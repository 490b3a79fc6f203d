import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import { type FilterRules, applyFilter } from './filters.js';
import { findRecord, merge } from './records.js';

/** Maximum number of warehouses per offer in an upload, from the reference. */
const STORES_LIMIT = 500;

const PRODUCT_FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  name: ['contains', (row) => [row['name'], row['article']].join(' ')],
  externalId: ['equals', (row) => row['externalId']],
  active: ['equals', (row) => row['active']],
  popular: ['equals', (row) => row['popular']],
  stock: ['equals', (row) => row['stock']],
  novelty: ['equals', (row) => row['novelty']],
  recommended: ['equals', (row) => row['recommended']],
  manufacturer: ['equals', (row) => row['manufacturer']],
  url: ['equals', (row) => row['url']],
  urlLike: ['contains', (row) => row['url']],
  minPrice: ['min', (row) => row['minPrice']],
  maxPrice: ['max', (row) => row['maxPrice']],
  minQuantity: ['min', (row) => row['quantity']],
  maxQuantity: ['max', (row) => row['quantity']],
  groups: ['in', (row) => asObjects(row['groups']).map((group) => group['id'] ?? null)],
  groupExternalId: ['in', (row) => asObjects(row['groups']).map((group) => group['externalId'] ?? null)],
  offerIds: ['in', (row) => asObjects(row['offers']).map((offer) => offer['id'] ?? null)],
  offerExternalId: ['in', (row) => asObjects(row['offers']).map((offer) => offer['externalId'] ?? null)],
  offerXmlId: ['in', (row) => asObjects(row['offers']).map((offer) => offer['xmlId'] ?? null)],
  catalogs: ['in', (row) => row['catalogId']],
  sinceUpdatedAt: ['from', (row) => row['updatedAt']],
};

const OFFER_FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  name: ['contains', (row) => row['name']],
  externalIds: ['in', (row) => row['externalId']],
  xmlIds: ['in', (row) => row['xmlId']],
  sites: ['in', (row) => row['site']],
  active: ['equals', (row) => row['active']],
  minPrice: ['min', (row) => row['price']],
  maxPrice: ['max', (row) => row['price']],
  minQuantity: ['min', (row) => row['quantity']],
  maxQuantity: ['max', (row) => row['quantity']],
  groups: ['in', (row) => asObjects(asObject(row['product'])['groups']).map((group) => group['id'] ?? null)],
};

const INVENTORY_FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  offerExternalId: ['in', (row) => row['externalId']],
  offerXmlId: ['in', (row) => row['xmlId']],
  offerArticle: ['in', (row) => row['article']],
  offerActive: ['equals', (row) => row['active']],
  productExternalId: ['equals', (row) => asObject(row['product'])['externalId']],
  productArticle: ['in', (row) => asObject(row['product'])['article']],
  productActive: ['equals', (row) => asObject(row['product'])['active']],
  sites: ['in', (row) => row['site']],
};

const GROUP_FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  sites: ['in', (row) => row['site']],
  active: ['equals', (row) => row['active']],
  parentGroupId: ['equals', (row) => row['parentId']],
  minLevel: ['min', (row) => row['lvl']],
  maxLevel: ['max', (row) => row['lvl']],
};

/** `store/*`: products, offers (SKUs, stored separately), groups, properties, prices, stocks. */
export function storeHandlers(): Handlers {
  return {
    'store.products': (call) => {
      const filter = asObject(call.input['filter']);
      const shown = call.crm.rows('products').map((product) => showProduct(call.crm, product));
      const rows = applyFilter(call.crm, shown, filter, PRODUCT_FILTER).filter(
        (row) => isAfter(row, filter) && hasProperties(row, filter) && isOfSites(row, filter),
      );
      const page = paginate(rows, call.input);
      return { products: page.rows, pagination: page.pagination };
    },

    'store.offers': (call) => {
      const filter = asObject(call.input['filter']);
      const shown = call.crm.rows('offers').map((offer) => showOffer(call.crm, offer, true));
      const page = paginate(
        applyFilter(call.crm, shown, filter, OFFER_FILTER).filter((row) => isAfter(row, filter) && hasProperties(row, filter)),
        call.input,
      );
      return { offers: page.rows, pagination: page.pagination };
    },

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

    'store.productGroups': (call) => {
      const page = paginate(
        applyFilter(call.crm, call.crm.rows('productGroups'), asObject(call.input['filter']), GROUP_FILTER),
        call.input,
      );
      return { productGroup: page.rows, pagination: page.pagination };
    },

    'store.productGroupsCreate': (call) => {
      const given = asObject(call.input['productGroup']);
      if (asText(given['name']) === undefined) throw invalid({ 'productGroup.name': 'is required' });
      const site = asText(given['site']);
      if (site === undefined || !call.crm.find('sites', 'code', site))
        throw invalid({ 'productGroup.site': 'must be the code of a store of the account' });
      return {
        id: call.crm.insert('productGroups', {
          active: true,
          ...pick(given, ['name', 'externalId', 'active', 'site']),
          ...findParent(call.crm, given),
        })['id'],
      };
    },

    'store.productGroupsEdit': (call) => {
      const by = call.input['by'];
      if (by !== 'id' && call.input['site'] === undefined) throw new ApiError(400, "Parameter 'site' is missing");
      const group = findRecord(call.crm, 'productGroups', call.path['identifier'] ?? '', by, asText(call.input['site']));
      if (!group) throw notFound();
      const given = asObject(call.input['productGroup']);
      merge(group, {
        ...pick(given, ['name', 'externalId', 'active']),
        ...(given['parentId'] === undefined && given['parentExternalId'] === undefined ? {} : findParent(call.crm, given)),
      });
      call.crm.changed();
      return { id: group['id'] };
    },

    'store.inventories': (call) => {
      const filter = asObject(call.input['filter']);
      const details = asText(filter['details']) === '1';
      const shown = call.crm
        .rows('offers')
        .map((offer) => ({ ...offer, product: copy(asObject(call.crm.find('products', 'id', asText(offer['productId'])))) }));
      const page = paginate(applyFilter(call.crm, shown, filter, INVENTORY_FILTER), call.input);
      return {
        offers: page.rows.map((offer) => ({
          ...pick(offer, ['id', 'externalId', 'xmlId', 'site', 'purchasePrice']),
          quantity: asNumber(offer['quantity']) ?? 0,
          ...(details ? { stores: asObjects(offer['stores']).map((store) => pick(store, ['store', 'quantity', 'purchasePrice'])) } : {}),
        })),
        pagination: page.pagination,
      };
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

    'store.productsProperties': (call) => {
      const filter = asObject(call.input['filter']);
      const rows = listProperties(call.crm).filter(
        (property) =>
          (asText(filter['code']) === undefined || property['code'] === filter['code']) &&
          (asText(filter['name']) === undefined || String(property['name']).includes(String(filter['name']))),
      );
      const page = paginate(rows, call.input);
      return { properties: page.rows, pagination: page.pagination };
    },

    'store.productsPropertyValues': (call) => {
      const filter = asObject(call.input['filter']);
      const counts = new Map<string, { property: JsonObject; value: string; offersCount: number }>();
      for (const offer of call.crm.rows('offers')) {
        for (const [code, value] of Object.entries(asObject(offer['properties']))) {
          if (asText(filter['propertyCode']) !== undefined && filter['propertyCode'] !== code) continue;
          const key = `${code} ${String(value)}`;
          const known = counts.get(key);
          if (known) known.offersCount += 1;
          else counts.set(key, { property: property(call.crm, code), value: String(value), offersCount: 1 });
        }
      }
      const page = paginate(
        [...counts.values()].map((one) => ({ ...one })),
        call.input,
      );
      return { productPropertyValues: page.rows, pagination: page.pagination };
    },
  };
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

function findParent(crm: AccountContext, given: JsonObject): JsonObject {
  if (given['parentId'] === undefined && given['parentExternalId'] === undefined) return { lvl: 1 };
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

function isAfter(row: JsonObject, filter: JsonObject): boolean {
  const since = asNumber(filter['sinceId']);
  return since === undefined || (asNumber(row['id']) ?? 0) > since;
}

function hasProperties(row: JsonObject, filter: JsonObject): boolean {
  const wanted = Object.entries(asObject(filter['properties']));
  const sets = [asObject(row['properties']), ...asObjects(row['offers']).map((offer) => asObject(offer['properties']))];
  return wanted.every(([code, value]) => sets.some((set) => asText(set[code]) === asText(value)));
}

function isOfSites(row: JsonObject, filter: JsonObject): boolean {
  const sites = asList(filter['sites']).map(String);
  return sites.length === 0 || asObjects(row['offers']).some((offer) => sites.includes(String(offer['site'])));
}
