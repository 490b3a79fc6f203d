import { METHODS } from '#crm-client/wire';
import type { Handlers } from '../engine/call.js';
import { ApiError } from '../engine/api-error.js';
import { asList, asNumber } from '../json.js';
import { list } from './records.js';

/** Every scope that a method of the contract requires. */
export const ALL_SCOPES: readonly string[] = [...new Set(METHODS.map((method) => method.scope).filter((scope) => scope !== null))].sort();

/**
 * `api-versions`, `credentials`, `system-info`, `settings`, `features/check`, `statistic/update`, `segments`.
 */
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

    'statistics.update': (call) => {
      const last = call.crm.rows('statisticUpdates')[0] ?? call.crm.insert('statisticUpdates', { at: 0 });
      const now = call.crm.instant().getTime();
      if (now - (asNumber(last['at']) ?? 0) < 60_000) throw new ApiError(400, 'The statistics were updated less than 60 seconds ago');
      last['at'] = now;
      return {};
    },

    'segments.list': list({
      name: '~name',
      type: (row) => (row['isDynamic'] === true ? 'dynamic' : 'static'),
      dateFrom: 'createdAt',
      dateTo: 'createdAt',
    }),
  };
}
