import { openShop } from '#payment/port';
import { type LocalText, textFor } from '#platform';
import { isAuth, isRefusal, TEST_ACCOUNT, unlessError } from '#provider-kit';
import type { ShopContext, WireAccount, Yookassa, YookassaMethod } from './yookassa.api.js';
import { isTestKey, type YookassaShop } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';

const SBP = 'sbp';
const MOST_NAMED = 8;

/**
 * Queries YooKassa for the active shops' accounts, and compares them with the settings. Throws ProviderError
 * when YooKassa is unavailable. Keys that it rejects are errors by path.
 */
export const checkShops: YookassaMethod<'check'> = async (api, settings, context) => {
  const say = (text: LocalText): string => textFor(text, context.account.language);
  const shops = settings.shops.map((shop, index) => ({ shop, path: `shops[${index}]` })).filter(({ shop }) => shop.active);
  if (shops.length === 0) return { warnings: { shops: say(texts.noShop) } };
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = settings.hasNotifications ? {} : { hasNotifications: say(texts.noNotifications) };
  const names = new Set<string>();
  const hasLive = shops.some(({ shop }) => !isTestKey(shop.secretKey));
  const answers = await Promise.all(
    shops.map(({ shop }) => unlessError(isAuth, readAccount(api, openShop(shop.code, context)), () => undefined)),
  );
  for (const [index, { shop, path }] of shops.entries()) {
    const answer = answers[index];
    if (!answer) {
      errors[`${path}.secretKey`] = say(shop.secretKey === undefined ? texts.keyMissing : texts.keyRefused);
      continue;
    }
    names.add(describeAccount(shop, answer, say(TEST_ACCOUNT)));
    for (const [field, text] of compare(shop, answer)) warnings[`${path}.${field}`] = say(text);
    if (hasLive && isTestKey(shop.secretKey)) warnings[`${path}.secretKey`] = say(texts.testAmongLive);
  }
  return { ...(names.size > 0 && { account: [...names].slice(0, MOST_NAMED).join('; ') }), errors, warnings };
};

/** Lists the settings that do not match YooKassa's data about the shop. */
function compare(shop: YookassaShop, { fiscalization, payment_methods: methods }: WireAccount): [field: string, text: LocalText][] {
  const found: [string, LocalText][] = [];
  if (shop.capture === 'manual' && shop.method === SBP) found.push(['method', texts.sbpHasNoHold]);
  else if (shop.capture === 'manual' && methods?.includes(SBP)) found.push(['capture', texts.sbpIsLost]);
  if (shop.method !== undefined && methods && !methods.includes(shop.method)) found.push(['method', texts.methodIsOff]);
  if (fiscalization?.enabled === true && shop.receipts === 'none') found.push(['receipts', texts.receiptsAreOn]);
  if (fiscalization?.enabled === false && shop.receipts !== 'none') found.push(['receipts', texts.receiptsAreOff]);
  return found;
}

function describeAccount({ shopId = '' }: YookassaShop, { account_id: id = shopId, test }: WireAccount, testWord: string): string {
  return `YooKassa ${id}${test === true ? `, ${testWord}` : ''}`;
}

/**
 * Reads the shop's settings. Empty if this key may not read them: then a list of payments tests the key.
 * Throws ProviderError `auth` for a key that is rejected there too.
 */
export function readAccount(api: Yookassa, context: ShopContext): Promise<WireAccount> {
  const isRefused = (error: unknown): boolean => isRefusal(error) || isAuth(error);
  return unlessError(isRefused, api.me(context), () => api.anyPayments(context, { query: { limit: 1 } }).then(() => ({})));
}
