import { describe, expect, it } from '@jest/globals';
import { toLanguage, preferredLanguage, textFor } from './local-text.js';

describe('the language of an account', () => {
  it.each([
    ['ru', 'ru'],
    ['es', 'es'],
    ['en', 'en'],
    ['ru_RU', 'ru'],
    ['es-MX', 'es'],
    ['RU', 'ru'],
    ['de', 'en'],
    ['rus', 'en'],
    ['esperanto', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [null, 'en'],
    ['__proto__', 'en'],
  ])('%s reads %s', (account, language) => {
    expect(toLanguage(account)).toBe(language);
  });

  it('picks the text', () => {
    const text = { en: 'Weight', es: 'Peso', ru: 'Вес' };
    expect(textFor(text, 'ru_RU')).toBe('Вес');
    expect(textFor(text, 'es')).toBe('Peso');
    expect(textFor(text, 'pt_BR')).toBe('Weight');
  });
});

describe('preferredLanguage', () => {
  it.each<[string | undefined, string | undefined]>([
    ['ru-RU,ru;q=0.9,en;q=0.8', 'ru'],
    ['de, es-MX;q=0.4, en;q=0.7', 'en'],
    ['EN', 'en'],
    ['es;q=0, ru;q=0.1', 'ru'],
    ['de-DE,fr', undefined],
    ['escape', undefined],
    ['', undefined],
    [undefined, undefined],
    [',;q=,en;q=x', 'en'],
  ])('%p is %p', (header, expected) => {
    expect(preferredLanguage(header)).toBe(expected);
  });
});
