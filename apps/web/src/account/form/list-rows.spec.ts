import { describe, expect, it } from '@jest/globals';
import { fillIn } from '../../kit/language.js';
import { FORM_TEXTS, type SayForm } from './form-texts.js';
import { buildEntry, type FieldSpec, type Json, type ListEntry, readValue } from './form-values.js';
import { chooseColumns, copyRow, formatCell, isInline, searchRows } from './list-rows.js';
import { makeField } from './spec-fields.js';

const say: SayForm = (key, values) => fillIn(FORM_TEXTS[key].en, values);
const name = makeField('name', {
  ...{ type: 'group' },
  fields: [makeField('en', { language: 'en', required: false }), makeField('es', { language: 'es', required: false })],
});

function list(fields: FieldSpec[], values: Json = [], spec: Partial<FieldSpec> = {}): ListEntry {
  const entry = buildEntry(makeField('rows', { type: 'list', itemKey: 'code', fields, ...spec }), values);
  if (entry.kind !== 'list') throw new Error(entry.kind);
  return entry;
}

describe('the table of a list', () => {
  it('has the first short fields, the required ones before others', () => {
    const fields = [
      makeField('code'),
      makeField('region', { required: false }),
      makeField('key', { secret: true }),
      makeField('about', { maxLength: 2_000 }),
      name,
      makeField('on', { type: 'boolean', required: false }),
      makeField('prices', { type: 'list', fields: [makeField('amount')] }),
      makeField('limits', { type: 'group', fields: [makeField('weight')] }),
      ...['a', 'b', 'c'].map((one) => makeField(one, { required: false })),
    ];
    expect(chooseColumns(list(fields).field).map((field) => field.name)).toEqual(['code', 'region', 'name', 'on', 'prices']);
    expect(chooseColumns({ ...list(fields).field, path: 'zones[].rows' }).map((field) => field.name)).toEqual(['code', 'name', 'prices']);
  });

  it('is filled up with lists of texts where there is little else', () => {
    const fields = [makeField('country'), makeField('cities', { type: 'list', required: false, item: { type: 'text' } })];
    const { field, rows } = list(fields, [
      { country: 'ES', cities: ['a', 'b', 'c', 'd', 'e'] },
      { country: 'MX', cities: ['x'] },
    ]);
    expect(rows.map((row) => chooseColumns(field).map((column) => formatCell(row, column, 'en', say)))).toEqual([
      ['ES', 'a, b, c, d …'],
      ['MX', 'x'],
    ]);
  });

  it('shows texts in the language of the page, and yes and no in words', () => {
    const { rows } = list(
      [makeField('code'), name, makeField('on', { type: 'boolean', required: false })],
      [{ code: 'a', name: { en: 'One', es: 'Uno' }, on: true }],
    );
    expect(['en', 'es', 'ru'].map((language) => formatCell(rows[0]!, name, language as 'en', say))).toEqual(['One', 'Uno', 'One']);
    expect(formatCell(rows[0]!, makeField('on'), 'en', say)).toBe('yes');
  });

  it('is edited in place where rows are a few plain fields', () => {
    const plain = ['a', 'b', 'c'].map((one) => makeField(one));
    expect(isInline(list(plain).field)).toBe(true);
    expect(isInline(list([...plain, makeField('d'), makeField('e')]).field)).toBe(false);
    expect(isInline(list([makeField('key', { secret: true })]).field)).toBe(false);
    expect(isInline(list([name]).field)).toBe(false);
  });

  it('is searched without regard to case', () => {
    const { rows } = list([makeField('code')], [{ code: 'Moscow' }, { code: 'Madrid' }]);
    const format = (row: (typeof rows)[number]): string[] => [formatCell(row, makeField('code'), 'en', say)];
    expect(searchRows(rows, ' MOS', format)).toEqual([rows[0]]);
    expect(searchRows(rows, '', format)).toEqual(rows);
  });
});

describe('the copy of a row', () => {
  const fields = [
    makeField('code'),
    makeField('key', { secret: true, required: false }),
    makeField('prices', { type: 'list', required: false, fields: [makeField('amount')] }),
  ];

  it('has its own key, and no secret', () => {
    const entry = list(fields, [{ code: 'a', key: { set: true }, prices: [{ amount: '5' }] }, { code: 'a-2' }]);
    const copy = copyRow(entry, entry.rows[0]!);
    expect([readValue(copy), copy.code]).toEqual([{ code: 'a-3', prices: [{ amount: '5' }] }, undefined]);
    Object.assign(copy.entries[0] ?? {}, { text: 'changed' });
    expect(readValue(entry.rows[0]!)).toMatchObject({ code: 'a' });
  });

  it('keeps a key that names a row of another list', () => {
    const entry = list([makeField('code', { codesOf: 'tariffs' })], [{ code: 'courier' }]);
    expect(readValue(copyRow(entry, entry.rows[0]!))).toEqual({ code: 'courier' });
  });
});
