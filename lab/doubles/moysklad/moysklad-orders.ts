import { randomUUID } from 'node:crypto';
import { isUuid } from '#platform/plain';
import type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
import { GOODS_TYPES, type MoySkladOrder, type MoySkladPosition } from './moysklad-objects.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { readMoment, readQuantity } from './moysklad-units.js';
import type { MoySkladViews } from './moysklad-views.js';
import { ORDER_FIELDS, POSITION_FIELDS } from './moysklad-wire.js';

type Body = Readonly<Record<string, unknown>>;

/** Most elements of one list. */
export const MOST_ELEMENTS = 1_000;
const READ_ONLY = ['accountId', 'created', 'updated', 'deleted', 'sum', 'shipped', 'shippedSum', 'reservedSum', 'stock'];

/** Writes of orders by a client. Throws MoySkladRefusal without any change. */
export class MoySkladOrders {
  constructor(
    protected readonly account: MoySkladAccount,
    protected readonly user: MoySkladUser,
    private readonly views: MoySkladViews,
  ) {}

  /** Makes an order. Returns an existing order with the same syncId unchanged. */
  create(body: unknown): MoySkladOrder {
    const given = readObject(body, ORDER_FIELDS, '');
    const { book } = this.account;
    this.user.need('create');
    if (given['syncId'] !== undefined) {
      if (typeof given['syncId'] !== 'string' || !isUuid(given['syncId'])) throw wrong('syncId is a UUID', 'syncId');
      const known = [...book.orders.values()].findLast(({ syncId }) => syncId === given['syncId']);
      if (known && known.deleted === undefined) return known;
    }
    for (const name of ['organization', 'agent'] as const) if (given[name] == null) throw new MoySkladRefusal(3000, name);
    const order = this.fill(book.newOrder(), given);
    return book.putOrder({ ...order, ...(given['syncId'] !== undefined && { syncId: given['syncId'] as string }) });
  }

  /** Changes the fields that were sent; `positions` replaces all. */
  update(id: string, body: unknown): MoySkladOrder {
    const order = this.find(id);
    this.user.need('edit');
    const given = readObject(body, ORDER_FIELDS, '');
    if (given['syncId'] !== undefined) throw new MoySkladRefusal(1047, 'syncId');
    return this.account.book.putOrder(
      this.fill(structuredClone(order), given),
      Object.keys(given).filter((name) => name !== 'meta'),
    );
  }

  /** An order that is not in the bin; 1021. */
  find(id: string): MoySkladOrder {
    const order = this.account.book.orders.get(id);
    if (!order || order.deleted !== undefined) throw new MoySkladRefusal(1021);
    return order;
  }

  /** Puts it into the bin. */
  remove(id: string): void {
    this.user.need('delete');
    this.account.book.binOrder(this.find(id).id);
  }

  /** Adds positions to an order. Returns them. */
  addPositions(id: string, body: unknown): MoySkladPosition[] {
    const order = structuredClone(this.find(id));
    this.user.need('edit');
    const made = readList(body).map((one, index) =>
      this.readPosition(readObject(one, POSITION_FIELDS, `[${index}].`), undefined, `[${index}].`),
    );
    this.keepPositions(order, [...order.positions, ...made]);
    return made;
  }

  findPosition(id: string, positionId: string): MoySkladPosition {
    const found = this.find(id).positions.find((one) => one.id === positionId);
    if (!found) throw new MoySkladRefusal(1021);
    return found;
  }

  updatePosition(id: string, positionId: string, body: unknown): MoySkladPosition {
    const before = this.findPosition(id, positionId);
    this.user.need('edit');
    const order = structuredClone(this.find(id));
    const after = this.readPosition(readObject(body, POSITION_FIELDS, ''), before, '');
    this.keepPositions(
      order,
      order.positions.map((one) => (one.id === positionId ? after : one)),
    );
    return after;
  }

  removePositions(id: string, positionIds: readonly string[]): void {
    this.user.need('edit');
    for (const one of positionIds) this.findPosition(id, one);
    const order = structuredClone(this.find(id));
    this.keepPositions(
      order,
      order.positions.filter((one) => !positionIds.includes(one.id)),
    );
  }

  /** Reads the id in a reference to one of these types. Throws 2010, 2011, 2013, 2024. */
  readReference(value: unknown, types: readonly string[], parameter: string): string {
    const meta = (value as { meta?: { href?: unknown; type?: unknown } } | null)?.meta;
    if (typeof meta?.href !== 'string' || meta.href === '') throw new MoySkladRefusal(2010, parameter);
    if (typeof meta.type !== 'string' || meta.type === '') throw new MoySkladRefusal(2011, parameter);
    const id = meta.href.slice(meta.href.lastIndexOf('/') + 1);
    const { type } = meta;
    const isOurs = types.includes(type) && meta.href === this.views.meta(type, id).meta.href;
    if (!isOurs || !isUuid(id)) throw new MoySkladRefusal(2013, parameter);
    return id;
  }

  private keepPositions(order: MoySkladOrder, positions: MoySkladPosition[]): void {
    if (positions.length > MOST_ELEMENTS) throw new MoySkladRefusal(undefined, 'positions', { status: 413, text: 'Too many positions' });
    this.account.book.putOrder({ ...order, positions }, ['positions']);
  }

  /** Writes the given fields into a new or copied order. */
  protected fill(order: MoySkladOrder, given: Body): MoySkladOrder {
    const { book } = this.account;
    const { entries } = book;
    for (const [name, type] of [
      ['organization', 'organization'],
      ['agent', 'counterparty'],
      ['store', 'store'],
    ] as const) {
      const value = given[name];
      if (value === undefined) continue;
      if (value === null && name !== 'store') throw new MoySkladRefusal(3000, name);
      if (value === null) delete order.store;
      else {
        const id = this.readReference(value, [type], name);
        if (!entries[type].has(id) || this.user.hidden.has(id)) throw new MoySkladRefusal(2024, name);
        order[name] = id;
      }
    }
    for (const [name, most] of [
      ['name', 255],
      ['externalCode', 255],
      ['description', 4_096],
    ] as const) {
      const value = given[name];
      if (value === undefined) continue;
      if (value === null && name === 'description') delete order.description;
      else if (typeof value !== 'string') throw wrong('The value is not a text', name);
      else if (value === '' && name !== 'description') throw new MoySkladRefusal(3000, name);
      else if (value.length > most) throw new MoySkladRefusal(3008, name);
      else order[name] = value;
    }
    const isTaken = [...book.orders.values()].some(
      ({ id, name, deleted }) => id !== order.id && deleted === undefined && name === order.name,
    );
    if (book.modes.uniqueNames && isTaken) throw new MoySkladRefusal(3006, 'name');
    if (given['applicable'] !== undefined) {
      if (typeof given['applicable'] !== 'boolean') throw wrong('applicable is true or false', 'applicable');
      order.applicable = given['applicable'];
    }
    if (order.applicable) this.user.need('post');
    if (given['moment'] !== undefined) order.moment = readMoment(given['moment'], 'moment');
    if (given['deliveryPlannedMoment'] === null) delete order.deliveryPlannedMoment;
    else if (given['deliveryPlannedMoment'] !== undefined)
      order.deliveryPlannedMoment = readMoment(given['deliveryPlannedMoment'], 'deliveryPlannedMoment');
    if (given['positions'] !== undefined) order.positions = this.readPositions(given['positions'], order.positions);
    return order;
  }

  /** A list, as the documentation shows it, or an object with `rows`, as the OpenAPI document has it. */
  private readPositions(given: unknown, before: readonly MoySkladPosition[]): MoySkladPosition[] {
    const value = Array.isArray(given) ? (given as unknown[]) : readObject(given, ['rows'], 'positions.')['rows'];
    if (!Array.isArray(value)) throw wrong('positions is a list, or has rows', 'positions');
    if (value.length > MOST_ELEMENTS) throw new MoySkladRefusal(undefined, 'positions', { status: 413, text: 'Too many positions' });
    const seen = new Set<string>();
    return value.map((one, index) => {
      const at = `positions[${index}].`;
      const given = readObject(one, POSITION_FIELDS, at);
      if (given['id'] === undefined) return this.readPosition(given, undefined, at);
      const known = before.find(({ id }) => id === given['id']);
      if (!known || seen.has(known.id)) throw new MoySkladRefusal(1021, `${at}id`);
      seen.add(known.id);
      return this.readPosition(given, known, at);
    });
  }

  private readPosition(given: Body, before: MoySkladPosition | undefined, at: string): MoySkladPosition {
    const good = given['assortment'] === undefined ? before?.good : this.readGood(given['assortment'], `${at}assortment`);
    if (good === undefined) throw new MoySkladRefusal(3000, `${at}assortment`);
    const quantity = given['quantity'] === undefined ? before?.quantity : readQuantity(given['quantity'], `${at}quantity`, true);
    if (quantity === undefined) throw new MoySkladRefusal(3000, `${at}quantity`);
    if (given['reserve'] !== undefined) this.user.need('reserve');
    const reserve = given['reserve'] === undefined ? (before?.reserve ?? 0) : readQuantity(given['reserve'], `${at}reserve`, false);
    if (reserve > quantity) throw new MoySkladRefusal(17003, `${at}reserve`);
    const { price = before?.price ?? 0, discount = before?.discount ?? 0, vat = before?.vat ?? 0 } = given;
    const { vatEnabled = before?.vatEnabled ?? true } = given;
    if (typeof price !== 'number') throw wrong('price is a number', `${at}price`);
    if (price < 0) throw new MoySkladRefusal(3002, `${at}price`);
    if (!Number.isInteger(price)) throw wrong('price is in kopecks', `${at}price`);
    if (typeof discount !== 'number' || discount > 100) throw wrong('discount is per cent', `${at}discount`);
    if (!Number.isInteger(vat) || (vat as number) < 0 || (vat as number) > 100) throw wrong('vat is per cent', `${at}vat`);
    if (typeof vatEnabled !== 'boolean') throw wrong('vatEnabled is true or false', `${at}vatEnabled`);
    return { id: before?.id ?? randomUUID(), good, quantity, reserve, price, discount, vat: vat as number, vatEnabled };
  }

  private readGood(value: unknown, parameter: string): string {
    const id = this.readReference(value, GOODS_TYPES, parameter);
    const good = this.account.book.goods.get(id);
    const { type } = (value as { meta: { type: string } }).meta;
    if (!good || this.user.hidden.has(id)) throw new MoySkladRefusal(2024, parameter);
    if (good.type !== type) throw new MoySkladRefusal(2013, parameter);
    return id;
  }
}

/** A body as an object with no other fields than these. */
export function readObject(body: unknown, fields: readonly string[], at: string): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong('The body is not an object', at.replace(/\.$/, ''));
  for (const name of Object.keys(body)) {
    if (READ_ONLY.includes(name)) throw new MoySkladRefusal(3001, at + name);
    if (!fields.includes(name)) throw wrong(`There is no field ${name}`, at + name);
  }
  return body as Body;
}

/** A list of up to 1,000 elements, or one. */
export function readList(body: unknown): unknown[] {
  const list = Array.isArray(body) ? (body as unknown[]) : [body];
  if (list.length > MOST_ELEMENTS) throw new MoySkladRefusal(undefined, undefined, { status: 413, text: 'Too many elements' });
  return list;
}
