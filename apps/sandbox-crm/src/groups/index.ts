import { METHODS } from '#crm-client/wire';
import { ApiError } from '../engine/api-error.js';
import type { CompleteHandlers, Handler, Handlers } from '../engine/call.js';
import type { Sandbox } from '../sandbox.js';
import { apiHandlers } from './api.group.js';
import { deliveryHandlers } from './delivery.group.js';
import { integrationHandlers } from './integration.group.js';
import { orderHandlers } from './orders.group.js';

/** TEMPORARY */
export function allHandlers(sandbox: Sandbox): CompleteHandlers {
  const none: Handler = () => {
    throw new ApiError(501, 'not yet');
  };
  const base = Object.fromEntries(METHODS.map((method) => [method.key, none])) as unknown as CompleteHandlers;
  const parts: Handlers = { ...apiHandlers(), ...integrationHandlers(sandbox), ...deliveryHandlers(), ...orderHandlers() };
  return { ...base, ...parts } as CompleteHandlers;
}
