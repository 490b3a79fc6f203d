import {
  checkAmountUpTo,
  checkAnyText,
  checkCountWithin,
  checkFlag,
  checkId,
  checkList,
  checkMap,
  checkMoney,
  checkOptional,
  checkShape,
  checkTextUpTo,
  type ReplyChecks,
} from '#integration-kit';
import {
  MOST_UNITS,
  type OfferStock,
  type ReservedOrder,
  type StockEvent,
  type StockMovement,
  type StockUpdate,
  type StoreDocument,
  type StoreProvider,
  type WarehouseStock,
} from './port/index.js';

/** A larger figure cannot be sent exactly. */
const checkUnits = checkAmountUpTo(MOST_UNITS);
const checkOffer = checkShape<{ key: string }>({ key: checkId });

const checkDocuments = checkList(
  checkShape<StoreDocument>({ id: checkId, number: checkOptional(checkAnyText), url: checkOptional(checkAnyText) }),
);
const movement = { check: checkShape<StockMovement>({ documents: checkDocuments }), failsAs: 'unknown_outcome' } as const;

/** Checks the replies of warehouses against the port. */
export const inventoryReplies: ReplyChecks<StoreProvider> = {
  readStocks: {
    check: checkOptional(
      checkShape<OfferStock>({
        offer: checkOffer,
        stores: checkList(
          checkShape<WarehouseStock>({ store: checkId, available: checkOptional(checkUnits), purchasePrice: checkOptional(checkMoney) }),
        ),
      }),
    ),
    wrongItems: 'blank',
    readFacts: ([, { account }]) => ({ currency: account.currency }),
  },
  reserve: {
    check: checkOptional(
      checkShape<ReservedOrder>({
        memory: checkOptional(checkMap(checkAnyText)),
        documents: checkOptional(checkDocuments),
      }),
    ),
    failsAs: 'unknown_outcome',
  },
  writeOff: movement,
  takeBack: movement,
  webhook: {
    of: 'parse',
    isSync: true,
    check: checkList(checkShape<StockEvent>({ id: checkId, offers: checkOptional(checkList(checkOffer)) })),
    failsAs: 'invalid',
  },
  listChanges: {
    check: checkShape<StockUpdate>({
      offers: checkList(checkOffer),
      cursor: checkTextUpTo(4_000),
      more: checkOptional(checkFlag),
      againSeconds: checkOptional(checkCountWithin(1, 3_600)),
    }),
  },
};
