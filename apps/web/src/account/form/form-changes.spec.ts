import { describe, expect, it } from '@jest/globals';
import { applyChanges, mergeChanges, pickChanges, type Values } from './form-changes.js';
import { makeField } from './spec-fields.js';

const FIELDS = [
  ...['name', 'mail', 'days'].map((name) => makeField(name)),
  makeField('points', { type: 'list', itemKey: 'code', fields: [makeField('code'), makeField('city')] }),
  makeField('rules', { type: 'list', itemKey: 'code', ordered: true, fields: [makeField('code')] }),
];
const rows = (...codes: string[]): Values[] => codes.map((code) => ({ code, city: 'Riga' }));

describe('changes of a form', () => {
  it('are the changed fields, and are merged into the values stored by then', () => {
    const before = { name: 'Shop', mail: 'a@b.example', zones: [{ code: 'a' }], days: 1 };
    const changes = pickChanges({ name: 'Shop', zones: [{ code: 'b' }], days: 1, hours: '9–18' }, before);
    expect(changes).toEqual({ mail: null, zones: [{ code: 'b' }], hours: '9–18' });
    expect(applyChanges(changes, { ...before, days: 2 })).toEqual({ name: 'Shop', zones: [{ code: 'b' }], days: 2, hours: '9–18' });
    expect(pickChanges(before, before)).toEqual({});
  });

  it('are merged row by row into values that another user saved meanwhile', () => {
    const before = { name: 'Shop', mail: 'a@b.example', points: rows('a', 'b', 'c', 'd') };
    const mine = { name: 'My shop', points: [...rows('a'), { code: 'b', city: 'mine' }, { code: 'c', city: 'mine' }, ...rows('new')] };
    const theirs = { ...before, days: 2, points: [...rows('other', 'd', 'b'), { code: 'c', city: 'theirs' }] };
    expect(mergeChanges(FIELDS, before, mine, theirs)).toEqual({
      ...{ name: 'My shop', days: 2 },
      points: [...rows('other'), { code: 'b', city: 'mine' }, { code: 'c', city: 'mine' }, ...rows('new')],
    });
    expect(mergeChanges(FIELDS, before, before, theirs)).toEqual(theirs);
  });

  it.each([
    ['whose order matters', 'rules', rows('b', 'a'), rows('a', 'b', 'c')],
    ['whose rows cannot be told apart', 'points', rows('a', 'a'), rows('a', 'c')],
    ['that was left out', 'points', rows('b'), { rows: 3_000 }],
  ])('take the place of a list %s', (_, name, mine, theirs) => {
    expect(mergeChanges(FIELDS, { [name]: rows('a', 'b') }, { [name]: mine }, { [name]: theirs })).toEqual({ [name]: mine });
  });
});
