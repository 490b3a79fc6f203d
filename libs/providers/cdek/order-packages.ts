import { countPieces, type Parcel, type ParcelItem, type SaveRequest, splitOverPieces, toPieceAmount } from '#delivery/port';
import { cutText, type Money, toMoney, toWireAmount } from '#provider-kit';
import type { CdekContext } from './cdek.settings.js';
import { addVat, type CdekMoney, type CdekPackageSize, MOST_CHARACTERS, readVatRate, toGrams, toPackageSize } from './cdek.units.js';

/** What is in a package. Amounts and weight are of one piece. */
export interface CdekItem {
  name: string;
  ware_key: string;
  marking?: string;
  payment: CdekMoney;
  cost: number;
  weight: number;
  /** Pieces. */
  amount: number;
}

export interface CdekPackage extends CdekPackageSize {
  /** CDEK's id of a package it already has; only in a change. */
  package_id?: string;
  number: string;
  items: CdekItem[];
}

const KEY_CHARACTERS = 50;

/** The order's packages with what is in them and what each piece costs and owes. `currency` is ISO 4217. */
export function toPackages(request: SaveRequest, currency: string, context: CdekContext): CdekPackage[] {
  const { vatRate } = context.settings;
  const { collect } = request;
  const isBare = request.parcels.every((parcel) => parcel.items.length === 0);
  return request.parcels.map((parcel, at) => {
    const count = parcel.items.reduce((sum, item) => sum + countPieces(item), 0);
    const share = toGrams(parcel.weight / Math.max(1, count));
    const items = parcel.items.flatMap((item, n) => {
      const parts = splitOverPieces(collect?.perItem[at]?.[n] ?? 0, countPieces(item)).map((part) => ({
        payment: addVat(toMoney(part.each, currency), readVatRate(vatRate, item.vatRate)),
        amount: part.pieces,
      }));
      return toItems(item, n, share, parts, toMoney(toPieceAmount(item, item.declaredValue), currency));
    });
    // An order without items collects for its goods with the first parcel.
    const owed = toMoney(isBare && at === 0 ? (collect?.goods ?? 0) : 0, currency);
    return {
      number: String(at + 1),
      ...toPackageSize(parcel),
      items: items.length > 0 ? makeKeysUnique(items) : [toWholeParcel(parcel, request, at, addVat(owed, readVatRate(vatRate, undefined)))],
    };
  });
}

/** CDEK wants to know what is inside; an order without items names its number. */
function toWholeParcel(parcel: Parcel, request: SaveRequest, at: number, payment: CdekMoney): CdekItem {
  const name = cutText(`${request.orderNumber ?? request.order} / ${at + 1}`, MOST_CHARACTERS);
  return { name, ware_key: cutText(name, KEY_CHARACTERS), payment, cost: 0, weight: toGrams(parcel.weight), amount: 1 };
}

/** A line for each amount that pieces bear, and one for each piece with a marking code of its own. */
function toItems(item: ParcelItem, index: number, share: number, parts: { payment: CdekMoney; amount: number }[], cost: Money): CdekItem[] {
  const pieces = countPieces(item);
  const part = pieces === item.quantity ? '' : ` × ${item.quantity}`;
  const line = {
    name: cutText(`${item.name || item.offerId || `№ ${index + 1}`}${part}`, MOST_CHARACTERS),
    ware_key: cutText(item.offerId || String(index + 1), KEY_CHARACTERS),
    cost: toWireAmount(cost),
    weight: typeof item.weight !== 'number' ? share : toGrams(item.weight * (part === '' ? 1 : item.quantity)),
  };
  const marks = (item.markingCodes ?? []).slice(0, pieces);
  return parts.flatMap(({ payment, amount }) => {
    const marked = marks.splice(0, amount).map((marking) => ({ ...line, payment, marking, amount: 1 }));
    const rest = amount - marked.length;
    return rest > 0 ? [...marked, { ...line, payment, amount: rest }] : marked;
  });
}

/** CDEK wants the keys within a package to be unique. */
function makeKeysUnique(items: CdekItem[]): CdekItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const times = (seen.get(item.ware_key) ?? 0) + 1;
    seen.set(item.ware_key, times);
    return times === 1 ? item : { ...item, ware_key: `${cutText(item.ware_key, KEY_CHARACTERS - 5)}#${times}` };
  });
}
