export { YooKassaDouble, YooKassaShop } from './yookassa-double.js';
export type { YooKassaDoubleOptions, YooKassaFault, YooKassaReceived, YooKassaWebhookFlush } from './yookassa-double.js';
export type { YooKassaBuyer, YooKassaEvent, YooKassaShopSettings } from './yookassa-book.js';
export type { YooKassaModes } from './yookassa-modes.js';
export { YOOKASSA_RECEIPTS, type YooKassaReceipts } from './yookassa-receipts.js';
export type { YooKassaCall, YooKassaPayment, YooKassaReceipt, YooKassaRefund } from './yookassa-wire.js';
