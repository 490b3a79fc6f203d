import { PackedParts, packParts } from '#provider-kit';
import { packJson, PackedTable, packTable, readJson } from './packed.js';

/** Length of a country's codes if it is fixed and they have only digits. */
const LENGTHS: Readonly<Record<string, number>> = { RU: 6, BY: 6, KZ: 6, UZ: 6, ES: 5, MX: 5, DE: 5, FR: 5, IT: 5, AM: 4, GE: 4, PT: 7 };

/** Spain's first two digits are its provinces, 01 to 52. */
const SPAIN = /^(?:0[1-9]|[1-4]\d|5[0-2])\d{3}$/;

/**
 * Smaller ranges are more precise than a city. 1,000 codes are a Spanish province or part of a Russian
 * region.
 */
const FINER_THAN_A_CITY = 1000;

/** Returns `101 000`, `SW1A-1AA` in the format for comparison: upper case, only letters and digits. */
export function toPostalKey(code: string): string {
  return code
    .slice(0, 20)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '');
}

/** Whether a code can belong to the country. True for countries whose format is unknown here. */
export function canBePostalCode(country: string, key: string): boolean {
  if (country === 'ES') return SPAIN.test(key);
  const length = LENGTHS[country];
  return length === undefined || (key.length === length && /^\d+$/.test(key));
}

/** A rule of the settings: from, to, the number of codes between them, and the zone's number. */
type Range = readonly [from: string, to: string, codes: number, zone: number];

/** The match of a code, and whether its range is more precise than a city. */
export interface PostalMatch {
  zone: number;
  fine: boolean;
}

/** Collects postal codes, prefixes and ranges of a country for packing. */
export class PostalCodes {
  private readonly length: number;
  private readonly ranges: Range[] = [];

  constructor(country: string) {
    this.length = LENGTHS[country] ?? 7;
  }

  /** Adds a rule in the format of the settings: `101000`, `28`, `101-129`. */
  add(rule: string, zone: number): void {
    const [from = '', to = from] = rule.split('-').map(toPostalKey);
    this.ranges.push([from, to, this.count(from, to), zone]);
  }

  /** Writes the codes for `PackedPostalCodes`: by first character, narrowest first. */
  pack(): Buffer {
    const groups = new Map<number, Range[]>();
    for (const range of [...this.ranges].sort((a, b) => a[2] - b[2])) {
      for (let first = range[0].charCodeAt(0); first <= range[1].charCodeAt(0); first++) {
        const group = groups.get(first);
        if (group) group.push(range);
        else groups.set(first, [range]);
      }
    }
    const firsts = packTable([...groups.keys()].map((first, index) => [first, index + 1]));
    return packParts([firsts, ...[...groups.values()].map(packJson)]);
  }

  private count(from: string, to: string): number {
    if (/^\d+$/.test(from + to)) return Number(to.padEnd(this.length, '9')) - Number(from.padEnd(this.length, '0')) + 1;
    // Codes with letters: three characters name a town or a part of one.
    return Math.min(from.length, to.length) >= 3 ? 1 : FINER_THAN_A_CITY;
  }
}

/** Finds the zone of a code. The narrowest match wins, then the first. */
export class PackedPostalCodes {
  private readonly parts: PackedParts;
  private readonly firsts: PackedTable;
  /** Ranges by first character, once they were read. */
  private readonly groups = new Map<number, readonly Range[]>();

  constructor(bytes: Buffer) {
    this.parts = new PackedParts(bytes);
    this.firsts = new PackedTable(this.parts.read(0));
  }

  find(key: string): PostalMatch | undefined {
    if (key === '') return undefined;
    for (const [from, to, codes, zone] of this.readGroup(key.charCodeAt(0))) {
      // A prefix matches every code that starts with it: "129" contains "129999".
      if (key >= from && (key <= to || key.startsWith(to))) return { zone, fine: codes < FINER_THAN_A_CITY };
    }
    return undefined;
  }

  private readGroup(first: number): readonly Range[] {
    let group = this.groups.get(first);
    if (!group) {
      const row = this.firsts.find(first);
      group = row < 0 ? [] : (readJson(this.parts.read(this.firsts.read(row, 1))) as Range[]);
      this.groups.set(first, group);
    }
    return group;
  }
}
