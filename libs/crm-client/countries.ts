import { CountryCodeIso3166 } from './generated/enums.js';

const CODES: ReadonlySet<string> = new Set(CountryCodeIso3166);

/** Whether a text is a country code that the CRM supports (ISO 3166-1 alpha-2, upper case). */
export function isCountryCode(text: string): text is CountryCodeIso3166 {
  return CODES.has(text);
}
