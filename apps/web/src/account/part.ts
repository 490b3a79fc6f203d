import { ref, shallowRef, type Ref } from 'vue';
import { type Query, useQuery } from '../kit/index.js';
import { api, path, type Schemas } from './api.js';
import type { FormState } from './form/form-state.js';
import type { FieldSpec, Json } from './form/form-values.js';
import { type Settings, type SettingsReply, useSettings } from './form/settings.js';
import { draftCalls } from './session/draft-calls.js';
import { type FormDrafts, useDraft } from './session/use-draft.js';
import type { StartPart } from './start.js';

/** What a first step offers to try. */
export interface TrialCalls {
  start(): Promise<Schemas['TrialView']>;
  read(signal: AbortSignal): Promise<Schemas['TrialView']>;
}

/** A provider's part of the page. */
export interface Part extends StartPart {
  readonly settings: Settings;
  /** What is typed into its form and not saved. */
  readonly drafts: FormDrafts;
  /** What the account does first with it. */
  readonly steps: Query<readonly Schemas['FirstStepView'][] | undefined>;
  readonly trial: TrialCalls;
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
    readPresets: async () => (await api.GET('/{module}/account/api/presets', { params })).data!.items,
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
    if (!isLoaded.value) return undefined;
    return (await api.GET('/{module}/account/api/first-steps', { params, signal })).data!.steps;
  });
  const trial: TrialCalls = {
    start: async () => (await api.POST('/{module}/account/api/trial', { params })).data!,
    read: async (signal) => (await api.GET('/{module}/account/api/trial', { params, signal })).data!,
  };
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
  return { ...start, settings, drafts, steps, trial, isLoaded, error, load };
}

/** Whether there is anything to show of how the account is connected. */
export function hasConnection({ settings, steps, notices, webhookUrl }: Part): boolean {
  const { missing, service, serviceNotes } = settings;
  const { state = 'unset', check } = service.value ?? {};
  return (
    notices.length + serviceNotes.value.length > 0 ||
    missing.value !== undefined ||
    webhookUrl !== undefined ||
    check !== undefined ||
    !['unset', 'removed'].includes(state) ||
    hasConnectForm(settings) ||
    (steps.data.value ?? []).some(({ isDone }) => !isDone)
  );
}

/** Whether fields, or what is done with all of them, stand where the connection does. */
export function hasConnectForm({ form, presets, isEmpty, canCheck }: Settings): boolean {
  return isEmpty.value || canCheck || presets.value.length > 0 || form.entriesOf(isWhole(form) ? undefined : 'connect').length > 0;
}

/** Whether the fields are in no sections, and stand together where the connection does. */
export function isWhole({ sections }: FormState): boolean {
  return sections.value.every(({ code }) => code === 'general');
}
