import { readTexts } from '#platform';
import type en from './texts/en.json';

/** Texts of warehouses for shop managers. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
