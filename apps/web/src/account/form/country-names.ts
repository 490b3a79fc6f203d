/** Letters of country codes. */
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** What the runtime names, too, and is no country: unions, the unknown, parts and codes of old. */
const NO_COUNTRY: ReadonlySet<string> = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));
const made = new Map<string, ReadonlyMap<string, string>>();

/** Names of all countries by ISO 3166-1 alpha-2, in their order by name; `language`: of the page. */
export function listCountries(language: string): ReadonlyMap<string, string> {
  const known = made.get(language);
  if (known) return known;
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const found = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((code): [string, string][] => {
    const name = NO_COUNTRY.has(code) || isReplaced(code) ? undefined : names.of(code);
    return name === undefined ? [] : [[code, name]];
  });
  const countries = new Map(found.sort(([, one], [, other]) => one.localeCompare(other, language)));
  made.set(language, countries);
  return countries;
}

/** Whether a code was given up for another one, as that of East Germany. */
function isReplaced(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] !== `und-${code}`;
}
