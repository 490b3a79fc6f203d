import { fillIn } from '#platform/plain';
import type { LookupItem } from './provider.js';
import { makeError } from './provider-error.js';
import { texts } from './provider-kit.texts.js';
import { buildTermMatcher } from './term-matcher.js';

/** Maximum number of items of a page, and of characters that are searched for. */
const MOST_ITEMS = 50;
const LONGEST_TERM = 100;

/**
 * A list that settings choose from. `list` returns all items, and items with the typed words are kept.
 * `search` is for a list that the service searches itself: all its items are kept.
 */
export type LookupList<Api, C> =
  | { list(api: Api, context: C): Promise<readonly LookupItem[]> }
  | { search(api: Api, term: string, context: C): Promise<readonly LookupItem[]> };

/**
 * Makes `lookUp` of a provider from its lists by name. It throws ProviderError `invalid` for another name.
 * @returns a function for `bindApi`
 */
export function makeLookUp<Api, C>(
  lists: Readonly<Record<string, LookupList<Api, C>>>,
): (api: Api, name: string, term: string, context: C) => Promise<LookupItem[]> {
  return async (api, name, term, context) => {
    const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
    if (!list) throw makeError('invalid', fillIn(texts.noLookup, { name }));
    const asked = term.replaceAll('\0', '').trim().slice(0, LONGEST_TERM);
    const matches = buildTermMatcher('search' in list ? '' : asked);
    const items = 'search' in list ? await list.search(api, asked, context) : await list.list(api, context);
    return items.filter(({ value, label, hint }) => matches([value, label, hint])).slice(0, MOST_ITEMS);
  };
}
