import { describe, expect, it } from '@jest/globals';
import { plainToInstance, Type } from 'class-transformer';
import * as cv from 'class-validator';
import fc from 'fast-check';
import { BadInputError, FreeForm, IsListOfTextLists, getParser } from './index.js';
import type { JsonValue } from './index.js';
import { RULES } from './rules.js';
import { compileReader } from './reader.js';
import { compileSchema } from './schema-compiler.js';

enum Payer {
  Sender = 'sender',
  Receiver = 'receiver',
}
enum Level {
  Low = 1,
  High = 2,
}

class PartDto {
  @cv.IsString()
  @cv.MinLength(1)
  @cv.MaxLength(3)
  name!: string;

  @cv.IsOptional()
  @cv.IsInt()
  @cv.Min(1)
  quantity?: number;
}

/** Uses every decorator of RULES, which this file's last test checks. */
class EverythingDto {
  @cv.IsDefined() @cv.IsString() @cv.IsNotEmpty() text!: string;
  @cv.IsOptional() @cv.Length(2, 4) length?: string;
  @cv.IsOptional() @cv.Length(2) atLeast?: string;
  @cv.IsOptional() @cv.Matches(/^[a-c]+$/i) pattern?: string;
  @cv.IsOptional() @cv.IsString() @cv.Matches(/^a/g) @cv.Matches('b$', 'i') patterns?: string;
  @cv.IsOptional() @cv.IsEmail() email?: string;
  @cv.IsOptional() @cv.IsUrl() url?: string;
  @cv.IsOptional() @cv.IsUrl({ require_tld: false, protocols: ['https'] }) localUrl?: string;
  @cv.IsOptional() @cv.IsFQDN() host?: string;
  @cv.IsOptional() @cv.IsIP() ip?: string;
  @cv.IsOptional() @cv.IsIP(6) ip6?: string;
  @cv.IsOptional() @cv.IsUUID() uuid?: string;
  @cv.IsOptional() @cv.IsUUID('4') uuid4?: string;
  @cv.IsOptional() @cv.IsISO8601() date?: string;
  @cv.IsOptional() @cv.IsISO8601({ strict: true, strictSeparator: true }) strictDate?: string;
  @cv.IsOptional() @cv.IsDateString() dateString?: string;
  @cv.IsOptional() @cv.IsMilitaryTime() time?: string;
  @cv.IsOptional() @cv.IsTimeZone() zone?: string;
  @cv.IsOptional() @cv.IsISO31661Alpha2() country?: string;
  @cv.IsOptional() @cv.IsISO4217CurrencyCode() currency?: string;
  @cv.IsOptional() @cv.IsLocale() locale?: string;
  @cv.IsOptional() @cv.IsPhoneNumber('RU') phone?: string;
  @cv.IsOptional() @cv.IsHexColor() colour?: string;
  @cv.IsOptional() @cv.IsHexadecimal() hex?: string;
  @cv.IsOptional() @cv.IsNumberString() digits?: string;
  @cv.IsOptional() @cv.IsAlphanumeric() letters?: string;
  @cv.IsOptional() @cv.IsBase64() base64?: string;
  @cv.IsOptional() @cv.IsJSON() json?: string;
  @cv.IsOptional() @cv.IsBoolean() flag?: boolean;
  @cv.IsOptional() @cv.Max(9) @cv.IsInt() @cv.Min(1) integer?: number;
  @cv.IsOptional() @cv.IsNumber() number?: number;
  @cv.IsOptional() @cv.IsNumber({ maxDecimalPlaces: 1 }) decimal?: number;
  @cv.IsOptional() @cv.IsPositive() @cv.IsNumber() @cv.IsNotEmpty() positive?: number;
  @cv.IsOptional() @cv.IsNegative() negative?: number;
  @cv.IsOptional() @cv.IsNumber() @cv.IsLatitude() latitude?: number;
  @cv.IsOptional() @cv.IsNumber() @cv.IsLongitude() longitude?: number;
  @cv.IsOptional() @cv.IsInt() @cv.IsDivisibleBy(3) third?: number;
  @cv.IsOptional() @cv.IsIn(['a', 'b']) choice?: string;
  @cv.IsOptional() @cv.IsIn([1, 2.5]) numericChoice?: number;
  @cv.IsOptional() @cv.IsString() @cv.IsNotIn(['a', 'b']) anyOther?: string;
  @cv.IsOptional() @cv.IsEnum(Payer) payer?: Payer;
  @cv.IsOptional() @cv.IsEnum(Level) level?: Level;
  @cv.IsObject() @cv.ValidateNested() @Type(() => PartDto) part!: PartDto;
  @cv.IsOptional() @cv.IsObject() @cv.IsNotEmptyObject() map?: { [key: string]: JsonValue };
  @cv.IsOptional() @FreeForm() extra?: { [key: string]: JsonValue };
  @cv.IsArray() @cv.ArrayMinSize(1) @cv.ArrayMaxSize(2) @cv.ValidateNested({ each: true }) @Type(() => PartDto) parts!: PartDto[];
  @cv.IsOptional()
  @cv.IsArray()
  @cv.ArrayNotEmpty()
  @cv.ArrayUnique()
  @cv.IsString({ each: true })
  @cv.MaxLength(2, { each: true })
  tags?: string[];
  @cv.IsOptional() @cv.IsArray() @cv.IsInt({ each: true }) @cv.Min(1, { each: true }) numbers?: number[];
  @cv.IsOptional() @cv.IsArray() @cv.IsIn(['a', 'b'], { each: true }) choices?: string[];
  @cv.IsOptional() @cv.IsArray() @cv.ArrayUnique((item: JsonValue) => JSON.stringify(item)) unlike?: JsonValue[];
  @cv.IsOptional() @cv.IsArray() list?: JsonValue[];
  @cv.IsOptional() @IsListOfTextLists() lists?: string[][];
}

const valid: { readonly [property: string]: readonly JsonValue[] } = {
  text: ['a', 'Ткацкая', '😀'],
  length: ['ab', '😀😀', 'abcde', 'a', '😀'],
  atLeast: ['ab', 'a'],
  pattern: ['abC', 'abd', 'cab\n'],
  patterns: ['ab', 'aB', 'ac', 'cb'],
  email: ['a@b.co', 'a@b', '"a b"@c.com', 'имя@пример.рф', 'a.@b.co'],
  url: ['https://a.com/x?y=1', 'http://localhost', 'a.com', 'ftp://a.com', 'https://a b.com', '//a.com'],
  localUrl: ['https://localhost:3000', 'http://localhost'],
  host: ['a.com', 'a_b.com', '-a.com'],
  ip: ['127.0.0.1', '::1', '300.1.1.1'],
  ip6: ['127.0.0.1', '::1'],
  uuid: ['0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165', 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e'],
  uuid4: ['0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-169f-a165-70867728950e'],
  date: ['2026-01-15', '2026-01-15T10:00:00Z', '2026-13-01', '2026-W03', '2023-02-31', '2026-01-15 10:00:00', '2026-01-15T10:00:00+03:00'],
  strictDate: ['2026-01-15', '2023-02-31', '2026-01-15 10:00:00'],
  dateString: ['2026-01-15', '15.01.2026'],
  time: ['09:30', '24:00', '0930'],
  zone: ['Europe/Moscow', 'Mars/Base', 'UTC', '+03:00'],
  country: ['RU', 'ru', 'XX', 'RUS'],
  currency: ['EUR', 'eur', 'EURO'],
  locale: ['ru_RU', 'es', 'x'],
  phone: ['+79001234567', '89001234567', '123'],
  colour: ['#fff', '#1a2b3c', 'red'],
  hex: ['0xff', 'ff', 'xyz'],
  digits: ['12.5', '-3', 'x1'],
  letters: ['abc1', 'ы', 'a b'],
  base64: ['YWJj', 'YWJj=', ''],
  json: ['{"a":1}', '{', '1'],
  flag: [true, '0', 'true'],
  integer: [1, '5', 10, 1.5, 0],
  number: [0, '1.5', 1e300, -0],
  decimal: [1, 1.5, 1.25, '0.3'],
  positive: [0, 0.1, -1],
  negative: [0, -0.1],
  latitude: [55.75, 90, -90.5, 91],
  longitude: [37.6, 180, -181],
  third: [3, 0, 4, '-9'],
  choice: ['a', 'c'],
  numericChoice: [1, '2.5', 2],
  anyOther: ['a', 'c'],
  payer: ['sender', 'Sender'],
  level: [1, '2', 3, 0],
  part: [{ name: 'abc' }, { name: '' }, { name: 'a', quantity: '0' }, { quantity: 1 }, []],
  map: [{ a: 1 }, [], {}],
  extra: [{ a: [1, 'b'] }, []],
  parts: [[{ name: 'a' }], [{ name: 'a', quantity: 2 }, { name: 'abcd' }], [], { x: { name: 'a' } }, [1], [{}, {}, {}]],
  tags: [['a', 'b'], ['a', 'a'], [], ['abc'], [1, '1'], [true]],
  numbers: [['1', 2], [0], ['x'], [1.5], []],
  choices: [['a'], ['a', 'c'], []],
  unlike: [
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { a: 1 }],
    [1, '1'],
    [1, 1],
  ],
  list: [[1, 'a', { b: [] }], [], {}],
  lists: [[['1', 2]], [['']], ['a'], [], [[]]],
};

// No variation selectors: class-validator counts one as nothing, the schema (as PostgreSQL) as a character.
const junk: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('', '0', '1', 'true', ' 1', '1e5', 'a\0', '\ud800'),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -200, max: 200 }).map((tenths) => tenths / 10),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom<JsonValue>([], {}, [1], ['a'], { a: 1 }, { name: 'a' }, [[]], [{}]),
);

const payload = fc.record(
  Object.fromEntries(
    Object.entries(valid).map(([property, values]) => [
      property,
      fc.oneof({ arbitrary: fc.constantFrom(...values), weight: 5 }, { arbitrary: junk, weight: 1 }),
    ]),
  ),
  { requiredKeys: [] },
);

const parser = getParser(EverythingDto);
const read = compileReader(compileSchema(EverythingDto));

function ourVerdict(value: unknown): { [property: string]: string } {
  try {
    parser.parse(value);
    return {};
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
}

/** The properties class-validator itself finds wrong, by the path it has for them. */
function theirVerdict(value: unknown): string[] {
  const paths = (errors: readonly cv.ValidationError[], above: string): string[] =>
    errors.flatMap((error) => {
      const path = /^\d+$/.test(error.property)
        ? `${above}[${error.property}]`
        : above === ''
          ? error.property
          : `${above}.${error.property}`;
      return [...(error.constraints === undefined ? [] : [path]), ...paths(error.children ?? [], path)];
    });
  return paths(cv.validateSync(plainToInstance(EverythingDto, value)), '');
}

/**
 * Only the property: of a wrong list's item class-validator names sometimes the item and sometimes the list.
 */
function properties(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.replace(/[[.].*$/, '')))].sort();
}

describe('the compiled validator and class-validator', () => {
  it.each(Object.entries(valid).flatMap(([property, values]) => values.map((value) => [property, value] as const)))(
    'agree on %s = %j',
    (property, value) => {
      const sent = { text: 'a', part: { name: 'a' }, parts: [{ name: 'a' }], [property]: value };
      expect(properties(Object.keys(ourVerdict(sent)))).toEqual(properties(theirVerdict(read(sent, true, 0))));
    },
  );

  it('agree on any value once it is normalised', () => {
    fc.assert(
      fc.property(payload, (sent) => {
        const normalised = read(sent, true, 0);
        const ours = properties(Object.keys(ourVerdict(sent)));
        const theirs = properties(theirVerdict(normalised));
        // Ours stops at 20 fields.
        expect(ours.length === 20 ? ours : theirs).toEqual(expect.arrayContaining(ours));
        expect(ours.length > 0).toBe(theirs.length > 0);
        if (ours.length < 20) expect(ours).toEqual(theirs);
      }),
      { numRuns: 500 },
    );
  });

  it('agree that what was parsed is right, and parse it to itself', () => {
    const base = { text: 'a', part: { name: 'a' }, parts: [{ name: 'a' }] };
    const right = Object.entries(valid).map(([property, values]) => {
      const accepted = values.filter((value) => Object.keys(ourVerdict({ ...base, [property]: value })).length === 0);
      return [property, fc.constantFrom(...accepted)] as const;
    });
    fc.assert(
      fc.property(fc.record(Object.fromEntries(right), { requiredKeys: ['text', 'part', 'parts'] }), (sent) => {
        const parsed = parser.parse(sent);
        expect(theirVerdict(parsed)).toEqual([]);
        expect(parser.parse(parsed)).toEqual(parsed);
        expect(JSON.stringify(parser.parseJson(JSON.stringify(sent), 'x'))).toBe(JSON.stringify(parsed));
      }),
      { numRuns: 100 },
    );
  });

  it('are compared on every supported decorator', () => {
    const storage = cv.getMetadataStorage();
    const used = new Set(
      [EverythingDto, PartDto]
        .flatMap((target) => storage.getTargetValidationMetadatas(target, '', true, false))
        .map((record) => storage.getTargetValidatorConstraints(record.constraintCls)[0]?.name),
    );
    expect([...RULES.keys()].filter((decorator) => !used.has(decorator))).toEqual([]);
    expect(Object.keys(valid)).toEqual([
      ...new Set(storage.getTargetValidationMetadatas(EverythingDto, '', true, false).map((record) => record.propertyName)),
    ]);
  });
});
