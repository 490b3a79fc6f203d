export { MoySkladDouble } from './moysklad-double.js';
export type { MoySkladDoubleOptions } from './moysklad-double.js';
export { MOYSKLAD_RIGHTS, MoySkladAccount, MoySkladUser, type MoySkladRight } from './moysklad-account.js';
export type { MoySkladBook, MoySkladBookModes, MoySkladGoodInput, MoySkladOrderInput } from './moysklad-book.js';
export type { MoySkladModes, MoySkladReceived } from './moysklad-control.js';
export type { MoySkladCall, MoySkladFault } from './moysklad-faults.js';
export type { MoySkladEntry, MoySkladGood, MoySkladHook, MoySkladOrder, MoySkladPosition } from './moysklad-objects.js';
export type { MoySkladWebhookAttempt, MoySkladWebhookFlush } from './moysklad-webhooks.js';
