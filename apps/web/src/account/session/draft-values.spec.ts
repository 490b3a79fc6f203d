import { describe, expect, it } from '@jest/globals';
import type { FieldSpec, Json } from '../form/form-values.js';
import { dropSecrets, holdsNewSecret, restoreSecrets } from './draft-values.js';

const field = (name: string, rest: Partial<FieldSpec> = {}): FieldSpec => ({
  ...{ name, path: name, type: 'text', title: { en: name, es: name, ru: name }, required: false, secret: false },
  ...rest,
});
const FIELDS = [
  field('name'),
  field('token', { secret: true }),
  field('contact', { type: 'group', fields: [field('mail'), field('pin', { secret: true })] }),
  field('shops', { type: 'list', fields: [field('code'), field('key', { secret: true })] }),
  field('cities', { type: 'list', item: { type: 'text' } }),
];
const SET = { set: true };
const STORED: Json = {
  ...{ name: 'Shop', token: SET, contact: { mail: 'a@b.example', pin: SET } },
  shops: [{ code: 'one', key: SET }, { code: 2, key: SET }, { code: 'three' }],
};

describe('a draft in the page', () => {
  it('is sent without secrets, and has the marks of the stored ones when it is shown', () => {
    const typed = {
      ...{ name: 'Other', token: 'sk_typed', contact: { mail: '', pin: SET }, cities: ['Madrid'] },
      shops: [
        { code: '2', key: SET },
        { code: 'new', key: 'sk_new' },
        { code: 'three', key: 'sk_3' },
      ],
    };
    const draft = dropSecrets(FIELDS, typed);
    expect(draft).toEqual({
      name: 'Other',
      contact: { mail: '' },
      cities: ['Madrid'],
      shops: [{ code: '2' }, { code: 'new' }, { code: 'three' }],
    });
    expect(restoreSecrets(FIELDS, draft, STORED)).toEqual({
      ...{ name: 'Other', token: SET, contact: { mail: '', pin: SET }, cities: ['Madrid'] },
      shops: [{ code: '2', key: SET }, { code: 'new' }, { code: 'three' }],
    });
  });

  it('stays unchanged if the stored value has another shape or is missing', () => {
    const draft = { contact: { mail: 'x' }, shops: [{ code: 'one' }, null], cities: 'Madrid\nParis' };
    expect(restoreSecrets(FIELDS, draft, {})).toEqual(draft);
    expect(restoreSecrets(FIELDS, draft, { shops: 'x', contact: [] })).toEqual(draft);
    expect(restoreSecrets(FIELDS, { shops: [{ key: 'x' }] }, STORED)).toEqual({ shops: [{ key: 'x' }], token: SET });
  });

  it.each<[Json, boolean]>([
    [STORED, false],
    [{ token: 'sk' }, true],
    [{ token: null }, true],
    [{ contact: { pin: '12' } }, true],
    [{ shops: [{ code: 'a' }, { code: 'b', key: 'sk' }] }, true],
    [{ name: 'sk', shops: null }, false],
  ])('knows whether a secret was typed: %j', (values, isTyped) => {
    expect(holdsNewSecret(FIELDS, values)).toBe(isTyped);
  });
});
