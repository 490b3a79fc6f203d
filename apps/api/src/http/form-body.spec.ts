import { stringify } from 'node:querystring';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { type FormFields, readForm } from './form-body.js';

function parse(text: string): FormFields {
  let fields: FormFields | undefined;
  readForm({} as FastifyRequest, Buffer.from(text), (_, read) => (fields = read));
  if (!fields) throw new Error('the parser did not answer');
  return fields;
}

describe('a form body', () => {
  it('is read as it was written', () => {
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

  it('keeps what is no escape as it was sent', () => {
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

  it('is read as URLSearchParams reads it, whose Node 20 spoils only what was sent without escapes', () => {
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
});
