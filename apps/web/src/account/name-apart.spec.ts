import { describe, expect, it } from '@jest/globals';
import { nameApart } from './name-apart.js';

describe('sections of a page', () => {
  it('never have the same name', () => {
    const sections = [
      { title: 'Connection', group: 'Courier' },
      { title: 'Points', group: 'Courier' },
      { title: 'Connection', group: 'Ledger' },
      { title: 'Health' },
    ];
    expect(nameApart(sections).map(({ title }) => title)).toEqual(['Connection · Courier', 'Points', 'Connection · Ledger', 'Health']);
  });
});
