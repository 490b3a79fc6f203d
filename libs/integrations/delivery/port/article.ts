import { sha256Hex } from '#platform/plain';
import { cutText } from '#provider-kit';
import type { ParcelItem } from './requests.js';

/** Characters of the shortest article that a carrier takes (CDEK's `ware_key`). */
export const MOST_ARTICLE = 20;
/** Characters that some carrier rejects. The list of accepted ones is CDEK's. */
const STRANGE = /[^A-Za-zА-Яа-я0-9 !@"#№$;%^:&?*()_+=,.{}[\]/-]/g;
/** Digits that distinguish long articles with the same beginning. */
const DIGITS = 6;

/**
 * The article of an item for carriers, the same for each of them: the shop's id, else the CRM's. At most
 * MOST_ARTICLE characters. Undefined for an item without either.
 */
export function toArticle({ externalId, offerId }: ParcelItem): string | undefined {
  const own = (externalId || offerId || '').trim();
  if (own === '') return undefined;
  const clean = own.replaceAll('ё', 'е').replaceAll('Ё', 'Е').replace(STRANGE, '_');
  return clean.length <= MOST_ARTICLE ? clean : `${cutText(clean, MOST_ARTICLE - DIGITS - 1)}#${sha256Hex(own).slice(0, DIGITS)}`;
}
