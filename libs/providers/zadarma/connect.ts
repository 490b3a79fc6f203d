import { connectHook, disconnectHook, type Hook, type HookCalls } from '#provider-kit';
import { readOffset } from './account-clock.js';
import { describeTrouble } from './trouble.js';
import { NOTIFICATIONS, type Zadarma, type ZadarmaMethod } from './zadarma.api.js';
import { isConfigured, type ZadarmaContext } from './zadarma.settings.js';

/**
 * Has notices of calls sent here, and remembers the facts that are needed to read them: by how much the
 * account's clock is ahead of UTC, and the PBX's extensions. Warns of calls that a lack of money or a limit
 * stopped. Throws ProviderError.
 */
export const connect: ZadarmaMethod<'connect'> = async (api, request, context) => {
  if (!isConfigured(context.settings)) return {};
  const calls = buildHookCalls(api);
  const hooks = await calls.list(context);
  const offset = await readOffset(api, context);
  const { numbers = [] } = await api.pbx(context);
  const trouble = await describeTrouble(context);
  return {
    memory: { offset: String(offset), extensions: numbers.join(',') },
    ...(trouble !== undefined && { warnings: { '': trouble } }),
    ...(await connectHook({ ...calls, list: () => Promise.resolve(hooks) }, request, context)),
  };
};

/** Has notices sent nowhere, if they come here. Throws ProviderError. */
export const disconnect: ZadarmaMethod<'disconnect'> = async (api, context) => {
  if (isConfigured(context.settings)) await disconnectHook(buildHookCalls(api), context);
};

/** Whether all notices of calls are switched on. */
export function isComplete(notifications: Awaited<ReturnType<Zadarma['callinfo']>>['notifications']): boolean {
  return NOTIFICATIONS.every((name) => notifications?.[name] === true);
}

function buildHookCalls(api: Zadarma): HookCalls<Hook, ZadarmaContext> {
  const switchOn = (context: ZadarmaContext): Promise<void> =>
    api.setNotifications(context, { form: Object.fromEntries(NOTIFICATIONS.map((name) => [name, true])) });
  return {
    hasOnePlace: true,
    async list(context) {
      const { url = '', notifications } = await api.callinfo(context);
      return url === '' ? [] : [{ id: url, url, isOff: !isComplete(notifications) }];
    },
    async create(url, context) {
      await api.setUrl(context, { form: { url } });
      await switchOn(context);
    },
    async move(hook, url, context) {
      if (hook.url !== url) await api.setUrl(context, { form: { url } });
      if (hook.isOff) await switchOn(context);
    },
    remove: (_hook, context) => api.removeUrl(context),
  };
}
