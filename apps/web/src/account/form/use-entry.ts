import { computed, type ComputedRef, onBeforeUnmount } from 'vue';
import { type FormState, useForm } from './form-state.js';
import type { Entry } from './form-values.js';

/** What a field needs of its entry. */
export interface EntryUse {
  readonly form: FormState;
  readonly error: ComputedRef<string>;
  readonly warning: ComputedRef<string>;
  /** `:ref` of the element that has the focus when the entry is shown. */
  place(element: unknown): void;
}

/** Follows what is said at an entry, and lets the form find it; called in the setup of its field. */
export function useEntry(entry: Entry): EntryUse {
  const form = useForm();
  const message = computed(() => form.messageOf(entry));
  let placed: HTMLElement | undefined;
  onBeforeUnmount(() => placed && form.unplace(entry, placed));
  return {
    form,
    error: computed(() => (message.value?.tone === 'bad' ? message.value.text : '')),
    warning: computed(() => (message.value?.tone === 'warn' ? message.value.text : '')),
    place: (element) => {
      if (!(element instanceof HTMLElement)) return;
      placed = element;
      form.place(entry, element);
    },
  };
}
