import { describe, expect, it } from '@jest/globals';
import { readReturnUrl, readSiteName } from './return-url.js';

describe('safeReturnUrl', () => {
  it('leads to the site of the invoice only', () => {
    expect(readReturnUrl('https://shop.example/a?b=1', 'https://shop.example', false)).toBe('https://shop.example/a?b=1');
    expect(readReturnUrl('https://SHOP.example/a', 'shop.example/', false)).toBe('https://shop.example/a');
    expect(readReturnUrl('http://shop.example/a', 'http://shop.example', false)).toBeUndefined();
    expect(readReturnUrl('http://shop.example/a', 'http://shop.example', true)).toBe('http://shop.example/a');
  });

  it.each([
    'https://evil.example/',
    'https://shop.example.evil.example/',
    'https://evil.example/https://shop.example/',
    'https://shop.example@evil.example/',
    'https://user@shop.example/',
    'https://shop.example:8443/',
    'https:\\\\evil.example\\shop.example',
    'https://shop.example\\@evil.example/',
    '//shop.example/',
    '/thanks',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://shop.example/\nx',
    '',
    undefined,
  ])('leads nowhere for %p', (returnUrl) => {
    expect(readReturnUrl(returnUrl, 'https://shop.example', true)).toBeUndefined();
  });

  it('leads nowhere when the site is not known', () => {
    for (const site of [undefined, '', 'not a site', 'ftp://shop.example'])
      expect(readReturnUrl('https://shop.example/', site, true)).toBeUndefined();
  });
});

describe('siteNameOf', () => {
  it('is the host, for people', () => {
    expect(readSiteName('https://www.shop.example/x')).toBe('shop.example');
    expect(readSiteName('shop.example')).toBe('shop.example');
    expect(readSiteName(undefined)).toBeUndefined();
  });
});
