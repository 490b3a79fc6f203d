import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/** Numbers are compared by so many last digits; shorter ones than `least` as a whole. */
const TAIL = { least: 7, most: 9 };

/** Sent to the CRM for a caller who hides his number: its fields must not be blank. */
export const HIDDEN = 'anonymous';

/**
 * Normalises to E.164 (`+79161234567`); else returns the digits (a short number), undefined if there are
 * none. `country`: ISO 3166-1 alpha-2, for numbers without a country.
 */
export function normalisePhone(text: string | undefined, country: string): string | undefined {
  const digits = (text ?? '').replace(/\D/g, '');
  if (!text || digits === '' || text.length > 60) return undefined;
  const home = isSupportedCountry(country) ? (country as CountryCode) : undefined;
  const national = parsePhoneNumberFromString(text, home && { defaultCountry: home });
  if (national?.isValid()) return national.number;
  // PBXs and CRMs often leave the plus out.
  const international = parsePhoneNumberFromString(`+${digits}`);
  if (international?.isValid()) return international.number;
  return digits;
}

/** Whether two numbers may be one that is written in different ways, by their last digits. */
export function endAlike(one: string, other: string | undefined): boolean {
  const [left, right] = [one, other ?? ''].map((text) => text.replace(/\D/g, '')) as [string, string];
  const length = Math.min(left.length, right.length, TAIL.most);
  return length < TAIL.least ? left === right && left !== '' : left.slice(-length) === right.slice(-length);
}
