import { Double, type DoubleOptions, hand, type Infer, list, number, object, Refusal, text, type WireCall } from '#testing';

interface Good {
  id: string;
  sku: string;
  /** Units by warehouse, reserved ones included. */
  onHand: Map<string, number>;
}

/** Most goods of one answer about changes. */
const PAGE = 50;
const line = object({ good: text(), warehouse: text(), units: { ...number(), exclusiveMinimum: 0 } });
export type Line = Infer<typeof line>;
const stocks = list(object({ warehouse: text(), units: number(0) }));
const goods = list(object({ id: text(1), sku: text(1), stocks }));
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  {
    call: 'search',
    method: 'POST',
    path: '/goods/search',
    body: object({ ids: list(text()), skus: list(text()) }),
    reply: object({ goods }),
  },
  { call: 'reserve', method: 'PUT', path: '/reservations/:order', body: object({ lines: list(line) }), reply: object({ id: text(1) }) },
  { call: 'changes', method: 'GET', path: '/changes', query: object({ 'since?': text() }) },
] as const satisfies readonly WireCall[];
export type TemplateCall = (typeof WIRE)[number]['call'];

/** The service in memory, according to its documentation. Write the real service's behaviour here. */
export class TemplateDouble extends Double<typeof WIRE> {
  private readonly goods = new Map<string, Good>();
  /** Lines by order. */
  readonly reservations = new Map<string, Line[]>();
  /** Ids of changed goods, in order. */
  private readonly log: string[] = [];

  constructor() {
    super({ wire: WIRE, token: 'template-token' });
    this.serve({
      account: () => ({ name: 'Demo warehouse' }),
      search: ({ body: { ids, skus } }) => {
        const found = [...this.goods.values()].filter(({ id, sku }) => ids.includes(id) || skus.includes(sku));
        return { goods: found.map((good) => this.describeGood(good)) };
      },
      reserve: ({ id, body: { lines } }) => this.reserve(id, lines),
      changes: ({ query: { since } }) => this.listChanges(since),
    });
  }

  /** `POST /control/stock`, for a double started by hand. */
  protected override listHands() {
    const stock = object({ sku: text(), warehouse: text(), units: number(0) });
    return { stock: hand(stock, ({ sku, warehouse, units }) => this.setStock(sku, warehouse, units)) };
  }

  /** Sets the units of a good in a warehouse. Adds the good if it is new. */
  setStock(sku: string, warehouse: string, units: number): void {
    const id = `g-${sku}`;
    const good = this.goods.get(id) ?? { id, sku, onHand: new Map<string, number>() };
    good.onHand.set(warehouse, units);
    this.goods.set(id, good);
    this.log.push(id);
  }

  /** Units of a good that an order holds. */
  countHeld(order: string, sku: string): number {
    return sum((this.reservations.get(order) ?? []).filter(({ good }) => good === `g-${sku}`));
  }

  private describeGood({ id, sku, onHand }: Good): object {
    return { id, sku, stocks: [...onHand].map(([warehouse]) => ({ warehouse, units: Math.max(0, this.countFree(id, warehouse)) })) };
  }

  private countFree(id: string, warehouse: string, besides?: string): number {
    const held = [...this.reservations].filter(([order]) => order !== besides).flatMap(([, lines]) => lines);
    return (this.goods.get(id)?.onHand.get(warehouse) ?? 0) - sum(held.filter((line) => line.good === id && line.warehouse === warehouse));
  }

  private reserve(order: string, lines: Line[]): object {
    const short = lines.findIndex(
      ({ good, warehouse }) =>
        sum(lines.filter((line) => line.good === good && line.warehouse === warehouse)) > this.countFree(good, warehouse, order),
    );
    if (short >= 0) throw new Refusal(409, 'short', 'There is not enough', { [`lines[${short}]`]: 'is more than there is' });
    this.log.push(...[...(this.reservations.get(order) ?? []), ...lines].map(({ good }) => good));
    this.reservations.set(order, lines);
    return { id: `r-${order}` };
  }

  private listChanges(since: string | undefined): object {
    const from = Number(since ?? this.log.length);
    if (!Number.isInteger(from) || from > this.log.length) throw new Refusal(410, 'bad_cursor', 'This place is not known');
    const end = Math.min(from + PAGE, this.log.length);
    const goods = [...new Set(this.log.slice(from, end))].flatMap((id) => this.goods.get(id) ?? []);
    return { goods: goods.map((good) => this.describeGood(good)), next: String(end), more: end < this.log.length };
  }
}

/** Starts one. `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}

function sum(lines: readonly Line[]): number {
  return lines.reduce((units, line) => units + line.units, 0);
}
