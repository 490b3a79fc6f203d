import type { Address } from '../port/index.js';

/** Words that only label a part of an address, or that a carrier gets as a code. */
const LABELS = new Set(
  (
    'г гор город обл область р н район ул улица пр пр-т проспект пер переулок пл площадь ш шоссе б-р бульвар наб набережная мкр пос поселок ' +
    'с село д дом корп корпус к стр строение кв квартира оф офис под подъезд эт этаж россия рф респ республика ' +
    'c calle av avda avenida pl plaza pza paseo po ctra carretera n no nº num numero piso pta puerta esc escalera bajo españa espana spain ' +
    'st street rd road ave flat apt apartment house building bldg floor city russia'
  ).split(' '),
);

/**
 * Whether a form's address has words or numbers that the carrier did not get. Spelling, order and labels do
 * not count. Parts that only the carrier has do not count either, because the form may show fewer.
 * @param form one line
 */
export function isOtherAddress(form: string, sent: Address): boolean {
  const values = Object.values(sent).flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []));
  const known = new Set(listWords(values.join(' ')));
  const wanted = listWords(form);
  return known.size > 0 && wanted.some((word) => !known.has(word));
}

function listWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  // Between a letter and a digit too: `кв5`, `5a`.
  const words = plain.match(/\d+|[^\W\d_]+|\p{L}+/gu) ?? [];
  return words.filter((word) => !LABELS.has(word));
}
