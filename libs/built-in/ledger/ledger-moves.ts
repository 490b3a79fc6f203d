import { Injectable } from '@nestjs/common';
import { toRows, type Transaction } from '#platform';
import { ProviderError } from '#provider-kit';
import { type MovedItem, type TakeBackRequest, toMillionths, toUnits, type WriteOffRequest } from '#inventory/port';
import { StockChanges } from '#inventory/services';
import {
  buildRefusal,
  FOUND,
  type FoundOffer,
  type Holder,
  LedgerReservations,
  LOCK,
  type Movement,
  toBalanceKey,
} from './ledger-reservations.js';
import { isKnownStore } from './ledger.settings.js';
import { toOffer } from './ledger-stocks.js';
import { toRefValues } from './offer-search.js';

/** An item with its offer and warehouse, in millionths. */
interface PlacedItem {
  offer: FoundOffer;
  warehouse: string;
  quantity: number;
}

/** Changes the shipped and reserved quantities of reservations by movements. $1: connection, $2: order. */
const APPLY = `
  UPDATE ledger_reservation r SET quantity = r.quantity + m.reserved, shipped = r.shipped - m.on_hand, updated_at = now()
  FROM unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[]) AS m (offer_id, warehouse, item_ref, on_hand, reserved)
  WHERE r.connection_id = $1 AND r.order_ref = $2 AND r.offer_id = m.offer_id AND r.warehouse = m.warehouse AND r.item_ref = m.item_ref`;

/** Goods that leave with a parcel or come back, in the given transaction and behind a lock of the order. */
@Injectable()
export class LedgerMoves {
  constructor(
    private readonly reservations: LedgerReservations,
    private readonly changes: StockChanges,
  ) {}

  /** See `StoreProvider.writeOff`. The order's reservation is used up first, then the free stock. */
  async writeOff(tx: Transaction, holder: Holder, { key, order, items }: WriteOffRequest): Promise<void> {
    await this.reservations.lockOrder(tx, holder, order);
    if (await this.isMade(tx, holder, order, key)) return;
    if (await this.isMade(tx, holder, order, null))
      throw new ProviderError('rejected', 'An operator has already recorded the shipment of this order: the goods are off the stock');
    const placed = await this.place(tx, holder, items);
    const held = await this.reservations.readHeld(tx, holder, order);
    const movements = placed.flatMap(({ offer, warehouse, quantity }): Movement[] => {
      let rest = quantity;
      const taken = held.flatMap((one): Movement[] => {
        if (one.offerId !== offer.id || one.warehouse !== warehouse) return [];
        const size = Math.min(rest, Number(one.quantity));
        rest -= size;
        return size > 0 ? [{ offerId: offer.id, warehouse, itemRef: one.itemRef, onHand: -size, reserved: -size }] : [];
      });
      return rest > 0 ? [...taken, { offerId: offer.id, warehouse, itemRef: null, onHand: -rest, reserved: 0 }] : taken;
    });
    await this.refuseUnlessFree(tx, holder, placed, movements);
    await this.post(tx, holder, order, placed, movements, { kind: 'ship', key });
  }

  /** See `StoreProvider.takeBack`. */
  async takeBack(tx: Transaction, holder: Holder, { key, order, writeOff, items }: TakeBackRequest): Promise<void> {
    await this.reservations.lockOrder(tx, holder, order);
    if (await this.isMade(tx, holder, order, key)) return;
    const placed = await this.place(tx, holder, items);
    const left = toRows<{ offer_id: string; warehouse: string; item_ref: string | null; units: string }>(
      await tx.query(
        `SELECT offer_id, warehouse, item_ref, -sum(on_hand) AS units FROM ledger_movement
         WHERE connection_id = $1 AND order_ref = $2 AND move_key = $3 GROUP BY offer_id, warehouse, item_ref ORDER BY item_ref NULLS FIRST`,
        [holder.connectionId, order, writeOff],
      ),
    );
    const problems: Record<string, string> = {};
    const movements = placed.flatMap(({ offer, warehouse, quantity }, index): Movement[] => {
      let rest = quantity;
      const back = left.flatMap((one): Movement[] => {
        if (one.offer_id !== offer.id || one.warehouse !== warehouse) return [];
        const size = Math.min(rest, Number(one.units));
        rest -= size;
        return size > 0 ? [{ offerId: offer.id, warehouse, itemRef: one.item_ref, onHand: size, reserved: 0 }] : [];
      });
      if (rest > 0) problems[`items[${index}].quantity`] = 'must not exceed the quantity that was written off';
      return back;
    });
    if (Object.keys(problems).length > 0) throw buildRefusal('Nothing was taken back', problems);
    await tx.query(LOCK, [movements.map(({ offerId }) => offerId), movements.map(({ warehouse }) => warehouse)]);
    await this.post(tx, holder, order, placed, movements, { kind: 'return', key });
  }

  /** Whether a movement of a parcel was made. `key` null: whether an operator shipped the order. */
  private async isMade(tx: Transaction, { connectionId }: Holder, order: string, key: string | null): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM ledger_movement WHERE connection_id = $1 AND order_ref = $2
       AND (move_key = $3 OR ($3::text IS NULL AND move_key IS NULL AND kind = 'ship')) LIMIT 1`,
      [connectionId, order, key],
    );
    return toRows(rows).length > 0;
  }

  private async place(tx: Transaction, { connectionId, settings }: Holder, items: readonly MovedItem[]): Promise<PlacedItem[]> {
    const found = (await tx.query(FOUND, [connectionId, ...toRefValues(items.map(({ offer }) => offer))])) as (FoundOffer | { id: null })[];
    const problems: Record<string, string> = {};
    const placed = items.flatMap(({ store, quantity }, index): PlacedItem[] => {
      const offer = found[index];
      if (!offer || offer.id === null) {
        problems[`items[${index}].offer`] = 'is not in the ledger';
        return [];
      }
      const warehouse = store ?? settings.mainStore ?? (offer.warehouses.length === 1 ? offer.warehouses[0] : undefined);
      if (warehouse !== undefined && isKnownStore(settings, warehouse)) return [{ offer, warehouse, quantity: toMillionths(quantity) }];
      problems[`items[${index}].store`] = 'is not one of the warehouses in the settings';
      return [];
    });
    if (Object.keys(problems).length > 0) throw buildRefusal('Nothing was moved', problems);
    return placed;
  }

  private async refuseUnlessFree(
    tx: Transaction,
    holder: Holder,
    placed: readonly PlacedItem[],
    movements: readonly Movement[],
  ): Promise<void> {
    const free = await this.reservations.lockFree(tx, holder, placed);
    if (!free) return;
    const problems: Record<string, string> = {};
    placed.forEach((item, index) => {
      const { offer, warehouse } = item;
      const present = free.get(toBalanceKey(item)) ?? 0;
      const asked = movements.reduce(
        (sum, one) => (one.offerId === offer.id && one.warehouse === warehouse ? sum + one.reserved - one.onHand : sum),
        0,
      );
      if (asked > present)
        problems[`items[${index}].quantity`] = `must not exceed the stock (${toUnits(Math.max(0, present))} free at ${warehouse})`;
    });
    if (Object.keys(problems).length > 0) throw buildRefusal('Nothing was written off', problems);
  }

  private async post(
    tx: Transaction,
    holder: Holder,
    order: string,
    placed: readonly PlacedItem[],
    movements: readonly Movement[],
    by: { kind: 'ship' | 'return'; key: string },
  ): Promise<void> {
    await this.reservations.post(tx, holder, order, movements, by);
    await tx.query(APPLY, [
      ...[holder.connectionId, order, movements.map(({ offerId }) => offerId), movements.map(({ warehouse }) => warehouse)],
      ...[movements.map(({ itemRef }) => itemRef), movements.map(({ onHand }) => onHand), movements.map(({ reserved }) => reserved)],
    ]);
    await this.changes.add(tx, holder.connectionId, [...new Map(placed.map(({ offer }) => [offer.id, toOffer(offer)])).values()]);
  }
}
