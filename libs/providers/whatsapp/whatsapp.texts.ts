import { readTexts } from '#platform';
import type en from './texts/en.json';

/** The module's texts for people of a shop and for its customers. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
