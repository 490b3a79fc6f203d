import { hmacSha256Hex } from '#platform';
import { connectHook, disconnectHook, type Hook, type HookCalls } from '#provider-kit';
import type { WhatsApp, WhatsAppMethod } from './whatsapp.api.js';
import { readNumbers } from './numbers.js';
import { findApp, isConfigured, type WhatsAppContext } from './whatsapp.settings.js';

/** In the connection's memory: whether the app had subscribed before, and the ids of the numbers. */
const KEPT = 'kept';
export const NUMBERS = 'numbers';

/** The token that Meta sends when it tries an address. It is derived each time, only from the API token. */
export function deriveVerifyToken(token: string, connectionId: string): string {
  return hmacSha256Hex(token, `whatsapp:${connectionId}`);
}

/**
 * Makes the app receive the business account's events, at this connection's address. An address of another
 * program at the same app is reported, and replaced when the account's user agrees.
 */
export const connectNumbers: WhatsAppMethod<'connect'> = async (api, request, context) => {
  if (!isConfigured(context.settings, api.operator)) return {};
  const memory = { ...context.memory };
  const { conflict } = await connectHook(buildCalls(api, memory), request, context);
  memory[NUMBERS] = (await readNumbers(api, context)).map(({ id }) => id).join(' ');
  return { memory, ...(conflict && { conflict }) };
};

/**
 * Takes the address back. The app stays subscribed if it was before.
 * @throws ProviderError when Meta is unavailable
 */
export const disconnectNumbers: WhatsAppMethod<'disconnect'> = async (api, context) => {
  if (isConfigured(context.settings, api.operator)) await disconnectHook(buildCalls(api, { ...context.memory }), context);
};

/** An app has one address for a business account, or none and gets the events at its own. */
function buildCalls(api: WhatsApp, memory: Record<string, string>): HookCalls<Hook, WhatsAppContext> {
  const app = ({ settings }: WhatsAppContext): string => findApp(settings, api.operator).id ?? '';
  const business = ({ settings }: WhatsAppContext): string => settings.business ?? '';
  const find = async (context: WhatsAppContext) => {
    const { data } = await api.listApps(context, { business: business(context) });
    return data.find((one) => one.whatsapp_business_api_data.id === app(context));
  };
  const create = async (url: string, context: WhatsAppContext): Promise<void> => {
    const at = { business: business(context) };
    // Meta accepts another address only from an app that is subscribed.
    if (await find(context)) memory[KEPT] ??= 'yes';
    else {
      memory[KEPT] = 'no';
      await api.subscribe(context, { ...at, json: {} });
    }
    const token = deriveVerifyToken(context.settings.token ?? '', context.connectionId);
    await api.subscribe(context, { ...at, json: { override_callback_uri: url, verify_token: token } });
  };
  return {
    hasOnePlace: true,
    async list(context) {
      const { override_callback_uri: url = '' } = (await find(context)) ?? {};
      return url === '' ? [] : [{ id: app(context), url }];
    },
    create,
    move: (_hook, url, context) => create(url, context),
    remove: (_hook, context) =>
      memory[KEPT] === 'yes'
        ? api.subscribe(context, { business: business(context), json: {} })
        : api.unsubscribe(context, { business: business(context) }),
  };
}
