import { DateTime } from 'luxon';
import { readId, isTrue, listIn, readMember, readText } from './wire-reading.js';

/** The effect of history entries, or of a reading, on one order. Applying it twice changes nothing more. */
export interface OrderChange {
  /** `keep`: apply on top. `replace`: drop the known contents. `remove`: the order no longer exists. */
  base: 'keep' | 'replace' | 'remove';
  createdAt?: Date;
  /** Code. */
  status?: string;
  /** Offer of each item by the item's id. Null: the item was removed. */
  items: Map<number, number | null>;
  /** Whether the history is incomplete, so that the order itself must be read. */
  stale: boolean;
}

/**
 * Fields whose change requires reading the order, because the CRM sends a new list, or dates in another
 * format.
 */
const TO_BE_READ = new Set(['items', 'created_at', 'createdAt']);

/**
 * Maps `orders/history` entries to changes by order (reference: "Getting the order change history"). New
 * orders are complete, item changes are `order_product`, removed or combined orders `deleted`.
 */
export function readChanges(entries: readonly unknown[], timeZone: string): Map<number, OrderChange> {
  const changes = new Map<number, OrderChange>();
  for (const entry of entries) {
    const order = readMember(entry, 'order');
    const id = readId(readMember(order, 'id'));
    if (id === undefined) continue;
    const known = changes.get(id);
    const field = readText(readMember(entry, 'field'));
    const item = readMember(entry, 'item');
    const hasItem = readId(readMember(item, 'id')) !== undefined;
    if (isTrue(readMember(entry, 'created')) && !hasItem) changes.set(id, readWholeOrder(order, timeZone));
    else if (!hasItem && (isTrue(readMember(entry, 'deleted')) || readId(readMember(readMember(entry, 'combinedTo'), 'id')) !== undefined))
      changes.set(id, { base: 'remove', items: new Map(), stale: false });
    else if (known?.base !== 'remove') {
      const change: OrderChange = known ?? { base: 'keep', items: new Map(), stale: false };
      changes.set(id, change);
      applyField(change, field, item, entry);
    }
  }
  return changes;
}

/** Reads a complete order. Without a list of items or a date it must be read again. */
export function readWholeOrder(order: unknown, timeZone: string): OrderChange {
  const list = listIn(readMember(order, 'items'));
  const createdAt = readInstant(readMember(order, 'createdAt'), timeZone);
  const status = readText(readMember(order, 'status'));
  const items = new Map<number, number | null>();
  list?.forEach((item, index) => {
    const offer = readOfferId(item);
    // A later entry cannot remove an item without an id, but it counts.
    if (offer !== undefined) items.set(readId(readMember(item, 'id')) ?? -(index + 1), offer);
  });
  return { base: 'replace', ...(createdAt && { createdAt }), ...(status && { status }), items, stale: !list || !createdAt };
}

function applyField(change: OrderChange, field: string | undefined, item: unknown, entry: unknown): void {
  const itemId = readId(readMember(item, 'id'));
  const newValue = readMember(entry, 'newValue');
  if (field === 'status') {
    const status = readText(newValue);
    if (status === undefined) change.stale = true;
    else change.status = status;
  } else if (field === 'order_product') {
    const gone = isEmpty(newValue) || isTrue(readMember(entry, 'deleted'));
    const offer = readOfferId(item);
    if (itemId === undefined) change.stale = true;
    else if (gone) change.items.set(itemId, null);
    else if (offer === undefined) change.stale = true;
    else change.items.set(itemId, offer);
  } else if (field === 'order_product.offer' || (field !== undefined && TO_BE_READ.has(field))) change.stale = true;
}

function readOfferId(item: unknown): number | undefined {
  return readId(readMember(readMember(item, 'offer'), 'id'));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** `2026-11-24 19:20:38` in the account's zone, or ISO 8601. */
function readInstant(value: unknown, timeZone: string): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const instant = DateTime.fromISO(value.trim().replace(' ', 'T'), { zone: timeZone });
  return instant.isValid ? instant.toJSDate() : undefined;
}
