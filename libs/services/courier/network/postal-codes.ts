/** Length of a country's codes where it is fixed and digits only. */
const LENGTHS: Readonly<Record<string, number>> = { RU: 6, BY: 6, KZ: 6, UZ: 6, ES: 5, MX: 5, DE: 5, FR: 5, IT: 5, AM: 4, GE: 4, PT: 7 };

/** Spain's first two digits are its provinces, 01 to 52. */
const SPAIN = /^(?:0[1-9]|[1-4]\d|5[0-2])\d{3}$/;

/** Smaller ranges are finer than a city; 1,000 codes are a Spanish province or part of a Russian region. */
const FINER_THAN_A_CITY = 1000;

/** `101 000`, `SW1A-1AA` as they are compared: upper case, letters and digits only. */
export function toPostalKey(code: string): string {
  return code
    .slice(0, 20)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '');
}

/** Whether a code can be one of the country's; true for countries whose format is not known here. */
export function canBePostalCode(country: string, key: string): boolean {
  if (country === 'ES') return SPAIN.test(key);
  const length = LENGTHS[country];
  return length === undefined || (key.length === length && /^\d+$/.test(key));
}

interface Range<T> {
  from: string;
  to: string;
  codes: number;
  value: T;
}

/** What a code was found to mean, and whether the range it stands in is finer than a city. */
export interface PostalMatch<T> {
  value: T;
  fine: boolean;
}

/** Postal codes, prefixes and ranges of a country. The narrowest match wins, then the first. */
export class PostalCodes<T> {
  private readonly length: number;
  private readonly ranges: Range<T>[] = [];
  /** Ranges by first character of the code, narrowest first: a look-up reads a few of them. */
  private byFirst: Map<string, Range<T>[]> | undefined;

  constructor(country: string) {
    this.length = LENGTHS[country] ?? 7;
  }

  /** Takes a rule as the settings write it: `101000`, `28`, `101-129`. */
  add(rule: string, value: T): void {
    const [from = '', to = from] = rule.split('-').map(toPostalKey);
    this.ranges.push({ from, to, codes: this.count(from, to), value });
    this.byFirst = undefined;
  }

  find(key: string): PostalMatch<T> | undefined {
    if (key === '') return undefined;
    this.byFirst ??= this.group();
    for (const range of this.byFirst.get(key.charAt(0)) ?? []) {
      // A beginning stands for every code it begins: "129" holds "129999".
      if (key >= range.from && (key <= range.to || key.startsWith(range.to)))
        return { value: range.value, fine: range.codes < FINER_THAN_A_CITY };
    }
    return undefined;
  }

  private count(from: string, to: string): number {
    if (/^\d+$/.test(from + to)) return Number(to.padEnd(this.length, '9')) - Number(from.padEnd(this.length, '0')) + 1;
    // Codes with letters: three characters name a town or a part of one.
    return Math.min(from.length, to.length) >= 3 ? 1 : FINER_THAN_A_CITY;
  }

  private group(): Map<string, Range<T>[]> {
    const groups = new Map<string, Range<T>[]>();
    for (const range of [...this.ranges].sort((a, b) => a.codes - b.codes)) {
      for (let first = range.from.charCodeAt(0); first <= range.to.charCodeAt(0); first++) {
        const character = String.fromCharCode(first);
        const group = groups.get(character);
        if (group) group.push(range);
        else groups.set(character, [range]);
      }
    }
    return groups;
  }
}
