import { textFor } from '#platform';
import { isAuth, TEST_ACCOUNT, unlessError } from '#provider-kit';
import { type MercadoPagoMethod, openShops } from './mercadopago.api.js';
import { isTestToken } from './mercadopago.settings.js';
import { texts } from './mercadopago.texts.js';
import { COUNTRIES, readSeller, type Seller } from './seller.js';

const LONGEST_ACCOUNT = 200;

/**
 * Queries Mercado Pago for the owners of the active shops' tokens, each token once. Throws ProviderError when
 * Mercado Pago is unavailable. Tokens that it rejects are errors by path.
 */
export const checkTokens: MercadoPagoMethod<'check'> = async (api, settings, context) => {
  const { language } = context.account;
  const shops = settings.shops.map((shop, index) => ({ ...shop, path: `shops[${index}]` })).filter(({ active }) => active);
  if (shops.length === 0) return { warnings: { shops: textFor(texts.noShop, language) } };
  const opened = openShops(shops, context);
  const sellers = new Map(
    await Promise.all(
      opened.map(async (shop) => [shop.shop.accessToken, await unlessError(isAuth, readSeller(api, shop), () => undefined)] as const),
    ),
  );
  const hasLive = [...sellers.values()].some((seller) => seller?.isTest === false);
  const errors: Record<string, string> = {};
  const warnings: Record<string, string> = {};
  for (const { accessToken, webhookSecret, test, path } of shops) {
    const seller = sellers.get(accessToken);
    if (!seller) errors[`${path}.accessToken`] = textFor(accessToken === undefined ? texts.tokenMissing : texts.tokenRefused, language);
    else if (!COUNTRIES.has(seller.site)) warnings[`${path}.accessToken`] = textFor(texts.countryUnknown, language);
    else if (hasLive && seller.isTest) warnings[`${path}.accessToken`] = textFor(texts.testAmongLive, language);
    if (seller && test && !seller.isTest) errors[`${path}.test`] = textFor(texts.liveAccount, language);
    else if (seller?.isTest && !test && !isTestToken(accessToken))
      (accessToken === undefined ? errors : warnings)[`${path}.test`] = textFor(texts.sayTest, language);
    if (webhookSecret === undefined && accessToken !== undefined) warnings[`${path}.webhookSecret`] = textFor(texts.noSecret, language);
  }
  const names = [...sellers.values()].flatMap((seller) => (seller ? [describe(seller, textFor(TEST_ACCOUNT, language))] : []));
  return { ...(names.length > 0 && { account: [...new Set(names)].join('; ').slice(0, LONGEST_ACCOUNT) }), errors, warnings };
};

/** Name, country and currency: `TIENDA SUR, AR, ARS`. */
function describe({ name, site, isTest }: Seller, test: string): string {
  const { country = site, currency } = COUNTRIES.get(site) ?? {};
  return [name.replace(/\s+/g, ' ').trim(), country, currency, isTest ? test : undefined].filter(Boolean).join(', ');
}
