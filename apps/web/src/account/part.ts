import { ref, shallowRef, type Ref } from 'vue';
import { type Query, useQuery } from '../kit/index.js';
import { api, path, type Schemas } from './api.js';
import type { FormState } from './form/form-state.js';
import type { FieldSpec, Json } from './form/form-values.js';
import { type Settings, type SettingsReply, useSettings } from './form/settings.js';
import { draftCalls } from './session/draft-calls.js';
import { type FormDrafts, useDraft } from './session/use-draft.js';
import type { StartPart } from './start.js';

/** A provider's part of the page. */
export interface Part extends StartPart {
  readonly settings: Settings;
  /** What is typed into its form and not saved. */
  readonly drafts: FormDrafts;
  /** What the account does first with it. */
  readonly steps: Query<readonly Schemas['FirstStepView'][]>;
  readonly isLoaded: Ref<boolean>;
  readonly error: Ref<Error | undefined>;
  load(): Promise<void>;
}

/**
 * Makes the part of a provider; called in the setup of the page. `changes` is renewed when the connection's
 * state may have changed.
 */
export function usePart(start: StartPart, changes: Ref<unknown>): Part {
  const query = start.provider === undefined ? {} : { provider: start.provider };
  const params = { path, query };
  const settings = useSettings({
    save: async (values) => {
      const { data } = await api.PUT('/{module}/account/api/settings', { params, body: values as Record<string, never> });
      const reply = data as SettingsReply;
      drafts.saved(reply.values as Json);
      return reply;
    },
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
  const drafts = useDraft(settings, draftCalls('settings', start.provider));
  const isLoaded = ref(false);
  const steps = useQuery(async (signal) => {
    // Asked for again when what they are judged by has changed.
    void [changes.value, settings.service.value, settings.form.loads.value];
    if (!isLoaded.value) return [];
    return (await api.GET('/{module}/account/api/first-steps', { params, signal })).data!.steps;
  });
  const error = shallowRef<Error>();
  const load = async (): Promise<void> => {
    error.value = undefined;
    try {
      const reply = (await api.GET('/{module}/account/api/settings', { params })).data as SettingsReply;
      settings.show(reply);
      await drafts.start(reply.schema.fields as readonly FieldSpec[], reply.values as Json);
      isLoaded.value = true;
    } catch (problem) {
      error.value = problem as Error;
    }
  };
  return { ...start, settings, drafts, steps, isLoaded, error, load };
}

/** Whether the fields are in no sections, and stand together where the connection does. */
export function isWhole({ sections }: FormState): boolean {
  return sections.value.every(({ code }) => code === 'general');
}
