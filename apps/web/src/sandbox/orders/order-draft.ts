import type { Fields, JsonValue, OrderView } from '../control-types.js';
import { asFields, asRows, asText } from '../registration.js';

/** A line of the form. Numbers are kept as typed. */
export interface DraftItem {
  readonly id?: number | undefined;
  name: string;
  /** Id of an offer of the catalogue. Empty for a line with only a name. */
  offer: string;
  price: string;
  quantity: string;
}

/** A parcel of the form, in grams and millimeters. */
export interface DraftParcel {
  weight: string;
  length: string;
  width: string;
  height: string;
  /** Indices of lines with the number of pieces of each. `null`: not decided. */
  readonly items: readonly (readonly [line: number, pieces: number])[] | null;
}

/** An order as typed into the form. */
export interface OrderDraft {
  site: string;
  firstName: string;
  lastName: string;
  phone: string;
  email: string;
  customerComment: string;
  shipmentStore: string;
  address: Record<'countryIso' | 'index' | 'region' | 'city' | 'street' | 'building' | 'flat', string>;
  toPoint: boolean;
  items: DraftItem[];
  parcels: DraftParcel[];
  /** `none` does not change the payments. */
  payment: 'none' | 'cash' | 'paid';
}

const ADDRESS = ['countryIso', 'index', 'region', 'city', 'street', 'building', 'flat'] as const;

/** Returns an empty order of a site. */
export function newDraft(site = 'main'): OrderDraft {
  return {
    ...{ site, firstName: '', lastName: '', phone: '', email: '', customerComment: '', shipmentStore: '' },
    address: { countryIso: '', index: '', region: '', city: '', street: '', building: '', flat: '' },
    toPoint: false,
    items: [newItem()],
    parcels: [newParcel()],
    payment: 'cash',
  };
}

/** Returns an empty line. */
export function newItem(): DraftItem {
  return { name: '', offer: '', price: '', quantity: '1' };
}

/** Returns a parcel without dimensions, which holds everything. */
export function newParcel(): DraftParcel {
  return { weight: '1000', length: '', width: '', height: '', items: null };
}

/** Reads a draft from fields of the API: a demo order or an existing order. */
export function readDraft(given: Fields | OrderView): OrderDraft {
  const order = given as Fields;
  const delivery = asFields(order.delivery);
  const data = asFields(delivery.data);
  const address = asFields(delivery.address);
  const items = asRows(order.items);
  // A demo order contains its parcels. An order keeps them in its delivery, with lines referred to by id.
  const parcels =
    order.packages === undefined
      ? asRows(data.packages).map((one) =>
          readParcel(
            one,
            asRows(one.items).map((row) => [findLine(items, row), Number(row.quantity ?? 1)]),
          ),
        )
      : asRows(order.packages).map((one) => readParcel(one, readPairs(one.items)));
  const [payment] = asRows(order.payments);
  const text = (field: string): string => asText(order[field]);
  return {
    site: text('site') || 'main',
    firstName: text('firstName'),
    lastName: text('lastName'),
    phone: text('phone'),
    email: text('email'),
    customerComment: text('customerComment'),
    shipmentStore: text('shipmentStore'),
    address: Object.fromEntries(ADDRESS.map((field) => [field, asText(address[field])])) as OrderDraft['address'],
    toPoint: data.tariffType === 'selfDelivery',
    items: items.map((item) => ({
      id: typeof item.id === 'number' ? item.id : undefined,
      name: asText(item.productName),
      offer: asText(asFields(item.offer).id),
      price: asText(item.initialPrice),
      quantity: asText(item.quantity) || '1',
    })),
    parcels: parcels.length > 0 ? parcels : [{ ...newParcel(), weight: text('weight') || '1000' }],
    payment: payment?.status === 'paid' ? 'paid' : 'cash',
  };
}

function readParcel(given: Fields, items: DraftParcel['items']): DraftParcel {
  const [weight, length, width, height] = [given.weight, given.length, given.width, given.height].map(asText);
  return { weight, length, width, height, items } as DraftParcel;
}

function readPairs(value: JsonValue | undefined): DraftParcel['items'] {
  return Array.isArray(value) ? value.map((pair) => (Array.isArray(pair) ? [Number(pair[0]), Number(pair[1])] : [0, 0])) : null;
}

function findLine(items: readonly Fields[], row: Fields): number {
  return items.findIndex(({ id }) => id === asFields(row.orderProduct).id);
}

/** Returns the order's fields for the control API. */
export function writeDraft(draft: OrderDraft, isNew: boolean): object {
  const number = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));
  const { site, firstName, lastName, phone, email, customerComment, shipmentStore, address, toPoint, items, parcels, payment } = draft;
  const everything = items.map(({ quantity }, index) => [index, number(quantity) ?? 1]);
  return {
    ...(isNew && { site }),
    firstName,
    lastName,
    phone,
    ...(email && { email }),
    customerComment,
    ...(shipmentStore && { shipmentStore }),
    delivery: {
      address: Object.fromEntries(Object.entries(address).filter(([, value]) => value)),
      data: { tariffType: toPoint ? 'selfDelivery' : 'courier' },
    },
    items: items.map(({ id, name, offer, price, quantity }) => ({
      ...(id !== undefined && { id }),
      ...(offer && { offer: { id: Number(offer) } }),
      productName: name,
      initialPrice: number(price) ?? 0,
      quantity: number(quantity) ?? 1,
    })),
    weight: parcels.reduce((sum, { weight }) => sum + (number(weight) ?? 0), 0),
    packages: parcels.map((parcel, index) => ({
      weight: number(parcel.weight) ?? 1000,
      length: number(parcel.length),
      width: number(parcel.width),
      height: number(parcel.height),
      items: chooseItems(parcel, index, parcels.length, everything),
    })),
    ...(isNew &&
      payment !== 'none' && {
        payments: [payment === 'cash' ? { type: 'cash', status: 'not-paid' } : { type: 'bank-card', status: 'paid' }],
      }),
  };
}

/** Returns a parcel's items: unchanged if all lines still exist, otherwise everything in the first parcel. */
function chooseItems(
  { items }: DraftParcel,
  index: number,
  count: number,
  everything: readonly number[][],
): readonly (readonly number[])[] {
  if (count > 1 && items?.length && items.every(([line]) => line in everything)) return items;
  return index === 0 ? everything : [];
}
