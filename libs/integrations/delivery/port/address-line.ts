import type { Address } from './requests.js';

/** Countries whose addresses are written with Russian labels. */
const LABELLED: ReadonlySet<string> = new Set(['RU', 'BY', 'KZ', 'KG']);

/** Street, house and flat, each as written on a line. `home`: the country of an address without one. */
export function listStreetParts({ countryIso, street, building, house, housing, block, floor, flat }: Address, home: string): string[] {
  return label(countryIso ?? home, [
    ['', street],
    ['д. ', building],
    ['корп. ', housing],
    ['стр. ', house],
    ['подъезд ', block],
    ['этаж ', floor],
    ['кв. ', flat],
  ]);
}

/** The house for a service without fields for its wing and building: `71, корп. 2, стр. 1`. */
export function toHouse({ countryIso, building, house, housing }: Address, home: string): string {
  return label(countryIso ?? home, [
    ['', building],
    ['корп. ', housing],
    ['стр. ', house],
  ]).join(', ');
}

function label(country: string, parts: readonly (readonly [string, string | number | undefined])[]): string[] {
  return parts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([word, value]) => (LABELLED.has(country) ? `${word}${value}` : String(value)));
}
