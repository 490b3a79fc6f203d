import { joinTexts } from '../../kit/language.js';
import type en from '../texts/instances/en.json';

/** Texts about the connections of a module. */
export const INSTANCES_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/instances/*.json', { eager: true, import: 'default' }));
