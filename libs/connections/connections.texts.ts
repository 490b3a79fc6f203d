import { readTexts } from '#platform';
import type en from './texts/en.json';

/** Texts about the state of a connection, for the shop's users. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
