import { openShop } from '#payment/port';
import { findText, textFor } from '#platform';
import { isAuth, type LookupItem, makeLookUp, unlessError } from '#provider-kit';
import { readAccount } from './check.js';
import type { Yookassa } from './yookassa.api.js';
import { LOOKUP, UNUSABLE_METHODS, type YookassaContext } from './yookassa.settings.js';
import { METHODS, texts } from './yookassa.texts.js';

/** Finds values for the settings page. */
export const lookUp = makeLookUp<Yookassa, YookassaContext>({ [LOOKUP.methods]: { list: listMethods } });

async function listMethods(api: Yookassa, context: YookassaContext): Promise<LookupItem[]> {
  const { language } = context.account;
  const enabled = await listEnabled(api, context);
  const codes = [...new Set([...enabled, ...Object.keys(METHODS)])].filter((code) => !UNUSABLE_METHODS.has(code));
  return codes.map((value) => {
    const title = findText(METHODS, value);
    const isOff = enabled.size > 0 && !enabled.has(value);
    return { value, label: title ? textFor(title, language) : value, ...(isOff && { hint: textFor(texts.methodIsOff, language) }) };
  });
}

/** Ways to pay that the active shops have at YooKassa. Empty when YooKassa does not return them. */
async function listEnabled(api: Yookassa, context: YookassaContext): Promise<Set<string>> {
  const shops = context.settings.shops.filter(({ active }) => active).map(({ code }) => openShop(code, context));
  const answers = await Promise.all(shops.map((shop) => unlessError(isAuth, readAccount(api, shop), () => undefined)));
  return new Set(answers.flatMap((answer) => answer?.payment_methods ?? []));
}
