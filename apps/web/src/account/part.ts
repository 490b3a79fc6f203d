import { ref, shallowRef, type Ref } from 'vue';
import { type Query, useQuery } from '../kit/index.js';
import { api, ApiError, path, type Schemas } from './api.js';
import type { FormState } from './form/form-state.js';
import type { Values } from './form/form-changes.js';
import { isPlaceholder, type Json } from './form/form-values.js';
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
  /** Said when somebody else has saved other settings than those that are shown. */
  readonly outdated: Ref<Error | undefined>;
  load(): Promise<void>;
  /** Loads what is stored by now, with what was changed here in it. */
  catchUp(): Promise<void>;
}

/**
 * Makes the part of a provider; called in the setup of the page. `changes` is renewed when the connection's
 * state may have changed.
 */
export function usePart(start: StartPart, changes: Ref<unknown>): Part {
  const query = start.provider === undefined ? {} : { provider: start.provider };
  const params = { path, query };
  const error = shallowRef<Error>();
  const outdated = shallowRef<Error>();
  let version = '';
  const read = async (): Promise<SettingsReply> =>
    (await api.GET('/{module}/account/api/settings', { params: { path, query: { ...query, brief: true } } })).data as SettingsReply;
  const readRows = async (list: string, of = version): Promise<Json[]> => {
    const { data } = await api.GET('/{module}/account/api/settings/{list}', {
      params: { path: { ...path, list }, query: { ...query, version: of } },
    });
    return data!.rows as Json[];
  };
  /** Notes that others were saved than those that the page was told of. */
  const noteVersion = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) outdated.value = problem;
      throw problem;
    }
  };
  const settings = useSettings({
    save: async (values) => {
      const body = values as Record<string, never>;
      const call = api.PUT('/{module}/account/api/settings', { params: { path, query: { ...query, version } }, body });
      const reply = (await noteVersion(call)).data as SettingsReply;
      drafts.saved();
      version = reply.version ?? '';
      return reply;
    },
    ...(start.canCheck && {
      check: async (values = {}) => {
        const body = values as Record<string, never>;
        return (await noteVersion(api.POST('/{module}/account/api/check', { params: { path, query: { ...query, version } }, body }))).data!;
      },
    }),
    connect: async (replace) => (await api.POST('/{module}/account/api/connect', { params, body: { replace } })).data!,
    readRows: (list) => noteVersion(readRows(list)),
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
  const load = async (): Promise<void> => {
    error.value = undefined;
    try {
      const reply = await read();
      version = reply.version ?? '';
      await settings.show(reply);
      await drafts.start();
      isLoaded.value = true;
    } catch (problem) {
      error.value = problem as Error;
    }
  };
  const catchUp = async (): Promise<void> => {
    const reply = await read();
    const values = { ...(reply.values as Values) };
    // What was changed here is put into rows that are stored, and so they have to be here.
    for (const list of settings.form.listChanged()) if (isPlaceholder(values[list])) values[list] = await readRows(list, reply.version);
    version = reply.version ?? '';
    await settings.show({ ...reply, values }, true);
    outdated.value = undefined;
    settings.say('');
  };
  return { ...start, settings, drafts, steps, trial, isLoaded, error, outdated, load, catchUp };
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
