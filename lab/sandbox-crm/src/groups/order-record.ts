import { ApiError, invalid } from '../engine/api-error.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, copy, pick } from '../json.js';
import type { AccountContext } from '../store/account-context.js';
import { newCustomer } from './customers.group.js';
import { checkCodes, findReferenced, merge } from './records.js';

const REFERENCES = {
  status: 'statuses',
  orderType: 'orderTypes',
  orderMethod: 'orderMethods',
  shipmentStore: 'stores',
} as const;

/**
 * Creates an order (`Entity/Orders/Order`) with ids, defaults, sums and its customer.
 * @throws ApiError 400 for a used external id, unknown codes or an invalid number
 */
export function createOrder(crm: AccountContext, given: JsonObject, site: string): JsonObject {
  const externalId = asText(given['externalId']);
  if (externalId !== undefined && crm.rows('orders').some((row) => row['externalId'] === externalId && row['site'] === site)) {
    throw new ApiError(400, 'Order already exists.', { externalId: 'is taken' });
  }
  check(crm, given);
  const siteRow = asObject(crm.find('sites', 'code', site));
  const now = crm.now();
  const id = crm.nextId('orders');
  const order: JsonObject = {
    slug: id,
    bonusesCreditTotal: 0,
    bonusesChargeTotal: 0,
    id,
    number: `${id}A`,
    orderType: 'main',
    orderMethod: 'shopping-cart',
    privilegeType: 'none',
    countryIso: asText(siteRow['countryIso']) ?? 'RU',
    createdAt: now,
    statusUpdatedAt: now,
    summ: 0,
    totalSumm: 0,
    prepaySum: 0,
    purchaseSumm: 0,
    markDatetime: now,
    call: false,
    expired: false,
    managerId: 1,
    status: 'new',
    site,
    currency: asText(siteRow['currency']) ?? crm.currency,
    fromApi: true,
    shipped: false,
    customFields: {},
  };
  const { items, payments, customer, delivery, ...fields } = given;
  merge(order, fields);
  order['customer'] = findCustomer(crm, asObject(customer), given, site);
  order['delivery'] = {
    cost: 0,
    netCost: 0,
    ...copy(asObject(delivery)),
    address: addressWithText(asObject(asObject(delivery)['address'])),
  };
  order['items'] = asObjects(items).map((item) => newItem(crm, item));
  order['payments'] = {};
  count(order);
  for (const payment of asObjects(payments)) addPayment(crm, order, payment);
  count(order);
  crm.rows('orders').push(order);
  crm.changed();
  return order;
}

/**
 * Edits an order like `orders/edit`: given items replace the list (matched by id or external id), other
 * fields are merged.
 */
export function editOrder(crm: AccountContext, order: JsonObject, given: JsonObject): void {
  check(crm, given);
  if (given['statusComment'] !== undefined && given['status'] === undefined)
    throw invalid({ 'order.statusComment': 'cannot be changed without the status' });
  const before = order['status'];
  const { id: _id, items, payments, customer, delivery, ...fields } = given;
  merge(order, fields);
  if (order['status'] !== before) order['statusUpdatedAt'] = crm.now();
  if (customer !== undefined) order['customer'] = findCustomer(crm, asObject(customer), given, asText(order['site']) ?? '');
  if (delivery !== undefined) {
    const target = asObject(order['delivery']);
    merge(target, asObject(delivery));
    target['address'] = addressWithText(asObject(target['address']), asObject(asObject(delivery)['address']));
    order['delivery'] = target;
  }
  if (items !== undefined) replaceItems(crm, order, asObjects(items));
  for (const payment of asObjects(payments)) addPayment(crm, order, payment);
  count(order);
  crm.changed();
}

/** Adds a payment to an order. Default amount: the unpaid rest. Returns the payment. */
export function addPayment(crm: AccountContext, order: JsonObject, given: JsonObject): JsonObject {
  checkCodes(crm, given, 'payment', { type: 'paymentTypes', status: 'paymentStatuses' });
  const payments = asObject(order['payments']);
  const { order: _order, ...fields } = given;
  const payment: JsonObject = {
    status: 'not-paid',
    type: 'cash',
    amount: countLeft(order),
    ...copy(fields),
    id: crm.nextId('payments'),
  };
  payments[String(payment['id'])] = payment;
  order['payments'] = payments;
  count(order);
  crm.changed();
  return payment;
}

/** Returns the amount that no payment of the order covers. `without`: a payment that does not count. */
export function countLeft(order: JsonObject, without?: JsonObject): number {
  const others = asObjects(order['payments']).filter((one) => one !== without);
  const covered = others.reduce((sum, one) => sum + (asNumber(one['amount']) ?? 0), 0);
  return round(Math.max(0, (asNumber(order['totalSumm']) ?? 0) - covered));
}

/** Changes a payment of an order and the sums that depend on it. A paid payment gets its date. */
export function editPayment(crm: AccountContext, order: JsonObject, payment: JsonObject, given: JsonObject): void {
  checkCodes(crm, given, 'payment', { type: 'paymentTypes', status: 'paymentStatuses' });
  const { id: _id, order: _order, ...fields } = given;
  merge(payment, fields);
  if (payment['status'] === 'paid' && payment['paidAt'] === undefined) payment['paidAt'] = crm.now();
  count(order);
  if (
    order['fullPaidAt'] === undefined &&
    (asNumber(order['prepaySum']) ?? 0) >= (asNumber(order['totalSumm']) ?? 0) &&
    payment['status'] === 'paid'
  )
    order['fullPaidAt'] = crm.now();
  crm.changed();
}

/** Shows the order in the API's format, with its customer in full. */
export function showOrder(crm: AccountContext, order: JsonObject): JsonObject {
  const shown = copy(order);
  const reference = asObject(order['customer']);
  const corporate = reference['type'] === 'customer_corporate';
  const customer = crm.find(corporate ? 'customersCorporate' : 'customers', 'id', asText(reference['id']));
  if (customer) shown['customer'] = copy(customer);
  return shown;
}

/** Computes the order's sums from its items, delivery and payments. */
export function count(order: JsonObject): void {
  const items = asObjects(order['items']);
  const summ = items.reduce((sum, item) => sum + itemPrice(item) * (asNumber(item['quantity']) ?? 1), 0);
  order['summ'] = round(summ);
  const discount = (asNumber(order['discountManualAmount']) ?? 0) + (summ * (asNumber(order['discountManualPercent']) ?? 0)) / 100;
  order['totalSumm'] = round(Math.max(0, summ - discount) + (asNumber(asObject(order['delivery'])['cost']) ?? 0));
  order['purchaseSumm'] = round(
    items.reduce((sum, item) => sum + (asNumber(item['purchasePrice']) ?? 0) * (asNumber(item['quantity']) ?? 1), 0),
  );
  const paid = asObjects(order['payments']).filter((payment) => payment['status'] === 'paid');
  order['prepaySum'] = round(paid.reduce((sum, payment) => sum + (asNumber(payment['amount']) ?? 0), 0));
}

/** Returns the price of one piece after its own discounts, in the order's currency. */
export function itemPrice(item: JsonObject): number {
  const initial = asNumber(item['initialPrice']) ?? 0;
  return round(
    Math.max(0, initial - (asNumber(item['discountManualAmount']) ?? 0) - (initial * (asNumber(item['discountManualPercent']) ?? 0)) / 100),
  );
}

/** Rounds to two decimals. */
export function round(amount: number): number {
  return Math.round((amount + Number.EPSILON) * 100) / 100;
}

function check(crm: AccountContext, given: JsonObject): void {
  checkCodes(crm, given, 'order', REFERENCES);
  const delivery = asObject(given['delivery']);
  checkCodes(crm, delivery, 'order.delivery', { code: 'deliveryTypes' });
  const errors: { [field: string]: string } = {};
  asObjects(given['items']).forEach((item, index) => {
    const quantity = asNumber(item['quantity']);
    if (quantity !== undefined && quantity < 0) errors[`order.items[${index}].quantity`] = 'must not be negative';
    const price = asNumber(item['initialPrice']);
    if (price !== undefined && price < 0) errors[`order.items[${index}].initialPrice`] = 'must not be negative';
  });
  const email = asText(given['email']);
  if (email !== undefined && !/^\S+@\S+$/.test(email)) errors['order.email'] = 'is not an e-mail address';
  if (Object.keys(errors).length > 0) throw invalid(errors);
}

function findCustomer(crm: AccountContext, given: JsonObject, order: JsonObject, site: string): JsonObject {
  const corporate = given['type'] === 'customer_corporate';
  const known =
    findReferenced(crm, corporate ? 'customersCorporate' : 'customers', given) ??
    crm.find('customers', 'browserId', asText(given['browserId']));
  if (known) return { id: known['id'], type: known['type'] };
  if (given['id'] !== undefined) throw invalid({ 'order.customer.id': 'is not known' });
  const made = crm.insert('customers', {
    ...newCustomer(crm, site),
    ...pick(order, ['firstName', 'lastName', 'patronymic', 'email']),
    ...(asText(order['phone']) === undefined ? {} : { phones: [{ number: asText(order['phone']) }] }),
    ...pick(given, ['externalId', 'browserId']),
  });
  return { id: made['id'], type: made['type'] };
}

function newItem(crm: AccountContext, given: JsonObject): JsonObject {
  const quantity = asNumber(given['quantity']) ?? 1;
  const initialPrice = asNumber(given['initialPrice']) ?? 0;
  const offerGiven = asObject(given['offer']);
  const offer = findReferenced(crm, 'offers', offerGiven) ?? crm.find('offers', 'xmlId', asText(offerGiven['xmlId']));
  const name = asText(given['productName']) ?? asText(offer?.['name']) ?? asText(offerGiven['name']) ?? 'Товар';
  const item: JsonObject = {
    bonusesCreditTotal: 0,
    bonusesChargeTotal: 0,
    markingCodes: [],
    discounts: [],
    priceType: { code: 'base' },
    vatRate: 'none',
    status: 'new',
    purchasePrice: 0,
    ...copy(given),
    initialPrice,
    quantity,
    id: crm.nextId('items'),
    createdAt: crm.now(),
    productName: name,
    offer: {
      displayName: name,
      name,
      unit: { code: 'pc', name: 'Штука', sym: 'шт.' },
      ...pick(asObject(offer), ['id', 'externalId', 'xmlId', 'article', 'barcode']),
      ...copy(offerGiven),
    },
  };
  item['discountTotal'] = round(initialPrice - itemPrice(item));
  item['prices'] = [{ price: itemPrice(item), quantity }];
  return item;
}

/** Replaces the order's items: changes known ones (by id or external id), adds new ones, removes others. */
function replaceItems(crm: AccountContext, order: JsonObject, given: readonly JsonObject[]): void {
  const known = asObjects(order['items']);
  order['items'] = given.map((item, index) => {
    const same = known.find(
      (one) =>
        (item['id'] !== undefined && one['id'] === item['id']) ||
        (item['externalId'] !== undefined && one['externalId'] === item['externalId']),
    );
    if (!same) {
      if (item['id'] !== undefined) throw invalid({ [`order.items[${index}].id`]: `item ${String(item['id'])} is not in this order` });
      return newItem(crm, item);
    }
    merge(same, item);
    same['discountTotal'] = round((asNumber(same['initialPrice']) ?? 0) - itemPrice(same));
    same['prices'] = [{ price: itemPrice(same), quantity: same['quantity'] }];
    return same;
  });
}

function addressWithText(address: JsonObject, changed: JsonObject = address): JsonObject {
  if (asText(changed['text']) !== undefined || Object.keys(address).length === 0) return copy(address);
  const parts: (Json | undefined)[] = [
    address['street'],
    address['building'],
    address['house'],
    address['flat'] === undefined ? undefined : `${address['countryIso'] === 'RU' ? 'кв./оф. ' : ''}${String(address['flat'])}`,
  ];
  const text = asList(parts.map((part) => part ?? null))
    .map(asText)
    .filter((part) => part !== undefined)
    .join(', ');
  return text === '' ? copy(address) : { ...copy(address), text };
}
