import { stringify } from 'node:querystring';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { BadInputError } from '../validation/bad-input.error.js';
import { addFormField, createFormFields, MAX_FORM_FIELDS, parseForm as parse } from './form-fields.js';

describe('a form body', () => {
  it('is read back unchanged', () => {
    const fields = { clientId: 'a+b/c==', calculate: JSON.stringify({ city: 'Móstoles & Москва', note: '50 % = половина' }) };
    expect(parse(stringify(fields))).toEqual(fields);
  });

  it('has a list where a name comes more than once', () => {
    expect(parse('a=1&b=2&a=3&a=')).toEqual({ a: ['1', '3', ''], b: '2' });
  });

  it('may have names without values, and nothing at all', () => {
    expect(parse('a&b=&&c')).toEqual({ a: '', b: '', c: '' });
    expect(parse('')).toEqual({});
  });

  it('keeps invalid escapes unchanged', () => {
    expect(parse('a=%zz%4&b=100%')).toEqual({ a: '%zz%4', b: '100%' });
  });

  it('has no name that reaches a prototype', () => {
    const fields = parse('__proto__=1&constructor=2');
    expect(Object.entries(fields)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('is read like URLSearchParams, except that Node 20 spoils text without escapes', () => {
    expect(parse('%a=Ф%&🚚=%f0%9f%9a%9a')).toEqual({ '%a': 'Ф%', '🚚': '🚚' });
    const part = fc.constantFrom('&', '=', '+', '%', '%2', '%26', '%3d', '%25', '%D0%A4', '%D0', '%f0%9f%9a%9a', '%00', 'a', '\n');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const expected: [string, string][] = [...new URLSearchParams(parts.join(''))];
        const fields = Object.entries(parse(parts.join('')));
        expect(fields.flatMap(([name, values]) => [values].flat().map((value) => [name, value])).sort()).toEqual(expected.sort());
      }),
    );
  });

  it('has a maximum number of fields, whatever their names, and decodes none beyond it', () => {
    const decode = jest.spyOn(globalThis, 'decodeURIComponent');
    const equal = (count: number): string => Array.from({ length: count }, () => 'a').join('&');
    expect(parse(equal(MAX_FORM_FIELDS)).a).toHaveLength(MAX_FORM_FIELDS);
    expect(decode).toHaveBeenCalledTimes(MAX_FORM_FIELDS);
    decode.mockClear();
    for (const part of ['a&', 'a=1&', 'a[b][c]=1&', '%41=%42&', '%=%&', '&'])
      expect(() => parse(part.repeat(MAX_FORM_FIELDS + 1))).toThrow(BadInputError);
    expect(decode).not.toHaveBeenCalled();
    decode.mockRestore();
  });

  it('copies no values when a name comes again', () => {
    const fields = createFormFields();
    for (const value of ['1', '2']) addFormField(fields, 'a', value);
    const values = fields.a;
    addFormField(fields, 'a', '3');
    expect(fields.a).toBe(values);
    expect(values).toEqual(['1', '2', '3']);
  });
});
