import { joinTexts } from '../../kit/language.js';
import type en from '../texts/session/en.json';

/** What the page says of its session and of what was not saved. */
export const SESSION_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/session/*.json', { eager: true, import: 'default' }));
