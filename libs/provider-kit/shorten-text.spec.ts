import { describe, expect, it } from '@jest/globals';
import { shortenText } from './shorten-text.js';

describe('a text that is shortened', () => {
  it.each([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
  ])('%j to %d characters is %j', (text, most, expected) => {
    expect(shortenText(text, most)).toBe(expected);
  });
});
