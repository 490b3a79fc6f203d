import { describe, expect, it } from '@jest/globals';
import { endAlike, normalisePhone } from './phones.js';

describe('phone numbers', () => {
  it.each([
    ['+7 (916) 123-45-67', 'RU', '+79161234567'],
    ['8 916 123 45 67', 'RU', '+79161234567'],
    ['79161234567', 'RU', '+79161234567'],
    ['9161234567', 'RU', '+79161234567'],
    ['34612345678', 'RU', '+34612345678'],
    ['612 34 56 78', 'ES', '+34612345678'],
    ['55 1234 5678', 'MX', '+525512345678'],
    ['+525512345678', 'RU', '+525512345678'],
    ['101', 'RU', '101'],
    ['*97', 'RU', '97'],
    ['12345', 'XX', '12345'],
  ])('%s in %s is %s', (text, country, phone) => {
    expect(normalisePhone(text, country)).toBe(phone);
  });

  it.each([undefined, '', 'anonymous', '<unknown>', '1'.repeat(100)])('%j is none', (text) => {
    expect(normalisePhone(text, 'RU')).toBeUndefined();
  });
});

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
