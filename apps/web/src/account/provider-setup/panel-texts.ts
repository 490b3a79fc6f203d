import { joinTexts } from '../../kit/language.js';
import type en from '../texts/panel/en.json';

/** Texts around the state of a service. */
export const PANEL_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/panel/*.json', { eager: true, import: 'default' }));
