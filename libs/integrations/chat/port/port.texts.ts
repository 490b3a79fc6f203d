import { readTexts } from '#platform/plain';
import type en from './texts/en.json';

/** Texts that settings of bots, and products and orders as messages, share. */
export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
