import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillIn, findText, readTexts } from './texts.js';

describe('readTexts', () => {
  let folder: string;
  const write = (language: string, tree: unknown) => writeFileSync(join(folder, `${language}.json`), JSON.stringify(tree));
  const read = () => readTexts<{ hello: string; errors: { lost: string } }>(pathToFileURL(`${folder}/`));
  const tree = (language: string) => ({ hello: `${language} hello`, errors: { lost: `${language} {n} of {name}` } });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-texts-'));
    for (const language of ['en', 'es', 'ru']) write(language, tree(language));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives each text in all languages, and a further language is a further file', () => {
    expect(read().errors.lost).toEqual({ en: 'en {n} of {name}', es: 'es {n} of {name}', ru: 'ru {n} of {name}' });
    write('pt', tree('pt'));
    expect(read().hello).toEqual({ en: 'en hello', es: 'es hello', ru: 'ru hello', pt: 'pt hello' });
  });

  it.each<[string, unknown, RegExp]>([
    ['lacks a key', { hello: 'hola', errors: {} }, /es\.json: "errors\.lost" is missing/],
    ['lacks a group', { hello: 'hola' }, /es\.json: "errors" is missing/],
    ['has a text for a group', { hello: 'hola', errors: 'hola' }, /es\.json: "errors" must be a group/],
    ['has an empty text', { hello: '', errors: { lost: '{n} {name}' } }, /es\.json: "hello" must be a text/],
    ['has no text', { hello: 7, errors: { lost: '{n} {name}' } }, /es\.json: "hello" must be a text/],
    [
      'lacks a place',
      { hello: 'hola', errors: { lost: '{n}' } },
      /es\.json: "errors\.lost" must have the same places as in English: \{name\}, \{n\}/,
    ],
    [
      'has another place',
      { hello: '{n}', errors: { lost: '{n} {name}' } },
      /es\.json: "hello" must have the same places as in English: none/,
    ],
  ])('names file and key if a language %s', (_, spanish, message) => {
    write('es', spanish);
    expect(read).toThrow(message);
  });

  it('names the file and the key that English lacks', () => {
    write('ru', { ...tree('ru'), more: 'ещё' });
    expect(read).toThrow(/en\.json: "more" is missing/);
  });

  it('names a file that is missing or is not JSON', () => {
    rmSync(join(folder, 'ru.json'));
    expect(read).toThrow(/ru\.json/);
    writeFileSync(join(folder, 'ru.json'), '{');
    expect(read).toThrow(/ru\.json: .*JSON/);
  });
});

it('finds the text of a code, and none of a name that every object has', () => {
  const sent = { en: 'sent', es: 'enviado', ru: 'отправлен' };
  expect(['sent', 'toString', '', null, undefined].map((code) => findText({ sent }, code))).toEqual([
    sent,
    ...Array.from({ length: 4 }, () => undefined),
  ]);
});

describe('fillIn', () => {
  it('fills in texts in their language, and keeps a place without a value', () => {
    const status = { en: 'sent', es: 'enviado', ru: 'отправлен' };
    const text = { en: '{id} is {status} {when}', es: '{id}: {status} {when}', ru: '{id}: {status} {when}' };
    expect(fillIn(text, { id: 7, status })).toEqual({ en: '7 is sent {when}', es: '7: enviado {when}', ru: '7: отправлен {when}' });
    const more = { ...text, pt: '{status}' };
    expect(fillIn(more, { status })).toMatchObject({ pt: 'sent' });
  });
});
