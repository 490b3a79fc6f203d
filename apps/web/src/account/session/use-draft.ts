import { onScopeDispose, watch } from 'vue';
import type { FieldSpec, Json } from '../form/form-values.js';
import type { Settings } from '../form/settings.js';
import { type Draft, type DraftCalls, DraftKeeper } from './draft-keeper.js';
import { applyChanges, dropSecrets, holdsNewSecret, pickChanges, restoreSecrets } from './draft-values.js';

/** Drafts of one form. */
export interface FormDrafts {
  readonly keeper: DraftKeeper;
  /** Told of the stored values; offers what was typed before and not saved. */
  start(fields: readonly FieldSpec[], stored: Json): Promise<void>;
  /** Puts the offered draft into the form. */
  goOn(): Promise<void>;
  /** Told when the form was saved, with what is stored then. */
  saved(stored: Json): void;
}

/** How the draft that the server has is read; `brief`: without its values. */
export interface DraftReading {
  find(brief: boolean): Promise<Draft | undefined>;
}

/**
 * Keeps what is typed into a form, the changed fields without secrets, and offers it when the page is opened
 * again. A browser asks before the page is left when that could not be done.
 */
export function useDraft({ form }: Settings, calls: DraftCalls & DraftReading): FormDrafts {
  const keeper = new DraftKeeper(calls);
  let known: { fields: readonly FieldSpec[]; stored: Json } | undefined;
  /** What the form says before anything is typed; defaults stand in it that are not stored. */
  let before: Json = {};

  const note = (): void => {
    if (!known) return;
    const typed = form.read();
    const values = dropSecrets(known.fields, typed);
    if (!form.isDirty.value) before = values;
    const changes = pickChanges(values, before);
    const isStored = JSON.stringify(changes) === '{}';
    keeper.note(isStored ? null : changes, form.isDirty.value && holdsNewSecret(known.fields, typed));
  };
  const askToStay = (event: BeforeUnloadEvent): void => {
    if (!keeper.leave()) event.preventDefault();
  };
  addEventListener('beforeunload', askToStay);
  onScopeDispose(() => removeEventListener('beforeunload', askToStay));
  watch(form.changes, note);

  return {
    keeper,
    async start(fields, stored) {
      known = { fields, stored };
      const found = await calls.find(true).catch(() => undefined);
      if (found) keeper.offer(found);
    },
    saved(stored) {
      keeper.forget();
      if (known) known = { ...known, stored };
    },
    async goOn() {
      const found = await calls.find(false);
      if (found) keeper.offer(found);
      const values = keeper.accept();
      if (values !== undefined && known) form.replace(restoreSecrets(known.fields, applyChanges(values, known.stored), known.stored));
    },
  };
}
