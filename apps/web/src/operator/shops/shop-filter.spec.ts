import { describe, expect, it } from '@jest/globals';
import { isFiltered, readShopFilter } from './shop-filter.js';

describe('the filter of shops', () => {
  it('contains the known parameters of the address, and nothing else', () => {
    expect(
      readShopFilter({ host: 'tea', health: '', sort: ['state', 'host'], order: 'desc', page: '2', token: 'x', module: null }),
    ).toEqual({
      ...{ host: 'tea', sort: 'state', order: 'desc' },
    });
  });

  it('leaves shops out by host, state, module and failures, not by their order', () => {
    expect(isFiltered(readShopFilter({ sort: 'host', order: 'desc' }))).toBe(false);
    expect(['host', 'health', 'module', 'failing'].filter((name) => !isFiltered(readShopFilter({ [name]: 'x' })))).toEqual([]);
  });
});
