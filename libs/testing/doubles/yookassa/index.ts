export { YooKassaDouble } from './yookassa-double.js';
export type { YooKassaDoubleOptions } from './yookassa-double.js';
export type { YooKassaBuyer, YooKassaModes, YooKassaShopSettings } from './yookassa-book.js';
export { YooKassaShop } from './yookassa-control.js';
export type { YooKassaReceived, YooKassaServiceModes } from './yookassa-control.js';
export type { YooKassaCall, YooKassaFault } from './yookassa-faults.js';
export type { YooKassaEvent, YooKassaPayment, YooKassaReceipt, YooKassaRefund } from './yookassa-objects.js';
export { YOOKASSA_RECEIPTS, type YooKassaReceipts } from './yookassa-receipts.js';
export type { YooKassaWebhookAttempt, YooKassaWebhookFlush } from './yookassa-webhooks.js';
