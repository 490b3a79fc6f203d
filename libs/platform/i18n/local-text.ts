import { readdirSync } from 'node:fs';

/** A text in the CRM's three languages, perhaps in others. Accounts with any other language see `en`. */
export interface LocalText {
  readonly en: string;
  readonly es: string;
  readonly ru: string;
  readonly [language: string]: string;
}

/** One of `LANGUAGES`, such as `es`. */
export type Language = string;

/** The languages that every text has, English first. */
export const CRM_LANGUAGES = ['en', 'es', 'ru'] as const;

/** The languages of this deployment: the CRM's, and each further file of the platform's texts. */
export const LANGUAGES: readonly Language[] = [
  ...new Set([...CRM_LANGUAGES, ...readdirSync(new URL('../texts/', import.meta.url)).map((name) => name.replace(/\.json$/, ''))]),
];

/**
 * Maps an account's language from the CRM (`ru`, `es_MX`, `EN` or nothing) to ours. Unknown ones are `en`.
 */
export function toLanguage(accountLanguage: string | null | undefined): Language {
  const code = accountLanguage?.slice(0, 2).toLowerCase();
  const tail = accountLanguage?.[2];
  const known = LANGUAGES.find((language) => language === code);
  return known !== undefined && (tail === undefined || tail === '_' || tail === '-') ? known : 'en';
}

/** Returns the text in the account's language (see `toLanguage`), English if the text is not in it. */
export function textFor(text: LocalText, accountLanguage: string | null | undefined): string {
  return text[toLanguage(accountLanguage)] ?? text.en;
}

/**
 * Returns the preferred one of our languages in a browser's `Accept-Language`, or undefined if it does not
 * have any.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language | undefined {
  const wishes = (acceptLanguage ?? '').split(',', 20).map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((one) => /^\s*q=([\d.]+)/.exec(one)?.[1]).find((one) => one !== undefined);
    return {
      language: LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`)),
      weight: quality === undefined ? 1 : Number(quality),
    };
  });
  return wishes.filter((wish) => wish.language !== undefined && wish.weight > 0).sort((left, right) => right.weight - left.weight)[0]
    ?.language;
}
