import { joinTexts } from '../../kit/language.js';
import type en from '../texts/steps/en.json';

/** Texts of the first steps. */
export const STEPS_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/steps/*.json', { eager: true, import: 'default' }));
