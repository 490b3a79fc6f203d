import { describe, expect, it } from '@jest/globals';
import type { LocalText } from '../../kit/language.js';
import { findProblems } from './form-problems.js';
import {
  findEntries,
  type Entry,
  buildForm,
  buildItem,
  type GroupEntry,
  type Json,
  joinHints,
  buildRow,
  summarise,
  readValue,
} from './form-values.js';
import { makeField, makeText } from './spec-fields.js';

const choice = (value: string | number): { value: string | number; title: LocalText } => ({ value, title: makeText('') });
const optional = { required: false };

const fields = [
  makeField('host', { ...optional, maxLength: 10, default: 'localhost' }),
  makeField('contact', optional),
  makeField('weight', { ...optional, type: 'number', min: 0, max: 100 }),
  makeField('days', { type: 'integer', min: 1 }),
  makeField('percent', { ...optional, type: 'choice', default: 10, choices: [choice(0), choice(10), choice(20)] }),
  makeField('insured', { ...optional, type: 'boolean' }),
  makeField('shops', {
    ...{ type: 'list', minItems: 1 },
    fields: [
      makeField('code'),
      makeField('name', optional),
      makeField('key', { secret: true }),
      makeField('webhookKey', { ...optional, secret: true, minLength: 8 }),
    ],
  }),
  makeField('sites', { ...optional, type: 'list', default: [], item: { type: 'text' } }),
  makeField('sizes', { ...optional, type: 'list', item: { type: 'integer' } }),
  makeField('users', { ...optional, type: 'list', maxItems: 3, item: { type: 'integer', min: 1, lookup: 'users' } }),
  makeField('kinds', { ...optional, type: 'list', item: { type: 'choice', choices: [choice('a'), choice('b')] } }),
  makeField('address', {
    ...optional,
    type: 'group',
    fields: [makeField('city', { minLength: 1 }), makeField('floor', { ...optional, type: 'integer', default: 1 })],
  }),
  makeField('other', { ...optional, type: 'json' }),
];
const SHOP = { code: 'main', name: 'Main', key: { set: true } };
const LEAST = { host: 'localhost', days: 3, percent: 10, shops: [SHOP], sites: [] };
const FULL = {
  ...LEAST,
  contact: 'Ann',
  weight: 1.5,
  percent: 0,
  insured: false,
  shops: [SHOP, { code: 'b', key: { set: true }, webhookKey: { set: true } }],
  sites: ['https://a.example', 'https://b.example'],
  sizes: [1, 20],
  users: [3, 5],
  kinds: ['b'],
  address: { city: 'Madrid', floor: 1 },
  other: { any: [1, { deep: null }] },
};

/** Builds the form of these values, and finds its entries by path. */
function formAt(values: Json): { form: GroupEntry; at(path: string): Entry } {
  const form = buildForm(fields, values);
  return { form, at: (path) => findEntries(form, path).trail.at(-1) ?? form };
}

function write(entry: Entry, text: string): void {
  if (!('text' in entry)) throw new Error(`${entry.kind} has no text`);
  entry.text = text;
}

/** Returns the values after a field got this text. */
function written(path: string, text: string, values: Json = LEAST): { [name: string]: Json } {
  const { form, at } = formAt(values);
  write(at(path), text);
  return readValue(form) as { [name: string]: Json };
}

/** Returns the errors after a field got this text, by the field's name. */
function wrong(path: string, text: string, values: Json = LEAST): object {
  const { form, at } = formAt(values);
  write(at(path), text);
  return problems(form);
}

const problems = (form: GroupEntry): object =>
  Object.fromEntries([...findProblems(form)].map(([{ field }, problem]) => [field.name, problem]));

describe('the form of settings', () => {
  it.each([
    ['least', LEAST],
    ['full', FULL],
  ])('returns %s values unchanged when nothing is edited', (_, values) => {
    const form = buildForm(fields, values);
    expect(readValue(form)).toEqual(values);
    expect(problems(form)).toEqual({});
  });

  it('shows defaults where there is no value', () => {
    const { form, at } = formAt({});
    expect(at('host')).toMatchObject({ kind: 'text', text: 'localhost' });
    expect(at('percent')).toMatchObject({ kind: 'choice', text: '10' });
    expect(problems(form)).toEqual({ days: { kind: 'required' }, shops: { kind: 'minItems', limit: 1 } });
  });

  it('leaves out what is emptied', () => {
    for (const path of ['host', 'contact', 'weight', 'sizes', 'other']) expect(written(path, ' ', FULL)).not.toHaveProperty(path);
    const { form, at } = formAt(FULL);
    Object.assign(at('kinds'), { chosen: [] });
    expect(readValue(form)).not.toHaveProperty('kinds');
  });

  it.each([
    ['5', 5],
    [' 1.5 ', 1.5],
    ['1,5', 1.5],
    ['1 000', 1000],
    ['-0.25', -0.25],
  ])('reads the number %p', (text, value) => {
    expect(written('weight', text).weight).toBe(value);
  });

  it('reads choices by their own type, lines and JSON', () => {
    expect(written('percent', '20').percent).toBe(20);
    expect(written('sites', ' https://a.example \n\nb\n').sites).toEqual(['https://a.example', 'b']);
    expect(written('sizes', '1\n2').sizes).toEqual([1, 2]);
    expect(written('other', '{"a":1}').other).toEqual({ a: 1 });
  });

  it.each([
    ['days', '', { days: { kind: 'required' } }],
    ['days', 'soon', { days: { kind: 'number' } }],
    ['days', '1.5', { days: { kind: 'whole' } }],
    ['days', '0', { days: { kind: 'min', limit: 1 } }],
    ['weight', '101', { weight: { kind: 'max', limit: 100 } }],
    ['host', 'a-host-of-many', { host: { kind: 'maxLength', limit: 10 } }],
    ['shops[0].code', '', { code: { kind: 'required' }, key: { kind: 'secretMoved' } }],
    ['shops[0].webhookKey', 'short', { webhookKey: { kind: 'minLength', limit: 8 } }],
    ['other', '{', { other: { kind: 'json' } }],
  ])('explains the problem of %s when it is %p', (path, text, expected) => {
    expect(wrong(path, text)).toEqual(expected);
  });

  it('leaves an optional group out until something is entered, and when all is taken out', () => {
    expect(readValue(buildForm(fields, LEAST))).not.toHaveProperty('address');
    expect(written('address.city', 'Lima').address).toEqual({ city: 'Lima', floor: 1 });
    expect(wrong('address.floor', '2')).toEqual({ city: { kind: 'required' } });
    const { form, at } = formAt(FULL);
    write(at('address.city'), '');
    write(at('address.floor'), '');
    expect(readValue(form)).not.toHaveProperty('address');
    expect(problems(form)).toEqual({});
  });

  it('asks whether a switch without a default was ever set', () => {
    expect(readValue(buildForm(fields, LEAST))).not.toHaveProperty('insured');
    const { form, at } = formAt(LEAST);
    Object.assign(at('insured'), { on: true });
    expect(readValue(form)).toMatchObject({ insured: true });
  });

  it('shows a type it does not know as JSON', () => {
    const form = buildForm([makeField('range', { ...optional, type: 'range' })], {
      range: { from: 1 },
    });
    expect(form.entries[0]).toMatchObject({ kind: 'json' });
    expect(readValue(form)).toEqual({ range: { from: 1 } });
  });
});

describe('a list that is looked up', () => {
  /** Builds the form of the least values, with a user for each of these texts. */
  function withUsers(...texts: string[]): GroupEntry {
    const { form, at } = formAt(LEAST);
    const users = at('users');
    if (users.kind !== 'items') throw new Error(`it is ${users.kind}`);
    users.rows = texts.map((text) => ({ ...buildItem(users.field), text }));
    return form;
  }

  it('has a row for each value, and leaves out empty ones', () => {
    expect(readValue(withUsers(' 7', '', '9'))).toEqual({ ...LEAST, users: [7, 9] });
    expect(readValue(withUsers('', ' '))).toEqual(LEAST);
    expect(formAt(FULL).at('users')).toMatchObject({ kind: 'items', rows: [{ text: '3' }, { text: '5' }] });
  });

  it('lists the problems of each row', () => {
    const found = (form: GroupEntry): unknown[] => [...findProblems(form)].map(([{ field }, problem]) => [field.path, problem.kind]);
    expect(found(withUsers('7', 'ann', '', '0', '1.5'))).toEqual([
      ['users', 'maxItems'],
      ['users[]', 'number'],
      ['users[]', 'min'],
      ['users[]', 'whole'],
    ]);
    expect(found(withUsers('7', '', '9'))).toEqual([]);
  });

  it('is led to by the number that the server knows', () => {
    const form = withUsers('7', '', '9');
    expect(findEntries(form, 'users[1]').trail.at(-1)).toMatchObject({ text: '9' });
    expect(findEntries(form, 'users[2]').rest).toEqual(['2']);
  });
});

describe('a row', () => {
  const list = makeField('zones', {
    type: 'list',
    fields: [makeField('code'), makeField('name', { type: 'group', fields: [makeField('en'), makeField('es')] })],
  });

  it.each([
    ['es', 'mad, Centro'],
    ['ru', 'mad, Centre'],
  ])('is called by its first texts, in %s where there is one', (language, summary) => {
    expect(summarise(buildRow(list, { code: 'mad', name: { en: 'Centre', es: 'Centro' } }), language)).toBe(summary);
    expect(summarise(buildRow(list), language)).toBe('');
  });
});

describe('secrets of the form', () => {
  it('stay unchanged, are replaced by entered values, and are cleared on request', () => {
    expect(written('shops[1].webhookKey', 'new-secret', FULL).shops).toEqual([SHOP, { ...FULL.shops[1], webhookKey: 'new-secret' }]);
    const { form, at } = formAt(FULL);
    Object.assign(at('shops[1].webhookKey'), { forget: true });
    expect(readValue(form)).toMatchObject({ shops: [SHOP, { key: { set: true }, webhookKey: null }] });
  });

  it('are asked for in a new row', () => {
    const { form, at } = formAt(LEAST);
    const shops = at('shops');
    if (shops.kind !== 'list') throw new Error('no list');
    const row = buildRow(shops.field);
    shops.rows.push(row);
    expect(problems(form)).toEqual({ code: { kind: 'required' }, key: { kind: 'required' } });
    write(at('shops[1].code'), 'new');
    write(at('shops[1].key'), 'k');
    expect([problems(form), summarise(row, 'es'), readValue(form)]).toEqual([
      {},
      'new',
      { ...LEAST, shops: [SHOP, { code: 'new', key: 'k' }] },
    ]);
  });

  it('must be entered again when the code that identifies them changed', () => {
    const { form, at } = formAt(FULL);
    write(at('shops[1].code'), 'c');
    expect(problems(form)).toEqual({ key: { kind: 'secretMoved' }, webhookKey: { kind: 'secretMoved' } });
    write(at('shops[1].key'), 'k');
    Object.assign(at('shops[1].webhookKey'), { forget: true });
    expect(problems(form)).toEqual({});
  });
});

describe("a path of the server's", () => {
  const names = (path: string): string[] => {
    const { trail, rest } = findEntries(buildForm(fields, FULL), path);
    return [...trail.map(({ field }) => field.name), ...rest.map((one) => `<${one}>`)];
  };

  it.each([
    ['host', ['', 'host']],
    ['shops[1].code', ['', 'shops', '', 'code']],
    ['shops[1]', ['', 'shops', '']],
    ['shops[7].code', ['', 'shops', '<7>', '<code>']],
    ['sites[0]', ['', 'sites', '<0>']],
    ['address.city', ['', 'address', 'city']],
    ['body', ['', '<body>']],
  ])('%s leads to its entry', (path, expected) => {
    expect(names(path)).toEqual(expected);
  });
});

describe('hints that are joined', () => {
  it.each([
    [['Orders from these only.', 'One per line'], 'Orders from these only. One per line'],
    [['Three letters', 'One per line'], 'Three letters. One per line'],
    [[undefined, 'One per line'], 'One per line'],
    [['Orders from these only.', ''], 'Orders from these only.'],
    [['', ''], ''],
  ])('%j have one stop each', (hints, joined) => expect(joinHints(...hints)).toBe(joined));
});
