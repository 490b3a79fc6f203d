import { describe, expect, it } from '@jest/globals';
import {
  anything,
  decimal,
  either,
  id,
  instant,
  list,
  maybe,
  Mismatch,
  oneOf,
  prepared,
  record,
  shape,
  type Shape,
  type Shaped,
  text,
  truth,
  whole,
} from './shape.js';

const rates = shape({ rates: list(shape({ price: decimal, days: maybe(whole), tags: maybe(list(text)) })), note: maybe(text) });

function problem(read: Shape<unknown>, value: unknown): string {
  try {
    read(value);
  } catch (error) {
    if (error instanceof Mismatch) return `${error.path}: ${error.problem}`;
    throw error;
  }
  throw new Error('it was read');
}

describe('a shape', () => {
  it('reads what is declared, and leaves out what is missing or not declared', () => {
    const read: Shaped<typeof rates> = rates({
      rates: [
        { price: '12.50', days: null, other: 1 },
        { price: 3, days: 2, tags: ['a'] },
      ],
      x: 1,
    });
    expect(read).toStrictEqual({ rates: [{ price: 12.5 }, { price: 3, days: 2, tags: ['a'] }] });
  });

  it.each([
    [{ rates: [{}] }, 'rates[0].price: is missing'],
    [{ rates: [{ price: 1 }, { price: 'cheap' }] }, 'rates[1].price: is not a number'],
    [{ rates: [{ price: 1, days: 1.5 }] }, 'rates[0].days: is not a whole number'],
    [{ rates: [{ price: 1, tags: ['a', {}] }] }, 'rates[0].tags[1]: is not a text'],
    [{ rates: {} }, 'rates: is not a list'],
    [{ note: 'x' }, 'rates: is missing'],
    ['x', ': is not an object'],
    [null, ': is missing'],
  ])('reports the path of a wrong value: %j', (value, expected) => {
    expect(problem(rates, value)).toBe(expected);
  });

  it.each<[string, Shape<unknown>, unknown, unknown]>([
    ['a number as a text', text, 17, '17'],
    ['a text without what databases refuse', text, 'a\0b\ud800', 'ab\ufffd'],
    ['a text as a number', decimal, '-0.10', -0.1],
    ['a whole number', whole, '7', 7],
    ['a flag', truth, 'true', true],
    ['a flag of PHP', truth, '0', false],
    ['one of a list', oneOf(['a', 'b']), 'b', 'b'],
    ['the second of two', either(whole, text), 'x', 'x'],
    ['an unwrapped list', prepared((value) => (value as { items?: unknown }).items ?? [], list(whole)), {}, []],
    ['names that are not known', record(whole), { a: 1, b: '2' }, { a: 1, b: 2 }],
    ['an empty object of PHP', shape({ a: maybe(text) }), [], {}],
    ['anything', anything, { a: [1] }, { a: [1] }],
    ['an id', id(3), 'abc', 'abc'],
    ['a time', instant, '2026-03-02T09:00:00+03:00', '2026-03-02T09:00:00+03:00'],
  ])('reads %s', (_name, read, value, expected) => {
    expect(read(value)).toStrictEqual(expected);
  });

  it.each<[string, Shape<unknown>, unknown, string]>([
    ['an id that is too long', id(3), 'abcd', ': is not a text of 1 to 3 characters'],
    ['a word in place of a time', instant, 'now', ': is not a time in ISO 8601'],
    ['an empty id', id(), '', ': is not a text of 1 to 255 characters'],
    ['a number that loses digits', whole, '9007199254740993', ': is not a whole number'],
    ['an empty text as a number', decimal, '', ': is not a number'],
    ['another choice', oneOf(['a', 'b']), 'c', ': is not one of a, b'],
    ['a list that is too long', list(whole, 1), [1, 2], ': has more than 1 items'],
    ['a value of a record', record(whole), { a: 'x' }, 'a: is not a number'],
    ['a list in place of an object', shape({}), [1], ': is not an object'],
  ])('refuses %s', (_name, read, value, expected) => {
    expect(problem(read, value)).toBe(expected);
  });

  it('does not reach the prototype', () => {
    const read = shape({ ['__proto__']: maybe(anything), a: text })(JSON.parse('{ "a": "x", "__proto__": { "b": 1 } }'));
    expect(({} as { b?: unknown }).b).toBeUndefined();
    expect(read.a).toBe('x');
  });
});
