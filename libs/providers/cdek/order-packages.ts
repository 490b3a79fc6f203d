import {
  countPieces,
  MOST_ARTICLE,
  type Parcel,
  type ParcelItem,
  type SaveRequest,
  splitOverPieces,
  toArticle,
  toGrams,
  toPieceAmount,
} from '#delivery/port';
import { fillIn } from '#platform';
import { cutText, makeFieldError, say } from '#provider-kit';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { type CdekMoney, type CdekPackageSize, MOST_CHARACTERS, toPackageSize } from './cdek.units.js';
import type { MoneyWriter } from './money.js';

/** The contents of a package. Amounts and weight are for one piece. */
export interface CdekItem {
  name: string;
  /** Unique in its package. */
  ware_key: string;
  marking?: string;
  payment: CdekMoney;
  /** In the contract's currency. */
  cost: number;
  weight: number;
  /** Pieces. */
  amount: number;
}

export interface CdekPackage extends CdekPackageSize {
  /** CDEK's id of an existing package, only in a change. */
  package_id?: string;
  number: string;
  /** Missing in an order of a delivery contract. */
  items?: CdekItem[];
}

/** How an order's packages are written. */
interface PackageRules {
  toLocker: boolean;
  /** A delivery contract has no lines. */
  hasLines: boolean;
  /** Delivery charge to be written as a line, minor units; 0: no line. */
  deliveryLine: number;
}

/** CDEK's most pieces of a line. */
const MOST_PIECES = 999;
/** CDEK's most lines of an order. */
const MOST_LINES = 126;
const DELIVERY_KEY = 'delivery';

/**
 * The order's packages with their lines, and each piece's cost and debt. Throws ProviderError `invalid` for
 * more lines than CDEK takes, or an amount that cannot be sent.
 */
export function toPackages(request: SaveRequest, money: MoneyWriter, rules: PackageRules, context: CdekContext): CdekPackage[] {
  const packages = request.parcels.map((parcel, at) => ({
    number: String(at + 1),
    ...toPackageSize(parcel, context, rules),
    ...(rules.hasLines && { items: makeKeysUnique(toLines(parcel, at, request, money, rules, context)) }),
  }));
  const lines = packages.reduce((sum, { items = [] }) => sum + items.length, 0);
  if (lines > MOST_LINES) throw makeFieldError('packages', fillIn(texts.tooManyLines, { most: MOST_LINES }), texts.impossible);
  return packages;
}

/** The lines of a package. The first package also has the delivery's line, if there is one. */
function toLines(
  parcel: Parcel,
  at: number,
  request: SaveRequest,
  money: MoneyWriter,
  { deliveryLine }: PackageRules,
  context: CdekContext,
): CdekItem[] {
  const { collect } = request;
  const count = parcel.items.reduce((sum, item) => sum + countPieces(item), 0);
  const share = toGrams(parcel.weight / Math.max(1, count));
  const items = parcel.items.flatMap((item, index) => {
    const field = `packages[${at}].items[${index}].vatRate`;
    const parts = splitDebt(request, at, index).map((part) => ({
      payment: money.writeOwed(part.each, item.vatRate, field),
      amount: part.pieces,
    }));
    return toItems(item, index, share, parts, money.writeDeclared(toPieceAmount(item, item.declaredValue)));
  });
  const isBare = request.parcels.every((one) => one.items.length === 0);
  // An order without items collects for its goods with the first parcel.
  const owed = isBare && at === 0 ? (collect?.goods ?? 0) : 0;
  const own = items.length > 0 ? items : [toWholeParcel(parcel, request, at, money.writeOwed(owed, undefined, 'packages'))];
  if (at > 0 || deliveryLine === 0) return own;
  const payment = money.writeOwed(deliveryLine, request.vatRate, 'delivery.vatRate');
  return [...own, { name: say(texts.delivery, context), ware_key: DELIVERY_KEY, payment, cost: 0, weight: 1, amount: 1 }];
}

/** The amount owed for an item, as pieces that owe the same. */
function splitDebt({ collect, parcels }: SaveRequest, at: number, index: number): ReturnType<typeof splitOverPieces> {
  return splitOverPieces(collect?.perItem[at]?.[index] ?? 0, countPieces(parcels[at]?.items[index] ?? { quantity: 0 }));
}

/** For each package: the item of each key, and how much of its quantity a piece is. */
export function listOwners(request: SaveRequest): ReadonlyMap<string, { item: number; each: number }>[] {
  return request.parcels.map((parcel, at) => {
    const lines = parcel.items.flatMap((item, index) => {
      const parts = splitDebt(request, at, index).map(({ pieces }) => ({ payment: { value: 0 }, amount: pieces }));
      const owner = { item: index, each: item.quantity / countPieces(item) };
      return toItems(item, index, 0, parts, 0).map((line) => ({ ...line, owner }));
    });
    return new Map(makeKeysUnique(lines).map(({ ware_key, owner }) => [ware_key, owner]));
  });
}

/** CDEK requires the contents. An order without items has its number instead. */
function toWholeParcel(parcel: Parcel, request: SaveRequest, at: number, payment: CdekMoney): CdekItem {
  const name = cutText(`${request.orderNumber ?? request.order} / ${at + 1}`, MOST_CHARACTERS);
  const ware_key = toArticle({ externalId: name, quantity: 1 }) ?? String(at + 1);
  return { name, ware_key, payment, cost: 0, weight: toGrams(parcel.weight), amount: 1 };
}

/** A line for each amount that pieces bear, one for each piece with a mark, and one for each 999 pieces. */
function toItems(
  item: ParcelItem,
  index: number,
  share: number,
  parts: { payment: CdekMoney; amount: number }[],
  cost: number,
): CdekItem[] {
  const pieces = countPieces(item);
  const part = pieces === item.quantity ? '' : ` × ${item.quantity}`;
  const line = {
    name: cutText(`${item.name || item.offerId || `№ ${index + 1}`}${part}`, MOST_CHARACTERS),
    ware_key: toArticle(item) ?? String(index + 1),
    cost,
    weight: typeof item.weight !== 'number' ? share : toGrams(item.weight * (part === '' ? 1 : item.quantity)),
  };
  const marks = (item.markingCodes ?? []).slice(0, pieces);
  return parts.flatMap(({ payment, amount }) => {
    const marked = marks.splice(0, amount).map((marking) => ({ ...line, payment, marking, amount: 1 }));
    return [...marked, ...splitPieces(amount - marked.length).map((some) => ({ ...line, payment, amount: some }))];
  });
}

/** A number of pieces in lines, at most one line more than an order may have. */
function splitPieces(pieces: number): number[] {
  const full = Math.min(Math.floor(pieces / MOST_PIECES), MOST_LINES + 1);
  const rest = pieces - full * MOST_PIECES;
  return [...Array.from({ length: full }, () => MOST_PIECES), ...(rest > 0 ? [rest] : [])];
}

/** CDEK requires the keys within a package to be unique. */
function makeKeysUnique<Line extends CdekItem>(items: Line[]): Line[] {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  return items.map((item) => {
    let key = item.ware_key;
    let times = last.get(item.ware_key) ?? 1;
    while (seen.has(key)) {
      const mark = `#${++times}`;
      key = `${cutText(item.ware_key, MOST_ARTICLE - mark.length)}${mark}`;
    }
    last.set(item.ware_key, times);
    seen.add(key);
    return { ...item, ware_key: key };
  });
}
