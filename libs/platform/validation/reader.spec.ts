import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import { getParser } from './parser.js';
import { stringifyClean } from './reader.js';

class Home {
  @IsOptional() @IsString() flat?: string;
  @IsOptional() @IsString() at?: string;
}

class Order {
  @IsOptional() @ValidateNested() @Type(() => Home) home?: Home;
}

describe('an empty object of PHP', () => {
  it('has no properties, whatever a list has', () => {
    expect(getParser(Order).parse({ home: [] })).toEqual({ home: {} });
    expect(getParser(Order).parse([])).toEqual({});
  });
});

describe('JSON for PostgreSQL', () => {
  it('has no text that it refuses, in values, lists and names', () => {
    const value = { 'a\0': ['x\0y', 'lone \ud800 surrogate', 1, null], date: new Date(0), kept: '🚚' };
    expect(JSON.parse(stringifyClean(value))).toEqual({
      a: ['xy', 'lone \ufffd surrogate', 1, null],
      date: '1970-01-01T00:00:00.000Z',
      kept: '🚚',
    });
  });

  it('is otherwise the same, also where a text only looks like an escape', () => {
    for (const value of [{ a: 'b' }, { path: 'C:\\u0000' }, []]) expect(stringifyClean(value)).toBe(JSON.stringify(value));
  });
});
