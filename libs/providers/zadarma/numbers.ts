import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { ZadarmaClient } from './zadarma.client.js';
import type { ZadarmaContext } from './zadarma.settings.js';

/** `GET /v1/pbx/internal/` */
class WireInternal {
  @IsOptional() @IsString() pbx_id?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) numbers?: string[];
}

class WireNumber {
  /** One that is only ordered may have none yet. */
  @IsOptional() @IsString() number?: string;
  @IsOptional() @IsString() number_name?: string;
}

/** `GET /v1/direct_numbers/` */
class WireNumbers {
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WireNumber) info?: WireNumber[];
}

/** The account's cloud PBX. */
export interface Pbx {
  /** It is what full logins begin with. */
  id?: string;
  extensions: readonly string[];
}

/** Reads the PBX's number and extensions. Throws ProviderError, `rejected` without a PBX. */
export async function readPbx(client: ZadarmaClient, context: ZadarmaContext): Promise<Pbx> {
  const asked = await client.ask({ method: 'GET', path: '/v1/pbx/internal/', effect: false, answer: WireInternal }, context);
  const { pbx_id: id, numbers = [] } = asked;
  return { ...(id !== undefined && { id }), extensions: numbers };
}

/** Reads the numbers that the account rents, each with its name. Throws ProviderError. */
export async function readNumbers(client: ZadarmaClient, context: ZadarmaContext): Promise<{ number: string; name: string }[]> {
  const { info = [] } = await client.ask({ method: 'GET', path: '/v1/direct_numbers/', effect: false, answer: WireNumbers }, context);
  return info.flatMap(({ number, number_name: name = '' }) => (number === undefined ? [] : [{ number, name }]));
}
