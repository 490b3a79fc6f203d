import { readTexts } from '#platform';
import type en from './texts/en.json';

/** Texts of the account page, of lists and of notices, for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
