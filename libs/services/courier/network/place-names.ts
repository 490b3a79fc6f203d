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
    const keys = listSpellings(name)
      .map(toPlaceKey)
      .filter((key) => key !== '');
    const known = keys.map((key) => this.listed.get(key)).find((key) => key !== undefined);
    const own = known ?? keys[0] ?? '';
    for (const key of keys) {
      if (!this.listed.has(key)) this.listed.set(key, own);
      const bare = toBareKey(key);
      if (!this.bare.has(bare)) this.bare.set(bare, own);
    }
    return own;
  }

  /**
   * The key of a name known already by one of its spellings, with or without kind words; else it is added.
   */
  findOrAdd(name: string): string {
    return (
      listSpellings(name)
        .map((spelling) => this.find(spelling))
        .find((key) => key !== undefined) ?? this.add(name)
    );
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
    const asListed = this.listed.get(key);
    if (asListed !== undefined) return asListed;
    const bare = toBareKey(key);
    return this.listed.get(bare) ?? this.bare.get(key) ?? this.bare.get(bare);
  }
}
