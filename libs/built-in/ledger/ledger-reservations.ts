import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import type { Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import { type Pack, type ReserveRequest, toMillionths, toUnits } from '#inventory/port';
import { StockChanges } from '#inventory/services';
import { LedgerReservationEntity } from './ledger.entity.js';
import { isKnownStore, type LedgerSettings } from './ledger.settings.js';
import { toOffer } from './ledger-stocks.js';
import { buildOfferId, REFS, toRefValues } from './offer-search.js';

/** The ledger of the reservations, and its rules. */
export interface Holder {
  connectionId: string;
  settings: LedgerSettings;
}

/** An offer in a pack. */
export interface FoundOffer {
  id: string;
  crm_id: string | null;
  xml_id: string | null;
  external_id: string | null;
  site: string;
  /** Warehouses that have the offer. */
  warehouses: string[];
}

/** The balance of an offer in a warehouse. */
interface Balance {
  readonly offer: Pick<FoundOffer, 'id'>;
  readonly warehouse: string;
}

/** An order's need of one item, offer and warehouse. Quantities are in millionths. */
interface Want {
  offer: FoundOffer;
  warehouse: string;
  item: string;
  quantity: number;
  /** The last of the packs that were added up, and their indexes in the request. */
  pack: Pack;
  places: number[];
}

/** An order's reservation of an offer in a warehouse, by item. */
export type Held = Pick<LedgerReservationEntity, 'itemRef' | 'offerId' | 'warehouse' | 'quantity' | 'shipped'>;

/** A change of one reservation. */
interface Step {
  want: Want;
  /** Reserved quantity afterwards. */
  quantity: number;
  /** Change of the reserved quantity. Negative: less. */
  delta: number;
}

/** Finds offers: $1: connection, then the values of REFS. */
export const FOUND = `
  SELECT o.id, o.crm_id, o.xml_id, o.external_id, o.site,
    ARRAY(SELECT b.warehouse FROM ledger_balance b WHERE b.offer_id = o.id ORDER BY b.warehouse LIMIT 2) AS warehouses
  FROM ${REFS} LEFT JOIN ledger_offer o ON o.id = ${buildOfferId('r')} ORDER BY r.n`;

/** All code locks balances in the order of their key, which prevents deadlocks. */
export const LOCK = `
  SELECT b.offer_id, b.warehouse, b.on_hand - b.reserved AS free FROM ledger_balance b
  WHERE (b.offer_id, b.warehouse) IN (SELECT * FROM unnest($1::bigint[], $2::text[]))
  ORDER BY b.offer_id, b.warehouse FOR UPDATE`;

/** Writes movements with their balances. Only a decreasing free stock must fit the present settings ($11). */
const POST = `
  WITH moved AS (
    INSERT INTO ledger_movement (connection_id, kind, order_ref, offer_id, warehouse, item_ref, on_hand, reserved, price_minor, price_currency, move_key)
    SELECT $1, coalesce($2, CASE WHEN reserved > 0 THEN 'reserve' ELSE 'release' END), $3, offer_id, warehouse, item_ref, on_hand, reserved, price_minor, price_currency, $12
    FROM unnest($4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[])
      AS m (offer_id, warehouse, item_ref, on_hand, reserved, price_minor, price_currency)
    RETURNING offer_id, warehouse, on_hand, reserved
  ),
  changed AS (SELECT offer_id, warehouse, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM moved GROUP BY offer_id, warehouse)
  UPDATE ledger_balance b SET on_hand = b.on_hand + c.on_hand, reserved = b.reserved + c.reserved, updated_at = now(),
    negative_allowed = CASE WHEN c.on_hand < c.reserved THEN $11 ELSE b.negative_allowed END
  FROM changed c WHERE b.offer_id = c.offer_id AND b.warehouse = c.warehouse`;

/**
 * Orders' reservations of the stock. Everything happens in the given transaction, behind a lock of the order.
 * SQL locks balances in their order and writes all packs of a request in one statement.
 */
@Injectable()
export class LedgerReservations {
  constructor(private readonly changes: StockChanges) {}

  /** See `StoreProvider.reserve`. */
  async reserve(tx: Transaction, holder: Holder, request: ReserveRequest): Promise<void> {
    if (request.packs.length === 0) return;
    await this.lockOrder(tx, holder, request.order);
    const held = await this.readHeld(tx, holder, request.order);
    const wants = await this.readWants(tx, holder, request.packs, held);
    const steps = buildSteps(wants, held);
    const moving = steps.filter((step) => step.delta !== 0);
    if (moving.length > 0) {
      await this.refuseUnlessInStock(tx, holder, moving);
      await this.post(tx, holder, request.order, moving.map(toMovement));
    }
    await this.store(tx, holder, request.order, steps);
    const offers = new Map(moving.map(({ want }) => [want.offer.id, toOffer(want.offer)]));
    await this.changes.add(tx, holder.connectionId, [...offers.values()]);
  }

  /**
   * Ships an order's reservations: removes them from stock and from reservations, so the free stock stays.
   * Returns their number.
   */
  async ship(tx: Transaction, holder: Holder, order: string): Promise<number> {
    await this.lockOrder(tx, holder, order);
    const held = (await this.readHeld(tx, holder, order)).filter((one) => Number(one.quantity) > 0);
    if (held.length === 0) return 0;
    await tx.query(LOCK, [held.map((one) => one.offerId), held.map((one) => one.warehouse)]);
    const movements = held.map((one) => ({ ...one, onHand: -Number(one.quantity), reserved: -Number(one.quantity) }));
    await this.post(tx, holder, order, movements, { kind: 'ship' });
    await tx.update(
      LedgerReservationEntity,
      { connectionId: holder.connectionId, orderRef: order, quantity: MoreThan('0') },
      { shipped: () => 'shipped + quantity', quantity: '0', updatedAt: () => 'now()' },
    );
    return held.length;
  }

  /** Two calls about one order run one after the other, even if they concern different balances. */
  async lockOrder(tx: Transaction, holder: Holder, order: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`ledger order ${holder.connectionId} ${order}`]);
  }

  private async readWants(
    tx: Transaction,
    { connectionId, settings }: Holder,
    packs: readonly Pack[],
    held: readonly Held[],
  ): Promise<Want[]> {
    const found = (await tx.query(FOUND, [connectionId, ...toRefValues(packs.map((pack) => pack.offer))])) as (FoundOffer | { id: null })[];
    const wants = new Map<string, Want>();
    const problems: Record<string, string> = {};
    packs.forEach((pack, place) => {
      const offer = found[place];
      const quantity = toMillionths(pack.quantity);
      if (!offer || offer.id === null) {
        // Ending a reservation that cannot exist is not an error.
        if (quantity > 0) problems[`packs[${place}].offer`] = 'is not in the ledger';
        return;
      }
      const warehouses = findWarehouses(pack, offer, settings, held);
      if (warehouses === undefined)
        problems[`packs[${place}].store`] =
          'is required, because several warehouses have the offer and the settings have no main warehouse';
      else if (quantity > 0 && warehouses.some((warehouse) => !isKnownStore(settings, warehouse)))
        problems[`packs[${place}].store`] = 'is not one of the warehouses in the settings';
      for (const warehouse of warehouses ?? []) {
        const key = JSON.stringify([pack.item, offer.id, warehouse]);
        const { quantity: sum = 0, places = [] } = wants.get(key) ?? {};
        wants.set(key, { offer, warehouse, item: pack.item, quantity: sum + quantity, pack, places: [...places, place] });
      }
    });
    if (Object.keys(problems).length > 0) throw buildRefusal('Nothing was reserved', problems);
    return [...wants.values()];
  }

  /**
   * Locks balances, and returns the free quantity of each in millionths, by `toBalanceKey`. Undefined if
   * balances may be negative: missing ones are made then.
   */
  async lockFree(
    tx: Transaction,
    { connectionId, settings }: Holder,
    balances: readonly Balance[],
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const values = [balances.map(({ offer }) => offer.id), balances.map(({ warehouse }) => warehouse)];
    if (settings.allowNegative)
      await tx.query(
        `INSERT INTO ledger_balance (connection_id, offer_id, warehouse)
         SELECT DISTINCT $3::uuid, offer_id, warehouse FROM unnest($1::bigint[], $2::text[]) AS s (offer_id, warehouse) ORDER BY offer_id, warehouse ON CONFLICT DO NOTHING`,
        [...values, connectionId],
      );
    const rows = (await tx.query(LOCK, values)) as { offer_id: string; warehouse: string; free: string }[];
    if (settings.allowNegative) return undefined;
    return new Map(rows.map((row) => [`${row.offer_id} ${row.warehouse}`, Number(row.free)]));
  }

  private async refuseUnlessInStock(tx: Transaction, holder: Holder, steps: Step[]): Promise<void> {
    const free = await this.lockFree(
      tx,
      holder,
      steps.map(({ want }) => want),
    );
    if (!free) return;
    const asked = new Map<string, number>();
    for (const { want, delta } of steps) {
      const balance = toBalanceKey(want);
      asked.set(balance, (asked.get(balance) ?? 0) + delta);
    }
    const problems: Record<string, string> = {};
    for (const { want, delta } of steps) {
      const balance = toBalanceKey(want);
      const present = free.get(balance) ?? 0;
      if (delta <= 0 || (asked.get(balance) ?? 0) <= present) continue;
      const left = toUnits(Math.max(0, present));
      for (const place of want.places)
        problems[`packs[${place}].quantity`] = `must not exceed the free stock (${left} free at ${want.warehouse})`;
    }
    if (Object.keys(problems).length > 0) throw buildRefusal('Stock is insufficient, and nothing was reserved', problems);
  }

  /** Reads what an order holds and what was shipped for it. */
  readHeld(tx: Transaction, { connectionId }: Holder, order: string): Promise<Held[]> {
    return tx.findBy(LedgerReservationEntity, { connectionId, orderRef: order });
  }

  /** Writes movements with their balances. `kind` is missing for reservations. `key` is a parcel's. */
  async post(
    tx: Transaction,
    { connectionId, settings }: Holder,
    order: string,
    movements: readonly Movement[],
    { kind, key }: { kind?: 'ship' | 'return'; key?: string } = {},
  ): Promise<void> {
    await tx.query(POST, [
      connectionId,
      kind ?? null,
      order,
      movements.map((one) => one.offerId),
      movements.map((one) => one.warehouse),
      movements.map((one) => one.itemRef),
      movements.map((one) => one.onHand),
      movements.map((one) => one.reserved),
      movements.map((one) => one.price?.minor ?? null),
      movements.map((one) => one.price?.currency ?? null),
      settings.allowNegative,
      key ?? null,
    ]);
  }

  private async store(tx: Transaction, { connectionId }: Holder, order: string, steps: Step[]): Promise<void> {
    if (steps.length === 0) return;
    await tx.query(
      `INSERT INTO ledger_reservation AS r (connection_id, order_ref, item_ref, offer_id, warehouse, quantity, price_minor, price_currency, shipment_date)
       SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::date[])
       ON CONFLICT (connection_id, order_ref, item_ref, offer_id, warehouse) DO UPDATE SET quantity = excluded.quantity, price_minor = excluded.price_minor,
         price_currency = excluded.price_currency, shipment_date = excluded.shipment_date, updated_at = now()
       WHERE (r.quantity, r.price_minor, r.price_currency, r.shipment_date)
         IS DISTINCT FROM (excluded.quantity, excluded.price_minor, excluded.price_currency, excluded.shipment_date)`,
      [
        connectionId,
        order,
        steps.map(({ want }) => want.item),
        steps.map(({ want }) => want.offer.id),
        steps.map(({ want }) => want.warehouse),
        steps.map((step) => step.quantity),
        steps.map(({ want }) => want.pack.purchasePrice?.minor ?? null),
        steps.map(({ want }) => want.pack.purchasePrice?.currency ?? null),
        steps.map(({ want }) => want.pack.shipmentDate ?? null),
      ],
    );
    await tx.delete(LedgerReservationEntity, { connectionId, orderRef: order, quantity: '0', shipped: '0' });
  }
}

/** A change of a balance, in millionths. */
export interface Movement {
  offerId: string;
  warehouse: string;
  /** Null: the item is not known. */
  itemRef: string | null;
  onHand: number;
  reserved: number;
  price?: Pack['purchasePrice'];
}

/** Returns the warehouses of a pack. Undefined: it contains none, and the intended one is unknown. */
function findWarehouses(pack: Pack, offer: FoundOffer, settings: LedgerSettings, held: readonly Held[]): string[] | undefined {
  if (pack.store !== undefined) return [pack.store];
  const before = held.filter((one) => one.itemRef === pack.item && one.offerId === offer.id).map((one) => one.warehouse);
  if (pack.quantity === 0) return before;
  const warehouse = before[0] ?? settings.mainStore ?? (offer.warehouses.length === 1 ? offer.warehouses[0] : undefined);
  return warehouse === undefined ? undefined : [warehouse];
}

function buildSteps(wants: readonly Want[], held: readonly Held[]): Step[] {
  return wants.flatMap((want) => {
    const before = held.find((one) => one.itemRef === want.item && one.offerId === want.offer.id && one.warehouse === want.warehouse);
    // The shipped quantity is not reserved again, and can no longer be released.
    const quantity = Math.max(0, want.quantity - Number(before?.shipped ?? 0));
    return before || quantity > 0 ? [{ want, quantity, delta: quantity - Number(before?.quantity ?? 0) }] : [];
  });
}

function toMovement({ want, delta }: Step): Movement {
  return {
    offerId: want.offer.id,
    warehouse: want.warehouse,
    itemRef: want.item,
    onHand: 0,
    reserved: delta,
    ...(want.pack.purchasePrice && { price: want.pack.purchasePrice }),
  };
}

/** Returns the key of a balance among the ones of `lockFree`. */
export function toBalanceKey({ offer, warehouse }: Balance): string {
  return `${offer.id} ${warehouse}`;
}

/** Returns the rejection of the fields with problems. */
export function buildRefusal(what: string, problems: Record<string, string>): ProviderError {
  const [path, problem] = Object.entries(problems)[0] ?? [];
  return new ProviderError('rejected', `${what}: ${path} ${problem}.`, { fields: problems });
}
