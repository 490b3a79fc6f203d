import { joinTexts } from '../../kit/language.js';
import type en from '../texts/setup/en.json';

/** Texts about saving settings and about the service that they are for. */
export const SETUP_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/setup/*.json', { eager: true, import: 'default' }));

/** Returns a text about the setup at a service. */
export type SaySetup = (key: keyof typeof SETUP_TEXTS, values?: Readonly<Record<string, string | number>>) => string;
