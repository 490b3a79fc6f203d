import { describe, expect, it } from '@jest/globals';
import { buildTermMatcher } from './term-matcher.js';

describe('buildTermMatcher', () => {
  it.each([
    ['', ['Madrid'], true],
    ['  ', [], true],
    ['malaga', ['Málaga'], true],
    ['MÁLAGA', ['malaga'], true],
    ['елка', ['Ёлка'], true],
    ['centro mad', ['Madrid', 28, 'Centro'], true],
    ['28 mad', ['Madrid', 28], true],
    ['madrid norte', ['Madrid', undefined], false],
    ['undefined', ['Madrid', undefined], false],
    ['drid28', ['Madrid', 28], false],
    ['.*', ['Madrid'], false],
  ])('%j in %j: %j', (term, texts, found) => {
    expect(buildTermMatcher(term)(texts)).toBe(found);
  });
});
