import { joinTexts } from '../../kit/language.js';
import type en from '../texts/bookings/en.json';

/** Texts about entries in the CRM. */
export const BOOKINGS_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/bookings/*.json', { eager: true, import: 'default' }));
