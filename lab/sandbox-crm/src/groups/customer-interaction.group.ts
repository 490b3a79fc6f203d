import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type JsonObject, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import { customerAt } from './customers.group.js';

/** Maximum number of a customer's favorites, from the reference. */
const FAVORITES_LIMIT = 1000;
/** The format of a cart's times. */
const CART_TIME = 'Y-m-d H:i:sP';

/** `customer-interaction/*`: carts and favorites, by site and customer. */
export function customerInteractionHandlers(): Handlers {
  return { ...cartHandlers(), ...favoriteHandlers() };
}

/** Carts of customers. */
function cartHandlers(): Handlers {
  return {
    'customerInteraction.cartGet': (call) => {
      const site = siteAt(call);
      const customer = customerAt(call, 'customers', call.path['customerId'] ?? '', call.input['by']);
      const cart = findCart(call, site, customer);
      // A customer without a cart has an empty one.
      return { cart: cart ? show(cart) : {} };
    },

    'customerInteraction.cartSet': (call) => {
      const site = siteAt(call);
      const given = asObject(call.input['cart']);
      const customer = findCustomer(call, given);
      if (asObjects(given['items']).length === 0) throw invalid({ 'cart.items': 'must hold at least one item' });
      const items = asObjects(given['items']).map((item, index) => {
        if (item['offer'] === undefined) throw invalid({ [`cart.items[${index}].offer`]: 'is required' });
        return { ...copy(item), id: index + 1, quantity: asNumber(item['quantity']) ?? 1 };
      });
      const cart: JsonObject = {
        currency: call.crm.currency,
        droppedAt: call.crm.format(CART_TIME),
        ...copy(given),
        items,
        customer: pick(customer, ['id', 'externalId', 'browserId', 'site']),
        cartSite: site,
      };
      const known = findCart(call, site, customer);
      if (known) {
        delete known['clearedAt'];
        Object.assign(known, cart);
      } else call.crm.insert('carts', cart);
      call.crm.changed();
      return {};
    },

    'customerInteraction.cartClear': (call) => {
      const site = siteAt(call);
      const given = asObject(call.input['cart']);
      const cart = findCart(call, site, findCustomer(call, given));
      if (cart) {
        cart['items'] = [];
        cart['clearedAt'] = asText(given['clearedAt']) ?? call.crm.format(CART_TIME);
        if (given['order'] !== undefined) cart['order'] = copy(asObject(given['order']));
        call.crm.changed();
      }
      return {};
    },
  };
}

/** Favorites of customers. */
function favoriteHandlers(): Handlers {
  return {
    'customerInteraction.favorites': (call) => {
      siteAt(call);
      const customer = customerAt(call, 'customers', call.path['customerId'] ?? '', call.input['by']);
      return { favorites: listFavorites(call, customer).map((row) => ({ offer: copy(asObject(row['offer'])) })) };
    },

    'customerInteraction.favoritesAdd': (call) => {
      const { customer, offer } = readFavorite(call);
      const known = listFavorites(call, customer);
      if (known.some((row) => sameOffer(asObject(row['offer']), offer))) return {};
      if (known.length >= FAVORITES_LIMIT) throw new ApiError(400, `The customer has ${FAVORITES_LIMIT} favourites, no more are taken`);
      call.crm.insert('favorites', { customerId: customer['id'], offer });
      return {};
    },

    'customerInteraction.favoritesRemove': (call) => {
      const { customer, offer } = readFavorite(call);
      const known = listFavorites(call, customer).find((row) => sameOffer(asObject(row['offer']), offer));
      if (known) call.crm.remove('favorites', known);
      return {};
    },
  };
}

function siteAt(call: Call): string {
  const value = call.path['site'] ?? '';
  const site = call.crm.find('sites', call.input['siteBy'] === 'id' ? 'id' : 'code', value);
  if (!site) throw notFound(`The account has no store "${value}"`);
  return asText(site['code']) ?? '';
}

function findCustomer(call: Call, cart: JsonObject): JsonObject {
  const reference = asObject(cart['customer']);
  for (const field of ['id', 'externalId', 'browserId']) {
    const customer = call.crm.find('customers', field, asText(reference[field]));
    if (customer) return customer;
  }
  throw invalid({ 'cart.customer': 'is not known' });
}

function findCart(call: Call, site: string, customer: JsonObject): JsonObject | undefined {
  return call.crm.rows('carts').find((cart) => cart['cartSite'] === site && asObject(cart['customer'])['id'] === customer['id']);
}

function show(cart: JsonObject): JsonObject {
  const { id: _id, cartSite: _site, ...shown } = copy(cart);
  return shown;
}

function listFavorites(call: Call, customer: JsonObject): JsonObject[] {
  return call.crm.rows('favorites').filter((row) => row['customerId'] === customer['id']);
}

function readFavorite(call: Call): { readonly customer: JsonObject; readonly offer: JsonObject } {
  siteAt(call);
  const customer = customerAt(call, 'customers', call.path['customerId'] ?? '', call.input['by']);
  const reference = asObject(asObject(call.input['favorite'])['offer']);
  const known = ['id', 'externalId', 'xmlId']
    .map((field): JsonObject | undefined => call.crm.find('offers', field, asText(reference[field])))
    .find((row) => row !== undefined);
  if (!known) throw invalid({ 'favorite.offer': 'is not known' });
  return { customer, offer: pick(known, ['id', 'externalId', 'xmlId']) };
}

function sameOffer(one: JsonObject, other: JsonObject): boolean {
  return one['id'] === other['id'];
}
