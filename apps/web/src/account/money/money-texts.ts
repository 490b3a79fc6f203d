import { joinTexts } from '../../kit/language.js';
import type en from '../texts/money/en.json';

/** Texts about money. */
export const MONEY_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/money/*.json', { eager: true, import: 'default' }));
