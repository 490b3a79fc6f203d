import { fillIn } from '#platform';
import { buildTermMatcher, type LookupItem, makeError } from '#provider-kit';
import type { Moysklad } from './moysklad.api.js';
import { LOOKUP, type MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';
import { escapeFilter } from './moysklad.units.js';

const MOST_ITEMS = 50;
const LONGEST_TERM = 100;
/** Stores and companies are few. Counterparties may be a hundred thousand, so MoySklad searches them. */
const TYPES = { [LOOKUP.warehouses]: 'store', [LOOKUP.organizations]: 'organization', [LOOKUP.agents]: 'counterparty' } as const;

/** Finds values for the settings page by name. Throws ProviderError, `invalid` for an unknown list. */
export async function lookUp(api: Moysklad, name: string, term: string, context: MoyskladContext): Promise<LookupItem[]> {
  if (!Object.hasOwn(TYPES, name)) throw makeError('invalid', fillIn(texts.noLookup, { name }));
  const type = TYPES[name as keyof typeof TYPES];
  const asked = term.replaceAll('\u0000', '').trim().slice(0, LONGEST_TERM);
  const isSearched = type === 'counterparty' && asked !== '';
  const query = { limit: type === 'counterparty' ? MOST_ITEMS : 1_000, ...(isSearched && { filter: `name~${escapeFilter(asked)}` }) };
  const { rows } = await api.entries(context, { type, query });
  const matches = buildTermMatcher(isSearched ? '' : asked);
  return rows
    .filter((row) => matches([row.name, row.code, row.pathName]))
    .slice(0, MOST_ITEMS)
    .map(({ id, name: label = id, code, pathName }) => {
      const hint = [pathName, code].filter(Boolean).join(', ');
      return { value: id, label, ...(hint && { hint }) };
    });
}
