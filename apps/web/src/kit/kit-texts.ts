import { joinTexts } from './language.js';
import type en from './texts/en.json';

/** Texts of the kit. */
export const KIT_TEXTS = joinTexts<typeof en>(import.meta.glob('./texts/*.json', { eager: true, import: 'default' }));
