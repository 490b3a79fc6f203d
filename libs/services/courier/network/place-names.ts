/** Words for the kind of a place, as `placeKey` leaves them; they stand before or after the name. */
const KIND = [
  'г|гор|город|гор округ|го|пгт|рп|пос|поселок|п|с|село|дер|деревня|д|ст ца|станица|хутор|аул',
  'обл|область|респ|республика|краи|ао|автономная область|автономныи округ|автономныи округ югра|р н|раион|федеральная территория',
  'ciudad de|ciudad|municipio de|municipio|villa de|localidad de|provincia de|provincia|prov de|prov|comunidad autonoma de|comunidad de|comunidad',
  'comunitat|principado de|region de|region|estado de|estado|edo de|edo|isla de|islas',
  'city of|city|town of|town|oblast|krai|republic of|republic|region of|province of|province|state of|state|autonomous okrug|autonomous oblast',
].join('|');
const KIND_BEFORE = new RegExp(`^(?:${KIND}) (?=.)`);
const KIND_AFTER = new RegExp(`(?<=.) (?:${KIND})$`);

/** Longer texts are no place names; the cut keeps a huge field from costing time. */
const LONGEST_NAME = 150;
/** Most answers that a `PlaceNames` remembers. */
const MOST_ANSWERS = 5000;
/** Most characters of spellings whose keys are kept, many countries' worth; some 15 MB with the keys. */
const MOST_CHARACTERS = 1_000_000;

/** Spellings of one name, as the settings write them: `Москва|Moscow|Moscú`. */
export function listSpellings(name: string): string[] {
  return name
    .split('|')
    .map((spelling) => spelling.trim())
    .filter((spelling) => spelling !== '');
}

/**
 * A name's normal form: lower case, no accents (ё is е, й is и), punctuation, extra spaces or bracketed text.
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

/** A key without words such as "г", "область", "ciudad de"; itself when nothing else would be left. */
export function toBareKey(key: string): string {
  return key.replace(KIND_BEFORE, '').replace(KIND_AFTER, '');
}

/** What a spelling is found by: its key, and the key without kind words. */
interface SpellingKeys {
  readonly key: string;
  readonly bare: string;
}

/** By spelling, for all accounts: they serve the same places, and keys are most of building a network. */
const keysBySpelling = new Map<string, SpellingKeys>();
let charactersKept = 0;

function toSpellingKeys(spelling: string): SpellingKeys {
  let keys = keysBySpelling.get(spelling);
  if (keys === undefined) {
    const key = toPlaceKey(spelling);
    keys = { key, bare: toBareKey(key) };
    charactersKept += spelling.length;
    if (charactersKept > MOST_CHARACTERS) {
      keysBySpelling.clear();
      charactersKept = spelling.length;
    }
    keysBySpelling.set(spelling, keys);
  }
  return keys;
}

/** The keys of a name's spellings, in their order. */
function listKeys(name: string): SpellingKeys[] {
  return listSpellings(name)
    .map(toSpellingKeys)
    .filter(({ key }) => key !== '');
}

/** Finds the name a text means. A listed spelling beats one that matches only without its kind word. */
export class PlaceNames {
  private readonly listed = new Map<string, string>();
  private readonly bare = new Map<string, string>();
  /**
   * Answers of `find`, thrown away when there are many: making a key costs more than all the rest of a quote.
   */
  private readonly found = new Map<string, string | null>();

  /** Adds a name with its spellings; returns the key that stands for it from now on. */
  add(name: string): string {
    this.found.clear();
    const keys = listKeys(name);
    const own = this.findListed(keys) ?? keys[0]?.key ?? '';
    for (const { key, bare } of keys) {
      if (!this.listed.has(key)) this.listed.set(key, own);
      if (!this.bare.has(bare)) this.bare.set(bare, own);
    }
    return own;
  }

  /**
   * The key of a name known already by one of its spellings, with or without kind words; else it is added.
   */
  findOrAdd(name: string): string {
    for (const { key, bare } of listKeys(name)) {
      const found = this.lookUp(key, bare);
      if (found !== undefined) return found;
    }
    return this.add(name);
  }

  /** The key of the name meant by `text`, undefined for an unknown one. */
  find(text: string): string | undefined {
    if (text.length > LONGEST_NAME) return this.look(text);
    let key = this.found.get(text);
    if (key === undefined) {
      key = this.look(text) ?? null;
      if (this.found.size >= MOST_ANSWERS) this.found.clear();
      this.found.set(text, key);
    }
    return key ?? undefined;
  }

  private look(text: string): string | undefined {
    const key = toPlaceKey(text);
    return this.listed.get(key) ?? this.lookUp(key, toBareKey(key));
  }

  private lookUp(key: string, bare: string): string | undefined {
    return this.listed.get(key) ?? this.listed.get(bare) ?? this.bare.get(key) ?? this.bare.get(bare);
  }

  private findListed(keys: readonly SpellingKeys[]): string | undefined {
    for (const { key } of keys) {
      const known = this.listed.get(key);
      if (known !== undefined) return known;
    }
    return undefined;
  }
}
