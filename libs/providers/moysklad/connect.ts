import { connectHook, disconnectHook, type Hook, type HookCalls, isRefusal, say, unlessError } from '#provider-kit';
import { readAccount } from './check.js';
import { isForbidden, type Moysklad, type MoyskladMethod, type WireHook } from './moysklad.api.js';
import type { MoyskladContext } from './moysklad.settings.js';
import { texts } from './moysklad.texts.js';
import { makeSecretPath } from './webhook.js';

/** The events that a webhook is about. */
type About = Partial<Pick<WireHook, 'action' | 'entityType' | 'stockType' | 'reportType'>>;
type OwnHook = Hook & About;

const FAMILIES = ['webhookstock', 'webhook'] as const;
type Family = (typeof FAMILIES)[number];
const STOCK: About = { stockType: 'stock', reportType: 'bystore' };
/** Reserves change no physical stock, so orders are watched where reserves count. */
const ORDERS: readonly About[] = ['CREATE', 'UPDATE', 'DELETE'].map((action) => ({ action, entityType: 'customerorder' }));

/**
 * Subscribes the connection to changes of stock and, if reserves count, of orders. A webhook that MoySklad
 * has switched off is switched on again. Our webhooks with another address or token are moved, and other
 * programs' stay. Without the right to webhooks there are none, and changes are polled. Throws ProviderError.
 */
export const connect: MoyskladMethod<'connect'> = async (api, request, context) => {
  const { id: accountId } = await readAccount(api, context);
  const memory = { accountId };
  const wanted = { webhookstock: [STOCK], webhook: context.settings.figure === 'freeStock' ? ORDERS : [] };
  try {
    const conflict = [];
    for (const family of FAMILIES) {
      for (const about of wanted[family]) {
        const calls = toHookCalls(api, family, (hook) => isAbout(hook, about), about);
        conflict.push(...((await connectHook(calls, request, context)).conflict ?? []));
      }
      await disconnectHook(
        toHookCalls(api, family, (hook) => !wanted[family].some((about) => isAbout(hook, about))),
        context,
      );
    }
    return { memory, ...(conflict.length > 0 && { conflict }) };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { memory, warnings: { token: say(texts.maySee.hooks, context) } };
  }
};

/** Removes the connection's webhooks. Throws ProviderError. */
export const disconnect: MoyskladMethod<'disconnect'> = async (api, context) => {
  for (const family of FAMILIES) {
    // A user without the right has no webhooks.
    await unlessError(isForbidden, disconnectHook(toHookCalls(api, family), context), () => undefined);
  }
};

/** The calls about wanted webhooks of a family. Others are not listed, because they are never in the way. */
function toHookCalls(
  api: Moysklad,
  family: Family,
  isWanted: (hook: WireHook) => boolean = () => true,
  about: About = {},
): HookCalls<OwnHook, MoyskladContext> {
  const toHook = (hook: WireHook): OwnHook => ({ ...hook, isOff: hook.enabled === false });
  return {
    address: (context) => `${context.webhookUrl}/${makeSecretPath(context)}`,
    list: async (context) => (await api.hooks(context, { family })).rows.filter(isWanted).map(toHook),
    create: (url, context) => api.createHook(context, { family, json: { url, enabled: true, ...about } }),
    move: ({ id }, url, context) => api.updateHook(context, { family, id, json: { url, enabled: true } }),
    remove: ({ id }, context) => api.unlessMissing(api.deleteHook(context, { family, id })),
    isFull: (error) => isRefusal(error, 'full'),
  };
}

function isAbout(hook: WireHook, about: About): boolean {
  return Object.entries(about).every(([name, value]) => hook[name as keyof About] === value);
}
