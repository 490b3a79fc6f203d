import { sha256Hex, textFor } from '#platform';
import { buildTermMatcher, type LookupItem, ProviderError } from '#provider-kit';
import { readNumbers, readPbx } from './numbers.js';
import type { ZadarmaClient } from './zadarma.client.js';
import { LOOKUP, type ZadarmaContext } from './zadarma.settings.js';
import { texts } from './zadarma.texts.js';

const MOST_ITEMS = 50;
/** Each key that is pressed asks. */
const TTL_S = 60;

/** Finds values for the settings page. Throws ProviderError, `invalid` for a name that is not in LOOKUP. */
export async function lookUp(name: string, term: string, client: ZadarmaClient, context: ZadarmaContext): Promise<LookupItem[]> {
  if (name !== LOOKUP.extensions && name !== LOOKUP.numbers)
    throw new ProviderError('invalid', textFor(texts.noLookup, context.account.language));
  const matches = buildTermMatcher(term);
  const account = sha256Hex(context.settings.key).slice(0, 16);
  const items = await context.cache.fetch(`${name}/${account}`, { ttlSeconds: TTL_S }, () =>
    name === LOOKUP.extensions ? listExtensions(client, context) : listNumbers(client, context),
  );
  return items.filter(({ label, hint = '' }) => matches([label, hint])).slice(0, MOST_ITEMS);
}

async function listExtensions(client: ZadarmaClient, context: ZadarmaContext): Promise<LookupItem[]> {
  const { extensions } = await readPbx(client, context);
  return extensions.map((value) => ({ value, label: value }));
}

async function listNumbers(client: ZadarmaClient, context: ZadarmaContext): Promise<LookupItem[]> {
  const numbers = await readNumbers(client, context);
  return numbers.map(({ number, name }) => ({ value: number, label: number, ...(name !== '' && { hint: name }) }));
}
