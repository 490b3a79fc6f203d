import { joinTexts } from '../../kit/language.js';
import type en from '../texts/session/en.json';

/** Texts about the session and about unsaved changes. */
export const SESSION_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/session/*.json', { eager: true, import: 'default' }));
