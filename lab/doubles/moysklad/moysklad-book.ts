import { randomBytes, randomUUID } from 'node:crypto';
import type {
  MoySkladEntry,
  MoySkladEntryType,
  MoySkladFigures,
  MoySkladGood,
  MoySkladGoodsType,
  MoySkladMovement,
  MoySkladOrder,
  MoySkladPosition,
} from './moysklad-objects.js';
import type { AllModes } from '../../../libs/testing/double/modes.js';
import type { MODES } from './moysklad-modes.js';
import { toNumber, toParts } from './moysklad-units.js';

/** An account's behaviour that the service leaves open, and its delays. */
export type MoySkladBookModes = Pick<
  AllModes<typeof MODES>,
  'recalculationMs' | 'recalculation' | 'reserveChanges' | 'positionStock' | 'uniqueNames'
>;

/** A test's data about a good. The rest is made up. `components`: other goods by id or code, in units. */
export interface MoySkladGoodInput {
  type?: MoySkladGoodsType;
  name?: string;
  code?: string;
  externalCode?: string;
  article?: string;
  barcodes?: MoySkladGood['barcodes'];
  archived?: boolean;
  /** In hundredths of the currency, roubles when `currency` (an ISO code) is left out. */
  buyPrice?: number;
  currency?: string;
  /** For a variant: its product. */
  product?: string;
  components?: readonly { good: string; quantity: number }[];
}

/** An order that a person makes in the service. Goods and store by id or code, in units. */
export interface MoySkladOrderInput {
  name?: string;
  store?: string;
  applicable?: boolean;
  positions: readonly { good: string; quantity: number; reserve?: number; price?: number }[];
}

/** An event of an order, for listeners. */
export type MoySkladOrderEvent = (action: 'CREATE' | 'UPDATE' | 'DELETE', order: MoySkladOrder, fields: readonly string[]) => void;

/**
 * An account's goods, stores, figures and orders. A test's actions here are people's actions in the service.
 */
export class MoySkladBook {
  readonly goods = new Map<string, MoySkladGood>();
  readonly orders = new Map<string, MoySkladOrder>();
  readonly movements = new Map<string, MoySkladMovement>();
  readonly entries: Readonly<Record<MoySkladEntryType, Map<string, MoySkladEntry>>> = {
    ...{ store: new Map(), organization: new Map(), counterparty: new Map(), currency: new Map() },
  };
  onStock: (since: number) => void = () => undefined;
  onOrder: MoySkladOrderEvent = () => undefined;
  private ahead = 0;
  private numbers = 0;

  constructor(readonly modes: MoySkladBookModes) {}

  /** Milliseconds since 1970, as the service's clock has it. */
  get now(): number {
    return Date.now() + this.ahead;
  }

  /** Time passes. */
  advance(seconds: number): void {
    this.ahead += seconds * 1_000;
  }

  /** Makes a store, organization, counterparty or currency. */
  add(type: MoySkladEntryType, name: string, more: Partial<Omit<MoySkladEntry, 'name'>> = {}): MoySkladEntry {
    const entry = { id: randomUUID(), name, externalCode: makeCode(), archived: false, updated: this.now, ...more };
    this.entries[type].set(entry.id, entry);
    return entry;
  }

  addStore(name: string, more: Partial<Omit<MoySkladEntry, 'name'>> = {}): MoySkladEntry {
    return this.add('store', name, more);
  }

  addGood({ currency = 'RUB', buyPrice, product, components, ...good }: MoySkladGoodInput = {}): MoySkladGood {
    const made: MoySkladGood = {
      ...{
        id: randomUUID(),
        type: 'product',
        name: `Товар ${this.goods.size + 1}`,
        externalCode: makeCode(),
        barcodes: [],
        archived: false,
      },
      ...good,
      ...(buyPrice !== undefined && { buyPrice: { value: buyPrice, currency: this.currency(currency).id } }),
      ...(product !== undefined && { product: this.good(product).id }),
      ...(components && {
        components: components.map(({ good: id, quantity }) => ({ good: this.good(id).id, quantity: toParts(quantity) })),
      }),
      ...{ updated: this.now, balances: new Map(), stockChanged: 0, reserveChanged: 0 },
    };
    this.goods.set(made.id, made);
    return made;
  }

  /** A good by its id, external code or code. Throws when there is none, or more than one. */
  good(name: string): MoySkladGood {
    return findOne([...this.goods.values()], name);
  }

  /** A store by its id, external code, code or name. Throws likewise. */
  store(name: string): MoySkladEntry {
    return findOne([...this.entries.store.values()], name);
  }

  /** Changes a good or store itself, such as `archived`, but not its stock. */
  edit<Thing extends MoySkladGood | MoySkladEntry>(thing: Thing, changes: Partial<Thing>): void {
    Object.assign(thing, changes, { updated: this.now });
    if ('balances' in thing) thing.stockChanged = this.now;
    else for (const good of this.goods.values()) if (good.balances.has(thing.id)) good.stockChanged = this.now;
  }

  /** Sets a store's physical stock of a good, and the quantity in transit. Units. */
  setStock(good: string, store: string, stock: number, inTransit = 0): void {
    const found = this.good(good);
    const at = this.store(store).id;
    this.change([found.id], 'stock', () => found.balances.set(at, { stock: toParts(stock), inTransit: toParts(inTransit) }));
  }

  /** Adds units to a store's stock, or takes them from it, also below 0. */
  move(good: string, store: string, units: number): void {
    const found = this.good(good);
    this.change([found.id], 'stock', () => this.addTo(found, this.store(store).id, toParts(units)));
  }

  /** A person makes an order. */
  makeOrder({ store, positions, name, applicable = true }: MoySkladOrderInput): MoySkladOrder {
    return this.putOrder({
      ...this.newOrder(),
      ...(name !== undefined && { name }),
      ...(store !== undefined && { store: this.store(store).id }),
      applicable,
      positions: positions.map(({ good, quantity, reserve = 0, price = 0 }) => ({
        ...{ id: randomUUID(), good: this.good(good).id, quantity: toParts(quantity), reserve: toParts(reserve), price },
        ...{ discount: 0, vat: 0, vatEnabled: true },
      })),
    });
  }

  /** An order with default values. */
  newOrder(): MoySkladOrder {
    const now = this.now;
    return {
      ...{ id: randomUUID(), name: String(++this.numbers).padStart(5, '0'), externalCode: makeCode() },
      ...{ organization: firstOf(this.entries.organization), agent: firstOf(this.entries.counterparty) },
      ...{ applicable: true, moment: now, created: now, updated: now, positions: [], shipped: new Map<string, number>() },
    };
  }

  /** Keeps an order, new or changed. `fields`: the changed fields of a known one. */
  putOrder(order: MoySkladOrder, fields: readonly string[] = []): MoySkladOrder {
    const before = this.orders.get(order.id);
    const touched = [...(before?.positions ?? []), ...order.positions].map(({ good }) => good);
    this.change(touched, 'reserve', () => this.orders.set(order.id, { ...order, updated: this.now }));
    const kept = this.order(order.id);
    this.onOrder(before === undefined ? 'CREATE' : 'UPDATE', kept, fields);
    return kept;
  }

  /** An order by its id, name or syncId, in the bin too. Throws when there is none. */
  order(name: string): MoySkladOrder {
    const found = [...this.orders.values()].find((one) => one.id === name || one.name === name || one.syncId === name);
    if (!found) throw new Error(`there is no order ${name}`);
    return found;
  }

  /** Puts an order into the bin. */
  binOrder(name: string): void {
    const order = this.order(name);
    const goods = order.positions.map(({ good }) => good);
    this.change(goods, 'reserve', () => (order.deleted = this.now));
    this.onOrder('DELETE', order, []);
  }

  /** Ships units of a good of an order from its store: a demand made from the order. */
  ship(orderName: string, good: string, units: number, store?: string): void {
    const order = this.order(orderName);
    const found = this.good(good);
    const from = store === undefined ? order.store : this.store(store).id;
    if (from === undefined) throw new Error('the order has no store: say from where');
    this.change([found.id], 'stock', () => this.shipParts(order, found, from, toParts(units)));
  }

  /** Keeps a new movement. A posted one moves the stock, and a demand uses up the reserve of its order. */
  putMovement(movement: MoySkladMovement): MoySkladMovement {
    const { store, type, applicable, positions, basis = '' } = movement;
    this.movements.set(movement.id, movement);
    if (!applicable || store === undefined) return movement;
    this.change(
      positions.flatMap(({ good }) => [good, ...(this.good(good).components ?? []).map((part) => part.good)]),
      'stock',
      () => {
        for (const { good, quantity } of positions)
          if (type === 'demand') this.shipParts(this.orders.get(basis), this.good(good), store, quantity);
          else this.addParts(this.good(good), store, quantity);
      },
    );
    return movement;
  }

  private shipParts(order: MoySkladOrder | undefined, good: MoySkladGood, store: string, parts: number): void {
    order?.shipped.set(good.id, (order.shipped.get(good.id) ?? 0) + parts);
    this.addParts(good, store, -parts);
  }

  /** The stock of a bundle is the stock of its components. */
  private addParts(good: MoySkladGood, store: string, parts: number): void {
    if (good.type !== 'bundle') return this.addTo(good, store, parts);
    for (const { good: id, quantity } of good.components ?? []) this.addTo(this.good(id), store, (parts * quantity) / 10_000);
  }

  /** The shipped quantity of a position: shipments of its good are assigned to its positions in order. */
  countShipped(order: MoySkladOrder, position: MoySkladPosition): number {
    const same = order.positions.filter(({ good }) => good === position.good);
    let left = order.shipped.get(position.good) ?? 0;
    for (const one of same) {
      const taken = one === same.at(-1) ? left : Math.min(left, one.quantity);
      if (one === position) return taken;
      left -= taken;
    }
    return 0;
  }

  /** The reserved quantity of a position: shipments use it up. */
  countReserve(order: MoySkladOrder, position: MoySkladPosition): number {
    return Math.max(0, Math.min(position.reserve, position.quantity - this.countShipped(order, position)));
  }

  /** A good's figures at this moment, by store, with a row for orders without a store, if they reserve. */
  listFigures(good: MoySkladGood, reserves = this.countReserves()): MoySkladFigures[] {
    const reserved = reserves.get(good.id) ?? new Map<string | null, number>();
    const stores = new Set<string | null>([...good.balances.keys(), ...reserved.keys()]);
    return [...stores].map((store) => {
      const { stock, inTransit } = (store !== null && good.balances.get(store)) || { stock: 0, inTransit: 0 };
      return { store, stock, reserve: reserved.get(store) ?? 0, inTransit };
    });
  }

  /** The reserves of orders, by good and store. */
  countReserves(): Map<string, Map<string | null, number>> {
    const sums = new Map<string, Map<string | null, number>>();
    for (const order of this.orders.values()) {
      if (order.deleted !== undefined || !order.applicable) continue;
      for (const position of order.positions) {
        const reserve = this.countReserve(order, position);
        if (reserve === 0) continue;
        const sum = sums.get(position.good) ?? new Map<string | null, number>();
        sum.set(order.store ?? null, (sum.get(order.store ?? null) ?? 0) + reserve);
        sums.set(position.good, sum);
      }
    }
    return sums;
  }

  /** Units of a good that are free in a store at this moment, below 0 when more is reserved than there is. */
  countFree(good: string, store: string): number {
    const at = this.store(store).id;
    const found = this.listFigures(this.good(good)).find((one) => one.store === at);
    return found ? toNumber(found.stock - found.reserve) : 0;
  }

  /** Whether a good's figures are not settled yet. */
  isRecalculated({ recalculation }: MoySkladGood): boolean {
    return recalculation !== undefined && recalculation.until > Date.now();
  }

  /** Begins a recalculation that lasts until it is ended. */
  setRecalculated(good: string, isRecalculated: boolean): void {
    const found = this.good(good);
    if (isRecalculated) found.recalculation = { until: Infinity, before: this.listFigures(found) };
    else delete found.recalculation;
  }

  /** Forgets goods and orders. Stores, organization, counterparty and currency stay unchanged. */
  clear(): void {
    this.goods.clear();
    this.orders.clear();
    this.movements.clear();
    [this.ahead, this.numbers] = [0, 0];
  }

  currency(isoCode: string): MoySkladEntry {
    const found = [...this.entries.currency.values()].find((one) => one.isoCode === isoCode);
    return found ?? this.add('currency', isoCode, { isoCode });
  }

  private addTo({ balances }: MoySkladGood, store: string, parts: number): void {
    const { stock, inTransit } = balances.get(store) ?? { stock: 0, inTransit: 0 };
    balances.set(store, { stock: stock + parts, inTransit });
  }

  private change(ids: readonly string[], kind: 'stock' | 'reserve', act: () => void): void {
    const { recalculationMs } = this.modes;
    const goods = [...new Set(ids)].flatMap((id) => this.goods.get(id) ?? []);
    const reserves = recalculationMs > 0 ? this.countReserves() : undefined;
    for (const good of goods) {
      // A good that is being recalculated keeps showing its previous figures.
      const before = this.isRecalculated(good) ? good.recalculation : undefined;
      if (reserves && before?.until !== Infinity)
        good.recalculation = { until: Date.now() + recalculationMs, before: before?.before ?? this.listFigures(good, reserves) };
      if (kind === 'stock') good.stockChanged = this.now;
      else good.reserveChanged = this.now;
    }
    act();
    if (kind === 'stock' && goods.length > 0) this.onStock(this.now);
  }
}

function findOne<Thing extends { id: string; externalCode: string; code?: string; name: string }>(things: Thing[], name: string): Thing {
  const byId = things.find(({ id }) => id === name);
  if (byId) return byId;
  const found = things.filter((one) => one.externalCode === name || one.code === name || one.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} have the name ${name}`);
  return found[0];
}

function firstOf(entries: ReadonlyMap<string, MoySkladEntry>): string {
  const [first] = entries.keys();
  if (first === undefined) throw new Error('the account has no organization or counterparty');
  return first;
}

/** As the service makes up external codes: 22 characters. */
function makeCode(): string {
  return randomBytes(16).toString('base64url');
}
