import { PackedParts, packParts } from '#provider-kit';
import { PackedTable, packTable } from './packed.js';

/** Words for the kind of a place, in the format of `toPlaceKey`. They precede or follow the name. */
const KIND = [
  'г|гор|город|гор округ|го|пгт|рп|пос|поселок|п|с|село|дер|деревня|д|ст ца|станица|хутор|аул',
  'обл|область|респ|республика|краи|ао|автономная область|автономныи округ|автономныи округ югра|р н|раион|федеральная территория',
  'ciudad de|ciudad|municipio de|municipio|villa de|localidad de|provincia de|provincia|prov de|prov|comunidad autonoma de|comunidad de|comunidad',
  'comunitat|principado de|region de|region|estado de|estado|edo de|edo|isla de|islas',
  'city of|city|town of|town|oblast|krai|republic of|republic|region of|province of|province|state of|state|autonomous okrug|autonomous oblast',
].join('|');
const KIND_BEFORE = new RegExp(`^(?:${KIND}) (?=.)`);
const KIND_AFTER = new RegExp(`(?<=.) (?:${KIND})$`);

/** Longer texts are not place names. The limit keeps a huge field from costing time. */
const LONGEST_NAME = 150;
/**
 * Maximum number of characters in spellings whose keys are cached, enough for many countries. Some 15 MB with
 * the keys.
 */
const MOST_CHARACTERS = 1_000_000;

/** Lists the spellings of one name in the settings: `Москва|Moscow|Moscú`. */
export function listSpellings(name: string): string[] {
  return name
    .split('|')
    .map((spelling) => spelling.trim())
    .filter((spelling) => spelling !== '');
}

/**
 * Returns a name's normal form: lower case, no accents (ё is е, й is и), punctuation, extra spaces or
 * bracketed text.
 */
export function toPlaceKey(text: string): string {
  return text
    .slice(0, LONGEST_NAME)
    .toLowerCase()
    .replace(/\([^()]*\)/g, ' ')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * Returns a key without words such as "г", "область", "ciudad de", or the key itself if nothing else remains.
 */
export function toBareKey(key: string): string {
  return key.replace(KIND_BEFORE, '').replace(KIND_AFTER, '');
}

/** A spelling's key, the key without kind words, and the hashes of both. */
interface SpellingKeys {
  readonly key: string;
  readonly bare: string;
  readonly keyHash: number;
  readonly bareHash: number;
}

/**
 * Keys by spelling, for all accounts and orders. They serve the same places, and a key costs more than the
 * rest of a quote.
 */
const keysBySpelling = new Map<string, SpellingKeys>();
let charactersKept = 0;

function toSpellingKeys(spelling: string): SpellingKeys {
  let keys = keysBySpelling.get(spelling);
  if (keys === undefined) {
    const key = toPlaceKey(spelling);
    const bare = toBareKey(key);
    keys = { key, bare, keyHash: hashText(key), bareHash: hashText(bare) };
    if (spelling.length > LONGEST_NAME) return keys;
    charactersKept += spelling.length;
    if (charactersKept > MOST_CHARACTERS) {
      keysBySpelling.clear();
      charactersKept = spelling.length;
    }
    keysBySpelling.set(spelling, keys);
  }
  return keys;
}

/** Returns the keys of a name's spellings, in order. */
function listKeys(name: string): SpellingKeys[] {
  return listSpellings(name)
    .map(toSpellingKeys)
    .filter(({ key }) => key !== '');
}

/**
 * Returns a hash of 40 bits. One unknown name in a hundred million is mistaken for one of thousands of listed
 * names.
 */
export function hashText(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (high & 0xff) * 2 ** 32 + (low >>> 0);
}

/** Collects names with their spellings for packing. Each name gets a number. */
export class PlaceNames {
  private readonly listed = new Map<string, string>();
  private readonly bare = new Map<string, string>();
  /** Numbers by the key that represents a name, in the order in which they were added. */
  private readonly numbers = new Map<string, number>();

  /** Adds a name with its spellings. Returns the key that represents it from now on. */
  add(name: string): string {
    const keys = listKeys(name);
    const own = this.findListed(keys) ?? keys[0]?.key ?? '';
    if (!this.numbers.has(own)) this.numbers.set(own, this.numbers.size);
    for (const { key, bare } of keys) {
      if (!this.listed.has(key)) this.listed.set(key, own);
      if (!this.bare.has(bare)) this.bare.set(bare, own);
    }
    return own;
  }

  /**
   * Returns the key of a name that is known by one of its spellings, with or without kind words. Otherwise
   * adds it.
   */
  findOrAdd(name: string): string {
    for (const { key, bare } of listKeys(name)) {
      const found = this.listed.get(key) ?? this.listed.get(bare) ?? this.bare.get(key) ?? this.bare.get(bare);
      if (found !== undefined) return found;
    }
    return this.add(name);
  }

  /** Returns the number of the name that a key represents. */
  getNumber(key: string): number | undefined {
    return this.numbers.get(key);
  }

  /** Writes the names for `PackedNames`. */
  pack(): Buffer {
    const toRows = (keys: Iterable<readonly [string, string]>): number[][] =>
      [...keys].map(([key, own]) => [hashText(key), this.numbers.get(own) ?? 0]);
    // Most keys have no kind word, and are found among the listed ones first.
    const bare = [...this.bare].filter(([key]) => !this.listed.has(key));
    return packParts([packTable(toRows(this.listed)), packTable(toRows(bare))]);
  }

  private findListed(keys: readonly SpellingKeys[]): string | undefined {
    for (const { key } of keys) {
      const known = this.listed.get(key);
      if (known !== undefined) return known;
    }
    return undefined;
  }
}

/** Finds the name for a text. A listed spelling has precedence over a match without its kind word. */
export class PackedNames {
  private readonly listed: PackedTable;
  private readonly bare: PackedTable;

  constructor(bytes: Buffer) {
    const parts = new PackedParts(bytes);
    this.listed = new PackedTable(parts.read(0));
    this.bare = new PackedTable(parts.read(1));
  }

  /** Returns the number of the name for `text`, or undefined if it is unknown. */
  find(text: string): number | undefined {
    const { keyHash, bareHash } = toSpellingKeys(text);
    return (
      findNumber(this.listed, keyHash) ??
      findNumber(this.listed, bareHash) ??
      findNumber(this.bare, keyHash) ??
      findNumber(this.bare, bareHash)
    );
  }

  /** Returns the number of a name by the first of its known spellings. */
  findName(name: string): number | undefined {
    for (const spelling of listSpellings(name)) {
      const found = this.find(spelling);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function findNumber(table: PackedTable, hash: number): number | undefined {
  const row = table.find(hash);
  return row < 0 ? undefined : table.read(row, 1);
}
