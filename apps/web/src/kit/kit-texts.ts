import { joinTexts } from './language.js';
import type en from './texts/en.json';

/** What the kit itself says. */
export const KIT_TEXTS = joinTexts<typeof en>(import.meta.glob('./texts/*.json', { eager: true, import: 'default' }));
