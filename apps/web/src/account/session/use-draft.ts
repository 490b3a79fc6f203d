import { onScopeDispose, watch } from 'vue';
import { applyChanges, pickChanges, type Values } from '../form/form-changes.js';
import type { Settings } from '../form/settings.js';
import { type Draft, type DraftCalls, DraftKeeper } from './draft-keeper.js';
import { dropSecrets, holdsNewSecret, restoreSecrets } from './draft-values.js';

/** Drafts of one form. */
export interface FormDrafts {
  readonly keeper: DraftKeeper;
  /** Offers the stored draft, if any, once the form is shown. */
  start(): Promise<void>;
  /** Puts the offered draft into the form. */
  goOn(): Promise<void>;
  /** Drops the draft after the form was saved. */
  saved(): void;
}

/** Reads the server's draft. `brief`: without its values. */
export interface DraftReading {
  find(brief: boolean): Promise<Draft | undefined>;
}

/**
 * Keeps a form's changed fields, without secrets, and offers them when the page is opened again.
 * The browser asks for confirmation before the page is closed if changes could not be kept.
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
      // Restoring secrets needs the stored rows, which show which secrets are set.
      await form.fetchLists(Object.keys(found?.values ?? {}));
      const values = keeper.accept() as Values | undefined;
      if (values) form.replace(restoreSecrets(form.fields, applyChanges(values, form.stored), form.stored) as Values);
    },
  };
}
