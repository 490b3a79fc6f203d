import { toList, toLoose, toNumber, toText } from '#onboarding';
import { type Money, readMoney, toWireAmount } from '#provider-kit';
import { type OfferRef, type OfferStock, toMillionths, toUnits } from './port/index.js';

/** What somebody believes a warehouse has of an offer. */
export interface BelievedStock {
  available: number;
  /** Of one unit, in the account's currency. */
  purchasePrice?: number;
}

/** An offer of the CRM with what it believes, by the code of the warehouse. */
export interface CrmOffer {
  offer: OfferRef & { id: number };
  stores: ReadonlyMap<string, BelievedStock>;
}

/** What differs of an offer in one warehouse. */
export interface StockDifference {
  offer: OfferRef;
  store: string;
  /** Missing: it knows of no stock there. */
  crm?: BelievedStock;
  warehouse: BelievedStock;
}

/**
 * Reads the offers of `store/inventories` with details. Lenient: an offer without an id is left out, and so
 * is a warehouse without a code or a figure.
 */
export function readCrmOffers(offers: unknown): CrmOffer[] {
  return toList(offers)
    .map(toLoose)
    .flatMap(({ id: rawId, xmlId, externalId, site, stores }): CrmOffer[] => {
      const id = toNumber(rawId);
      const texts = Object.entries({ xmlId, externalId, site }).flatMap(([name, value]) => {
        const text = toText(value);
        return text === undefined ? [] : [[name, text] as const];
      });
      return id === undefined ? [] : [{ offer: { id, ...Object.fromEntries(texts) }, stores: new Map(toList(stores).flatMap(readStore)) }];
    });
}

function readStore(row: unknown): [string, BelievedStock][] {
  const { store: named, code, quantity, available: free, purchasePrice } = toLoose(row);
  const store = toText(named) ?? toText(toLoose(named).code) ?? toText(code);
  const available = toNumber(quantity) ?? toNumber(free);
  const price = toNumber(purchasePrice);
  return store === undefined || available === undefined
    ? []
    : [[store, { available, ...(price !== undefined && { purchasePrice: price }) }]];
}

/**
 * Returns what differs in the warehouses that the provider names, counted in millionths and minor units. A
 * figure or a price that the provider does not know does not differ, nor does no figure from 0.
 */
export function findDifferences({ offer, stores }: CrmOffer, stock: OfferStock): StockDifference[] {
  return stock.stores.flatMap(({ store, available, purchasePrice }) => {
    const crm = stores.get(store);
    if (available === undefined || (isSameFigure(crm, available) && isSamePrice(crm, available, purchasePrice))) return [];
    const warehouse = {
      available: toUnits(toMillionths(available)),
      ...(purchasePrice && { purchasePrice: toWireAmount(purchasePrice) }),
    };
    return [{ offer, store, ...(crm && { crm }), warehouse }];
  });
}

function isSameFigure(crm: BelievedStock | undefined, available: number): boolean {
  return toMillionths(crm?.available ?? 0) === toMillionths(available);
}

function isSamePrice(crm: BelievedStock | undefined, available: number, price: Money | undefined): boolean {
  if (!price) return true;
  // A warehouse that the CRM has no row of, and that has nothing, is no news.
  if (crm?.purchasePrice === undefined) return price.minor === 0 || (crm === undefined && available === 0);
  return readMoney(crm.purchasePrice, price.currency).minor === price.minor;
}
