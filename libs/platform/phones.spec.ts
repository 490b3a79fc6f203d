import { describe, expect, it } from '@jest/globals';
import { normalisePhone } from './phones.js';

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
