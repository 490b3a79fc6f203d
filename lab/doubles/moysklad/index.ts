export { MoySkladDouble } from './moysklad-double.js';
export type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
export type { MoySkladGoodInput } from './moysklad-book.js';
export type { MoySkladGood, MoySkladOrder } from './moysklad-objects.js';
export type { MoySkladCall } from './moysklad-wire.js';
