import { computed, type ComputedRef, onBeforeUnmount } from 'vue';
import { type FormState, useForm } from './form-state.js';
import type { Entry } from './form-values.js';

/** The parts of an entry that a field uses. */
export interface EntryUse {
  readonly form: FormState;
  readonly error: ComputedRef<string>;
  readonly warning: ComputedRef<string>;
  /** `:ref` of the element that gets the focus when the entry is shown. */
  place(element: unknown): void;
}

/** Follows the messages of an entry and lets the form find its field. Must be called in the field's setup. */
export function useEntry(entry: Entry): EntryUse {
  const form = useForm();
  const message = computed(() => form.messageOf(entry));
  let placed: HTMLElement | undefined;
  onBeforeUnmount(() => placed && form.view.unplace(entry, placed));
  return {
    form,
    error: computed(() => (message.value?.tone === 'bad' ? message.value.text : '')),
    warning: computed(() => (message.value?.tone === 'warn' ? message.value.text : '')),
    place: (element) => {
      if (!(element instanceof HTMLElement)) return;
      placed = element;
      form.view.place(entry, element);
    },
  };
}
