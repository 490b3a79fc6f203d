import { askAccount } from '../control.js';
import type { ConnectedView } from '../control-types.js';
import { type Action, useAction } from '../use-action.js';

/** Connects a module by its code and URL. Without a secret, the deployment's own secret is used. */
export function useConnect(): Action<[code: string, moduleUrl: string, secret: string], ConnectedView> {
  return useAction((code, moduleUrl, secret) =>
    askAccount<ConnectedView>(`/modules/${encodeURIComponent(code)}/connect`, {
      method: 'POST',
      body: { moduleUrl, ...(secret && { secret }) },
    }),
  );
}
