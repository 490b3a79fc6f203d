import { openShop } from '#payment/port';
import { textFor } from '#platform';
import { type CheckReport, isAuth, TEST_ACCOUNT } from '#provider-kit';
import type { ShopContext, StripeApi, WireAccount } from './stripe.api.js';
import { isTestKey, type StripeContext, type StripeSettings } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/**
 * Reads the accounts of the active shops' keys, each key once. Throws ProviderError if Stripe is unavailable.
 * Keys that it refuses are errors by path.
 */
export async function checkKeys(api: StripeApi, settings: StripeSettings, context: StripeContext): Promise<CheckReport> {
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
}

/** The account's name. Empty if the key may only take payments, undefined if it is rejected. */
async function findName(api: StripeApi, shop: ShopContext): Promise<string | undefined> {
  try {
    return describe(await api.account(shop), shop);
  } catch (error) {
    // A key without this right is refused like a wrong one.
    if (!isAuth(error)) throw error;
    return (await takesPayments(api, shop)) ? '' : undefined;
  }
}

/** Whether the account's key is good for payments, whatever else it may not do. */
export async function takesPayments(api: StripeApi, shop: ShopContext): Promise<boolean> {
  try {
    await api.anyIntents(shop, { query: { limit: 1 } });
    return true;
  } catch (error) {
    if (!isAuth(error)) throw error;
    return false;
  }
}

function describe({ id, business_profile: business, settings, country }: WireAccount, { shop, account }: ShopContext): string {
  // Stripe has an empty name for unnamed accounts.
  const name = settings?.dashboard?.display_name || business?.name || id;
  return [name, country, isTestKey(shop.secretKey) && textFor(TEST_ACCOUNT, account.language)].filter(Boolean).join(', ');
}
