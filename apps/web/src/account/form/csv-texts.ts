import { joinTexts } from '../../kit/language.js';
import type en from '../texts/csv/en.json';
import { FORM_TEXTS } from './form-texts.js';

/** Texts for a list's files, loaded together with the forms' texts that they include. */
export const CSV_TEXTS = {
  ...FORM_TEXTS,
  ...joinTexts<typeof en>(import.meta.glob('../texts/csv/*.json', { eager: true, import: 'default' })),
};

/** Returns a text for files. */
export type SayCsv = (key: keyof typeof CSV_TEXTS, values?: Readonly<Record<string, string | number>>) => string;
