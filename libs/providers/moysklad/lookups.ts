import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { fillIn } from '#platform';
import { buildTermMatcher, type LookupItem } from '#provider-kit';
import type { MoyskladClient } from './moysklad.client.js';
import { LOOKUP, type MoyskladContext } from './moysklad.settings.js';
import { makeError, refuseLate, texts } from './moysklad.texts.js';

class WireNamed {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsOptional() @IsString() code?: string;
  /** Of a store: the groups that it is in. */
  @IsOptional() @IsString() pathName?: string;
}

class WireNames {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireNamed) rows!: WireNamed[];
}

const MOST_ITEMS = 50;
const LONGEST_TERM = 100;
/** Stores and companies are few; counterparties may be a hundred thousand, and are searched there. */
const TYPES = { [LOOKUP.warehouses]: 'store', [LOOKUP.organizations]: 'organization', [LOOKUP.agents]: 'counterparty' } as const;

/** Finds values for the settings page by name. Throws ProviderError, `invalid` for an unknown list. */
export async function lookUp(client: MoyskladClient, name: string, term: string, context: MoyskladContext): Promise<LookupItem[]> {
  refuseLate(context);
  if (!Object.hasOwn(TYPES, name)) throw makeError('invalid', fillIn(texts.noLookup, { name }), context);
  const type = TYPES[name as keyof typeof TYPES];
  const asked = term.replaceAll('\u0000', '').trim().slice(0, LONGEST_TERM);
  const isSearched = type === 'counterparty' && asked !== '';
  const query = { limit: type === 'counterparty' ? String(MOST_ITEMS) : '1000', ...(isSearched && { filter: `name~${escape(asked)}` }) };
  const { rows } = await client.read(WireNames, { method: 'GET', path: `/entity/${type}`, query }, context);
  const matches = buildTermMatcher(isSearched ? '' : asked);
  return rows
    .filter((row) => matches([row.name, row.code, row.pathName]))
    .slice(0, MOST_ITEMS)
    .map(({ id, name: label, code, pathName }) => {
      const hint = [pathName, code].filter(Boolean).join(', ');
      return { value: id, label, ...(hint && { hint }) };
    });
}

function escape(value: string): string {
  return value.replaceAll(';', '\\;');
}
