/** Currency codes in use by ISO 4217. */
const CURRENCIES = (
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK ' +
  'DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS ' +
  'KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD ' +
  'OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP ' +
  'TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG'
).split(' ');
/** Currencies by ISO 4217 without two decimal digits. Browsers differ: they count 0 for COP and HUF. */
const DIGITS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
/** Letters of country codes. */
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that the runtime can name but that are not countries: unions, unknown, parts, withdrawn codes. */
const NO_COUNTRY: ReadonlySet<string> = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));
const made = new Map<string, ReadonlyMap<string, string>>();

/** Returns the decimal digits of a currency: `RUB` 2, `CLP` 0. An unknown or empty code has 2. */
export function countCurrencyDigits(currency: string): number {
  return Number(Object.keys(DIGITS).find((digits) => DIGITS[Number(digits)]?.split(' ').includes(currency)) ?? 2);
}

/** Lists the currencies in use by ISO 4217 with their names in this language, sorted by name. */
export function listCurrencies(language: string): ReadonlyMap<string, string> {
  return keepMade(`currency ${language}`, language, () => {
    const names = new Intl.DisplayNames(language, { type: 'currency' });
    return CURRENCIES.map((code) => [code, names.of(code) ?? code]);
  });
}

/** Lists all countries by ISO 3166-1 alpha-2 with their names in this language, sorted by name. */
export function listCountries(language: string): ReadonlyMap<string, string> {
  return keepMade(`country ${language}`, language, () => {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    return LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((code): [string, string][] => {
      const name = NO_COUNTRY.has(code) || isReplaced(code) ? undefined : names.of(code);
      return name === undefined ? [] : [[code, name]];
    });
  });
}

/** Returns the names made before for a key. Otherwise makes them and sorts them. */
function keepMade(key: string, language: string, make: () => [string, string][]): ReadonlyMap<string, string> {
  const names = made.get(key) ?? new Map(make().sort(([, one], [, other]) => one.localeCompare(other, language)));
  made.set(key, names);
  return names;
}

/** Whether a code was replaced by another, such as East Germany's. */
function isReplaced(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] !== `und-${code}`;
}
