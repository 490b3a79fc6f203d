import { describe, expect, it } from '@jest/globals';
import { chooseLanguage, describeAge, formatMoney } from './widget-words.js';

const NOW = new Date('2026-12-01T12:00:00Z');

describe('the words of a widget', () => {
  it.each([
    ['ru-RU', 'es', 'ru'],
    ['es_ES', 'en', 'es'],
    ['EN', 'ru', 'en'],
    ['de-DE', 'ru_RU', 'ru'],
    [undefined, 'es-MX', 'es'],
    ['', '', 'en'],
  ])('of the locale %s in an account of %s are in %s', (locale, account, language) => {
    expect(chooseLanguage(locale, account)).toBe(language);
  });

  it.each([
    [0, 'this minute'],
    [59, '59 minutes ago'],
    [120, '2 hours ago'],
    [47 * 60, '47 hours ago'],
    [48 * 60, '2 days ago'],
  ])('state the age of data of %i minutes', (minutes, ago) => {
    const at = new Date(NOW.getTime() - minutes * 60_000);
    expect(describeAge(at, NOW, 'en', 'UTC')).toMatch(new RegExp(`^as of .*, ${ago}$`));
  });

  it('format amounts by their currency’s digits', () => {
    expect([formatMoney({ minor: 123450, currency: 'EUR' }, 'en'), formatMoney({ minor: 500, currency: 'JPY' }, 'en')]).toEqual([
      '€1,234.50',
      '¥500',
    ]);
  });
});
