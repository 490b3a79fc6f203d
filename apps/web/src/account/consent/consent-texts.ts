import { joinTexts } from '../../kit/language.js';
import type en from '../texts/consent/en.json';

/** Texts of the consent at a service. */
export const CONSENT_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/consent/*.json', { eager: true, import: 'default' }));
