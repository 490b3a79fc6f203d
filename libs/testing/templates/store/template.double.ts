import { type DoubleOptions, ServiceDouble, ServiceRefusal } from '#testing';

interface Good {
  id: string;
  sku: string;
  /** Units by warehouse, reserved ones included. */
  onHand: Map<string, number>;
}

/** A line of a reservation. */
export interface Line {
  good: string;
  warehouse: string;
  units: number;
}

/** Most goods of one answer about changes. */
const PAGE = 50;
const LINES = {
  type: 'object',
  additionalProperties: false,
  required: ['lines'],
  properties: {
    lines: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['good', 'warehouse', 'units'],
        properties: { good: { type: 'string' }, warehouse: { type: 'string' }, units: { type: 'number', exclusiveMinimum: 0 } },
      },
    },
  },
};
const STOCK = {
  type: 'object',
  required: ['sku', 'warehouse', 'units'],
  properties: { sku: { type: 'string' }, warehouse: { type: 'string' }, units: { type: 'number', minimum: 0 } },
};

/** The service in memory, as its documentation describes it: write here what the real service does. */
export class TemplateDouble extends ServiceDouble {
  private readonly goods = new Map<string, Good>();
  /** Lines by order. */
  readonly reservations = new Map<string, Line[]>();
  /** Ids of changed goods, in order. */
  private readonly log: string[] = [];

  constructor() {
    super('template-token');
    this.route({ call: 'account', method: 'GET', path: '/account', act: () => ({ name: 'Demo warehouse' }) });
    this.route({
      ...{ call: 'search', method: 'POST', path: '/goods/search' },
      act: ({ body }) => {
        const { ids, skus } = body as { ids: string[]; skus: string[] };
        const found = [...this.goods.values()].filter(({ id, sku }) => ids.includes(id) || skus.includes(sku));
        return { goods: found.map((good) => this.describe(good)) };
      },
    });
    this.route({
      ...{ call: 'reserve', method: 'PUT', path: '/reservations/:order', body: LINES },
      act: ({ params, body }) => this.reserve(params['order'] ?? '', (body as { lines: Line[] }).lines),
    });
    this.route({
      ...{ call: 'changes', method: 'GET', path: '/changes' },
      act: ({ query }) => this.listChanges(query.get('since')),
    });
    this.control('stock', STOCK, ({ sku, warehouse, units }: { sku: string; warehouse: string; units: number }) =>
      this.setStock(sku, warehouse, units),
    );
  }

  /** Sets what a warehouse has of a good, which is made if there is none. */
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

  private describe({ id, sku, onHand }: Good): object {
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
    if (short >= 0) throw new ServiceRefusal(409, 'short', 'There is not enough', { [`lines[${short}]`]: 'is more than there is' });
    this.log.push(...[...(this.reservations.get(order) ?? []), ...lines].map(({ good }) => good));
    this.reservations.set(order, lines);
    return { id: `r-${order}` };
  }

  private listChanges(since: string | null): object {
    const from = Number(since ?? this.log.length);
    if (!Number.isInteger(from) || from > this.log.length) throw new ServiceRefusal(410, 'bad_cursor', 'This place is not known');
    const end = Math.min(from + PAGE, this.log.length);
    const goods = [...new Set(this.log.slice(from, end))].flatMap((id) => this.goods.get(id) ?? []);
    return { goods: goods.map((good) => this.describe(good)), next: String(end), more: end < this.log.length };
  }
}

/** Starts one; `npm run double` finds it by this name. */
export function startDouble(options: DoubleOptions): Promise<TemplateDouble> {
  return new TemplateDouble().listen(options);
}

function sum(lines: readonly Line[]): number {
  return lines.reduce((units, line) => units + line.units, 0);
}
