import { readTexts } from '#platform';
import type en from './texts/en.json';

/** Texts of replies and pages for the shop's users. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
