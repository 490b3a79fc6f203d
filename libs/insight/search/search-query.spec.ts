import { describe, expect, it } from '@jest/globals';
import { readSearch } from './search-query.js';

describe('a search query', () => {
  it.each([
    ['+7 916 123-45-67', ['+79161234567']],
    ['89161234567', expect.arrayContaining(['+79161234567'])],
    ['612 34 56 78', expect.arrayContaining(['+34612345678'])],
    ['4100A', []],
    ['123456', []],
  ])('may be a phone: %s', (typed, phones) => {
    expect(readSearch(typed).phones).toEqual(phones);
  });

  it.each([
    ['https://Demo.RetailCRM.pro/orders/7', 'demo.retailcrm.pro'],
    ['demo', 'demo'],
    ['127.0.0.1:3000', '127.0.0.1'],
    ['два слова', undefined],
  ])('may be a host, or its beginning: %s', (typed, host) => {
    expect(readSearch(typed).host).toBe(host);
  });

  it('may be an id, with spaces around it', () => {
    expect(readSearch(' 01900000-0000-7000-8000-00000000000A ')).toMatchObject({ uuid: '01900000-0000-7000-8000-00000000000a' });
    expect(readSearch('7')).not.toHaveProperty('uuid');
  });
});
