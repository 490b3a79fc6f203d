import { METHODS } from '#crm-client/wire';
import type { Handlers } from '../engine/call.js';
import { asList } from '../json.js';

/** Every permission that some method of the contract asks for. */
export const ALL_SCOPES: readonly string[] = [...new Set(METHODS.map((method) => method.scope).filter((scope) => scope !== null))].sort();

/** `api-versions`, `credentials`, `system-info`, `settings`, `features/check`, `statistic/update`. */
export function apiHandlers(): Handlers {
  return {
    'api.apiVersions': () => ({ versions: ['5.0', '4.0', '3.0'] }),

    'api.credentials': (call) => {
      const scopes = call.key.scopes.includes('*') ? [...ALL_SCOPES] : call.key.scopes;
      const allowed = METHODS.filter((method) => method.scope === null || scopes.includes(method.scope));
      return {
        credentials: [...new Set(allowed.map((method) => method.path.replace('/api/v5/', '/api/').replace(/\{\w+\}/g, '{externalId}')))],
        scopes,
        siteAccess: 'access_full',
        sitesAvailable: call.crm.rows('sites').map((site) => site['code'] ?? null),
      };
    },

    'api.systemInfo': (call) => ({ systemVersion: '8.60.0', publicUrl: call.crm.url, technicalUrl: call.crm.url }),

    'settings.get': (call) => ({ settings: call.crm.account.settings }),

    'features.check': (call) => ({ features: asList(call.input['features']).map((code) => ({ code, available: true })) }),

    'statistics.update': () => ({}),
  };
}
