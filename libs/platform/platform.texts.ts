import { readTexts } from './i18n/index.js';
import type en from './texts/en.json';

/** Texts of forms and their problems. Their languages are the languages of this deployment. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
