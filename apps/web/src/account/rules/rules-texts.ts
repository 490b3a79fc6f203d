import { joinTexts } from '../../kit/language.js';
import type en from '../texts/rules/en.json';

/** Texts about rules and their trial. */
export const RULES_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/rules/*.json', { eager: true, import: 'default' }));
