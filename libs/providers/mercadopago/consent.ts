import { extendContext, makeApplication, maybe, type OAuthApplication, type OAuthServer, shape, truth } from '#provider-kit';
import type { MercadoPagoMethod } from './mercadopago.api.js';
import type { MercadoPagoEnvironment } from './mercadopago.environment.js';
import { MercadoPagoShop, type MercadoPagoSettings } from './mercadopago.settings.js';
import { readSeller } from './seller.js';

/** Tokens live for 180 days, and a refresh replaces both. */
const REFRESH_DAYS = 30;

const tokenReply = shape({ live_mode: maybe(truth) });

/** Returns the partner's application at Mercado Pago. Its rights are set there, and so is PKCE. */
export function makeMercadoPagoApplication({
  MERCADOPAGO_URL: url,
  MERCADOPAGO_CLIENT_ID: clientId,
  MERCADOPAGO_CLIENT_SECRET: clientSecret,
}: MercadoPagoEnvironment): OAuthApplication<MercadoPagoSettings> | undefined {
  const [page, api] = url === undefined ? ['https://auth.mercadopago.com', 'https://api.mercadopago.com'] : [url, url];
  const server: OAuthServer = {
    ...{ authorizeUrl: new URL('/authorization', page).href, parameters: { platform_id: 'mp' } },
    tokenUrl: new URL('/oauth/token', api).href,
    ...({ sendsRedirect: true, pkce: true, body: 'json', client: 'body', refreshDays: REFRESH_DAYS } as const),
  };
  return makeApplication(server, { clientId, clientSecret }, (settings, { id, name, isLive }) => {
    if (settings.shops.length > 0) return settings;
    const shop = Object.assign(new MercadoPagoShop(), { code: id, name: name.slice(0, 100), test: isLive === false });
    return { ...settings, shops: [shop] };
  });
}

/** Reads the seller who consented, and whether they are a test seller. */
export const identifyGrant: MercadoPagoMethod<'identifyGrant'> = async (api, reply, context) => {
  const shop = extendContext(context, { shop: new MercadoPagoShop() });
  const { id } = await api.me(shop);
  const { name, isTest } = await readSeller(api, shop);
  return { id: String(id), name, isLive: !isTest && tokenReply(reply).live_mode !== false };
};
