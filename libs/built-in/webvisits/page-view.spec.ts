import { describe, expect, it } from '@jest/globals';
import { readLocale, readOrigin, cleanPageUrl } from './page-view.js';

const sites = ['https://shop.example', 'https://m.shop.example:8443'];

describe('pageUrl', () => {
  it.each([
    ['https://shop.example/a?b=1#c', 'https://shop.example/a?b=1'],
    ['https://SHOP.example', 'https://shop.example/'],
    ['https://user:password@shop.example/a', 'https://shop.example/a'],
    ['https://m.shop.example:8443/x', 'https://m.shop.example:8443/x'],
    ['http://shop.example/', undefined],
    ['https://shop.example.evil.example/', undefined],
    ['https://evil.example/?https://shop.example', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ])('of %s is %s', (text, url) => expect(cleanPageUrl(text, sites, true)).toBe(url));

  it('drops the query where it is not to be kept', () => {
    expect(cleanPageUrl('https://shop.example/a?token=1', sites, false)).toBe('https://shop.example/a');
  });
});

describe('originOf', () => {
  it('takes the campaign before the referrer, and the referrer’s host unless it is the shop’s', () => {
    const page = 'https://shop.example/?utm_source=%20mail%20&utm_medium=letter&utm_campaign=';
    expect(readOrigin(page, 'https://search.example/', sites)).toEqual({ source: 'mail', utm: { source: 'mail', medium: 'letter' } });
    expect(readOrigin('https://shop.example/', 'https://search.example/?q=1', sites)).toEqual({ source: 'search.example', utm: {} });
    expect(readOrigin('https://shop.example/', 'https://m.shop.example:8443/', sites)).toEqual({ source: 'direct', utm: {} });
    for (const referrer of [undefined, '', 'nonsense', 'about:blank'])
      expect(readOrigin('https://shop.example/', referrer, sites)).toEqual({ source: 'direct', utm: {} });
  });
});

describe('localeOf', () => {
  it.each([
    ['en-US', 'en_US'],
    ['es_mx', 'es_MX'],
    ['ru', 'ru'],
    ['zh-Hans-CN', 'zh_CN'],
    ['es-419', 'es'],
    ['en-US-x-private', 'en_US'],
    ['*', undefined],
    ['<script>', undefined],
    [undefined, undefined],
  ])('of %s is %s', (language, locale) => expect(readLocale(language)).toBe(locale));
});
