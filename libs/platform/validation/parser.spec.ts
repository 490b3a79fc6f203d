import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { BadInputError, FreeForm, IsListOfTextLists, KeepsNull, getParser } from './index.js';
import type { DtoClass, FieldErrors, JsonValue } from './index.js';

class ItemDto {
  @IsString()
  name!: string;

  @Min(1)
  @IsInt()
  quantity!: number;
}

class PackageDto {
  @IsNumber()
  @IsPositive()
  weight!: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items?: ItemDto[];
}

class DeliveryDto {
  @IsString()
  @IsNotEmpty()
  tariff!: string;

  @IsOptional()
  @IsBoolean()
  withCod?: boolean;

  @IsOptional()
  @FreeForm()
  extraData?: { [code: string]: JsonValue };
}

class SaveDto {
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => PackageDto)
  packages!: PackageDto[];

  @ValidateNested()
  @Type(() => DeliveryDto)
  delivery!: DeliveryDto;

  @IsOptional()
  @IsString()
  order?: string;

  @IsOptional()
  @IsString({ each: true })
  codes?: string[];
}

const parser = getParser(SaveDto);
const minimal = { packages: [{ weight: 100 }], delivery: { tariff: 'door' } };

function catchErrors(parse: () => unknown): FieldErrors {
  return catchFailure(parse).errors;
}

function catchFailure(parse: () => unknown): BadInputError {
  try {
    parse();
  } catch (error) {
    if (error instanceof BadInputError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** A DTO of one property `value`. */
function dtoWith(...decorators: PropertyDecorator[]): DtoClass<{ value: unknown }> {
  class OneDto {
    value: unknown;
  }
  for (const decorate of decorators) decorate(OneDto.prototype, 'value');
  return OneDto;
}

describe('what a parser accepts', () => {
  it('gives a plain object with known properties only, at every level', () => {
    const parsed = parser.parse({ ...minimal, later: 1, delivery: { tariff: 'door', later: { a: 1 } } });
    expect(parsed).toEqual(minimal);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  it('takes null for a missing value', () => {
    const parsed = parser.parse({ ...minimal, order: null, delivery: { tariff: 'door', withCod: null, extraData: null } });
    expect(Object.keys(parsed)).toEqual(['packages', 'delivery']);
    expect(Object.keys(parsed.delivery)).toEqual(['tariff']);
    expect(catchErrors(() => parser.parse({ ...minimal, delivery: { tariff: null } }))).toEqual({ 'delivery.tariff': 'is required' });
  });

  it('keeps a meaningful null, and checks other values', () => {
    const weighed = getParser(dtoWith(IsOptional(), IsNumber(), Min(0), KeepsNull()));
    const read = (sent: object): unknown => weighed.parse(sent);
    expect([{ value: null }, {}, { value: '2.5' }].map(read)).toEqual([{ value: null }, {}, { value: 2.5 }]);
    expect(catchErrors(() => read({ value: -1 }))).toEqual({ value: 'must be at least 0' });
    expect(catchErrors(() => read({ value: 'x' }))).toEqual({ value: 'must be a number' });
  });

  it('takes an empty list for an empty object, and no other list', () => {
    expect(getParser(class EmptyDto {}).parse([])).toEqual({});
    expect(parser.parse({ ...minimal, delivery: { tariff: 'a', extraData: [] } }).delivery.extraData).toEqual({});
    expect(catchErrors(() => parser.parse({ ...minimal, delivery: [] }))).toEqual({ 'delivery.tariff': 'is required' });
    expect(catchErrors(() => parser.parse({ ...minimal, delivery: ['a'] }))).toEqual({ delivery: 'must be an object' });
    expect(catchErrors(() => parser.parse({ ...minimal, delivery: { tariff: 'a', extraData: [1] } }))).toEqual({
      'delivery.extraData': 'must be an object',
    });
  });

  it('takes the values of an object where a list is due', () => {
    const parsed = parser.parse({ ...minimal, packages: { 1: { weight: 1 }, 7: { weight: 2 } }, codes: { a: 'x', b: 5 } });
    expect(parsed.packages).toEqual([{ weight: 1 }, { weight: 2 }]);
    expect(parsed.codes).toEqual(['x', '5']);
    expect(catchErrors(() => parser.parse({ ...minimal, packages: {} }))).toEqual({ packages: 'must have at least 1 item' });
  });

  it.each([
    ['12', 12],
    ['12.5', 12.5],
    ['-3', -3],
    ['007', 7],
    ['-0', 0],
    [4, 4],
  ])('reads %j as the number %d', (sent, number) => {
    expect(getParser(dtoWith(IsNumber())).parse({ value: sent })).toEqual({ value: number });
  });

  it.each([
    '',
    '1e3',
    '1e9999',
    ' 12',
    '12 ',
    'abc',
    '0x10',
    '1,5',
    '.5',
    '5.',
    '+5',
    '--5',
    'NaN',
    'Infinity',
    '9'.repeat(40),
    true,
    [],
    {},
  ])('does not read %j as a number', (sent) => {
    expect(catchErrors(() => getParser(dtoWith(IsNumber())).parse({ value: sent }))).toEqual({ value: 'must be a number' });
  });

  it('refuses numbers beyond JSON, and whole numbers whose digits would change', () => {
    const number = getParser(dtoWith(IsNumber()));
    const integer = getParser(dtoWith(IsInt()));
    expect(catchErrors(() => number.parseJson('{"value":1e999}', 'x'))).toEqual({ value: 'must be a number' });
    for (const value of ['12345678901234567890', 1e300, -1e300, 2 ** 53])
      expect(catchErrors(() => integer.parse({ value }))).toEqual({ value: 'is too large a number' });
    expect(integer.parse({ value: 2 ** 53 - 1 })).toEqual({ value: 2 ** 53 - 1 });
    expect(catchErrors(() => integer.parse({ value: '1.5' }))).toEqual({ value: 'must be a whole number' });
    expect(integer.parse({ value: '2.0' })).toEqual({ value: 2 });
  });

  it('reads a number where a text is due', () => {
    expect(parser.parse({ ...minimal, order: 15 }).order).toBe('15');
    expect(catchErrors(() => parser.parse({ ...minimal, order: false }))).toEqual({ order: 'must be a text' });
  });

  it.each([
    [1, true],
    ['1', true],
    ['true', true],
    [true, true],
    [0, false],
    ['0', false],
    ['false', false],
    [false, false],
  ])('reads %j as %j', (sent, boolean) => {
    expect(getParser(dtoWith(IsBoolean())).parse({ value: sent })).toEqual({ value: boolean });
  });

  it.each([2, '', 'yes', 'TRUE', [], {}])('does not read %j as a boolean', (sent) => {
    expect(catchErrors(() => getParser(dtoWith(IsBoolean())).parse({ value: sent }))).toEqual({ value: 'must be true or false' });
  });

  it('fills what is missing from the initialisers of the class, afresh each time', () => {
    class SizesDto {
      @IsInt()
      width = 100;

      @IsInt({ each: true })
      heights: number[] = [1, 2];
    }
    class BoxDto {
      @IsString()
      name = 'box';

      @ValidateNested()
      @Type(() => SizesDto)
      sizes = new SizesDto();
    }
    const boxes = getParser(BoxDto);
    const first = boxes.parse({ name: null });
    expect(first).toEqual({ name: 'box', sizes: { width: 100, heights: [1, 2] } });
    first.sizes.heights.push(3);
    expect(boxes.parse({}).sizes.heights).toEqual([1, 2]);
    expect(boxes.parse({ sizes: { width: '5' } })).toEqual({ name: 'box', sizes: { width: 5, heights: [1, 2] } });
  });

  it('reads a list of lists of texts', () => {
    const lists = getParser(dtoWith(IsListOfTextLists()));
    expect(lists.parse({ value: [['1', 2], { 0: 'a' }, []] })).toEqual({ value: [['1', '2'], ['a'], []] });
    expect(catchErrors(() => lists.parse({ value: [['1', ''], 'x', [{}]] }))).toEqual({
      'value[0][1]': 'must not be empty',
      'value[1]': 'must be a list',
      'value[2][0]': 'must be a text',
    });
  });

  it('keeps two classes of one name apart', () => {
    const inner = class SameDto {
      text!: string;
    };
    IsString()(inner.prototype, 'text');
    const outer = class SameDto {
      inner!: object;
      number!: number;
    };
    ValidateNested()(outer.prototype, 'inner');
    Type(() => inner)(outer.prototype, 'inner');
    IsNumber()(outer.prototype, 'number');
    expect(getParser(outer).parse({ inner: { text: 'a' }, number: 1 })).toEqual({ inner: { text: 'a' }, number: 1 });
  });

  it('takes inherited properties, and a child class that makes one optional', () => {
    class BaseDto {
      @IsString()
      id!: string;
    }
    class FilterDto extends BaseDto {
      @IsOptional()
      declare id: string;

      @IsOptional()
      @IsInt()
      page?: number;
    }
    class PlainChildDto extends BaseDto {}
    expect(getParser(FilterDto).parse({ page: '2' })).toEqual({ page: 2 });
    expect(catchErrors(() => getParser(FilterDto).parse({ id: {} }))).toEqual({ id: 'must be a text' });
    expect(catchErrors(() => getParser(PlainChildDto).parse({}))).toEqual({ id: 'is required' });
  });
});

describe('text that PostgreSQL would refuse', () => {
  const text = getParser(dtoWith(IsString()));

  it.each([
    ['a\0b', 'ab'],
    ['a\ud800b', 'a\ufffdb'],
    ['\udc00', '\ufffd'],
    ['😀', '😀'],
    ['Ткацкая', 'Ткацкая'],
  ])('%j is kept as %j, however it comes', (sent, kept) => {
    expect(text.parse({ value: sent })).toEqual({ value: kept });
    expect(text.parseJson(JSON.stringify({ value: sent }), 'x')).toEqual({ value: kept });
    const escaped = [...sent]
      .flatMap((character) => character.split(''))
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    expect(text.parseJson(`{"value":"${escaped.join('')}"}`, 'x')).toEqual({ value: kept });
    expect(text.parseJson(`{"value":"${escaped.join('').replaceAll(/[a-f]/g, (hex) => hex.toUpperCase())}"}`, 'x')).toEqual({
      value: kept,
    });
  });

  it('is cleaned in free-form keys and values too', () => {
    const free = getParser(dtoWith(FreeForm()));
    const value = '{"value":{"a\\u0000":["b\\u0000",{"c":"\\ud800"}]}}';
    expect(free.parseJson(value, 'x')).toEqual({ value: { a: ['b', { c: '\ufffd' }] } });
  });

  it('cannot smuggle a prototype key in behind a NUL', () => {
    const free = getParser(dtoWith(FreeForm()));
    expect(free.parseJson('{"value":{"__proto\\u0000__":{"a":1},"b":2}}', 'x')).toEqual({ value: { b: 2 } });
  });
});

describe('free-form values', () => {
  const free = getParser(dtoWith(FreeForm()));

  it('may be a list of objects where a map is due', () => {
    expect(free.parse({ value: [{ code: 'a', value: 1 }, { b: 2 }] })).toEqual({ value: { 0: { code: 'a', value: 1 }, 1: { b: 2 } } });
    expect(catchErrors(() => free.parse({ value: [{ a: 1 }, 2] }))).toEqual({ value: 'must be an object' });
    expect(catchErrors(() => free.parse({ value: [[{ a: 1 }]] }))).toEqual({ value: 'must be an object' });
  });

  it('are returned unchanged, without nulls in maps', () => {
    const value = { code: 'a', list: [1, '2', false], none: null, deep: { a: { b: 1, c: null } } };
    expect(free.parse({ value })).toEqual({ value: { code: 'a', list: [1, '2', false], deep: { a: { b: 1 } } } });
  });

  it('lose the keys that reach a prototype', () => {
    const parsed = free.parseJson(
      '{"value":{"__proto__":{"admin":true},"constructor":{"x":1},"inner":{"__proto__":{"admin":true}},"ok":1}}',
      'x',
    );
    expect(JSON.stringify(parsed)).toBe('{"value":{"inner":{},"ok":1}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((parsed.value as { inner: { admin?: boolean } }).inner.admin).toBeUndefined();
  });

  it('may be 8 levels deep and hold 1,000 values', () => {
    const nested = (levels: number): JsonValue => (levels === 1 ? { end: 1 } : { in: nested(levels - 1) });
    expect(free.parse({ value: nested(8) })).toEqual({ value: nested(8) });
    expect(catchErrors(() => free.parse({ value: nested(9) }))).toEqual({ value: 'is nested too deeply' });
    const wide = (values: number): JsonValue => ({ list: Array.from({ length: values - 2 }, (_, index) => index) });
    expect(free.parse({ value: wide(1000) })).toEqual({ value: wide(1000) });
    expect(catchErrors(() => free.parse({ value: wide(1001) }))).toEqual({ value: 'holds more than 1000 values' });
  });

  it('are not copied by reference', () => {
    const value = { list: [1] };
    const parsed = free.parse({ value });
    value.list.push(2);
    expect(parsed).toEqual({ value: { list: [1] } });
  });
});

describe('what a parser refuses', () => {
  it('names every wrong field by its path', () => {
    const sent = {
      packages: [{ weight: 0, items: [{ name: true, quantity: 0 }, { quantity: 1.5 }] }, {}, null, 4],
      delivery: { tariff: '', withCod: 'maybe' },
      order: {},
      codes: ['a', [], 'c'],
    };
    expect(catchErrors(() => parser.parse(sent))).toEqual({
      'packages[0].weight': 'must be greater than 0',
      'packages[0].items[0].name': 'must be a text',
      'packages[0].items[0].quantity': 'must be at least 1',
      'packages[0].items[1].name': 'is required',
      'packages[0].items[1].quantity': 'must be a whole number',
      'packages[1].weight': 'is required',
      'packages[2]': 'is required',
      'packages[3]': 'must be an object',
      'delivery.tariff': 'must not be empty',
      'delivery.withCod': 'must be true or false',
      order: 'must be a text',
      'codes[1]': 'must be a text',
    });
  });

  it('is one sentence about at most three fields', () => {
    expect(catchFailure(() => parser.parse({ ...minimal, order: {} })).message).toBe('Wrong input: order must be a text');
    expect(catchFailure(() => parser.parse({ packages: [{}, {}, {}], delivery: {} })).message).toBe(
      'Wrong input: packages[0].weight is required; packages[1].weight is required; packages[2].weight is required (and 1 more)',
    );
  });

  it('never repeats what was sent', () => {
    const secret = 'sk_live_12345';
    const sent = { packages: secret, delivery: { tariff: { [secret]: secret }, withCod: secret }, [secret]: secret };
    const failure = catchFailure(() => parser.parse(sent));
    expect(JSON.stringify(failure.errors) + failure.message).not.toContain(secret);
  });

  it('names at most 20 fields', () => {
    const errors = catchErrors(() => parser.parse({ ...minimal, codes: Array.from({ length: 500 }, () => []) }));
    expect(Object.keys(errors)).toHaveLength(20);
  });

  it('names one field of a huge body', () => {
    const codes = Array.from({ length: 2000 }, () => [1, 2, 3, 4, 5]);
    expect(catchErrors(() => parser.parse({ ...minimal, codes }))).toEqual({ 'codes[0]': 'must be a text' });
  });

  it('reports the whole value if it is not an object', () => {
    for (const value of ['text', 5, true, [1], null, undefined]) {
      expect(catchErrors(() => parser.parse(value, 'save'))).toEqual({
        save: value === null || value === undefined ? 'is required' : 'must be an object',
      });
    }
    expect(catchErrors(() => parser.parse('text'))).toEqual({ body: 'must be an object' });
    expect(catchErrors(() => parser.parseJson('[1]', 'save'))).toEqual({ save: 'must be an object' });
  });

  it('tells malformed and missing JSON', () => {
    for (const text of ['{', 'null}', '{"a":1,}', "{'a':1}", ' ', '{"a":"\u0000"}']) {
      expect(catchErrors(() => parser.parseJson(text, 'calculate'))).toEqual({ calculate: 'is not valid JSON' });
    }
    expect(catchErrors(() => parser.parseJson(undefined, 'calculate'))).toEqual({ calculate: 'is required' });
    expect(catchErrors(() => parser.parseJson('', 'calculate'))).toEqual({ calculate: 'is required' });
  });

  it('survives depth and length', () => {
    class TreeDto {
      @IsOptional()
      @IsArray()
      @ValidateNested({ each: true })
      @Type(() => TreeDto)
      children?: TreeDto[];
    }
    const trees = getParser(TreeDto);
    expect(trees.parse({ children: [{ children: [{}] }] })).toEqual({ children: [{ children: [{}] }] });
    const deep = '{"children":['.repeat(100_000) + ']}'.repeat(100_000);
    expect(Object.values(catchErrors(() => trees.parseJson(deep, 'tree')))).toEqual(['is nested too deeply']);
    const junk = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(catchErrors(() => parser.parseJson(`{"packages":${junk}}`, 'save'))).toEqual({ delivery: 'is required' });
    expect(catchErrors(() => parser.parse({ ...minimal, codes: Array.from({ length: 10_001 }, () => 'a') }))).toEqual({
      codes: 'must have at most 10000 items',
    });
    const items = Array.from({ length: 100_000 }, () => 5);
    expect(catchErrors(() => parser.parse({ ...minimal, packages: [{ weight: 1, items }] }))).toEqual({
      'packages[0].items': 'must have at most 3 items',
    });
  });

  it('reads only own-looking names: a missing field is not found on a prototype', () => {
    expect(catchErrors(() => parser.parseJson('{"__proto__":{"packages":[]},"delivery":{"tariff":"a"}}', 'save'))).toEqual({
      packages: 'is required',
    });
  });
});

describe('messages', () => {
  const cases: [string, PropertyDecorator[], unknown, string][] = [
    ['choice', [IsIn(['a', 'b'])], 'c', 'must be one of: a, b'],
    ['numeric choice', [IsIn([1, 2])], '3', 'must be one of: 1, 2'],
    ['type before choice', [IsIn(['a', 'b'])], true, 'must be a text'],
    ['maximum', [IsInt(), Max(5)], 6, 'must be at most 5'],
    ['length', [Length(2, 3)], 'abcd', 'must have at most 3 characters'],
    ['length', [Length(2, 3)], 'a', 'must have at least 2 characters'],
    ['format', [Matches(/^\d+$/)], 'x', 'has a wrong format'],
    ['e-mail', [IsEmail()], 'x', 'must be an e-mail address'],
    ['twice', [ArrayUnique(), IsString({ each: true })], ['a', 'a'], 'must not hold an item twice'],
    [
      'twice by code',
      [ArrayUnique((item: { name: string }) => item.name), IsArray()],
      [{ name: 1 }, { name: 1 }],
      'must not hold an item twice',
    ],
    ['decimals', [IsNumber({ maxDecimalPlaces: 2 })], 1.234, 'must have at most 2 decimal places'],
    ['own message', [Matches(/^\d+$/, { message: 'must be digits' })], 'x', 'must be digits'],
    ['own message of a type', [IsInt({ message: 'must be a whole number of grams' })], 'x', 'must be a whole number of grams'],
    ['own message, other fault', [IsString(), MaxLength(2, { message: 'is too long' })], [], 'must be a text'],
    ['own message, its fault', [IsString(), MaxLength(2, { message: 'is too long' })], 'abc', 'is too long'],
    [
      'two formats',
      [Matches(/^a/, { message: 'must start with a' }), Matches(/z$/, { message: 'must end with z' })],
      'ab',
      'must end with z',
    ],
  ];

  it.each(cases)('%s', (_name, decorators, value, message) => {
    expect(catchErrors(() => getParser(dtoWith(...decorators)).parse({ value }))).toEqual({ value: message });
  });
});
