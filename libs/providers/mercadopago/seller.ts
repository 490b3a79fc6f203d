import { IsArray, IsInt, IsOptional, IsString } from 'class-validator';
import type { MercadoPagoAccount } from './mercadopago.client.js';
import { isTestToken } from './mercadopago.settings.js';

/** `GET /users/me` */
class WireSeller {
  @IsInt() id!: number;
  @IsString() site_id!: string;
  @IsOptional() @IsString() nickname?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) tags?: string[];
}

/** Whose an access token is. */
export interface Seller {
  name: string;
  /** `MLA` and so on: decides country and currency. */
  site: string;
  /** A test user: no money moves, and buyers' true addresses are refused. */
  isTest: boolean;
}

const DAY_S = 86_400;

/** Asks whose the account's token is. Throws ProviderError `auth` for one that is not accepted. */
export async function readSeller(account: MercadoPagoAccount): Promise<Seller> {
  const { id, site_id: site, nickname, tags = [] } = await account.call(WireSeller, { method: 'GET', path: '/users/me', effect: false });
  return { name: nickname ?? String(id), site, isTest: tags.includes('test_user') || isTestToken(account.shop.accessToken) };
}

/** As `readSeller`, from the cache for a day: a token's account never changes. */
export function recallSeller(account: MercadoPagoAccount): Promise<Seller> {
  return account.context.cache.fetch(`seller:${account.id}`, { ttlSeconds: DAY_S }, () => readSeller(account));
}
