import { connectHook, disconnectHook, type Hook, type HookCalls } from '#provider-kit';
import type { Cdek, CdekMethod } from './cdek.api.js';
import type { CdekContext } from './cdek.settings.js';

interface CdekHook extends Hook {
  type: string;
}

/** CDEK keeps so many subscriptions for a client. */
const MOST_SUBSCRIPTIONS = 2;
const TYPE = 'ORDER_STATUS';

/** Subscribes the connection to statuses of orders. Throws ProviderError. */
export const connect: CdekMethod<'connect'> = (api, request, context) => {
  return connectHook(toHookCalls(api), request, context);
};

/** Removes the connection's subscriptions. Throws ProviderError. */
export const disconnect: CdekMethod<'disconnect'> = (api, context) => {
  return disconnectHook(toHookCalls(api), context);
};

function toHookCalls(api: Cdek): HookCalls<CdekHook, CdekContext> {
  return {
    list: async (context) => (await api.subscriptions(context)).map(({ uuid, url, type }) => ({ id: uuid, url, type })),
    create: (url, context) => api.subscribe(context, { json: { url, type: TYPE } }),
    remove: ({ id }, context) => api.unlessMissing(api.unsubscribe(context, { id })),
    isWanted: ({ type }) => type === TYPE,
    most: MOST_SUBSCRIPTIONS,
  };
}
