import { openShop } from '#payment/port';
import { textFor } from '#platform';
import { isAuth, TEST_ACCOUNT, unlessError } from '#provider-kit';
import type { ShopContext, StripeApi, StripeMethod, WireAccount } from './stripe.api.js';
import { isTestKey } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/**
 * Reads the accounts of the active shops' keys, each key once. Throws ProviderError if Stripe is unavailable.
 * Keys that it refuses are errors by path.
 */
export const checkKeys: StripeMethod<'check'> = async (api, settings, context) => {
  const { language } = context.account;
  const shops = settings.shops.map((shop, index) => ({ ...shop, path: `shops[${index}].secretKey` })).filter(({ active }) => active);
  if (shops.length === 0) return { warnings: { shops: textFor(texts.noShop, language) } };
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  const hasLive = shops.some(({ secretKey }) => !isTestKey(secretKey));
  const byKey = new Map(shops.map(({ secretKey, code }) => [secretKey, code]));
  const names = new Map(
    await Promise.all([...byKey].map(async ([key, code]) => [key, await findName(api, openShop(code, context))] as const)),
  );
  for (const { secretKey, path } of shops) {
    if (names.get(secretKey) === undefined) errors[path] = textFor(texts.keyRefused, language);
    if (hasLive && isTestKey(secretKey)) warnings[path] = textFor(texts.testAmongLive, language);
  }
  const found = [...new Set(names.values())].filter(Boolean);
  return { ...(found.length > 0 && { account: found.join('; ') }), errors, warnings };
};

/** The account's name. Empty if the key may only take payments, undefined if it is rejected. */
function findName(api: StripeApi, shop: ShopContext): Promise<string | undefined> {
  const named = api.account(shop).then((account) => describe(account, shop));
  // A key without this right is refused like a wrong one.
  return unlessError(isAuth, named, async () => ((await takesPayments(api, shop)) ? '' : undefined));
}

/** Whether the account's key is good for payments, whatever else it may not do. */
export function takesPayments(api: StripeApi, shop: ShopContext): Promise<boolean> {
  const taken = api.anyIntents(shop, { query: { limit: 1 } }).then(() => true);
  return unlessError(isAuth, taken, () => false);
}

function describe({ id, business_profile: business, settings, country }: WireAccount, { shop, account }: ShopContext): string {
  // Stripe has an empty name for unnamed accounts.
  const name = settings?.dashboard?.display_name || business?.name || id;
  return [name, country, isTestKey(shop.secretKey) && textFor(TEST_ACCOUNT, account.language)].filter(Boolean).join(', ');
}
