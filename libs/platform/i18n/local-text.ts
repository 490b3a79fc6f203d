/** A text in the three languages the CRM speaks. `en` is what an account with another language sees. */
export interface LocalText {
  readonly en: string;
  readonly es: string;
  readonly ru: string;
}

/** One of the languages we have texts in. */
export type Language = keyof LocalText;

/** The languages we have texts in, the fallback first. */
export const LANGUAGES: readonly Language[] = ['en', 'es', 'ru'];

/**
 * Takes an account's language as the CRM gives it (`ru`, `es_MX`, `EN`, or nothing) and gives the language of our texts.
 * Unknown ones are `en`.
 */
export function languageOf(accountLanguage: string | null | undefined): Language {
  const code = accountLanguage?.slice(0, 2).toLowerCase();
  const tail = accountLanguage?.[2];
  const known = LANGUAGES.find((language) => language === code);
  return known !== undefined && (tail === undefined || tail === '_' || tail === '-') ? known : 'en';
}

/** Gives the text in the account's language (see `languageOf`), English when we lack that language. */
export function textFor(text: LocalText, accountLanguage: string | null | undefined): string {
  return text[languageOf(accountLanguage)];
}
