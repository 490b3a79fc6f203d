import type * as wire from '#crm-client/wire';
import { toWireAmount } from '#provider-kit';
import { type OfferRef, type OfferStock, toMillionths, toUnits } from './port/index.js';

/**
 * Maps an offer's stock by the request's identifiers, because the CRM ignores others (reference:
 * inventoriesUpload). A warehouse with an unknown figure is left out.
 */
export function toOfferReply(asked: OfferRef, stock: OfferStock): wire.StoreOfferInput {
  return {
    ...pickIdentifiers(asked),
    stores: stock.stores.flatMap(({ store, available, purchasePrice }) =>
      available === undefined
        ? []
        : [
            {
              code: store,
              available: toUnits(toMillionths(available)),
              ...(purchasePrice && { purchasePrice: toWireAmount(purchasePrice) }),
            },
          ],
    ),
  };
}

/** Returns the known offers in the order of the request, each once. */
export function toOfferReplies(asked: readonly OfferRef[], stocks: readonly (OfferStock | undefined)[]): wire.StoreOfferInput[] {
  const replies = new Map<string, wire.StoreOfferInput>();
  asked.forEach((offer, index) => {
    const stock = stocks[index];
    if (stock) replies.set(JSON.stringify(pickIdentifiers(offer)), toOfferReply(offer, stock));
  });
  return [...replies.values()];
}

function pickIdentifiers(offer: OfferRef): Pick<wire.StoreOfferInput, 'id' | 'xmlId' | 'externalId' | 'site'> {
  return {
    ...(offer.id !== undefined && { id: offer.id }),
    ...(offer.xmlId !== undefined && { xmlId: offer.xmlId }),
    ...(offer.externalId !== undefined && { externalId: offer.externalId }),
    ...(offer.site !== undefined && { site: offer.site }),
  };
}
