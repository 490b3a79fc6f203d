import { connectHook, disconnectHook, type Hook, type HookCalls } from '#provider-kit';
import type { Apiship, ApishipMethod } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';

interface ApishipHook extends Hook {
  type: string;
}

/** The only kind that ApiShip has. */
const TYPE = 'ORDER_STATUS';

/** Subscribes the connection to statuses of orders. Throws ProviderError. */
export const connect: ApishipMethod<'connect'> = (api, _request, context) => {
  return connectHook(toHookCalls(api), { replace: false }, context);
};

/** Removes the connection's subscriptions. Throws ProviderError. */
export const disconnect: ApishipMethod<'disconnect'> = (api, context) => {
  return disconnectHook(toHookCalls(api), context);
};

function toHookCalls(api: Apiship): HookCalls<ApishipHook, ApishipContext> {
  return {
    list: async (context) => (await api.subscriptions(context)).rows.map(({ uuid, url, type }) => ({ id: uuid, url, type })),
    create: (url, context) => api.subscribe(context, { json: { url, type: TYPE } }),
    remove: ({ id }, context) => api.unlessMissing(api.unsubscribe(context, { id })),
    isWanted: ({ type }) => type === TYPE,
  };
}
