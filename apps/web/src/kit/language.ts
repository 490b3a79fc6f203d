import { computed, inject, type InjectionKey, provide, type Ref, ref } from 'vue';

/** The languages the pages speak. */
export type Language = 'en' | 'es' | 'ru';

/** A text in each of them; places such as `{n}` are filled in. */
export type LocalText = Readonly<Record<Language, string>>;

const KEY: InjectionKey<Ref<Language>> = Symbol('language');
const ENGLISH = ref<Language>('en');

/** Sets the language of everything below this component; without it that is English. */
export function provideLanguage(language: Ref<Language>): void {
  provide(KEY, language);
}

/** The page's language. */
export function useLanguage(): Ref<Language> {
  return inject(KEY, ENGLISH);
}

/** Fills in the places of a text: `{n}` by `values.n`. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Returns what says a text of a table in the page's language, such as `say('saved', { name })`. */
export function useTexts<Key extends string>(
  table: Readonly<Record<Key, LocalText>>,
): (key: Key, values?: Readonly<Record<string, string | number>>) => string {
  const language = useLanguage();
  const texts = computed(() => (key: Key) => table[key][language.value]);
  return (key, values) => fillIn(texts.value(key), values);
}
