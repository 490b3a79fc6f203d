import { joinTexts } from '../../kit/language.js';
import type en from '../texts/widgets/en.json';

/** Texts about actions in the CRM's cards. */
export const WIDGETS_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/widgets/*.json', { eager: true, import: 'default' }));
