import { joinTexts } from '../../kit/language.js';
import type en from '../texts/service/en.json';

/** Texts about saving settings and about the service that they are for. */
export const SERVICE_TEXTS = joinTexts<typeof en>(import.meta.glob('../texts/service/*.json', { eager: true, import: 'default' }));

/** Returns a text about services. */
export type SayService = (key: keyof typeof SERVICE_TEXTS, values?: Readonly<Record<string, string | number>>) => string;
