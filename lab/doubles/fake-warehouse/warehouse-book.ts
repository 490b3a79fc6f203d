import { Refusal } from '../../../libs/testing/double/index.js';

/** Figures are whole millionths of a unit inside and decimal texts outside. */
const MILLIONTHS = 1_000_000n;

/** A warehouse's stock of a good. */
interface Balance {
  onHand: bigint;
  /** Cost of one unit, as a decimal text, with its currency. */
  cost?: { amount: string; currency: string };
}

/** A good of the catalogue. */
export interface WarehouseGood {
  id: string;
  sku: string;
  name: string;
  /** By warehouse. */
  readonly balances: Map<string, Balance>;
  /** Its figures are not known at the moment. */
  isRecalculated: boolean;
}

/** A line of a reservation. The quantity is a decimal text above 0. */
export interface ReservationLine {
  good: string;
  warehouse: string;
  quantity: string;
}

/** An order's reservation: one document for each reference, changed as a whole. */
export interface WarehouseReservation {
  id: string;
  number: string;
  reference: string;
  version: number;
  lines: readonly ReservationLine[];
}

/** Goods that left (`shipment`) or came back (`return`). */
export interface WarehouseMovement {
  id: string;
  number: string;
  /** The caller's name for the movement, unique. */
  reference: string;
  kind: 'shipment' | 'return';
  /** Reference of the reservation that a shipment uses up, or of the shipment that comes back. */
  of: string;
  lines: readonly ReservationLine[];
}

/** A figure in a reply. */
export interface StockRow {
  good: string;
  warehouse: string;
  /** Free units. Null while they are recalculated. */
  free: string | null;
  cost?: { amount: string; currency: string };
}

/** The warehouse's goods, figures and reservations. */
export class WarehouseBook {
  readonly goods = new Map<string, WarehouseGood>();
  readonly reservations = new Map<string, WarehouseReservation>();
  readonly movements = new Map<string, WarehouseMovement>();
  /** Ids of goods whose figures changed, in order. */
  readonly log: string[] = [];
  /** Cursors before this place of the log are forgotten. */
  private oldest = 0;
  onChange: (goods: readonly WarehouseGood[]) => void = () => undefined;

  /** Sets a warehouse's stock of a good, and creates the good if it is new. */
  setStock(sku: string, warehouse: string, onHand: string, cost?: Balance['cost']): void {
    const good = this.findBySku(sku) ?? this.makeGood(sku);
    const known = good.balances.get(warehouse)?.cost;
    good.balances.set(warehouse, { onHand: readDecimal(onHand), ...((cost ?? known) && { cost: cost ?? known }) });
    this.change([good]);
  }

  /** Starts or ends a time in which a good's figures are unknown. The end is a change. */
  setRecalculated(sku: string, isRecalculated: boolean): void {
    const good = this.findBySku(sku);
    if (!good) throw new Error(`no good with the sku ${sku}`);
    good.isRecalculated = isRecalculated;
    this.change([good]);
  }

  findBySku(sku: string): WarehouseGood | undefined {
    return [...this.goods.values()].find((good) => good.sku === sku);
  }

  /** The figures of a good, by warehouse. */
  listStocks(good: WarehouseGood): StockRow[] {
    return [...good.balances].map(([warehouse, { cost }]) => ({
      ...{ good: good.id, warehouse, free: good.isRecalculated ? null : writeDecimal(this.countFree(good, warehouse)) },
      ...(cost && { cost }),
    }));
  }

  /**
   * Goods changed since a cursor, each once, from `limit` entries at most. Without a cursor, only the present
   * one.
   */
  readChanges(since: string | undefined, limit: number): { goods: WarehouseGood[]; next: string; more: boolean; recalculating: boolean } {
    const from = since === undefined ? this.log.length : Number(/^c(\d+)$/.exec(since)?.[1] ?? NaN);
    if (!Number.isInteger(from) || from > this.log.length) throw new Refusal(400, 'bad_cursor', `"${since}" is not one of our cursors`);
    if (from < this.oldest) throw new Refusal(410, 'cursor_gone', 'The cursor is too old: read all goods');
    const end = Math.min(from + limit, this.log.length);
    const goods = [...new Set(this.log.slice(from, end))].flatMap((id) => this.goods.get(id) ?? []);
    return { goods, next: `c${end}`, more: end < this.log.length, recalculating: goods.some((good) => good.isRecalculated) };
  }

  /** Cursors handed out so far answer 410 from now on, except the present one. */
  forgetCursors(): void {
    this.oldest = this.log.length;
  }

  /** Sets all that a reference holds. Throws Refusal. */
  reserve(reference: string, version: number, lines: readonly ReservationLine[]): { made: boolean; reservation: WarehouseReservation } {
    const before = this.reservations.get(reference);
    if (version !== (before?.version ?? 0))
      throw new Refusal(409, 'other_version', `The reservation has version ${before?.version ?? 0}, not ${version}`);
    const seen = new Set<string>();
    const fields: Record<string, string> = {};
    lines.forEach(({ good: id, warehouse, quantity }, index) => {
      const good = this.goods.get(id);
      const key = `${id} ${warehouse}`;
      if (seen.has(key)) throw new Refusal(400, 'repeated_line', `lines[${index}] names a good and warehouse once more`);
      seen.add(key);
      if (!good) throw new Refusal(404, 'unknown_good', `There is no good ${id}`);
      const held = sumLines(before?.lines ?? [], id, warehouse);
      const free = this.countFree(good, warehouse) + held;
      if (readDecimal(quantity) > free) fields[`lines[${index}]`] = `only ${writeDecimal(free)} at ${warehouse}`;
    });
    if (Object.keys(fields).length > 0) throw new Refusal(422, 'not_in_stock', 'There is not enough in stock', fields);
    const made = before ?? { id: `R-${this.reservations.size + 1}`, number: `${String(this.reservations.size + 1).padStart(5, '0')}` };
    const reservation = { id: made.id, number: made.number, reference, version: version + 1, lines: [...lines] };
    this.reservations.set(reference, reservation);
    const touched = new Set([...(before?.lines ?? []), ...lines].map(({ good }) => good));
    this.change([...touched].flatMap((id) => this.goods.get(id) ?? []));
    return { made: before === undefined, reservation };
  }

  /** Moves goods once: a repeated reference returns the first movement. Throws Refusal. */
  move(reference: string, kind: WarehouseMovement['kind'], of: string, lines: readonly ReservationLine[]): WarehouseMovement {
    const known = this.movements.get(reference);
    if (known) return known;
    const held = kind === 'shipment' ? this.reservations.get(of) : undefined;
    const shipped = kind === 'return' ? this.movements.get(of) : undefined;
    if (kind === 'return' && !shipped) throw new Refusal(404, 'unknown_shipment', `There is no shipment ${of}`);
    const rest = [...(held?.lines ?? [])];
    for (const { good: id, warehouse, quantity } of lines) {
      const good = this.goods.get(id);
      if (!good) throw new Refusal(404, 'unknown_good', `There is no good ${id}`);
      const size = readDecimal(quantity);
      if (shipped && size > sumLines(shipped.lines, id, warehouse)) throw new Refusal(422, 'not_shipped', `${id} was shipped less`);
      const [own = 0n, index] = [sumLines(rest, id, warehouse), rest.findIndex((line) => line.good === id && line.warehouse === warehouse)];
      if (!shipped && size > this.countFree(good, warehouse) + own) throw new Refusal(422, 'not_in_stock', `There is not enough of ${id}`);
      if (index >= 0 && own > size) rest[index] = { good: id, warehouse, quantity: writeDecimal(own - size) };
      else if (index >= 0) rest.splice(index, 1);
    }
    const number = String(this.movements.size + 1).padStart(5, '0');
    const made = { id: `M-${this.movements.size + 1}`, number, reference, kind, of, lines: [...lines] };
    this.movements.set(reference, made);
    if (held) this.reservations.set(of, { ...held, lines: rest });
    for (const { good: id, warehouse, quantity } of lines) {
      const balances = this.goods.get(id)?.balances;
      const balance = balances?.get(warehouse) ?? { onHand: 0n };
      balances?.set(warehouse, { ...balance, onHand: balance.onHand + (shipped ? readDecimal(quantity) : -readDecimal(quantity)) });
    }
    this.change([...new Set(lines.map(({ good }) => good))].flatMap((id) => this.goods.get(id) ?? []));
    return made;
  }

  clear(): void {
    this.movements.clear();
    this.goods.clear();
    this.reservations.clear();
    this.log.length = 0;
    this.oldest = 0;
  }

  private countFree({ id, balances }: WarehouseGood, warehouse: string): bigint {
    const held = [...this.reservations.values()].reduce((sum, { lines }) => sum + sumLines(lines, id, warehouse), 0n);
    return (balances.get(warehouse)?.onHand ?? 0n) - held;
  }

  private makeGood(sku: string): WarehouseGood {
    const id = `g-${this.goods.size + 1}`;
    const good: WarehouseGood = { id, sku, name: `Good ${sku}`, balances: new Map(), isRecalculated: false };
    this.goods.set(id, good);
    return good;
  }

  private change(goods: readonly WarehouseGood[]): void {
    this.log.push(...goods.map(({ id }) => id));
    if (goods.length > 0) this.onChange(goods);
  }
}

function sumLines(lines: readonly ReservationLine[], good: string, warehouse: string): bigint {
  return lines.reduce((sum, line) => (line.good === good && line.warehouse === warehouse ? sum + readDecimal(line.quantity) : sum), 0n);
}

function readDecimal(text: string): bigint {
  const [, sign, whole = '0', digits = ''] = /^(-?)(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (sign === undefined) throw new Error(`${text} is not a number with up to 6 decimals`);
  const size = BigInt(whole) * MILLIONTHS + BigInt(digits.padEnd(6, '0'));
  return sign === '-' ? -size : size;
}

function writeDecimal(millionths: bigint): string {
  const size = millionths < 0n ? -millionths : millionths;
  return `${millionths < 0n ? '-' : ''}${size / MILLIONTHS}.${String(size % MILLIONTHS).padStart(6, '0')}`;
}
