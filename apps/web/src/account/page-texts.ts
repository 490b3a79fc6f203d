import { joinTexts } from '../kit/language.js';
import type en from './texts/page/en.json';

/** Texts of the page's frame. */
export const PAGE_TEXTS = joinTexts<typeof en>(import.meta.glob('./texts/page/*.json', { eager: true, import: 'default' }));
