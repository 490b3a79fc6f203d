import { describe, expect, it } from '@jest/globals';
import { fillIn } from '../../kit/language.js';
import { applyCsv, compareCsv, type CsvChanges, readCsv, writeCsv } from './csv.js';
import { CSV_TEXTS, type SayCsv } from './csv-texts.js';
import { buildEntry, findEntries, type Json, type ListEntry, readValue } from './form-values.js';
import { makeField, makeText } from './spec-fields.js';

const say: SayCsv = (key, values) => fillIn(CSV_TEXTS[key].en, values);

const field = makeField('points', {
  ...{ type: 'list', itemKey: 'code', required: false },
  fields: [
    makeField('code', { title: makeText('Code', 'Código', 'Код') }),
    makeField('zones', { type: 'list', item: { type: 'text' }, minItems: 1 }),
    makeField('price', { type: 'number', min: 0 }),
    makeField('kind', {
      ...{ type: 'choice', required: false, default: 'door' },
      choices: [
        { value: 'door', title: makeText('To the door', 'A domicilio', 'До двери') },
        { value: 'point', title: makeText('Pickup point', 'Punto', 'Пункт') },
      ],
    }),
    makeField('cod', { type: 'boolean', required: false, default: true }),
    makeField('limits', {
      ...{ type: 'group', required: false },
      fields: [makeField('weight', { type: 'integer', min: 1 }), makeField('note', { required: false })],
    }),
    makeField('key', { secret: true, required: false }),
    makeField('hours', { type: 'list', required: false, fields: [makeField('from')] }),
  ],
});

const MADRID = { code: 'mad', zones: ['m1', 'm2'], price: 1.5, kind: 'door', cod: true, limits: { weight: 5 }, key: { set: true } };
const LIMA = { code: 'lim', zones: ['north, coast'], price: 0, kind: 'point', cod: false, hours: [{ from: '10' }] };

function build(values: Json = [MADRID, LIMA]): ListEntry {
  const entry = buildEntry(field, values);
  if (entry.kind !== 'list') throw new Error(entry.kind);
  return entry;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const compare = (list: ListEntry, text: string, language: 'en' | 'es' | 'ru' = 'en'): CsvChanges =>
  compareCsv(list, readCsv(bytes(text), language, say), language, say);

describe('a list as a CSV file', () => {
  it('has nested fields as dotted columns, and neither secrets nor lists of groups', () => {
    expect(writeCsv(build(), 'en')).toBe(
      '\uFEFFcode,zones,price,kind,cod,limits.weight,limits.note\r\nmad,"m1, m2",1.5,door,yes,5,\r\nlim,"north, coast\n",0,point,no,,\r\n',
    );
  });

  it('has semicolons and decimal commas where Excel does', () => {
    expect(writeCsv(build([MADRID]), 'es')).toBe(
      '\uFEFFcode;zones;price;kind;cod;limits.weight;limits.note\r\nmad;m1, m2;1,5;door;sí;5;\r\n',
    );
  });

  it.each(['en', 'es', 'ru'] as const)('changes nothing when it comes back, in %s', (language) => {
    const list = build();
    expect(compare(list, writeCsv(list, language), language)).toEqual({
      ...{ added: [], changed: [], missing: [], unchanged: 2, faulty: [], unknownColumns: [] },
    });
  });

  it.each(['=cmd', '+cmd', '-cmd', '@cmd'])('is not a formula for a spreadsheet, and comes back unchanged: %s', (code) => {
    const list = build([{ ...MADRID, code, price: -0 }]);
    const text = writeCsv(list, 'en');
    expect(text).toContain(`'${code},`);
    expect(compare(list, text)).toMatchObject({ unchanged: 1, changed: [], added: [] });
  });
});

describe('a CSV file for a list', () => {
  it('adds, changes and lacks rows by their key, and leaves alone what it has no column for', () => {
    const list = build();
    const changes = compare(list, 'Code;price;zones\nmad;2,75;m1\nnew;3;z\n', 'ru');
    expect(changes.added.map(({ line }) => line)).toEqual([3]);
    expect(changes.changed.map(({ line, cells }) => [line, cells.map(({ column, from, to }) => [column.name, from, to])])).toEqual([
      [
        2,
        [
          ['price', '1,5', '2,75'],
          ['zones', 'm1, m2', 'm1'],
        ],
      ],
    ]);
    expect(changes.missing).toEqual([list.rows[1]]);
    // Nothing changes before the user agrees.
    expect(readValue(list)).toEqual([MADRID, LIMA]);

    applyCsv(list, changes, false);
    const fresh = { code: 'new', price: 3, zones: ['z'], kind: 'door', cod: true };
    expect(readValue(list)).toEqual([{ ...MADRID, price: 2.75, zones: ['m1'] }, LIMA, fresh]);
    const again = build();
    applyCsv(again, compare(again, 'code,price,zones\nmad,2.75,m1\nnew,3,z'), true);
    expect(readValue(again)).toEqual([{ ...MADRID, price: 2.75, zones: ['m1'] }, fresh]);
  });

  it('keeps a secret that was entered and is not stored yet', () => {
    const list = build();
    const key = findEntries({ kind: 'group', field, entries: [list], wasThere: true }, 'points[0].key').trail.at(-1);
    Object.assign(key ?? {}, { text: 'just entered' });
    applyCsv(list, compare(list, 'code,price\nmad,9'), false);
    expect(readValue(list)).toMatchObject([{ price: 9, key: 'just entered' }, LIMA]);
  });

  it.each([
    ['a text where a number is', 'code,price\nmad,cheap', 'price must be a number'],
    ['a number below the least', 'code,price\nmad,-1', 'price must be at least 0'],
    ['an unknown choice', 'code,kind\nmad,rocket', 'kind is not one of the choices: rocket'],
    ['no answer where yes or no is asked', 'code,cod\nmad,perhaps', 'cod is not one of the choices: perhaps'],
    ['no key', 'code,price,zones\n,5,z', 'Code must be filled in'],
    ['what a new row lacks', 'code,price\nnew,', 'zones must have at least 1; price must be filled in'],
    ['half a group', 'code,price,zones,limits.note\nnew,1,z,heavy', 'weight must be filled in'],
  ])('reports the line that has %s', (_, text, reason) => {
    const { faulty, added, changed } = compare(build(), text);
    expect([faulty, added, changed]).toEqual([[{ line: 2, reason }], [], []]);
  });

  it('takes a key once', () => {
    expect(compare(build(), 'code,price\nmad,2\nlim,0\nmad,3').faulty).toEqual([{ line: 4, reason: 'Code is repeated in line 2' }]);
  });

  it('may name choices and answers as people do, in any case', () => {
    const list = build();
    applyCsv(list, compare(list, 'code,kind,cod\nmad,pickup POINT,No\nlim,До двери,да'), false);
    expect(readValue(list)).toMatchObject([
      { kind: 'point', cod: false },
      { kind: 'door', cod: true },
    ]);
  });

  it('empties what is empty in it, and falls back to a default', () => {
    const list = build();
    applyCsv(list, compare(list, 'code,limits.weight,kind\nmad,,'), false);
    expect(readValue(list)).toMatchObject([{ code: 'mad', kind: 'door' }, LIMA]);
    expect((readValue(list) as object[])[0]).not.toHaveProperty('limits');
  });

  it('lists unknown columns', () => {
    expect(compare(build(), 'code,colour\nmad,red')).toMatchObject({ unknownColumns: ['colour'], unchanged: 1 });
  });

  it('is compared by all it has where nothing tells rows apart', () => {
    const list = build();
    const nameless = { ...list, field: { ...field, itemKey: undefined } } as ListEntry;
    expect(compare(nameless, 'code,price,zones\nmad,1.5,"m1, m2"\nlim,5,"north, coast\n"')).toMatchObject({
      ...{ unchanged: 1, changed: [], added: [{ line: 4 }], missing: [list.rows[1]] },
    });
  });
});

describe('the reading of a file', () => {
  it.each<[string, Uint8Array, 'en' | 'ru']>([
    ['UTF-8 with its mark', bytes('\uFEFFcode;name\nа;б'), 'ru'],
    ['what Excel wrote before', Uint8Array.from([...bytes('code;name\n'), 0xe0, 0x3b, 0xe1]), 'ru'],
    [
      'UTF-16',
      Uint8Array.from([0xff, 0xfe, ...[...'code\tname\nа\tб'].flatMap((sign) => [sign.charCodeAt(0) & 255, sign.charCodeAt(0) >> 8])]),
      'en',
    ],
    ['a file that names its delimiter', bytes('sep=;\r\ncode;name\r\nа;б\r\n'), 'en'],
    ['quotes and empty lines', bytes('"code","name"\n\n"а","б"\n,\n'), 'en'],
  ])('understands %s', (_, file, language) => {
    const { header, rows } = readCsv(file, language, say);
    expect([header, rows.map(({ cells }) => cells)]).toEqual([['code', 'name'], [['а', 'б']]]);
  });

  it.each([
    ['nothing', '', 'The file has no lines.'],
    ['a header alone', 'code,price', 'The file has no lines.'],
    ['a quote that never ends', 'code,price\n"mad,5', /in line 2\.$/],
    ['a quote out of place', 'code,price\nmad,5\nbcn "x",6', /in line 3\.$/],
    ['a picture', '\u0089PNG\r\n\0\0"', /^This is not a text file\./],
    ['columns of something else', 'a,b\n1,2', /^No known columns\. Valid columns: code, zones, /],
    ['no column for the key', 'price\n5', 'The column "code", which identifies the rows, is missing.'],
  ])('reports that it found %s', (_, text, reason) => {
    expect(() => compare(build(), text)).toThrow(reason);
  });

  it('names lines as an editor does, also after a cell of several lines', () => {
    expect(readCsv(bytes('code,note\r\na,"x\r\ny"\r\nb,z'), 'en', say).rows.map(({ line }) => line)).toEqual([3, 4]);
  });
});
