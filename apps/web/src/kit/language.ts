import { computed, inject, type InjectionKey, provide, type Ref, ref } from 'vue';

/** A language of the pages, such as `es`. */
export type Language = string;

/** A text in the pages' languages. Places such as `{n}` are filled in. */
export interface LocalText {
  readonly en: string;
  readonly [language: string]: string;
}

const KEY: InjectionKey<Ref<Language>> = Symbol('language');
const ENGLISH = ref<Language>('en');

/** Sets the language of everything below this component. The default is English. */
export function provideLanguage(language: Ref<Language>): void {
  provide(KEY, language);
}

/** The page's language. */
export function useLanguage(): Ref<Language> {
  return inject(KEY, ENGLISH);
}

/** Replaces the places of a text: `{n}` by `values.n`. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Returns a text in a language, or in English if it is not available in that language. */
export function textIn(text: LocalText, language: Language): string;
export function textIn(text: LocalText | undefined, language: Language): string | undefined;
export function textIn(text: LocalText | undefined, language: Language): string | undefined {
  return text?.[language] ?? text?.en;
}

/** Joins the files of a folder of texts, `en.json` and others, to a table with each text in all languages. */
export function joinTexts<Table extends object>(
  files: Readonly<Record<string, unknown>>,
): Readonly<Record<keyof Table & string, LocalText>> {
  const table: Record<string, Record<string, string>> = {};
  for (const [file, texts] of Object.entries(files) as [string, Record<string, string>][])
    for (const [key, text] of Object.entries(texts)) (table[key] ??= {})[file.replace(/^.*\/|\.json$/g, '')] = text;
  return table as Record<keyof Table & string, LocalText>;
}

/** Returns a function for a table's texts in the page's language, such as `say('saved', { name })`. */
export function useTexts<Key extends string>(
  table: Readonly<Record<Key, LocalText>>,
): (key: Key, values?: Readonly<Record<string, string | number>>) => string {
  const language = useLanguage();
  const texts = computed(() => (key: Key) => textIn(table[key], language.value));
  return (key, values) => fillIn(texts.value(key), values);
}
