import { firstModes } from '../../../libs/testing/double/modes.js';
import { MODES, type MercadoPagoModes } from './mercadopago-modes.js';

export { MercadoPagoAccount } from './mercadopago-account.js';
export type { MercadoPagoAccountOptions, MercadoPagoOrder, MercadoPagoWay } from './mercadopago-account.js';
export * from './mercadopago-double.js';
export type { MercadoPagoModes } from './mercadopago-modes.js';
export { MERCADOPAGO_SITES } from './mercadopago-sites.js';
export type { MercadoPagoSiteCode } from './mercadopago-sites.js';
export const FIRST_MERCADOPAGO_MODES: MercadoPagoModes = firstModes(MODES);
