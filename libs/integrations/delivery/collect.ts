import { type Money, multiplyMoney, readMoney, splitByWeight, toMoney } from '#provider-kit';
import type { SaveDto } from './dto/callback.dto.js';
import type { Collect, Parcel, ParcelItem, SaveRequest } from './port/index.js';

/** ISO 4217's code for no currency, used when neither order nor account has one. It is never compared. */
export const NO_CURRENCY = 'XXX';

/**
 * Decides `collect` of a save. Undefined when nothing is collected. Without `withCod`, any given amount is
 * collected.
 */
export function toCollect(
  { packages, delivery: { withCod, cod, cost } }: SaveDto,
  parcels: Parcel[],
  currency: string,
): Collect | undefined {
  if (withCod === false) return undefined;
  const perItem = packages.map(({ items }) =>
    (items ?? []).map((item) => readMoney((item.cod ?? 0) * (item.quantity ?? 1), currency).minor),
  );
  return collectAtDoor({
    currency,
    perItem,
    delivery: readMoney(cod ?? 0, currency).minor,
    deliveryPrice: readMoney(cost ?? 0, currency).minor,
    worth: parcels.map(({ items }) =>
      items.map(({ cost: price, quantity }) => Math.max(0, price ? multiplyMoney(price, quantity).minor : 0)),
    ),
  });
}

/** The CRM's amounts to collect at the door, in minor units. */
interface AtDoor {
  currency: string;
  /** Unit amount by quantity of each item. */
  perItem: number[][];
  /** The amount that the CRM names for the delivery. */
  delivery: number;
  /** The delivery's price in the order. */
  deliveryPrice: number;
  /** Price by quantity of each item. */
  worth: number[][];
}

/**
 * Decides the amounts to collect: each item's own amount, and the delivery's amount for the delivery. If no
 * item has one and the delivery's amount exceeds its price, the excess is for the goods.
 */
function collectAtDoor({ currency, perItem, delivery, deliveryPrice, worth }: AtDoor): Collect | undefined {
  const named = sumLists(perItem);
  if (named > 0 || delivery <= deliveryPrice) return buildCollect(currency, named, delivery, perItem);
  const goods = delivery - deliveryPrice;
  const shares = splitByWeight(goods, worth.flat());
  let at = 0;
  return buildCollect(
    currency,
    goods,
    deliveryPrice,
    worth.map((items) => items.map(() => shares[at++] ?? 0)),
  );
}

function buildCollect(currency: string, goods: number, delivery: number, perItem: number[][]): Collect | undefined {
  const { minor: total } = toMoney(goods + delivery, currency);
  return total > 0 ? { currency, goods, delivery, total, perItem } : undefined;
}

function sumLists(lists: readonly (readonly number[])[]): number {
  return lists.reduce((sum, list) => list.reduce((all, one) => all + one, sum), 0);
}

/** A request as versions before 0.2 stored it: with the CRM's own amounts. */
type UndecidedRequest = Omit<SaveRequest, 'collect'> & { withCod: boolean; cod?: Money };

/**
 * Decides `collect` of requests that were stored before amounts were decided at the edge. Others stay
 * unchanged.
 */
export function decideCollect(stored: SaveRequest | UndecidedRequest): SaveRequest {
  if (!('withCod' in stored)) return stored;
  const { withCod, cod, ...request } = stored;
  const toLine = (amount: Money | undefined, quantity: number): number => (amount ? multiplyMoney(amount, quantity).minor : 0);
  const items = request.parcels.map((parcel) => parcel.items as (ParcelItem & { cod?: Money })[]);
  const perItem = items.map((list) => list.map((item) => toLine(item.cod, item.quantity)));
  const goods = sumLists(perItem);
  const collect =
    withCod &&
    collectAtDoor({
      currency: cod?.currency ?? request.currency ?? NO_CURRENCY,
      perItem,
      // If the CRM sent no amount for the delivery, the sum of the items was stored instead.
      delivery: cod === undefined || cod.minor === goods ? 0 : cod.minor,
      deliveryPrice: request.cost?.minor ?? 0,
      worth: items.map((list) => list.map((item) => Math.max(0, toLine(item.cost, item.quantity)))),
    });
  const bare = request.parcels.map((parcel, at) => ({ ...parcel, items: (items[at] ?? []).map(({ cod: _cod, ...item }) => item) }));
  return { ...request, parcels: bare, ...(collect && { collect }) };
}
