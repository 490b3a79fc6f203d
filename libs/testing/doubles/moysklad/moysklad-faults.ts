import type { HttpFault } from '../../double/faults.js';

/** The calls of the API that the double knows, by name; `goods`: products, variants, bundles and services. */
export const MOYSKLAD_CALLS = [
  ...(['getEmployee', 'getApplication', 'createToken'] as const),
  ...(['listAssortment', 'listGoods', 'getGood', 'listComponents'] as const),
  ...(['listStores', 'getStore', 'listOrganizations', 'getOrganization', 'listAgents', 'getAgent'] as const),
  ...(['listCurrencies', 'getCurrency'] as const),
  ...(['currentStock', 'currentStockOfAll', 'stockByStore', 'stockOfAll', 'listReserves'] as const),
  ...(['createOrder', 'listOrders', 'getOrder', 'updateOrder', 'deleteOrder', 'deleteOrders'] as const),
  ...(['listPositions', 'addPositions', 'getPosition', 'updatePosition', 'deletePosition', 'deletePositions'] as const),
  ...(['createWebhook', 'listWebhooks', 'getWebhook', 'updateWebhook', 'deleteWebhook'] as const),
  ...(['createStockWebhook', 'listStockWebhooks', 'getStockWebhook', 'updateStockWebhook', 'deleteStockWebhook'] as const),
] as const;
export type MoySkladCall = (typeof MOYSKLAD_CALLS)[number];

/** Faults besides the HTTP ones. */
export type MoySkladOwnFault =
  /** Answers this code of the API's list with its status, and does nothing. */
  | { kind: 'refuse'; code: string }
  /** Answers 429 with 1073, as if five calls were running, and does nothing. */
  | { kind: 'too-many-at-once' }
  /** Answers a proxy's page, 502 or the status given, and does nothing. */
  | { kind: 'html-before'; status?: number }
  /** Acts, then answers a proxy's page, 502 or the status given. */
  | { kind: 'html-after'; status?: number }
  /** Acts, and answers gzip that unpacks to far more than anyone wants. */
  | { kind: 'bomb' }
  /** Acts, and answers half of a gzip as if it were all. */
  | { kind: 'broken-gzip' };
export type MoySkladFault = HttpFault | MoySkladOwnFault;

/** The own faults that act before they answer. */
export const FAULTS_AFTER: readonly string[] = ['html-after', 'bomb', 'broken-gzip'];
