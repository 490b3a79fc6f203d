import {
  checkAmount,
  checkAnyText,
  checkCountWithin,
  checkFlag,
  checkList,
  checkMap,
  checkMoney,
  checkOptional,
  checkShape,
  checkText,
  checkTextUpTo,
  type ReplyChecks,
} from '#integration-kit';
import type { OfferStock, ReservedOrder, StockEvent, StockNews, StoreDocument, StoreProvider, WarehouseStock } from './port/index.js';

const checkOffer = checkShape<{ key: string }>({ key: checkText });

/** Checks the replies of warehouses against the port. */
export const storeReplies: ReplyChecks<StoreProvider> = {
  readStocks: {
    check: checkOptional(
      checkShape<OfferStock>({
        offer: checkOffer,
        stores: checkList(
          checkShape<WarehouseStock>({ store: checkText, available: checkOptional(checkAmount), purchasePrice: checkOptional(checkMoney) }),
        ),
      }),
    ),
    wrongItems: 'blank',
  },
  reserve: {
    check: checkOptional(
      checkShape<ReservedOrder>({
        memory: checkOptional(checkMap(checkAnyText)),
        documents: checkOptional(
          checkList(checkShape<StoreDocument>({ id: checkText, number: checkOptional(checkAnyText), url: checkOptional(checkAnyText) })),
        ),
      }),
    ),
    failsAs: 'unknown_outcome',
  },
  webhook: {
    of: 'parse',
    check: checkList(checkShape<StockEvent>({ id: checkTextUpTo(500), offers: checkOptional(checkList(checkOffer)) })),
    failsAs: 'invalid',
  },
  listChanges: {
    check: checkShape<StockNews>({
      offers: checkList(checkOffer),
      cursor: checkTextUpTo(4_000),
      more: checkOptional(checkFlag),
      againSeconds: checkOptional(checkCountWithin(1, 3_600)),
    }),
  },
};
