import { CRM_LANGUAGES, type LocalText } from '#platform/plain';

/** A name in any language: a capital or a digit follows its first letter, or it has no letter. */
const NAME = /^(?:[^\p{L}]*|\p{Lu}|[^\s]*\p{L}[^\s]*[\p{Lu}\d][^\s]*)$/u;

/**
 * Lists the texts that are equal in all three languages, by their path. Names such as USPS, FedEx or pay24
 * may be, as may `names`, texts without letters, and a choice without titles, whose title is its value.
 */
export function listUntranslated(values: unknown, names: readonly string[]): string[] {
  const found: string[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isLocalText(value)) {
      if (value.en === value.es && value.en === value.ru && !isName(value.en, names)) found.push(`${path}: "${value.en}"`);
      return;
    }
    const { title } = value as { title?: Partial<LocalText> };
    if ('value' in value && title?.en === String(value.value)) return;
    for (const [key, inner] of Object.entries(value))
      visit(inner, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  };
  visit(values, '');
  return found;
}

function isName(text: string, names: readonly string[]): boolean {
  return names.includes(text) || text.split(/\s+/).every((word) => NAME.test(word));
}

function isLocalText(value: object): value is LocalText {
  return CRM_LANGUAGES.every((language) => typeof (value as Record<string, unknown>)[language] === 'string');
}
