import { DateTime } from 'luxon';
import { idIn, isTrue, listIn, memberOf, textIn } from './wire-reading.js';

/** What a stretch of the history, or a reading of the order itself, does to one order. Applied twice it does the same. */
export interface OrderChange {
  /** `keep`: what is known stays, but for the rest of this; `replace`: nothing known before counts; `remove`: the order is gone. */
  base: 'keep' | 'replace' | 'remove';
  createdAt?: Date;
  /** Code. */
  status?: string;
  /** Offer of each item by the item's id; null: the item is gone. */
  items: Map<number, number | null>;
  /** The history does not tell all: the order itself is to be read. */
  stale: boolean;
}

/** Fields whose change can only be told by reading the order: the CRM names the new list, or a date that the history spells in its own way. */
const TO_BE_READ = new Set(['items', 'created_at', 'createdAt']);

/**
 * What entries of `orders/history`, in their order, do to the orders they are of (reference: "Getting the order change history"): an order made comes whole, an item
 * added or taken away is the field `order_product` with the item beside it, an order removed or combined into another is `deleted`.
 */
export function changesOf(entries: readonly unknown[], timeZone: string): Map<number, OrderChange> {
  const changes = new Map<number, OrderChange>();
  for (const entry of entries) {
    const order = memberOf(entry, 'order');
    const id = idIn(memberOf(order, 'id'));
    if (id === undefined) continue;
    const known = changes.get(id);
    const field = textIn(memberOf(entry, 'field'));
    const item = memberOf(entry, 'item');
    const hasItem = idIn(memberOf(item, 'id')) !== undefined;
    if (isTrue(memberOf(entry, 'created')) && !hasItem) changes.set(id, wholeOrder(order, timeZone));
    else if (!hasItem && (isTrue(memberOf(entry, 'deleted')) || idIn(memberOf(memberOf(entry, 'combinedTo'), 'id')) !== undefined))
      changes.set(id, { base: 'remove', items: new Map(), stale: false });
    else if (known?.base !== 'remove') {
      const change: OrderChange = known ?? { base: 'keep', items: new Map(), stale: false };
      changes.set(id, change);
      applyField(change, field, item, entry);
    }
  }
  return changes;
}

/** An order as the CRM gives it whole. Without a list of items, or a date, it is to be read. */
export function wholeOrder(order: unknown, timeZone: string): OrderChange {
  const list = listIn(memberOf(order, 'items'));
  const createdAt = instantIn(memberOf(order, 'createdAt'), timeZone);
  const status = textIn(memberOf(order, 'status'));
  const items = new Map<number, number | null>();
  list?.forEach((item, index) => {
    const offer = offerOf(item);
    // An item without an id cannot be taken away by a later entry, but counts.
    if (offer !== undefined) items.set(idIn(memberOf(item, 'id')) ?? -(index + 1), offer);
  });
  return { base: 'replace', ...(createdAt && { createdAt }), ...(status && { status }), items, stale: !list || !createdAt };
}

function applyField(change: OrderChange, field: string | undefined, item: unknown, entry: unknown): void {
  const itemId = idIn(memberOf(item, 'id'));
  const newValue = memberOf(entry, 'newValue');
  if (field === 'status') {
    const status = textIn(newValue);
    if (status === undefined) change.stale = true;
    else change.status = status;
  } else if (field === 'order_product') {
    const gone = isEmpty(newValue) || isTrue(memberOf(entry, 'deleted'));
    const offer = offerOf(item);
    if (itemId === undefined) change.stale = true;
    else if (gone) change.items.set(itemId, null);
    else if (offer === undefined) change.stale = true;
    else change.items.set(itemId, offer);
  } else if (field === 'order_product.offer' || (field !== undefined && TO_BE_READ.has(field))) change.stale = true;
}

function offerOf(item: unknown): number | undefined {
  return idIn(memberOf(memberOf(item, 'offer'), 'id'));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** `2026-11-24 19:20:38` in the account's zone, or ISO 8601. */
function instantIn(value: unknown, timeZone: string): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const instant = DateTime.fromISO(value.trim().replace(' ', 'T'), { zone: timeZone });
  return instant.isValid ? instant.toJSDate() : undefined;
}
