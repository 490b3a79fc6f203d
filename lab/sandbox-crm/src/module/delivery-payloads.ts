import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText, copy } from '../json.js';
import { itemPrice, round } from '../groups/order-record.js';
import type { AccountContext } from '../store/account-context.js';
import type { Delivery } from '../store/state.js';

/** The choices of a delivery. */
export interface DeliveryChoice {
  readonly tariff: string;
  readonly tariffName?: string;
  readonly payerType: string;
  /** Code of the pickup point. */
  readonly pickupPoint?: JsonObject;
  /** The customer's price for the delivery, in the order's currency. */
  readonly cost?: number;
  readonly extraData: JsonObject;
}

/** Returns the body of `calculate` (`Callback/Entity/Delivery/RequestProperty/RequestCalculate`). */
export function calculateBody(crm: AccountContext, order: JsonObject, delivery: JsonObject, extraData: JsonObject): JsonObject {
  const orderDelivery = asObject(order['delivery']);
  return strip({
    packages: listPackages(order),
    payerType: readPayerType(delivery),
    declaredValue: declaredValue(order),
    shipmentAddress: findAddress(findStore(crm, order)['address']),
    store: { code: findStore(crm, order)['code'], name: findStore(crm, order)['name'] },
    deliveryAddress: findAddress(orderDelivery['address']),
    cod: computeOwed(order).total,
    shipmentDate: asText(order['shipmentDate']) ?? crm.today(),
    deliveryDate: orderDelivery['date'],
    deliveryTime: orderDelivery['time'],
    currency: order['currency'],
    extraData: extraData,
  });
}

/** Returns the body of `save` for an order (`.../RequestSave`). With a delivery it edits that one. */
export function saveBody(crm: AccountContext, order: JsonObject, choice: DeliveryChoice, delivery?: Delivery): JsonObject {
  const orderDelivery = asObject(order['delivery']);
  const store = findStore(crm, order);
  const site = asObject(crm.find('sites', 'code', asText(order['site'])));
  const { total, delivery: forDelivery } = computeOwed(order);
  const point = choice.pickupPoint;
  return strip({
    deliveryId: delivery?.deliveryId,
    order: asText(order['id']),
    orderNumber: asText(order['number']),
    site: order['site'],
    siteName: site['name'],
    store: { code: store['code'], name: store['name'], address: findAddress(store['address']), workTime: store['workTime'] },
    legalEntity: site['contragentCode'],
    customer: findCustomer(crm, order),
    manager: findManager(crm, order),
    packages: listPackages(order),
    delivery: {
      shipmentAddress: findAddress(store['address']),
      deliveryAddress: {
        ...findAddress(orderDelivery['address']),
        ...(point ? { terminal: point['code'], terminalData: point } : {}),
      },
      codPaymentType:
        total > 0 ? { code: 'cash', name: asText(asObject(crm.find('paymentTypes', 'code', 'cash'))['name']) ?? 'cash' } : undefined,
      withCod: total > 0,
      cod: forDelivery,
      cost: choice.cost,
      vatRate: asText(orderDelivery['vatRate']) ?? 'none',
      tariff: choice.tariff,
      payerType: choice.payerType,
      shipmentDate: asText(order['shipmentDate']) ?? crm.today(),
      deliveryDate: orderDelivery['date'],
      deliveryTime: orderDelivery['time'],
      extraData: choice.extraData,
    },
    currency: order['currency'],
  });
}

/** Returns the body of `shipmentSave` for deliveries (`.../RequestShipmentSave`). */
export function shipmentBody(crm: AccountContext, orders: readonly (readonly [JsonObject, Delivery])[], shipment: JsonObject): JsonObject {
  const first = orders[0]?.[0] ?? {};
  const store =
    asText(shipment['store']) === undefined ? findStore(crm, first) : asObject(crm.find('stores', 'code', asText(shipment['store'])));
  return strip({
    shipmentId: shipment['externalId'],
    manager: findManager(crm, { managerId: shipment['managerId'] ?? 1 }),
    date: asText(shipment['date']) ?? crm.today(),
    time: shipment['time'] ?? { from: '10:00', to: '18:00' },
    address: findAddress(store['address']),
    store: store['code'],
    orders: orders.map(([order, delivery]) => ({
      deliveryId: delivery.deliveryId,
      packages: listPackages(order).map((one) => {
        const { items: _items, ...sizes } = one;
        return sizes;
      }),
    })),
    comment: shipment['comment'],
    extraData: asObject(shipment['extraData']),
  });
}

/** Returns the delivery type's payer: the registration's default, or the first allowed one. */
export function readPayerType(delivery: JsonObject): string {
  return asText(asObject(delivery['settings'])['defaultPayerType']) ?? asText(asList(delivery['payerType'])[0]) ?? 'sender';
}

/** The amounts due on delivery of an order, in its currency. */
interface Owed {
  readonly total: number;
  /** For the delivery service only. */
  readonly delivery: number;
  /** For one unit of an item, by the item's id. */
  readonly units: ReadonlyMap<unknown, number>;
}

/**
 * Returns the amount collected for an unpaid order with cash on delivery. A prepayment first covers the
 * goods, in proportion to their prices, then the delivery, which also takes the rounding.
 */
function computeOwed(order: JsonObject): Owed {
  const due = asObjects(order['payments']).some((payment) => payment['status'] !== 'paid' && payment['type'] === 'cash');
  const total = due ? round(Math.max(0, (asNumber(order['totalSumm']) ?? 0) - (asNumber(order['prepaySum']) ?? 0))) : 0;
  const items = asObjects(order['items']);
  const goods = declaredValue(order);
  const owed = Math.max(0, total - (asNumber(asObject(order['delivery'])['cost']) ?? 0));
  const share = goods > 0 ? Math.min(1, owed / goods) : 0;
  const units = new Map<unknown, number>(items.map((item) => [item['id'], Math.floor(round(itemPrice(item) * share * 100)) / 100]));
  const named = items.reduce((sum, item) => sum + (units.get(item['id']) ?? 0) * (asNumber(item['quantity']) ?? 1), 0);
  return { total, delivery: round(total - named), units };
}

function declaredValue(order: JsonObject): number {
  return round(asObjects(order['items']).reduce((sum, item) => sum + itemPrice(item) * (asNumber(item['quantity']) ?? 1), 0));
}

/** Returns the order's packages with items, in grams and millimeters. Default: one of the order's size. */
function listPackages(order: JsonObject): JsonObject[] {
  const items = asObjects(order['items']);
  const { units } = computeOwed(order);
  const described = asObjects(asObject(asObject(order['delivery'])['data'])['packages']);
  if (described.length === 0) {
    return [
      strip({
        packageId: '1',
        weight: asNumber(order['weight']) ?? 1000,
        width: order['width'],
        length: order['length'],
        height: order['height'],
        items: items.map((item) => packageItem(item, asNumber(item['quantity']) ?? 1, units)),
      }),
    ];
  }
  return described.map((one, index) =>
    strip({
      packageId: asText(one['packageId']) ?? String(index + 1),
      weight: asNumber(one['weight']) ?? 1000,
      width: one['width'],
      length: one['length'],
      height: one['height'],
      items: asObjects(one['items']).flatMap((row) => {
        const id = asObject(row['orderProduct'])['id'];
        const item = items.find((candidate) => candidate['id'] === id);
        return item ? [packageItem(item, asNumber(row['quantity']) ?? 1, units)] : [];
      }),
    }),
  );
}

function packageItem(item: JsonObject, quantity: number, units: Owed['units']): JsonObject {
  const offer = asObject(item['offer']);
  const price = itemPrice(item);
  return strip({
    offerId: asText(offer['id']),
    externalId: asText(offer['externalId']),
    xmlId: asText(offer['xmlId']),
    name: asText(item['productName']) ?? asText(offer['displayName']),
    declaredValue: price,
    cod: units.get(item['id']) ?? 0,
    vatRate: asText(item['vatRate']) ?? 'none',
    quantity,
    unit: offer['unit'],
    cost: price,
    properties: {},
  });
}

function findCustomer(crm: AccountContext, order: JsonObject): JsonObject {
  const reference = asObject(order['customer']);
  const known = asObject(
    crm.find(reference['type'] === 'customer_corporate' ? 'customersCorporate' : 'customers', 'id', asText(reference['id'])),
  );
  const phones = [asText(order['phone']), asText(order['additionalPhone'])].filter((phone) => phone !== undefined);
  return strip({
    type: asText(known['type']) ?? 'customer',
    id: known['id'],
    externalId: known['externalId'],
    createdAt: known['createdAt'],
    site: order['site'],
    contragent: known['contragent'],
    lastName: order['lastName'],
    firstName: order['firstName'],
    patronymic: order['patronymic'],
    email: order['email'],
    phones,
    customFields: {},
    tags: [],
  });
}

function findManager(crm: AccountContext, order: JsonObject): JsonObject | undefined {
  const user = crm.find('users', 'id', asText(order['managerId']));
  if (!user) return undefined;
  return strip({ id: user['id'], lastName: user['lastName'], firstName: user['firstName'], phone: user['phone'], email: user['email'] });
}

/** Returns the order's warehouse, else the first of the destination country, else the first of all. */
function findStore(crm: AccountContext, order: JsonObject): JsonObject {
  const stores = crm.rows('stores');
  const country = asObject(asObject(order['delivery'])['address'])['countryIso'] ?? order['countryIso'];
  return (
    crm.find('stores', 'code', asText(order['shipmentStore'])) ??
    stores.find((store) => asObject(store['address'])['countryIso'] === country) ??
    stores[0] ??
    {}
  );
}

function findAddress(address: Json | undefined): JsonObject {
  const { id: _id, coordinates: _coordinates, ...fields } = copy(asObject(address));
  return fields;
}

function strip(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined && field !== null)
      .map(([name, field]) => [name, typeof field === 'object' && field !== null && !Array.isArray(field) ? strip(field) : field]),
  );
}
