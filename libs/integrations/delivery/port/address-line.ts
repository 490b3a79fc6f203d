import type { Address } from './requests.js';

/** Countries whose addresses are written with Russian labels. */
const LABELLED: ReadonlySet<string> = new Set(['RU', 'BY', 'KZ', 'KG']);

/** Street, house and flat, each as written on a line. `home`: the country of an address without one. */
export function listStreetParts({ countryIso, street, building, house, housing, block, floor, flat }: Address, home: string): string[] {
  const parts: [string, string | number | undefined][] = [
    ['', street],
    ['д. ', house ?? building],
    ['корп. ', housing],
    ['подъезд ', block],
    ['этаж ', floor],
    ['кв. ', flat],
  ];
  return parts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([label, value]) => (LABELLED.has(countryIso ?? home) ? `${label}${value}` : String(value)));
}
