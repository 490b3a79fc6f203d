import { openShop } from '#payment/port';
import { findText, textFor } from '#platform';
import { buildTermMatcher, isAuth, type LookupItem, makeError } from '#provider-kit';
import { readAccount } from './account.js';
import type { Yookassa } from './yookassa.api.js';
import { LOOKUP, UNUSABLE_METHODS, type YookassaContext } from './yookassa.settings.js';
import { METHODS, texts } from './yookassa.texts.js';

const MOST_ITEMS = 50;

/** Finds values for the settings page. Throws ProviderError, `invalid` for a name that is not in LOOKUP. */
export async function lookUp(api: Yookassa, name: string, term: string, context: YookassaContext): Promise<LookupItem[]> {
  if (name !== LOOKUP.methods) throw makeError('invalid', texts.noLookup);
  const matches = buildTermMatcher(term);
  const { language } = context.account;
  const enabled = await listEnabled(api, context);
  const codes = new Set([...enabled, ...Object.keys(METHODS)]);
  return [...codes]
    .filter((value) => !UNUSABLE_METHODS.has(value))
    .map((value): LookupItem => {
      const title = findText(METHODS, value);
      const isOff = enabled.size > 0 && !enabled.has(value);
      return { value, label: title ? textFor(title, language) : value, ...(isOff && { hint: textFor(texts.methodIsOff, language) }) };
    })
    .filter(({ value, label }) => matches([value, label]))
    .slice(0, MOST_ITEMS);
}

/** Ways to pay that the active shops have at YooKassa. Empty when YooKassa does not return them. */
async function listEnabled(api: Yookassa, context: YookassaContext): Promise<Set<string>> {
  const shops = context.settings.shops.filter(({ active }) => active);
  const answers = await Promise.all(
    shops.map(({ code }) =>
      readAccount(api, openShop(code, context)).catch((error: unknown) => {
        if (isAuth(error)) return undefined;
        throw error;
      }),
    ),
  );
  return new Set(answers.flatMap((answer) => answer?.payment_methods ?? []));
}
