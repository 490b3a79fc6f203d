export { YooKassaDouble } from './yookassa-double.js';
export type { YooKassaFault } from './yookassa-double.js';
export type { YooKassaEvent, YooKassaShopSettings } from './yookassa-book.js';
export type { YooKassaModes } from './yookassa-modes.js';
export { YOOKASSA_RECEIPTS, type YooKassaReceipts } from './yookassa-receipts.js';
export type { YooKassaPayment, YooKassaReceipt, YooKassaRefund } from './yookassa-wire.js';
