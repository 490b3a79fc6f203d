import { buildTermMatcher, type LookupItem, makeError } from '#provider-kit';
import type { Zadarma } from './zadarma.api.js';
import { LOOKUP, type ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

const MOST_ITEMS = 50;
/** Each key press makes a request. */
const TTL_S = 60;

/** Finds values for the settings page. Throws ProviderError, `invalid` for a name that is not in LOOKUP. */
export async function lookUp(api: Zadarma, name: string, term: string, context: ZadarmaContext): Promise<LookupItem[]> {
  if (name !== LOOKUP.extensions && name !== LOOKUP.numbers) throw makeError('invalid', texts.noLookup);
  const matches = buildTermMatcher(term);
  const items = await context.cache.fetch(`${name}/${api.identify(context)}`, { ttlSeconds: TTL_S }, () =>
    name === LOOKUP.extensions ? listExtensions(api, context) : listNumbers(api, context),
  );
  return items.filter(({ label, hint = '' }) => matches([label, hint])).slice(0, MOST_ITEMS);
}

async function listExtensions(api: Zadarma, context: ZadarmaContext): Promise<LookupItem[]> {
  const { numbers = [] } = await api.pbx(context);
  return numbers.map((value) => ({ value, label: value }));
}

async function listNumbers(api: Zadarma, context: ZadarmaContext): Promise<LookupItem[]> {
  const { info = [] } = await api.numbers(context);
  return info.flatMap(({ number: value, number_name: hint }) => (value ? [{ value, label: value, ...(hint && { hint }) }] : []));
}
