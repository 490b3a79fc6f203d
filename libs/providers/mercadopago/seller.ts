import type { MercadoPago, ShopContext } from './mercadopago.api.js';
import { isTestToken } from './mercadopago.settings.js';

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
  return { name: nickname ?? String(id), site, isTest: tags.includes('test_user') || isTestToken(context.shop.accessToken) };
}

/** As `readSeller`, from the cache for a day: a token's account never changes. */
export function recallSeller(api: MercadoPago, context: ShopContext): Promise<Seller> {
  return context.cache.fetch(`seller:${api.identify(context)}`, { ttlSeconds: DAY_S }, () => readSeller(api, context));
}
