import { joinTexts } from '../../kit/language.js';
import type en from '../texts/form/en.json';

/** Texts of forms. */
export const FORM_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/form/*.json', { eager: true, import: 'default' }));

/** Returns a text of forms. */
export type SayForm = (key: keyof typeof FORM_TEXTS, values?: Readonly<Record<string, string | number>>) => string;
