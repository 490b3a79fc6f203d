import { readTexts } from '#platform';
import type en from './texts/en.json';

/** Texts of the account page, lists and notices for shop managers. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
