import { describe, expect, it } from '@jest/globals';
import { parseForm } from './nested-form.js';

describe('nested forms', () => {
  it('reads lists, objects and both together', () => {
    expect(parseForm('a=1&filter[ids][]=1&filter[ids][]=2&filter[name]=%D0%90+b&x[0][y]=1&x[1][y]=2&m[k]=v')).toEqual({
      a: '1',
      filter: { ids: ['1', '2'], name: 'А b' },
      x: [{ y: '1' }, { y: '2' }],
      m: { k: 'v' },
    });
  });

  it('takes nothing that would reach a prototype, nor what is too deep', () => {
    expect(parseForm('__proto__[x]=1&a[__proto__][x]=1&constructor[prototype][x]=1')).toEqual({ constructor: { prototype: { x: '1' } } });
    expect(({} as { x?: string }).x).toBeUndefined();
    expect(parseForm(`a${'[b]'.repeat(30)}=1`)).toEqual({});
  });
});
