import { readTexts } from '#platform/plain';
import type en from './texts/en.json';

/** Texts of the kit, for people of a shop. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
