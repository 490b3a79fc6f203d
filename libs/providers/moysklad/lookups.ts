import { type LookupItem, makeLookUp } from '#provider-kit';
import type { Moysklad } from './moysklad.api.js';
import { LOOKUP, type MoyskladContext } from './moysklad.settings.js';
import { escapeFilter } from './moysklad.units.js';

/** Finds values for the settings page. Stores and companies are few. */
export const lookUp = makeLookUp<Moysklad, MoyskladContext>({
  [LOOKUP.warehouses]: { list: (api, context) => listEntries(api, 'store', { limit: 1_000 }, context) },
  [LOOKUP.organizations]: { list: (api, context) => listEntries(api, 'organization', { limit: 1_000 }, context) },
  // Counterparties may be a hundred thousand, so MoySklad searches them.
  [LOOKUP.agents]: {
    search: (api, term, context) =>
      listEntries(api, 'counterparty', { limit: 50, ...(term !== '' && { filter: `name~${escapeFilter(term)}` }) }, context),
  },
});

async function listEntries(
  api: Moysklad,
  type: string,
  query: { limit: number; filter?: string },
  context: MoyskladContext,
): Promise<LookupItem[]> {
  const { rows } = await api.entries(context, { type, query });
  return rows.map(({ id, name: label = id, code, pathName }) => {
    const hint = [pathName, code].filter(Boolean).join(', ');
    return { value: id, label, ...(hint && { hint }) };
  });
}
