import type { MercadoPago, ShopContext } from './mercadopago.api.js';
import { isTestToken } from './mercadopago.settings.js';

/** A country that Mercado Pago works in: an account belongs to one, and takes only its currency. */
export interface MercadoPagoCountry {
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** ISO 4217. */
  currency: string;
}

/** By `site_id` of the account. */
export const COUNTRIES: ReadonlyMap<string, MercadoPagoCountry> = new Map([
  ['MLA', { country: 'AR', currency: 'ARS' }],
  ['MLB', { country: 'BR', currency: 'BRL' }],
  ['MLM', { country: 'MX', currency: 'MXN' }],
  ['MLC', { country: 'CL', currency: 'CLP' }],
  ['MCO', { country: 'CO', currency: 'COP' }],
  ['MPE', { country: 'PE', currency: 'PEN' }],
  ['MLU', { country: 'UY', currency: 'UYU' }],
]);

/** Whose an access token is. */
export interface Seller {
  name: string;
  /** `MLA` and so on: decides country and currency. */
  site: string;
  /** A test user: no money moves, and buyers' true addresses are refused. */
  isTest: boolean;
}

const DAY_S = 86_400;

/** Reads the owner of the shop's token. Throws ProviderError `auth` if it is not accepted. */
export async function readSeller(api: MercadoPago, context: ShopContext): Promise<Seller> {
  const { id, site_id: site, nickname, tags = [] } = await api.me(context);
  return {
    name: nickname ?? String(id),
    site,
    isTest: tags.includes('test_user') || isTestToken(context.shop.accessToken) || isOfTest(context),
  };
}

/** Whether the token of a consent is for tests, as Mercado Pago returned with it. */
function isOfTest({ shop, grant }: ShopContext): boolean {
  return shop.accessToken === undefined && grant?.account.isLive === false;
}

/** As `readSeller`, from the cache for a day: a token's account never changes. */
export function recallSeller(api: MercadoPago, context: ShopContext): Promise<Seller> {
  return context.cache.fetch(`seller:${api.identify(context)}`, { ttlSeconds: DAY_S }, () => readSeller(api, context));
}
