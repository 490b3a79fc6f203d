import { computed, type ComputedRef, type Ref, ref, shallowRef, watch } from 'vue';
import { ApiError, type Schemas } from '../../../api/client.js';
import { type LocalText, textIn, useLanguage, useTexts } from '../../kit/index.js';
import { FORM_TEXTS } from './form-texts.js';
import { type FormSchema, FormState } from './form-state.js';
import type { Values } from './form-changes.js';
import type { Json, Problem } from './form-values.js';
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
  type ServiceView,
} from './service-state.js';
import { SERVICE_TEXTS } from './service-texts.js';

/** Values to start from, which are read once they are wanted. */
export interface Preset {
  readonly title: LocalText;
}

/** A form and its stored values, as an operation of the API answers. */
export interface SettingsReply {
  readonly schema: FormSchema & { readonly presets?: readonly Preset[] };
  readonly values: unknown;
  /** Of values without long lists: what they are called. */
  readonly version?: string;
  readonly warnings?: Messages;
  readonly missing?: string;
  readonly service?: ServiceView;
}

/** How a form is stored, tried and helped; each throws ApiError. */
export interface SettingsCalls {
  save?(values: Values): Promise<SettingsReply>;
  /** Tries values at the service; without them the stored ones. */
  check?(values?: Values): Promise<Schemas['CheckOutcome']>;
  /** Sets up at the service, and in place of what others set up there. */
  connect?(replace: boolean): Promise<ServiceView>;
  /** Reads the rows of a list that was left out of the values. */
  readRows?(list: string): Promise<Json[]>;
  /** Reads the values of the form's presets, in their order. */
  readPresets?(): Promise<readonly { readonly values: unknown }[]>;
  lookUp?(name: string, term: string, signal?: AbortSignal): Promise<Schemas['LookupResult']>;
  /** The form is shown, and cannot be changed. */
  readonly isReadOnly?: boolean;
  /** What is said once it is saved; default: that the module is registered again. */
  readonly savedText?: string;
  /** What is said once fields are marked; default: that nothing was saved. */
  readonly markedText?: string;
}

/** Settings that are shown as a form. */
export interface Settings {
  readonly form: FormState;
  readonly presets: Ref<readonly Preset[]>;
  /** What cannot be done yet with these settings. */
  readonly missing: Ref<string | undefined>;
  /** What stands at the service. */
  readonly service: Ref<ServiceView | undefined>;
  /** What is to be said of the service, and has no field. */
  readonly serviceNotes: Ref<readonly string[]>;
  /** How the last act went. */
  readonly note: Ref<Line>;
  readonly busy: Ref<'saving' | 'checking' | undefined>;
  readonly canSave: boolean;
  readonly canCheck: boolean;
  readonly canConnect: boolean;
  readonly isEmpty: ComputedRef<boolean>;
  /**
   * Shows what the API answered; `keepsTyped`: with what was changed here in it. Returns whether anything is
   * marked at a field.
   */
  show(reply: SettingsReply, keepsTyped?: boolean): Promise<boolean>;
  /** Shows a refusal at the fields that it is about, and says what is about none. */
  refuse(error: unknown): Promise<void>;
  /** Fills in a preset, by its place among them. */
  startFrom(index: number): Promise<void>;
  save(): Promise<boolean>;
  check(): Promise<void>;
  connect(replace: boolean): Promise<void>;
  say(text: string, tone?: Line['tone']): void;
}

/** Makes settings that are shown as a form; called in the setup of a component. */
export function useSettings(calls: SettingsCalls): Settings {
  const [sayForm, sayService, language] = [useTexts(FORM_TEXTS), useTexts(SERVICE_TEXTS), useLanguage()];
  const lookups = new Lookups(async (name, term, signal) => {
    try {
      return await calls.lookUp?.(name, term, signal);
    } catch (error) {
      return signal?.aborted ? undefined : { reason: keepReadable((error as Error).message, language.value) ?? sayForm('typeIt') };
    }
  });
  const describe = ({ kind, limit = 0 }: Problem): string => sayForm(`problem.${kind}`, { n: limit });
  const form = new FormState(lookups, describe, language, calls.isReadOnly, calls.readRows);
  const presets = shallowRef<readonly Preset[]>([]);
  const missing = ref<string>();
  const service = shallowRef<ServiceView>();
  const serviceNotes = shallowRef<readonly string[]>([]);
  const note = ref<Line>({ text: '', tone: '' });
  const busy = ref<'saving' | 'checking'>();

  const say = (text: string, tone: Line['tone'] = ''): void => {
    note.value = { text, tone };
  };
  // That an act went well is said of the values as they were; `sync`: an act says it after its own changes.
  watch(form.changes, () => note.value.tone === 'good' && say(''), { flush: 'sync' });

  /**
   * Services speak as they do: what cannot be read here is said in our words. What is said of a row needs
   * the row; where it cannot be read just now, it stands at its list.
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
    form[keepsTyped ? 'rebase' : 'load'](reply.schema, reply.values as Values);
    presets.value = reply.schema.presets ?? [];
    missing.value = reply.missing;
    service.value = reply.service && leaveReadable(reply.service, language.value);
    const errors = reply.service?.check?.errors ?? {};
    const warnings = joinMessages(reply.warnings, reply.service?.warnings, reply.service?.check?.warnings);
    serviceNotes.value = [...(await mark(errors, 'bad')), ...(await mark(warnings, 'warn'))];
    return Object.keys(warnings).length + Object.keys(errors).length > serviceNotes.value.length;
  };

  /** What is said when fields are marked: a check does not tell of saving. */
  const sayMarked = (kind: 'saving' | 'checking'): string =>
    kind === 'checking' ? sayForm('notChecked') : (calls.markedText ?? sayForm('check'));

  const refuse = async (error: unknown, kind: 'saving' | 'checking' = 'saving'): Promise<void> => {
    const errors = error instanceof ApiError ? error.errors : {};
    const elsewhere = await mark(errors, 'bad');
    const isMarked = Object.keys(errors).length > elsewhere.length;
    say((isMarked ? [sayMarked(kind), ...elsewhere] : [...new Set([(error as Error).message, ...elsewhere])]).join('\n'), 'bad');
    await form.revealFirst();
  };

  /** Does one thing at a time, and nothing with a form that is not filled in. */
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
      const reply = await calls.save?.(form.read());
      if (!reply) return;
      lookups.forget();
      const isMarked = await show(reply);
      const line = describeSaved(service.value ?? {}, isMarked ? form.listMarked() : undefined, sayService);
      say(calls.savedText && line.tone === 'good' ? calls.savedText : line.text, line.tone);
      busy.value = undefined;
      if (line.tone === 'bad') await form.revealFirst();
    });

  const check = async (): Promise<void> => {
    await act('checking', async () => {
      const isSaved = !form.isDirty.value;
      const answer = await calls.check?.(isSaved ? undefined : form.read());
      if (!answer) return;
      const found: CheckView = leaveReadableCheck(answer, language.value);
      const elsewhere = [...(await mark(found.errors ?? {}, 'bad')), ...(await mark(found.warnings ?? {}, 'warn'))];
      const line = describeCheck(found, sayService, isSaved);
      say([line.text, ...elsewhere].join('\n'), line.tone);
      if (service.value) service.value = replaceCheck(service.value, found, isSaved);
      busy.value = undefined;
      await form.revealFirst();
    });
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
    ...{ form, presets, missing, service, serviceNotes, note, busy, show, refuse, startFrom, save, check, connect, say },
    canSave: calls.save !== undefined,
    canCheck: calls.check !== undefined,
    canConnect: calls.connect !== undefined,
    isEmpty: computed(() => form.root.entries.length === 0),
  };
}

/** Values that are not stored yet, and are good, take back what is said against the stored ones. */
function replaceCheck({ check, ...rest }: ServiceView, found: CheckView, isSaved: boolean): ServiceView {
  if (isSaved) return { ...rest, check: found };
  return found.state === 'ok' && check?.state === 'errors' ? rest : { ...rest, ...(check && { check }) };
}
