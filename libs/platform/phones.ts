import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

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
