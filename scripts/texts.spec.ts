import { describe, expect, it } from '@jest/globals';
import { root } from './project.mjs';
import { listFileProblems, listLiterals, listUntranslated, listUnused, readSources, type Sources } from './texts.mjs';

/** Words that are the same in Spanish. */
const SPANISH_TOO = [
  ...['no', 'error', 'Total', 'Token', 'Bot', 'Bots', 'Sticker', 'General', 'Alfa Pay'],
  ...['g', 's', 'cm', 'cm³', 'kg', 'mm', '{weight} kg', '{weight} kg, {sides} mm'],
  ...['Guadalajara', 'Monterrey', 'Siberia', 'Madrid', 'Barcelona'],
];

/** A small project: its texts are in use, in all languages. */
const SOUND: Sources = {
  'libs/a/a.texts.ts': `export const texts = readTexts<typeof en>(new URL('./texts/', import.meta.url));`,
  'libs/a/a.ts': `import { texts } from './a.texts.js';
    const title = texts.title;
    const field = { ...texts.settings.key, section };
    const table: TextTable = { ...texts.codes, other: texts.title };
    const words = textFor(fillIn(texts.lost, { city }), language);`,
  'libs/a/texts/en.json': format({
    title: 'Hello there',
    settings: { key: { title: 'The key', hint: 'From a page' } },
    codes: { 1: 'one' },
    lost: 'lost {city}',
  }),
  'libs/a/texts/es.json': format({
    title: 'Hola',
    settings: { key: { title: 'La clave', hint: 'De la página' } },
    codes: { 1: 'uno' },
    lost: 'perdido {city}',
  }),
  'libs/a/texts/ru.json': format({
    title: 'Привет',
    settings: { key: { title: 'Ключ', hint: 'Со страницы' } },
    codes: { 1: 'один' },
    lost: 'потерян {city}',
  }),
};

function format(tree: object): string {
  return `${JSON.stringify(tree, null, 2)}\n`;
}

function checkAll(changes: Sources): string[] {
  const sources = { ...SOUND, ...changes };
  return [...listLiterals(sources), ...listFileProblems(sources), ...listUntranslated(sources, []), ...listUnused(sources)];
}

function change(path: string, from: string, to: string): Sources {
  const changed = SOUND[path]?.replace(from, to) ?? '';
  expect(changed).not.toBe(SOUND[path]);
  return { [path]: changed };
}

describe('the check of texts', () => {
  it('finds nothing in sound texts', () => {
    expect(checkAll({})).toEqual([]);
  });

  it.each<[string, Sources, string]>([
    ['an object with languages', { 'libs/a/b.ts': `const x = {\n  en: 'Hello',\n  es: f(),\n  ru: 'Привет' };` }, 'libs/a/b.ts:1'],
    ['one by shorthand', { 'libs/a/b.ts': `const x = ({ en, ru }) => 1;\nconst y = { es, ru };` }, 'libs/a/b.ts:2'],
    [
      'a function of languages',
      { 'libs/a/b.ts': `const say = (en: string, es: string, ru: string) => join(en, es, ru);` },
      'libs/a/b.ts:1',
    ],
    [
      'a literal in a component',
      { 'apps/web/src/B.vue': `<script setup lang="ts">\nconst x = { en: 'a', ru: 'б' };\n</script>` },
      'apps/web/src/B.vue:2',
    ],
    ['a missing key', change('libs/a/texts/es.json', '"lost": ', '"gone": '), 'libs/a/texts/es.json: "lost" is missing'],
    [
      'a key too many',
      change('libs/a/texts/ru.json', '"title": "Привет",', '"title": "Привет",\n  "more": "ещё",'),
      'libs/a/texts/ru.json: "more" is not in English',
    ],
    ['another order', change('libs/a/texts/ru.json', '{\n  "title": "Привет",', '{'), 'libs/a/texts/ru.json: "title" is missing'],
    [
      'a field’s key with a slip',
      change('libs/a/texts/en.json', '"hint"', '"hnit"'),
      'libs/a/texts/en.json: "settings.key.hnit" is not used',
    ],
    ['an empty text', change('libs/a/texts/es.json', '"Hola"', '" "'), 'libs/a/texts/es.json: "title" is empty'],
    ['another place', change('libs/a/texts/es.json', '{city}', '{town}'), 'libs/a/texts/es.json: "lost" has other places than in English'],
    [
      'a place that code does not fill in',
      change('libs/a/a.ts', '{ city }', '{ town }'),
      'libs/a/texts/en.json: "lost" has the places city, and code fills in town',
    ],
    [
      'a place that is shown',
      change('libs/a/a.ts', 'fillIn(texts.lost, { city })', 'texts.lost'),
      'libs/a/texts/en.json: "lost" is shown without values for city',
    ],
    [
      'English in Russian',
      change('libs/a/texts/ru.json', 'Со страницы', 'From a page'),
      'libs/a/texts/ru.json: "settings.key.hint" is English: From a page',
    ],
    ['another format', change('libs/a/texts/es.json', '  "title"', '"title"'), 'libs/a/texts/es.json is not formatted: run npm run format'],
  ])('finds %s', (_, changes, problem) => {
    expect(checkAll(changes)).toContain(problem);
  });

  it('finds a key that no code uses, and a language without a file', () => {
    const { 'libs/a/a.ts': code = '', 'libs/a/texts/ru.json': _, ...rest } = SOUND;
    expect(listUnused({ ...SOUND, 'libs/a/a.ts': code.replaceAll('texts.title', 'other') })).toEqual([
      'libs/a/texts/en.json: "title" is not used',
    ]);
    expect(listFileProblems(rest)).toEqual(['libs/a/texts/ru.json is missing']);
  });

  it('finds unused keys of a page', () => {
    const page: Sources = {
      'apps/web/src/a-texts.ts': `export const A_TEXTS = joinTexts<typeof en>(import.meta.glob('./texts/*.json', { eager: true }));`,
      'apps/web/src/A.vue':
        '<script setup lang="ts">\nconst say = useTexts(A_TEXTS);\nsay(`state.${kind}`);\n</script>\n<template><p :title="say(\'title\')" /></template>',
      ...Object.fromEntries(
        ['en', 'es', 'ru'].map((one) => [`apps/web/src/texts/${one}.json`, format({ title: one, 'state.ok': one, unused: one })]),
      ),
    };
    expect(listUnused(page)).toEqual(['apps/web/src/texts/en.json: "unused" is not used']);
  });
});

describe('texts', () => {
  const sources = readSources(root);

  it('are in files, not in code', () => {
    expect(listLiterals(sources)).toEqual([]);
  });

  it('have the same keys and places in all languages, in the order of English', () => {
    expect(listFileProblems(sources)).toEqual([]);
  });

  it('are translated', () => {
    expect(listUntranslated(sources, SPANISH_TOO)).toEqual([]);
  });

  it('are all in use, with values for their places', () => {
    expect(listUnused(sources)).toEqual([]);
  });
});
