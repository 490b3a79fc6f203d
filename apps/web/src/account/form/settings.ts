import { computed, type ComputedRef, type Ref, ref, shallowRef, watch } from 'vue';
import { ApiError, type Schemas } from '../../../api/client.js';
import { type LocalText, textIn, useLanguage, useTexts } from '../../kit/index.js';
import { FORM_TEXTS } from './form-texts.js';
import { type FormSchema, FormState } from './form-state.js';
import type { Values } from './form-changes.js';
import type { Problem } from './form-problems.js';
import { isPlaceholder, type Json } from './form-values.js';
import { Lookups } from './lookups.js';
import { keepReadable } from './own-words.js';
import {
  type CheckView,
  describeCheck,
  describeSaved,
  joinMessages,
  leaveReadable,
  leaveReadableCheck,
  type Line,
  type Messages,
  type ProviderSetupView,
} from './provider-setup.js';
import { SETUP_TEXTS } from './setup-texts.js';

/** Values to start from. They are loaded when they are needed. */
export interface Preset {
  readonly title: LocalText;
}

/** A form and its stored values, as the API returns them. */
export interface SettingsReply {
  readonly schema: FormSchema & { readonly presets?: readonly Preset[] };
  readonly values: unknown;
  readonly version?: string;
  readonly warnings?: Messages;
  readonly missing?: string;
  readonly service?: ProviderSetupView;
}

/**
 * Calls that store, check and support a form. Each throws `ApiError`: 409 if the stored values no longer have
 * this `version`.
 */
export interface SettingsCalls {
  /** Reads the stored values. */
  read?(): Promise<SettingsReply>;
  save?(values: Values, version: string): Promise<SettingsReply>;
  /** Checks values at the service. Without values, checks the stored ones. */
  check?(values: Values | undefined, version: string): Promise<Schemas['CheckOutcome']>;
  /** Sets the service up. `replace`: also replaces the setup of others there. */
  connect?(replace: boolean): Promise<ProviderSetupView>;
  /** Reads the rows of a list that was left out of the values. */
  readRows?(list: string, version: string): Promise<Json[]>;
  /** Reads the values of the form's presets, in their order. */
  readPresets?(): Promise<readonly { readonly values: unknown }[]>;
  lookUp?(name: string, term: string, signal?: AbortSignal): Promise<Schemas['LookupResult']>;
  /** The form is shown but cannot be changed. */
  readonly isReadOnly?: boolean;
  /** Message after a save. Default: the module is registered again. */
  readonly savedText?: string;
  /** Message when fields are marked. Default: nothing was saved. */
  readonly markedText?: string;
}

/** Settings that are shown as a form. */
export interface Settings {
  readonly form: FormState;
  readonly presets: Ref<readonly Preset[]>;
  /** Why these settings cannot be used yet. */
  readonly missing: Ref<string | undefined>;
  /** The setup at the service. */
  readonly service: Ref<ProviderSetupView | undefined>;
  /** Messages about the service that belong to no field. */
  readonly serviceNotes: Ref<readonly string[]>;
  /** The outcome of the last action. */
  readonly note: Ref<Line>;
  readonly busy: Ref<'saving' | 'checking' | undefined>;
  readonly canSave: boolean;
  readonly canCheck: boolean;
  readonly canConnect: boolean;
  readonly isEmpty: ComputedRef<boolean>;
  /** Set if another user has saved other values than the ones in the form. */
  readonly outdated: Ref<Error | undefined>;
  /** Loads the stored values and keeps this user's changes in them. */
  catchUp(): Promise<void>;
  /**
   * Shows a reply of the API. `keepsTyped`: keeps the user's changes in it. Returns whether any
   * field is marked.
   */
  show(reply: SettingsReply, keepsTyped?: boolean): Promise<boolean>;
  /** Shows an error at the fields that it belongs to, and the rest as a message. */
  refuse(error: unknown): Promise<void>;
  /** Fills in the preset with this index. */
  startFrom(index: number): Promise<void>;
  save(): Promise<boolean>;
  check(): Promise<void>;
  connect(replace: boolean): Promise<void>;
  say(text: string, tone?: Line['tone']): void;
}

/** Creates settings that are shown as a form. Must be called in the setup of a component. */
export function useSettings(calls: SettingsCalls): Settings {
  const [sayForm, saySetup, language] = [useTexts(FORM_TEXTS), useTexts(SETUP_TEXTS), useLanguage()];
  const lookups = new Lookups(async (name, term, signal) => {
    try {
      return await calls.lookUp?.(name, term, signal);
    } catch (error) {
      return signal?.aborted ? undefined : { reason: keepReadable((error as Error).message, language.value) ?? sayForm('typeIt') };
    }
  });
  const describe = ({ kind, limit = 0 }: Problem): string => sayForm(`problem.${kind}`, { n: limit });
  let version = '';
  const outdated = shallowRef<Error>();
  /** Detects values that another user saved after the form was loaded. */
  const noteVersion = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) outdated.value = problem;
      throw problem;
    }
  };
  const readRows = calls.readRows && ((list: string): Promise<Json[]> => noteVersion(calls.readRows!(list, version)));
  const form = new FormState(lookups, describe, language, calls.isReadOnly, readRows);
  const presets = shallowRef<readonly Preset[]>([]);
  const missing = ref<string>();
  const service = shallowRef<ProviderSetupView>();
  const serviceNotes = shallowRef<readonly string[]>([]);
  const note = ref<Line>({ text: '', tone: '' });
  const busy = ref<'saving' | 'checking'>();

  const say = (text: string, tone: Line['tone'] = ''): void => {
    note.value = { text, tone };
  };
  // Clears the success message when the form changes. `sync`: an action sets its message after its changes.
  watch(form.changes, () => note.value.tone === 'good' && say(''), { flush: 'sync' });

  /**
   * Shows a service's messages, or our own if they cannot be read in the page's language. A message about a
   * row needs the row. If the row cannot be loaded, the message is shown at its list.
   */
  const mark = async (messages: Messages, tone: 'bad' | 'warn'): Promise<string[]> => {
    await form.fetchLists(Object.keys(messages).map((at) => at.replace(/\W.*/, ''))).catch(() => undefined);
    const read = ([path, text]: [string, string]): [string, string] => [
      path,
      keepReadable(text, language.value) ?? sayForm(tone === 'bad' ? 'problem.refused' : 'problem.doubted'),
    ];
    return form.mark(Object.fromEntries(Object.entries(messages).map(read)), tone);
  };

  const show = async (reply: SettingsReply, keepsTyped = false): Promise<boolean> => {
    version = reply.version ?? '';
    form[keepsTyped ? 'rebase' : 'load'](reply.schema, reply.values as Values);
    presets.value = reply.schema.presets ?? [];
    missing.value = reply.missing;
    service.value = reply.service && leaveReadable(reply.service, language.value);
    const errors = reply.service?.check?.errors ?? {};
    const warnings = joinMessages(reply.warnings, reply.service?.warnings, reply.service?.check?.warnings);
    serviceNotes.value = [...(await mark(errors, 'bad')), ...(await mark(warnings, 'warn'))];
    return Object.keys(warnings).length + Object.keys(errors).length > serviceNotes.value.length;
  };

  /** Message when fields are marked. After a check it does not mention saving. */
  const sayMarked = (kind: 'saving' | 'checking'): string =>
    kind === 'checking' ? sayForm('notChecked') : (calls.markedText ?? sayForm('check'));

  const refuse = async (error: unknown, kind: 'saving' | 'checking' = 'saving'): Promise<void> => {
    const errors = error instanceof ApiError ? error.errors : {};
    const elsewhere = await mark(errors, 'bad');
    const isMarked = Object.keys(errors).length > elsewhere.length;
    say((isMarked ? [sayMarked(kind), ...elsewhere] : [...new Set([(error as Error).message, ...elsewhere])]).join('\n'), 'bad');
    await form.revealFirst();
  };

  /** Runs one action at a time, and none while the form is incomplete. */
  const act = async (kind: 'saving' | 'checking', done: () => Promise<void>): Promise<boolean> => {
    if (busy.value) return false;
    if (!form.validate()) {
      say(sayMarked(kind), 'bad');
      await form.revealFirst();
      return false;
    }
    busy.value = kind;
    say('');
    try {
      await done();
      return true;
    } catch (error) {
      busy.value = undefined;
      await refuse(error, kind);
      return false;
    } finally {
      busy.value = undefined;
    }
  };

  const save = (): Promise<boolean> =>
    act('saving', async () => {
      if (!calls.save) return;
      const reply = await noteVersion(calls.save(form.read(), version));
      lookups.forget();
      const isMarked = await show(reply);
      const line = describeSaved(service.value ?? {}, isMarked ? form.listMarked() : undefined, saySetup);
      say(calls.savedText && line.tone === 'good' ? calls.savedText : line.text, line.tone);
      busy.value = undefined;
      if (line.tone === 'bad') await form.revealFirst();
    });

  const check = async (): Promise<void> => {
    await act('checking', async () => {
      const isSaved = !form.isDirty.value;
      if (!calls.check) return;
      const answer = await noteVersion(calls.check(isSaved ? undefined : form.read(), version));
      const found: CheckView = leaveReadableCheck(answer, language.value);
      const elsewhere = [...(await mark(found.errors ?? {}, 'bad')), ...(await mark(found.warnings ?? {}, 'warn'))];
      const line = describeCheck(found, saySetup, isSaved);
      say([line.text, ...elsewhere].join('\n'), line.tone);
      if (service.value) service.value = replaceCheck(service.value, found, isSaved);
      busy.value = undefined;
      await form.revealFirst();
    });
  };

  const catchUp = async (): Promise<void> => {
    const reply = await calls.read?.();
    if (!reply) return;
    const values = { ...(reply.values as Values) };
    // The changes are applied to stored rows, so these rows must be loaded.
    for (const list of form.listChanged())
      if (calls.readRows && isPlaceholder(values[list])) values[list] = await calls.readRows(list, reply.version ?? '');
    await show({ ...reply, values }, true);
    outdated.value = undefined;
    say('');
  };

  const startFrom = async (index: number): Promise<void> => {
    try {
      const [preset, found] = [presets.value[index], (await calls.readPresets?.())?.[index]];
      if (!preset || !found) return;
      form.fill(found.values as Values);
      say(sayForm('filledIn', { name: textIn(preset.title, language.value) }), 'good');
    } catch (error) {
      say((error as Error).message, 'bad');
    }
  };

  const connect = async (replace: boolean): Promise<void> => {
    try {
      const view = await calls.connect?.(replace);
      service.value = view && leaveReadable(view, language.value);
      say('');
    } catch (error) {
      say((error as Error).message, 'bad');
    }
  };

  return {
    ...{ form, presets, missing, service, serviceNotes, note, busy, outdated, show, refuse, catchUp, startFrom, save, check, connect, say },
    canSave: calls.save !== undefined,
    canCheck: calls.check !== undefined,
    canConnect: calls.connect !== undefined,
    isEmpty: computed(() => form.root.entries.length === 0),
  };
}

/** Values that are not stored yet, and pass the check, remove the problems found in the stored values. */
function replaceCheck({ check, ...rest }: ProviderSetupView, found: CheckView, isSaved: boolean): ProviderSetupView {
  if (isSaved) return { ...rest, check: found };
  return found.state === 'ok' && check?.state === 'errors' ? rest : { ...rest, ...(check && { check }) };
}
