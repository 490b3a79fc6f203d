import { extendContext, isAuth, makeApplication, type OAuthApplication, type OAuthServer, unlessError } from '#provider-kit';
import { randomUUID } from 'node:crypto';
import type { ShopContext, YookassaMethod } from './yookassa.api.js';
import type { YookassaEnvironment } from './yookassa.environment.js';
import { type YookassaContext, YookassaShop, type YookassaSettings } from './yookassa.settings.js';
import { texts } from './yookassa.texts.js';
import { EVENTS } from './webhook.js';

/**
 * Returns the partner's application at YooKassa. Its tokens live for years, and there are no refresh tokens.
 * Its rights, and the address that shops return to, are set at YooKassa.
 */
export function makeYookassaApplication({
  YOOKASSA_URL = 'https://yookassa.ru',
  YOOKASSA_CLIENT_ID: clientId,
  YOOKASSA_CLIENT_SECRET: clientSecret,
}: YookassaEnvironment): OAuthApplication<YookassaSettings> | undefined {
  const address = `${new URL(YOOKASSA_URL).origin}/oauth/v2`;
  const server: OAuthServer = {
    ...{ authorizeUrl: `${address}/authorize`, tokenUrl: `${address}/token`, revokeUrl: `${address}/revoke_token` },
    ...({ sendsRedirect: false, pkce: false, body: 'form', client: 'basic' } as const),
  };
  return makeApplication(server, { clientId, clientSecret }, (settings, { id, name }) => {
    if (settings.shops.length > 0) return settings;
    const shop = Object.assign(new YookassaShop(), { code: id, name });
    return { ...settings, shops: [shop], hasNotifications: true };
  });
}

/** Reads the shop that consented. */
export const identifyGrant: YookassaMethod<'identifyGrant'> = async (api, _reply, context) => {
  const { account_id: id = '', test } = await api.me(openGranted(context));
  return { id, name: `YooKassa ${id}`, ...(test !== undefined && { isLive: !test }) };
};

/** Sets the webhooks of a shop that consented. A shop with a key enters them by hand. */
export const connect: YookassaMethod<'connect'> = async (api, _request, context) => {
  const { settings, grant, webhookUrl } = context;
  const active = settings.shops.filter((shop) => shop.active);
  const isByHand = !settings.hasNotifications && active.some(({ secretKey }) => secretKey !== undefined);
  const manual = isByHand ? [{ address: webhookUrl, events: EVENTS, text: texts.enterWebhooks }] : [];
  if (!grant || active.every(({ secretKey }) => secretKey !== undefined)) return { manual };
  const shop = openGranted(context);
  const { items } = await api.webhooks(shop);
  for (const event of EVENTS) {
    const present = items.filter((hook) => hook.event === event);
    if (present.length === 1 && present[0]?.url === webhookUrl) continue;
    // The token is this connection's own, and so are all its webhooks.
    for (const { id } of present) await api.deleteWebhook(shop, { id });
    // A key of an earlier call would get that call's answer, about a webhook that is deleted.
    await api.createWebhook(shop, { key: randomUUID(), json: { event, url: webhookUrl } });
  }
  return { manual };
};

/** Deletes the webhooks of a shop that consented. They are gone if its token no longer works. */
export const disconnect: YookassaMethod<'disconnect'> = async (api, context) => {
  if (!context.grant) return;
  const shop = openGranted(context);
  const { items } = await unlessError(isAuth, api.webhooks(shop), () => ({ items: [] }));
  for (const { id } of items) await api.unlessMissing(api.deleteWebhook(shop, { id }));
};

/** The context of calls by the account's consent. */
function openGranted(context: YookassaContext): ShopContext {
  return extendContext(context, { shop: new YookassaShop() });
}
