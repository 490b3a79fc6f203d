import {
  countPieces,
  type Parcel,
  type ParcelItem,
  type ParcelSize,
  type SaveRequest,
  splitOverPieces,
  toArticle,
  toGrams,
  toPieceAmount,
} from '#delivery/port';
import { cutText, type VatChooser } from '#provider-kit';
import { MOST_CHARACTERS, NO_VAT, toRoubles, toSize } from './apiship.units.js';

/** The contents of a place. Amounts and weight are for one piece. */
export interface ApishipItem {
  articul?: string;
  markCode?: string;
  description: string;
  /** Number of pieces. One if there is a mark. */
  quantity: number;
  /** Grams. */
  weight: number;
  /** Roubles. */
  assessedCost: number;
  /** The recipient's payment in roubles. */
  cost: number;
  costVat: number;
}

/** A parcel. */
export interface ApishipPlace extends ParcelSize {
  placeNumber: string;
  items: ApishipItem[];
}

/** The parcels of an order, and the sums of their contents in kopecks. */
export interface Places {
  places: ApishipPlace[];
  assessed: number;
  owed: number;
}

/** A line of an order, amounts of a piece in kopecks. */
interface Line extends Omit<ApishipItem, 'assessedCost' | 'cost'> {
  assessed: number;
  owed: number;
}

const LONGEST = { mark: 500 };

/** The order's places with their contents. The sums are exactly the sums of the lines, as ApiShip checks. */
export function toPlaces(request: SaveRequest, vat: VatChooser): Places {
  const isBare = request.parcels.every(({ items }) => items.length === 0);
  const lines = request.parcels.map((parcel, at) => {
    const own = parcel.items.flatMap((item, index) =>
      toLines(item, index, request.collect?.perItem[at]?.[index] ?? 0, { parcel, at }, vat),
    );
    return own.length > 0 ? own : [toWholeParcel(parcel, request, at, isBare, vat)];
  });
  const all = lines.flat();
  return {
    places: request.parcels.map((parcel, at) => ({
      placeNumber: String(at + 1),
      ...toSize(parcel),
      items: (lines[at] ?? []).map(({ assessed, owed, ...line }) => ({
        ...line,
        assessedCost: toRoubles(assessed),
        cost: toRoubles(owed),
      })),
    })),
    assessed: all.reduce((sum, line) => sum + line.assessed * line.quantity, 0),
    owed: all.reduce((sum, line) => sum + line.owed * line.quantity, 0),
  };
}

/** A line for each amount that pieces bear, and one for each piece with its own mark. */
function toLines(item: ParcelItem, index: number, sum: number, { parcel, at }: { parcel: Parcel; at: number }, vat: VatChooser): Line[] {
  const pieces = countPieces(item);
  const isSplit = pieces !== item.quantity;
  const count = parcel.items.reduce((all, one) => all + countPieces(one), 0);
  const articul = toArticle(item);
  const line = {
    ...(articul && { articul }),
    description: cutText(`${item.name || articul || `№ ${index + 1}`}${isSplit ? ` × ${item.quantity}` : ''}`, MOST_CHARACTERS),
    weight:
      typeof item.weight === 'number' ? toGrams(item.weight * (isSplit ? item.quantity : 1)) : toGrams(parcel.weight / Math.max(1, count)),
    assessed: toPieceAmount(item, item.declaredValue),
    costVat: vat.choose(sum, item.vatRate, `packages[${at}].items[${index}].vatRate`) ?? NO_VAT,
  };
  const marks = (item.markingCodes ?? []).slice(0, pieces);
  return splitOverPieces(sum, pieces).flatMap((part): Line[] => {
    const marked = marks
      .splice(0, part.pieces)
      .map((mark): Line => ({ ...line, markCode: mark.slice(0, LONGEST.mark), quantity: 1, owed: part.each }));
    const rest = part.pieces - marked.length;
    return rest > 0 ? [...marked, { ...line, quantity: rest, owed: part.each }] : marked;
  });
}

/** The content of a parcel without items: the order's number. The first one bears the order's amounts. */
function toWholeParcel(parcel: Parcel, request: SaveRequest, at: number, isBare: boolean, vat: VatChooser): Line {
  const isFirst = isBare && at === 0;
  const owed = isFirst ? (request.collect?.goods ?? 0) : 0;
  return {
    description: cutText(`№ ${request.orderNumber ?? request.order} / ${at + 1}`, MOST_CHARACTERS),
    quantity: 1,
    weight: toGrams(parcel.weight),
    assessed: isFirst ? (request.declaredValue?.minor ?? 0) : 0,
    owed,
    costVat: vat.choose(owed, undefined, 'packages') ?? NO_VAT,
  };
}
