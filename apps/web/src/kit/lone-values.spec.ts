import { describe, expect, it } from '@jest/globals';
import { listLone } from './lone-values.js';

describe('the values that no line reaches', () => {
  it.each([
    [[null, 8, null], [1]],
    [[8], [0]],
    [
      [0, null, 3, 4, null, 5],
      [0, 5],
    ],
    [[1, 2, null], null],
    [[null, null], null],
    [[], null],
  ])('of %j are at %j', (values, indices) => expect(listLone(values)).toEqual(indices));
});
