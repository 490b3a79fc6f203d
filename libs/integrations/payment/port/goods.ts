import { type Money, splitByWeight, toMoney } from '#provider-kit';
import type { ExistingPayment, GoodsLine, InvoiceItem } from './requests.js';

/**
 * Maximum number of combinations tried to find whole lines that make an amount. Beyond it the amount is
 * spread.
 */
const MAX_STEPS = 20_000;

/** The fields of a payment that its goods depend on. */
export type PaymentWithGoods = Pick<ExistingPayment, 'captured' | 'refunds'> & {
  request: Pick<ExistingPayment['request'], 'items' | 'amount'>;
};

/**
 * Chooses the goods of a refund: the fewest lines whose whole pieces make the amount, whole lines before
 * pieces of lines, the first ones first. If there are none, each remaining line has its share of the amount.
 * Pieces of earlier refunds are never chosen again. Empty if the invoice has no items. Pure.
 */
export function chooseRefunded(payment: PaymentWithGoods, amount: Money): GoodsLine[] {
  return chooseGoods(listKeptGoods(payment), amount.minor);
}

/** Chooses the goods of a partial capture, as `chooseRefunded` does for a refund. */
export function chooseCaptured({ request }: Pick<PaymentWithGoods, 'request'>, amount: Money): GoodsLine[] {
  return chooseGoods(listAllGoods(request.items), amount.minor);
}

/** Lists the goods that were captured and not refunded. */
export function listKeptGoods(payment: PaymentWithGoods): GoodsLine[] {
  return assignGoods(payment).kept;
}

/** Lists the goods of each refund that was not canceled, by its id. */
export function listRefundedGoods(payment: PaymentWithGoods): ReadonlyMap<string, GoodsLine[]> {
  return assignGoods(payment).refunded;
}

/** Returns invoice items for parts of lines. Their totals add up to the parts' money. */
export function toPartItems(items: readonly InvoiceItem[], lines: readonly GoodsLine[]): InvoiceItem[] {
  return lines.flatMap(({ item: index, pieces, minor }) => {
    const item = items[index];
    if (!item) return [];
    const total = toMoney(minor, item.total.currency);
    if (pieces === 0) return [{ ...item, price: total, quantity: 1, total, isShare: true as const }];
    // A weighed line is one piece, and is returned with its whole weight.
    return [{ ...item, quantity: countPieces(item) === 1 ? item.quantity : pieces, total }];
  });
}

/** Returns prices per piece in minor units. If the quantity does not divide the total, they differ by one. */
export function priceLine(pieces: number, minor: number): { price: number; pieces: number }[] {
  const price = Math.floor(minor / pieces);
  const dearer = minor % pieces;
  return [
    { price, pieces: pieces - dearer },
    { price: price + 1, pieces: dearer },
  ].filter((group) => group.pieces > 0);
}

/** Number of pieces that can be returned separately. A weighed line is one piece. */
export function countPieces({ quantity, total }: Pick<InvoiceItem, 'quantity' | 'total'>): number {
  return Number.isSafeInteger(quantity) && quantity <= total.minor ? quantity : 1;
}

function listAllGoods(items: readonly InvoiceItem[]): GoodsLine[] {
  return items.map((item, index) => ({ item: index, pieces: countPieces(item), minor: item.total.minor }));
}

function assignGoods({ captured, refunds, request }: PaymentWithGoods): { kept: GoodsLine[]; refunded: Map<string, GoodsLine[]> } {
  let kept = listAllGoods(request.items);
  if (captured && captured.minor < request.amount.minor) kept = chooseGoods(kept, captured.minor);
  const made = refunds.filter(({ status }) => status !== 'canceled');
  const refunded = new Map<string, GoodsLine[]>();
  // Stored goods come first, so that a refund made at the gateway does not take them.
  for (const refund of [...made.filter(({ goods }) => goods), ...made.filter(({ goods }) => !goods)]) {
    const goods = refund.goods ?? chooseGoods(kept, refund.amount.minor);
    refunded.set(refund.id, goods);
    kept = subtractGoods(kept, goods);
  }
  return { kept, refunded };
}

function subtractGoods(lines: readonly GoodsLine[], taken: readonly GoodsLine[]): GoodsLine[] {
  return lines
    .map((line) =>
      taken
        .filter(({ item }) => item === line.item)
        .reduce(
          (rest, { pieces, minor }) => ({ ...rest, pieces: Math.max(0, rest.pieces - pieces), minor: Math.max(0, rest.minor - minor) }),
          line,
        ),
    )
    .filter(({ minor }) => minor > 0);
}

function chooseGoods(lines: readonly GoodsLine[], minor: number): GoodsLine[] {
  const all = lines.reduce((sum, line) => sum + line.minor, 0);
  if (all === minor) return [...lines];
  return (all > minor ? findWhole(lines, minor) : undefined) ?? spread(lines, minor);
}

/** Gives each line its share. The last minor units go to lines that have room for them. */
function spread(lines: readonly GoodsLine[], minor: number): GoodsLine[] {
  const shares = splitByWeight(
    minor,
    lines.map((line) => line.minor),
  );
  let excess = 0;
  const cut = lines.map((line, index) => {
    const share = Math.min(shares[index] ?? 0, line.minor);
    excess += (shares[index] ?? 0) - share;
    return { ...line, share };
  });
  for (const line of cut) {
    const more = Math.min(excess, line.minor - line.share);
    line.share += more;
    excess -= more;
  }
  return cut
    .map(({ item, pieces, minor: whole, share }) => ({ item, pieces: share === whole ? pieces : 0, minor: share }))
    .filter((line) => line.minor > 0);
}

/** Finds whole pieces that make an amount, in as few lines as possible. */
function findWhole(lines: readonly GoodsLine[], minor: number): GoodsLine[] | undefined {
  const whole = lines.filter((line) => line.pieces > 0 && line.minor >= line.pieces);
  const budget = { steps: MAX_STEPS };
  for (let depth = 1; depth <= whole.length && budget.steps > 0; depth++)
    for (const wholeOnly of [true, false]) {
      const found = search(whole, { from: 0, rest: minor, depth, wholeOnly, budget });
      if (found) return found;
    }
  return undefined;
}

interface Search {
  from: number;
  rest: number;
  /** Number of lines still to choose. */
  depth: number;
  wholeOnly: boolean;
  budget: { steps: number };
}

function search(lines: readonly GoodsLine[], { from, rest, depth, wholeOnly, budget }: Search): GoodsLine[] | undefined {
  for (let index = from; index <= lines.length - depth; index++) {
    const line = lines[index];
    if (!line) return undefined;
    for (const minor of depth === 1 ? [rest] : listSums(line, { most: rest - 1, wholeOnly })) {
      if (--budget.steps < 0) return undefined;
      const pieces = countFor(line, minor, wholeOnly);
      if (pieces === undefined) continue;
      const chosen = { item: line.item, pieces, minor };
      if (depth === 1) return [chosen];
      const others = search(lines, { from: index + 1, rest: rest - minor, depth: depth - 1, wholeOnly, budget });
      if (others) return [chosen, ...others];
    }
  }
  return undefined;
}

/** Yields the sums that pieces of a line make, largest first. */
function* listSums({ pieces, minor }: GoodsLine, { most, wholeOnly }: { most: number; wholeOnly: boolean }): Generator<number> {
  if (minor <= most) yield minor;
  if (wholeOnly) return;
  const price = Math.floor(minor / pieces);
  const dearer = minor % pieces;
  for (let count = Math.min(pieces - 1, Math.floor(most / price)); count > 0; count--)
    for (let more = Math.min(count, dearer); more >= Math.max(0, count - (pieces - dearer)); more--)
      if (count * price + more <= most) yield count * price + more;
}

/** Returns the number of a line's pieces that make an amount. */
function countFor({ pieces, minor }: GoodsLine, amount: number, wholeOnly: boolean): number | undefined {
  if (amount === minor) return pieces;
  if (wholeOnly || amount > minor) return undefined;
  const price = Math.floor(minor / pieces);
  const dearer = minor % pieces;
  // Fewer pieces leave a larger remainder than they can be dearer by.
  for (let count = Math.min(pieces, Math.floor(amount / price)); count > 0; count--) {
    const more = amount - count * price;
    if (more > Math.min(count, dearer)) return undefined;
    if (more >= count - (pieces - dearer)) return count;
  }
  return undefined;
}
