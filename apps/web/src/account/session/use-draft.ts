import { onScopeDispose, watch } from 'vue';
import { applyChanges, pickChanges, type Values } from '../form/form-changes.js';
import type { Settings } from '../form/settings.js';
import { type Draft, type DraftCalls, DraftKeeper } from './draft-keeper.js';
import { dropSecrets, holdsNewSecret, restoreSecrets } from './draft-values.js';

/** Drafts of one form. */
export interface FormDrafts {
  readonly keeper: DraftKeeper;
  /** Offers what was typed before and not saved, once the form is shown. */
  start(): Promise<void>;
  /** Puts the offered draft into the form. */
  goOn(): Promise<void>;
  /** Told when the form was saved. */
  saved(): void;
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

  const note = (): void => {
    const typed = form.read();
    const changes = pickChanges(dropSecrets(form.fields, typed) as Values, dropSecrets(form.fields, form.saved) as Values);
    const isStored = Object.keys(changes).length === 0;
    keeper.note(isStored ? null : changes, form.isDirty.value && holdsNewSecret(form.fields, typed));
  };
  const askToStay = (event: BeforeUnloadEvent): void => {
    if (!keeper.leave()) event.preventDefault();
  };
  addEventListener('beforeunload', askToStay);
  onScopeDispose(() => removeEventListener('beforeunload', askToStay));
  watch(form.changes, note);

  return {
    keeper,
    async start() {
      const found = await calls.find(true).catch(() => undefined);
      if (found) keeper.offer(found);
    },
    saved: () => keeper.forget(),
    async goOn() {
      const found = await calls.find(false);
      if (found) keeper.offer(found);
      // Of rows that come back, the stored ones say which secrets are set.
      await form.fetchLists(Object.keys(found?.values ?? {}));
      const values = keeper.accept() as Values | undefined;
      if (values) form.replace(restoreSecrets(form.fields, applyChanges(values, form.stored), form.stored) as Values);
    },
  };
}
