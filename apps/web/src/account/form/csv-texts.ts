import { joinTexts } from '../../kit/language.js';
import type en from '../texts/csv/en.json';
import { FORM_TEXTS } from './form-texts.js';

/** What is said of a list's files, in which what forms say stands too; loaded with them. */
export const CSV_TEXTS = {
  ...FORM_TEXTS,
  ...joinTexts<typeof en>(import.meta.glob('../texts/csv/*.json', { eager: true, import: 'default' })),
};

/** Says a text of files. */
export type SayCsv = (key: keyof typeof CSV_TEXTS, values?: Readonly<Record<string, string | number>>) => string;
