import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsOptional, IsString, ValidateNested } from 'class-validator';
import { ProviderError } from '#provider-kit';
import type { ShopAccount } from './yookassa.client.js';
import { isRefusal } from './yookassa.errors.js';

class WireFiscalization {
  @IsOptional() @IsBoolean() enabled?: boolean;
  @IsOptional() @IsString() provider?: string;
}

/** `GET /me`: the shop's settings at YooKassa. It is documented for partners, and answers others too. */
export class WireAccount {
  @IsOptional() @IsString() account_id?: string;
  @IsOptional() @IsString() status?: string;
  @IsOptional() @IsBoolean() test?: boolean;
  @IsOptional() @ValidateNested() @Type(() => WireFiscalization) fiscalization?: WireFiscalization;
  @IsOptional() @IsArray() @IsString({ each: true }) payment_methods?: string[];
}

class WireAnyList {
  @IsArray() items!: unknown[];
}

/**
 * Reads the shop's settings; empty when YooKassa does not tell them to this key, which is then tried with a
 * list of payments. Throws ProviderError `auth` for a key that is refused there too.
 */
export async function readAccount(account: ShopAccount): Promise<WireAccount> {
  try {
    return await account.read(WireAccount, '/me');
  } catch (error) {
    if (!isRefusal(error) && !isRefusedKey(error)) throw error;
    await account.read(WireAnyList, '/payments', { limit: 1 });
    return {};
  }
}

/** Whether YooKassa does not accept the credentials. */
export function isRefusedKey(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'auth';
}
