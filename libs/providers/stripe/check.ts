import type Stripe from 'stripe';
import { textFor } from '#platform';
import { type CheckReport, ProviderError, TEST_ACCOUNT } from '#provider-kit';
import type { StripeAccount, StripeClient } from './stripe.client.js';
import { isTestKey, type StripeContext, type StripeSettings } from './stripe.settings.js';
import { texts } from './stripe.texts.js';

/**
 * Asks Stripe whose the keys of the active shops are; each key once. Throws ProviderError when Stripe is
 * away; keys that it refuses are errors by path.
 */
export async function checkKeys(client: StripeClient, settings: StripeSettings, context: StripeContext): Promise<CheckReport> {
  const shops = settings.shops.map((shop, index) => ({ ...shop, path: `shops[${index}].secretKey` })).filter(({ active }) => active);
  if (shops.length === 0) return { warnings: { shops: textFor(texts.noShop, context.account.language) } };
  const names = new Map<string, Promise<string | undefined>>();
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  const found = new Set<string>();
  const hasLive = shops.some(({ secretKey }) => !isTestKey(secretKey));
  for (const { code, secretKey } of shops)
    if (!names.has(secretKey)) names.set(secretKey, findName(client.openAccount(code, context), secretKey, context.account.language));
  const settled = new Map(await Promise.all([...names].map(async ([key, name]) => [key, await settle(name)] as const)));
  for (const { secretKey, path } of shops) {
    const name = settled.get(secretKey);
    if (name instanceof ProviderError) errors[path] = textFor(texts.keyRefused, context.account.language);
    else if (name !== undefined) found.add(name);
    if (hasLive && isTestKey(secretKey)) warnings[path] = textFor(texts.testAmongLive, context.account.language);
  }
  return { ...(found.size > 0 && { account: [...found].join('; ') }), errors, warnings };
}

/**
 * The account's name; undefined when the key may not read it. Then payments are read, which any key of a shop
 * may.
 */
async function findName(account: StripeAccount, key: string, language: string): Promise<string | undefined> {
  try {
    return describe(await account.read((stripe) => stripe.accounts.retrieveCurrent(), isAccount), key, language);
  } catch (error) {
    // The HTTP client does not tell a key without this right from a wrong one.
    if (!isRefusedKey(error) || !(await takesPayments(account))) throw error;
    return undefined;
  }
}

/** Whether the account's key is good for payments, whatever else it may not do. */
export async function takesPayments(account: StripeAccount): Promise<boolean> {
  try {
    await account.read(
      (stripe) => stripe.paymentIntents.list({ limit: 1 }),
      ({ data }) => Array.isArray(data),
    );
    return true;
  } catch (error) {
    if (!isRefusedKey(error)) throw error;
    return false;
  }
}

function describe({ id, business_profile: business, settings, country }: Stripe.Account, key: string, language: string): string {
  // Stripe has an empty name for accounts that were not named.
  const name = [settings?.dashboard.display_name, business?.name].find((one) => one) ?? id;
  return [name, country, isTestKey(key) ? textFor(TEST_ACCOUNT, language) : undefined].filter((part) => part).join(', ');
}

async function settle<T>(work: Promise<T>): Promise<T | ProviderError> {
  return work.catch((error: unknown) => {
    if (isRefusedKey(error)) return error;
    throw error;
  });
}

function isRefusedKey(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'auth';
}

function isAccount({ id }: Stripe.Account): boolean {
  return typeof id === 'string';
}
