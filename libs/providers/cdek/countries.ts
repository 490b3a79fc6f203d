/** Currencies of the countries with offices of CDEK, ISO 4217 by ISO 3166-1 alpha-2. */
const CURRENCIES: Readonly<Record<string, string>> = {
  RU: 'RUB',
  BY: 'BYN',
  KZ: 'KZT',
  AM: 'AMD',
  KG: 'KGS',
  UZ: 'UZS',
  GE: 'GEL',
  AZ: 'AZN',
  MN: 'MNT',
  TR: 'TRY',
  CN: 'CNY',
};

/** Countries of the customs union: orders among them need no customs papers. */
export const UNION: readonly string[] = ['RU', 'BY', 'KZ', 'AM', 'KG'];

/** Whether CDEK needs customs papers, which the CRM has no fields for. */
export function needsCustoms(from: string, to: string): boolean {
  return from !== to && !(UNION.includes(from) && UNION.includes(to));
}

/** Whether CDEK ignores `delivery_recipient_cost`: there the charge has to be a line. */
export function ignoresDeliveryCharge(country: string): boolean {
  return country === 'BY';
}

/** The currency that CDEK collects in. Undefined for a country whose currency is unknown here. */
export function findCurrencyOf(country: string): string | undefined {
  return CURRENCIES[country];
}

/** The country of a currency. Undefined for a currency without a country here. */
export function findCountryOf(currency: string): string | undefined {
  return Object.keys(CURRENCIES).find((country) => CURRENCIES[country] === currency);
}
