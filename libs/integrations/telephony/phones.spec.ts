import { expect, it } from '@jest/globals';
import { endAlike } from './phones.js';

it.each([
  ['+79161234567', '89161234567', true],
  ['+79161234567', '1234567', true],
  ['+79161234567', '79161234568', false],
  ['+79161234567', '234567', false],
  ['+34612345678', '712345678', false],
  ['105', '105', true],
  ['105', '5', false],
  ['+79161234567', undefined, false],
  ['anonymous', '', false],
])('%s and %s may be one number: %s', (one, other, alike) => expect(endAlike(one, other)).toBe(alike));
