import { api, path } from '../api.js';
import type { Draft, DraftCalls } from './draft-keeper.js';
import type { DraftReading } from './use-draft.js';

/** Calls for the draft of a form on this page. `provider`: its owner, if the module has several providers. */
export function draftCalls(form: 'settings' | 'rules', provider?: string): DraftCalls & DraftReading {
  const params = { path, query: { form, ...(provider !== undefined && { provider }) } };
  return {
    find: async (brief) =>
      (await api.GET('/{module}/account/api/draft', { params: { ...params, query: { ...params.query, brief } } })).data?.draft as
        | Draft
        | undefined,
    keep: (values, isLeaving) =>
      api.PUT('/{module}/account/api/draft', { params, body: values as Record<string, never>, keepalive: isLeaving }),
    remove: () => api.DELETE('/{module}/account/api/draft', { params }),
  };
}
