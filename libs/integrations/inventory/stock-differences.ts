import { toList, toLoose, toNumber, toText } from '#onboarding';
import { type Money, readMoney, toWireAmount } from '#provider-kit';
import { type OfferRef, type OfferStock, toMillionths, toUnits } from './port/index.js';

/** Figures of an offer in a warehouse, on one side. */
export interface BelievedStock {
  available: number;
  /** Price per unit, in the account's currency. */
  purchasePrice?: number;
}

/** An offer in the CRM with its figures, by the code of the warehouse. */
export interface CrmOffer {
  offer: OfferRef & { id: number };
  stores: ReadonlyMap<string, BelievedStock>;
}

/** Difference of an offer in one warehouse. */
export interface StockDifference {
  offer: OfferRef;
  store: string;
  /** Missing: the CRM has no stock there. */
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
 * Returns the differences in the provider's warehouses, compared in millionths and minor units. A figure or a
 * price that the provider does not have is not a difference. Neither is a missing figure and 0.
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
  // A missing row in the CRM equals a warehouse without stock.
  if (crm?.purchasePrice === undefined) return price.minor === 0 || (crm === undefined && available === 0);
  return readMoney(crm.purchasePrice, price.currency).minor === price.minor;
}
