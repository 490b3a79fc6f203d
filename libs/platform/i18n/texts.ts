import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CRM_LANGUAGES, type Language, LANGUAGES, type LocalText } from './local-text.js';

/** The tree of an `en.json`, with a text in every language at each of its leaves. */
export type Texts<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? LocalText : Texts<Tree[Key]> };

/** Texts by a code of a service or of the CRM. */
export type TextTable = Readonly<Record<string, LocalText>>;

/** A value for a place of a text. A text is put in in the language of the text around it. */
export type TextValue = string | number | LocalText;

/** A place such as `{city}`. */
const PLACE = /\{(\w+)\}/g;

/** A language's file. */
interface TextFile {
  language: string;
  path: string;
  tree: unknown;
}

/**
 * Reads the texts of a folder, a file for each language (`en.json`, `es.json`, `ru.json` and any others):
 *
 *     import type en from './texts/en.json';
 *     export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));
 *
 * @throws Error naming file and key if a file is missing, or differs from `en.json` in a key or a place such
 * as `{city}`
 */
export function readTexts<Tree extends object>(folder: URL): Texts<Tree> {
  const found = readdirSync(folder).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
  const files = [...new Set<string>([...CRM_LANGUAGES, ...found])].map((language) => readFile(folder, language));
  return mergeNode(files, []) as Texts<Tree>;
}

/** Changes a text in each of its languages. */
export function mapText(text: LocalText, change: (words: string, language: Language) => string): LocalText {
  return Object.fromEntries(Object.entries(text).map(([language, words]) => [language, change(words, language)])) as unknown as LocalText;
}

/** Fills in the places of a text: `{city}` by `values.city`. A place without a value stays. */
export function fillIn(text: LocalText, values: Readonly<Record<string, TextValue>>): LocalText {
  const valueIn = (language: Language, place: string, name: string): string => {
    const value = values[name] ?? place;
    return typeof value === 'object' ? (value[language] ?? value.en) : String(value);
  };
  return mapText(text, (words, language) => words.replace(PLACE, (place, name: string) => valueIn(language, place, name)));
}

/** Returns the text of a code, or undefined for a code that the table lacks. */
export function findText(table: TextTable, code: string | null | undefined): LocalText | undefined {
  return code != null && Object.hasOwn(table, code) ? table[code] : undefined;
}

/** Returns a text in the CRM's own languages only. */
export function toCrmText(text: LocalText): Record<(typeof CRM_LANGUAGES)[number], string> {
  const entries = CRM_LANGUAGES.map((language) => [language, text[language]] as const);
  return Object.fromEntries(entries) as Record<(typeof CRM_LANGUAGES)[number], string>;
}

/** Returns the text that `make` writes in each language. */
export function makeText(make: (language: Language) => string): LocalText {
  return Object.fromEntries(LANGUAGES.map((language) => [language, make(language)])) as unknown as LocalText;
}

/** Returns a name or code that is the same in every language. */
export function repeatText(words: string): LocalText {
  return makeText(() => words);
}

function readFile(folder: URL, language: string): TextFile {
  const path = fileURLToPath(new URL(`${language}.json`, folder));
  try {
    return { language, path, tree: JSON.parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Merges the same node of all files, English first; `keys` leads to it. */
function mergeNode(nodes: readonly TextFile[], keys: readonly string[]): object {
  const wrong = ({ path }: TextFile, message: string): Error => new Error(`${path}: "${keys.join('.')}" ${message}`);
  const [english] = nodes as readonly [TextFile];
  for (const node of nodes) {
    if (node.tree === undefined) throw wrong(node, 'is missing');
    if (typeof node.tree !== typeof english.tree) throw wrong(node, `must be a ${typeof english.tree === 'string' ? 'text' : 'group'}`);
    if (node.tree === null || node.tree === '' || !['string', 'object'].includes(typeof node.tree)) throw wrong(node, 'must be a text');
    if (listPlaces(node) !== listPlaces(english))
      throw wrong(node, `must have the same places as in English: ${listPlaces(english) || 'none'}`);
  }
  if (typeof english.tree === 'string') return Object.fromEntries(nodes.map(({ language, tree }) => [language, tree]));
  const names = [...new Set(nodes.flatMap(({ tree }) => Object.keys(tree as object)))];
  const merge = (name: string): object =>
    mergeNode(
      nodes.map((node) => ({ ...node, tree: new Map(Object.entries(node.tree as object)).get(name) })),
      [...keys, name],
    );
  return Object.fromEntries(names.map((name) => [name, merge(name)]));
}

function listPlaces({ tree }: TextFile): string {
  return typeof tree === 'string' ? [...new Set(tree.match(PLACE))].sort().join(', ') : '';
}
