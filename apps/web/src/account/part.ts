import { ref, shallowRef, type Ref } from 'vue';
import { api, path } from './api.js';
import { type Settings, type SettingsReply, useSettings } from './form/settings.js';
import type { StartPart } from './start.js';

/** A provider's part of the page. */
export interface Part extends StartPart {
  readonly settings: Settings;
  readonly isLoaded: Ref<boolean>;
  readonly error: Ref<Error | undefined>;
  load(): Promise<void>;
}

/** Makes the part of a provider; called in the setup of the page. */
export function usePart(start: StartPart): Part {
  const query = start.provider === undefined ? {} : { provider: start.provider };
  const params = { path, query };
  const settings = useSettings({
    save: async (values) =>
      (await api.PUT('/{module}/account/api/settings', { params, body: values as Record<string, never> })).data as SettingsReply,
    ...(start.canCheck && {
      check: async (values = {}) =>
        (await api.POST('/{module}/account/api/check', { params, body: values as Record<string, never> })).data!,
    }),
    connect: async (replace) => (await api.POST('/{module}/account/api/connect', { params, body: { replace } })).data!,
    lookUp: async (name, term, signal) =>
      (
        await api.GET('/{module}/account/api/lookups/{name}', {
          params: { path: { ...path, name }, query: { ...query, term } },
          ...(signal && { signal }),
        })
      ).data!,
  });
  const isLoaded = ref(false);
  const error = shallowRef<Error>();
  const load = async (): Promise<void> => {
    error.value = undefined;
    try {
      settings.show((await api.GET('/{module}/account/api/settings', { params })).data as SettingsReply);
      isLoaded.value = true;
    } catch (problem) {
      error.value = problem as Error;
    }
  };
  return { ...start, settings, isLoaded, error, load };
}
