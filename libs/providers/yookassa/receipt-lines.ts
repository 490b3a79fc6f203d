import { countPieces, type InvoiceItem, nameItem, priceLine } from '#payment/port';
import { type Language, textFor } from '#platform';
import { shortenText } from '#provider-kit';
import { texts } from './yookassa.texts.js';

/**
 * A line of a receipt before it is written. Amounts are in minor units, `unit` times `quantity` is `total`.
 */
export interface ReceiptLine {
  name: string;
  unit: number;
  quantity: number;
  total: number;
  /** `vat_code` */
  vat: number;
  /** `payment_mode` */
  mode: string;
  /** `payment_subject` */
  subject: string;
  measure: string;
  markingCode?: string;
  productCode?: string;
}

const LONGEST_NAME = 128;
/** Digits of a quantity after the point. */
const QUANTITY_DIGITS = 3;
const MOST_QUANTITY = 99_999.999;

type CountedLine = Pick<ReceiptLine, 'name' | 'unit' | 'quantity' | 'total' | 'measure'>;

/**
 * Names, prices and quantities of an item. If its total is not price times quantity, its pieces have a price
 * that makes the total. Pieces of two prices are two lines. A weighed item is then one piece.
 */
export function countItem(
  item: InvoiceItem,
  index: number,
  { wholeOnly, language }: { wholeOnly: boolean; language: Language },
): CountedLine[] {
  const { price, quantity, total, measurementUnit, isShare } = item;
  const name = nameItem(item, index, language);
  const unitMeasure = measurementUnit === undefined ? 'piece' : (MEASURES.get(measurementUnit.trim().toLowerCase()) ?? 'another');
  const measure = isShare ? 'another' : unitMeasure;
  const short = shortenText(name, LONGEST_NAME);
  if (isExact(price.minor, quantity, total.minor) && (!wholeOnly || Number.isInteger(quantity)))
    return [{ name: short, unit: price.minor, quantity, total: total.minor, measure }];
  const pieces = countPieces({ quantity, total });
  if (pieces === quantity && quantity <= MOST_QUANTITY)
    return priceLine(pieces, total.minor).map((group) => ({
      ...{ name: short, unit: group.price, quantity: group.pieces, total: group.price * group.pieces, measure },
    }));
  const times = quantity === 1 ? '' : ` × ${quantity}${measurementUnit ? ` ${measurementUnit}` : ''}`.slice(0, 40);
  return [
    {
      name: shortenText(name, LONGEST_NAME - times.length) + times,
      ...{ unit: total.minor, quantity: 1, total: total.minor },
      measure: measure === 'piece' ? measure : 'another',
    },
  ];
}

/** At most so many lines: the smallest without a marking code become one for each kind. */
export function foldLines(lines: readonly ReceiptLine[], most: number, language: Language): ReceiptLine[] {
  if (lines.length <= most) return [...lines];
  const toKind = ({ vat, mode }: ReceiptLine): string => `${vat} ${mode}`;
  const kinds = new Set(lines.map(toKind));
  const bySize = lines.toSorted((a, b) => Number(b.markingCode !== undefined) - Number(a.markingCode !== undefined) || b.total - a.total);
  const kept = new Set(bySize.slice(0, Math.max(0, most - kinds.size)));
  const folded = [...kinds].flatMap((kind) => {
    const rest = lines.filter((line) => toKind(line) === kind && !kept.has(line));
    return rest.length > 1 ? [joinLines(rest, language)] : rest;
  });
  return [...lines.filter((line) => kept.has(line)), ...folded];
}

function joinLines(lines: readonly ReceiptLine[], language: Language): ReceiptLine {
  const total = lines.reduce((sum, line) => sum + line.total, 0);
  const [first] = lines;
  return {
    ...{ name: `${textFor(texts.otherItems, language)} (${lines.length})`, unit: total, quantity: 1, total, vat: first?.vat ?? 1 },
    mode: first?.mode ?? 'full_prepayment',
    subject: first !== undefined && lines.every(({ subject }) => subject === first.subject) ? first.subject : 'another',
    measure: 'another',
  };
}

/** Whether price times quantity is the total to the last minor unit, and the quantity can be written. */
function isExact(price: number, quantity: number, total: number): boolean {
  const scaled = Math.round(quantity * 10 ** QUANTITY_DIGITS);
  if (quantity > MOST_QUANTITY || scaled === 0 || Number(quantity.toFixed(QUANTITY_DIGITS)) !== quantity || price <= 0) return false;
  return BigInt(price) * BigInt(scaled) === BigInt(total) * BigInt(10 ** QUANTITY_DIGITS);
}

/** YooKassa's `measure` by the CRM's unit of measurement, as code or sign, in lower case. */
const MEASURES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    piece: 'pc pcs piece шт шт. ud',
    gram: 'g gr gram г гр г.',
    kilogram: 'kg kilogram кг кг.',
    ton: 't ton т т.',
    centimeter: 'cm centimeter см см.',
    decimeter: 'dm decimeter дм дм.',
    meter: 'm meter м м.',
    square_centimeter: 'cm2 cm² sq_cm square_centimeter см2 см²',
    square_decimeter: 'dm2 dm² sq_dm square_decimeter дм2 дм²',
    square_meter: 'm2 m² sq_m square_meter м2 м²',
    milliliter: 'ml milliliter мл мл.',
    liter: 'l liter л л.',
    cubic_meter: 'm3 m³ cub_m cubic_meter м3 м³',
    kilowatt_hour: 'kwh kilowatt_hour квт·ч',
    gigacalorie: 'gcal gigacalorie гкал',
    day: 'day сут сут.',
    hour: 'h hour ч ч.',
    minute: 'min minute мин мин.',
    second: 's sec second с с.',
    kilobyte: 'kb kilobyte кбайт',
    megabyte: 'mb megabyte мбайт',
    gigabyte: 'gb gigabyte гбайт',
    terabyte: 'tb terabyte тбайт',
  }).flatMap(([measure, units]) => units.split(' ').map((unit) => [unit, measure] as const)),
);
