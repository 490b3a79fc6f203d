import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/** A number with more behind it, such as an extension, an address or a second number. */
const SUFFIXED = /^(\D*(?:\d[\s().-]*){5,})[^\d\s().-]/;

/**
 * Normalises to E.164 (`+79161234567`); else returns the digits (a short number), undefined if there are
 * none. An extension behind the number is left out. `country`: ISO 3166-1 alpha-2, for numbers without one.
 */
export function normalisePhone(text: string | undefined, country: string): string | undefined {
  if (!text || text.length > 60) return undefined;
  const home = isSupportedCountry(country) ? (country as CountryCode) : undefined;
  const bare = SUFFIXED.exec(text)?.[1] ?? text;
  for (const one of [text, bare]) {
    const national = parsePhoneNumberFromString(one, home && { defaultCountry: home });
    if (national?.isValid()) return national.number;
  }
  const digits = bare.replace(/\D/g, '');
  if (digits === '') return undefined;
  // PBXs and CRMs often leave the plus out.
  const international = parsePhoneNumberFromString(`+${digits}`);
  if (international?.isValid()) return international.number;
  return digits;
}
