import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { defineProblem, sayProblem, sayProblems, toSentence } from './problem-texts.js';

/** Message about a decorator. */
const OF_CODE = 'has no validator';
/** Files that report problems of a field. */
const SPEAKERS = ['parser', 'reader', 'rules', 'settings-form'];
const SAID = SPEAKERS.flatMap((name) => {
  const source = readFileSync(`${import.meta.dirname}/${name}.ts`, 'utf8').replace(/\$\{[^}]*'items'\}/g, 'items');
  return [...source.matchAll(/['`]((?:must|is|has) [^'`\n]+)['`]/g)].map(([, message = '']) => message.replace(/\$\{[^}]*\}/g, '7'));
}).filter((message) => message !== OF_CODE);

describe('what is wrong with a field', () => {
  it('is reported for several', () => {
    expect(SAID.length).toBeGreaterThan(40);
    expect(SAID).toEqual(expect.arrayContaining(['is required', 'must be at most 7', 'must have at least 7 items', 'is not known']));
  });

  it.each([...new Set(SAID)])('is in the language of the account: "%s"', (message) => {
    expect(sayProblem(message, 'en')).toBe(message);
    const [es, ru] = [sayProblem(message, 'es'), sayProblem(message, 'RU')];
    expect([/^(must|is|has) /.test(es), /[а-яё]/.test(ru), es.includes('7'), ru.includes('7')]).toEqual([
      false,
      true,
      message.includes('7'),
      message.includes('7'),
    ]);
    const isOfFormat = message === 'has a wrong format';
    expect([es === sayProblem('has a wrong format', 'es'), ru === sayProblem('has a wrong format', 'ru')]).toEqual([
      isOfFormat,
      isOfFormat,
    ]);
  });

  it('is a wrong format if only the field knows more, and stays unchanged in another language', () => {
    expect(sayProblem('must begin with sk_', 'es')).toBe('no tiene el formato correcto');
    expect(sayProblem('должно начинаться с sk_', 'ru')).toBe('должно начинаться с sk_');
  });

  it('has the text of its decorator, in the language of the account', () => {
    const message = defineProblem({ en: 'must begin with pk_', es: 'debe empezar por pk_', ru: 'должно начинаться с pk_' });
    expect(message).toBe('must begin with pk_');
    expect(['en', 'es', 'RU', undefined].map((language) => sayProblem(message, language))).toEqual([
      'must begin with pk_',
      'debe empezar por pk_',
      'должно начинаться с pk_',
      'must begin with pk_',
    ]);
  });

  it('is joined to a sentence', () => {
    const errors = { a: 'is required', 'b[0].c': 'must be one of: $&, x', d: 'is wrong', e: 'is wrong' };
    expect(toSentence(errors)).toBe('Wrong input: a is required; b[0].c must be one of: $&, x; d is wrong (and 1 more)');
    expect(toSentence(sayProblems(errors, 'es'), 'es')).toBe(
      'Datos incorrectos: a es obligatorio; b[0].c debe ser uno de: $&, x; d no es correcto (y 1 más)',
    );
  });
});
