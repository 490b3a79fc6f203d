import { joinTexts } from '../../kit/language.js';
import type en from '../texts/health/en.json';

/** Texts about the connection's health. */
export const HEALTH_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/health/*.json', { eager: true, import: 'default' }));
