import { ref, shallowRef, type Ref } from 'vue';
import { type Query, useQuery } from '../kit/index.js';
import { api, path, type Schemas } from './api.js';
import type { FormState } from './form/form-state.js';
import type { Json } from './form/form-values.js';
import { type Settings, type SettingsReply, useSettings } from './form/settings.js';
import { draftCalls } from './session/draft-calls.js';
import { type FormDrafts, useDraft } from './session/use-draft.js';
import type { StartPart } from './start.js';

/** Calls of the trial that a first step offers. */
export interface TrialCalls {
  start(): Promise<Schemas['TrialView']>;
  read(signal: AbortSignal): Promise<Schemas['TrialView']>;
}

/** Calls of the account's consent at the service. */
export interface ConsentCalls {
  read(signal: AbortSignal): Promise<Schemas['ConsentView']>;
  start(): Promise<Schemas['ConsentStart']>;
  follow(id: string, signal: AbortSignal): Promise<Schemas['ConsentProgress']>;
  choose(id: string, accept: boolean): Promise<Schemas['ConsentView']>;
}

/** A provider's section of the page. */
export interface Part extends StartPart {
  readonly settings: Settings;
  /** Unsaved changes of its form. */
  readonly drafts: FormDrafts;
  /** The first steps of the account with this provider. */
  readonly steps: Query<readonly Schemas['FirstStepView'][] | undefined>;
  readonly trial: TrialCalls;
  readonly consent: ConsentCalls;
  readonly isLoaded: Ref<boolean>;
  readonly error: Ref<Error | undefined>;
  load(): Promise<void>;
}

/**
 * Creates the part of a provider. Must be called in the setup of the page. `changes` changes its value when
 * the connection's state may have changed.
 */
export function usePart(start: StartPart, changes: Ref<unknown>): Part {
  const query = start.provider === undefined ? {} : { provider: start.provider };
  const params = { path, query };
  const error = shallowRef<Error>();
  const read = async (): Promise<SettingsReply> =>
    (await api.GET('/{module}/account/api/settings', { params: { path, query: { ...query, brief: true } } })).data as SettingsReply;
  const settings = useSettings({
    read,
    save: async (values, version) => {
      const body = values as Record<string, never>;
      const { data } = await api.PUT('/{module}/account/api/settings', { params: { path, query: { ...query, version } }, body });
      drafts.saved();
      return data as SettingsReply;
    },
    ...(start.canCheck && {
      check: async (values = {}, version) => {
        const body = values as Record<string, never>;
        return (await api.POST('/{module}/account/api/check', { params: { path, query: { ...query, version } }, body })).data!;
      },
    }),
    connect: async (replace) => (await api.POST('/{module}/account/api/connect', { params, body: { replace } })).data!,
    readRows: async (list, version) => {
      const { data } = await api.GET('/{module}/account/api/settings/{list}', {
        params: { path: { ...path, list }, query: { ...query, version } },
      });
      return data!.rows as Json[];
    },
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
    // Loads the steps again when their inputs have changed.
    void [changes.value, settings.service.value, settings.form.loads.value];
    if (!isLoaded.value) return undefined;
    return (await api.GET('/{module}/account/api/first-steps', { params, signal })).data!.steps;
  });
  const trial: TrialCalls = {
    start: async () => (await api.POST('/{module}/account/api/trial', { params })).data!,
    read: async (signal) => (await api.GET('/{module}/account/api/trial', { params, signal })).data!,
  };
  const consent: ConsentCalls = {
    read: async (signal) => (await api.GET('/{module}/account/api/consent', { params, signal })).data!,
    start: async () => (await api.POST('/{module}/account/api/consent', { params })).data!,
    follow: async (id, signal) =>
      (await api.GET('/{module}/account/api/consent/{id}', { params: { path: { ...path, id }, query }, signal })).data!,
    choose: async (id, accept) =>
      (await api.POST('/{module}/account/api/consent/{id}', { params: { path: { ...path, id }, query }, body: { accept } })).data!,
  };
  const load = async (): Promise<void> => {
    error.value = undefined;
    try {
      await settings.show(await read());
      await drafts.start();
      isLoaded.value = true;
    } catch (problem) {
      error.value = problem as Error;
    }
  };
  return { ...start, settings, drafts, steps, trial, consent, isLoaded, error, load };
}

/** Whether the connection has anything to show: settings, steps, notices or a webhook address. */
export function hasConnection({ settings, steps, notices, webhookUrl, canConsent }: Part): boolean {
  const { missing, service, serviceNotes } = settings;
  const { state = 'unset', check } = service.value ?? {};
  return (
    notices.length + serviceNotes.value.length > 0 ||
    missing.value !== undefined ||
    webhookUrl !== undefined ||
    canConsent ||
    check !== undefined ||
    !['unset', 'removed'].includes(state) ||
    hasConnectForm(settings) ||
    (steps.data.value ?? []).some(({ isDone }) => !isDone)
  );
}

/** Whether fields, or actions for all fields, are shown with the connection. */
export function hasConnectForm({ form, presets, isEmpty, canCheck }: Settings): boolean {
  return isEmpty.value || canCheck || presets.value.length > 0 || form.entriesOf(isWhole(form) ? undefined : 'connect').length > 0;
}

/** Whether the form has no sections, so that all fields are shown with the connection. */
export function isWhole({ sections }: FormState): boolean {
  return sections.value.every(({ code }) => code === 'general');
}
