import { type Ref, shallowRef } from 'vue';
import { useTexts } from '../../kit/index.js';
import { api, path, type Schemas } from '../api.js';
import type { FormSchema } from '../form/form-state.js';
import { FORM_TEXTS } from '../form/form-texts.js';
import type { Json } from '../form/form-values.js';
import { type Settings, type SettingsCalls, type SettingsReply, useSettings } from '../form/settings.js';
import { draftCalls } from '../session/draft-calls.js';
import { type FormDrafts, useDraft } from '../session/use-draft.js';

/** The rules of this page. */
export interface Rules {
  readonly settings: Settings;
  readonly drafts: FormDrafts;
  /** Fields of the sample order. Missing until the rules are loaded. */
  readonly sample: Ref<FormSchema | undefined>;
  readonly error: Ref<Error | undefined>;
  /** Loads the rules unless they are loaded already, so that unsaved changes stay. */
  load(): Promise<void>;
  readonly lookUp: NonNullable<SettingsCalls['lookUp']>;
  preview(request: Record<string, Json>): Promise<Schemas['RulesPreview']>;
}

/** Creates a provider's rules, which outlive their section. Must be called in the setup of the page. */
export function useRules(provider: string | undefined): Rules {
  const say = useTexts(FORM_TEXTS);
  const query = provider === undefined ? {} : { provider };
  const lookUp: Rules['lookUp'] = async (name, term, signal) => {
    const params = { path: { ...path, name }, query: { ...query, term } };
    return (await api.GET('/{module}/account/api/lookups/{name}', { params, ...(signal && { signal }) })).data!;
  };
  const read = async (): Promise<SettingsReply & { sample: FormSchema }> =>
    (await api.GET('/{module}/account/api/rules', { params: { path } })).data as SettingsReply & { sample: FormSchema };
  const settings = useSettings({
    read,
    save: async (values, version) => {
      const body = values as Record<string, never>;
      const { data } = await api.PUT('/{module}/account/api/rules', { params: { path, query: { version } }, body });
      const reply = data as SettingsReply;
      drafts.saved();
      return reply;
    },
    lookUp,
    savedText: say('rulesSaved'),
  });
  const drafts = useDraft(settings, draftCalls('rules', provider));
  const sample = shallowRef<FormSchema>();
  const error = shallowRef<Error>();
  let loading: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    error.value = undefined;
    try {
      const reply = await read();
      await settings.show(reply);
      sample.value = reply.sample;
      await drafts.start();
    } catch (problem) {
      error.value = problem as Error;
      loading = undefined;
    }
  };
  const load = (): Promise<void> => (loading ??= ask());
  const preview: Rules['preview'] = async (body) =>
    (await api.POST('/{module}/account/api/rules/preview', { params: { path }, body: body as Record<string, never> })).data!;
  return { settings, drafts, sample, error, load, lookUp, preview };
}
