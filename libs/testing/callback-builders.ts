import { toWireAmount } from '#provider-kit';
import type { Address } from '#delivery/port';
import { type SampleOrder, sampleOrder, SHOPS, sumDeclared, sumOrder } from './sample-orders.js';

/** An address in a callback (reference: DeliveryAddress). */
export interface WireAddress extends Omit<Address, 'terminalData'> {
  regionId?: number;
  cityId?: number;
  cityType?: string;
  streetId?: number;
  streetType?: string;
  terminalData?: object;
}

/** Times of day in a callback. */
export interface WireTime {
  from?: string;
  to?: string;
  custom?: string;
}

/** A warehouse in a callback. */
export interface WireStore {
  code: string;
  name: string;
  address?: object;
  /** Lists of hours by `mo` to `su`. */
  workTime?: object;
}

/** The buyer in a callback. */
export interface WireCustomer {
  type: string;
  id: number;
  firstName?: string;
  lastName?: string;
  patronymic?: string;
  phones: string[];
  email?: string;
  birthday?: string;
  contragent?: object;
  address?: object;
  customFields?: object;
}

/** A package in a callback, weight in grams, sides in millimetres, amounts in the order's currency. */
export interface WirePackage {
  packageId?: string;
  weight: number;
  width?: number;
  length?: number;
  height?: number;
  items: WireItem[];
}

/** An item of a package in a callback. */
export interface WireItem {
  offerId?: string;
  externalId?: string;
  xmlId?: string;
  name?: string;
  declaredValue?: number;
  cod?: number;
  cost?: number;
  vatRate?: string;
  quantity: number;
  unit?: { code: string; name: string; sym: string };
  markingCodes?: string[];
  /** By code. */
  properties?: object;
  /** Null for a service. */
  weight?: number | null;
}

/** The JSON of a calculate callback's `calculate` field. */
export interface WireCalculate {
  packages: WirePackage[];
  payerType?: string;
  declaredValue?: number;
  shipmentAddress?: WireAddress;
  store?: WireStore;
  deliveryAddress?: WireAddress;
  cod?: number;
  /** `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`. */
  shipmentDate?: string;
  deliveryDate?: string;
  deliveryTime?: WireTime;
  currency?: string;
  extraData?: WireExtraData;
}

/** Values of data fields in a callback. An empty map arrives as a list. */
export type WireExtraData = { [code: string]: string | number | boolean } | never[];

/** The `delivery` part of a save callback. */
export interface WireSaveDelivery {
  shipmentAddress?: WireAddress;
  deliveryAddress?: WireAddress;
  codPaymentType?: { code: string; name: string };
  withCod?: boolean;
  cod?: number;
  cost?: number;
  vatRate?: string;
  tariff: string;
  payerType?: string;
  shipmentDate?: string;
  deliveryDate?: string;
  deliveryTime?: WireTime;
  extraData?: WireExtraData;
}

/** The JSON of a save callback's `save` field. */
export interface WireSave {
  deliveryId?: string;
  order: string;
  orderNumber?: string;
  site?: string;
  siteName?: string;
  store?: WireStore;
  legalEntity?: string;
  customer?: WireCustomer;
  manager?: { id: number; firstName?: string; lastName?: string; phone?: string; email?: string };
  packages: WirePackage[];
  delivery: WireSaveDelivery;
  currency?: string;
}

/** The JSON of a shipmentSave callback's `shipmentSave` field. */
export interface WireShipmentSave {
  shipmentId?: string;
  manager?: WireSave['manager'];
  date?: string;
  time?: WireTime;
  address?: WireAddress;
  store?: string;
  orders: { deliveryId: string; packages?: WirePackage[] }[];
  comment?: string;
  extraData?: WireExtraData;
}

/** A calculate callback's JSON for an order. */
export function wireCalculate(order: SampleOrder = sampleOrder(), changes: Partial<WireCalculate> = {}): WireCalculate {
  return {
    packages: wirePackages(order),
    payerType: 'sender',
    declaredValue: toWireAmount(sumDeclared(order)),
    shipmentAddress: order.from,
    store: { code: 'main', name: 'Main store' },
    deliveryAddress: order.to,
    cod: order.withCod ? toWireAmount(sumOrder(order)) : 0,
    currency: order.currency,
    extraData: [],
    ...changes,
  };
}

/** A save callback's JSON for an order; `delivery` of `changes` replaces single fields. */
export function wireSave(
  tariff: string,
  order: SampleOrder = sampleOrder(),
  { delivery, ...changes }: Partial<Omit<WireSave, 'delivery'>> & { delivery?: Partial<WireSaveDelivery> } = {},
): WireSave {
  const { customer } = order;
  return {
    order: order.order,
    orderNumber: order.orderNumber,
    site: order.site,
    siteName: 'Shop',
    store: { code: 'main', name: 'Main store' },
    customer: {
      type: 'customer',
      id: Number(order.order) + 50_000,
      firstName: customer.firstName,
      lastName: customer.lastName,
      ...(customer.patronymic === undefined ? {} : { patronymic: customer.patronymic }),
      phones: [customer.phone],
      email: customer.email,
    },
    manager: WIRE_MANAGER,
    packages: wirePackages(order),
    delivery: {
      shipmentAddress: order.from,
      deliveryAddress: order.to,
      withCod: order.withCod,
      cod: order.withCod ? toWireAmount(order.deliveryCost) : 0,
      cost: toWireAmount(order.deliveryCost),
      vatRate: '20.00',
      tariff,
      payerType: 'sender',
      shipmentDate: '2026-03-03',
      extraData: [],
      ...delivery,
    },
    currency: order.currency,
    ...changes,
  };
}

/** A shipmentSave callback's JSON for deliveries. */
export function wireShipmentSave(deliveryIds: string[], changes: Partial<WireShipmentSave> = {}): WireShipmentSave {
  return {
    manager: WIRE_MANAGER,
    date: '2026-03-03',
    time: { from: '10:00', to: '18:00' },
    address: { ...SHOPS.RU },
    store: 'main',
    orders: deliveryIds.map((deliveryId) => ({ deliveryId })),
    comment: 'Вход со двора',
    extraData: [],
    ...changes,
  };
}

/** The urlencoded body of a callback: `clientId`, and each other field as text or as one JSON document. */
export function callbackForm(clientId: string, fields: Readonly<Record<string, string | object>>): string {
  const form = new URLSearchParams({ clientId });
  for (const [name, value] of Object.entries(fields)) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return form.toString();
}

const WIRE_MANAGER = { id: 7, firstName: 'Анна', lastName: 'Менеджер', phone: '+74957654321', email: 'anna@example.com' };

function wirePackages(order: SampleOrder): WirePackage[] {
  return order.parcels.map(({ items, ...rest }) => ({
    ...rest,
    items: items.map(({ declaredValue, cost, ...item }) => ({
      ...item,
      ...(declaredValue === undefined ? {} : { declaredValue: toWireAmount(declaredValue) }),
      ...(cost === undefined ? {} : { cost: toWireAmount(cost), cod: order.withCod ? toWireAmount(cost) : 0 }),
      unit: { code: 'pc', name: 'Piece', sym: 'pc.' },
    })),
  }));
}
