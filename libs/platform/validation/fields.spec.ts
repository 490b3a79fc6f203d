import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { getNamedAddress, Field, Secret } from './decorators.js';
import { FIELDS, makeFields } from './fields.js';
import { SECTIONS } from './form-sections.js';
import { BadInputError } from './bad-input.error.js';
import { getParser } from './parser.js';
import { sayProblem } from './problem-texts.js';
import { compileSchema } from './schema-compiler.js';
import { buildSettingsForm } from './settings-form.js';

const title = { en: 'A field', es: 'Un campo', ru: 'Поле' };
const { field, connect } = FIELDS;

class WrittenItem {
  @Field({ title }) @IsString() @Matches(/^\d+$/, { message: 'must be digits' }) code!: string;
}

class Written {
  @Field({ title, section: SECTIONS.connect }) @Secret() @IsOptional() @IsString() @MaxLength(5) key?: string;
  @Field({ title, section: SECTIONS.connect }) @IsInt() @Min(1) @Max(9) count: number = 3;
  @Field({ title, section: SECTIONS.connect }) @IsIn(['a', 'b']) kind!: 'a' | 'b';
  @Field({ title, section: SECTIONS.connect })
  @IsArray()
  @ArrayMaxSize(2)
  @ArrayUnique(({ code }: WrittenItem) => code)
  @ValidateNested({ each: true })
  @Type(() => WrittenItem)
  items: WrittenItem[] = [];
}

class MadeItem {
  @field.text({ title }, { pattern: /^\d+$/, problem: 'must be digits' }) code!: string;
}

class Made {
  @connect.text({ title }, { secret: true, optional: true, maxLength: 5 }) key?: string;
  @connect.integer({ title }, { min: 1, max: 9 }) count: number = 3;
  @connect.choice(['a', 'b'], { title }) kind!: 'a' | 'b';
  @connect.list(() => MadeItem, { title }, { maxItems: 2, unique: 'code' }) items: MadeItem[] = [];
}

class Others {
  @field.texts({ title }, { maxItems: 2, unique: true, items: { filled: true, maxLength: 3 } }) words: string[] = [];
  @field.integers({ title }, { items: { min: 1 } }) numbers: number[] = [];
  @field.choices(['a', 'b'], { title }) kinds: string[] = [];
  @field.country({ title }) country: string = 'RU';
  @field.currency({ title }) currency: string = 'RUB';
  @field.email({ title }, { optional: true }) email?: string;
  @field.address({ title }, { optional: true, isBare: true }) url?: string;
}

const list = { ...title, en: 'must be a list word' };

class Worded {
  @field.text({ title }, { pattern: /^\d+$/, problem: list }) code!: string;
}

function findErrors(target: new () => object, values: object): Record<string, string> {
  try {
    getParser(target).parse(values);
    return {};
  } catch (error) {
    return (error as BadInputError).errors as Record<string, string>;
  }
}

describe('fields', () => {
  it('has the rules and the form of decorators that are written one by one', () => {
    // Patterns and identity functions are numbered.
    const strip = (text: string): string => text.replaceAll('Written', 'Made').replaceAll(/"([a-z]+)-\d+"/gi, '"$1"');
    const plain = (target: new () => object): unknown =>
      JSON.parse(strip(JSON.stringify([compileSchema(target).definitions, buildSettingsForm(target)])));
    expect(plain(Made)).toEqual(plain(Written));
    expect(buildSettingsForm(Made).fields[0]).toMatchObject({ section: 'connect', secret: true, required: false });
  });

  it('rejects two items with the same value of the named property', () => {
    const item = { code: '1' };
    expect(findErrors(Made, { kind: 'a', items: [item, item] })).toEqual(findErrors(Written, { kind: 'a', items: [item, item] }));
    expect(findErrors(Made, { kind: 'a', items: [item, item] })).toHaveProperty('items');
    expect(findErrors(Made, { kind: 'a', items: [item, { code: '2' }] })).toEqual({});
  });

  it('applies the rules of lists to their items', () => {
    const wrong = { words: ['', 'long', 'x'], numbers: [0], kinds: ['c'] };
    expect(Object.keys(findErrors(Others, wrong)).map((path) => path.replace(/\[.*/, ''))).toEqual(
      expect.arrayContaining(['words', 'numbers', 'kinds']),
    );
    expect(findErrors(Others, { words: ['abc'], numbers: [1], kinds: ['a'] })).toEqual({});
  });

  it('offers the codes of countries and currencies, and rejects others', () => {
    const { fields } = buildSettingsForm(Others);
    expect(fields.flatMap(({ codesOf }) => codesOf ?? [])).toEqual(['@countries', '@currencies']);
    expect(findErrors(Others, { country: 'ru', currency: 'rub', email: 'x' })).toEqual({
      country: 'must be two capital letters',
      currency: 'must be three capital letters',
      email: expect.any(String) as unknown,
    });
  });

  it('names an address, which a bare one has no query in', () => {
    expect(getNamedAddress(Others, 'url')).toEqual({});
    expect(findErrors(Others, { url: 'http://pbx/records' })).toEqual({});
    expect(findErrors(Others, { url: 'http://pbx/records?x=1' })).toHaveProperty('url');
  });

  it('shows a problem in the language of the account', () => {
    const { code = '' } = findErrors(Worded, { code: 'x' });
    expect(code).toBe(list.en);
    expect(sayProblem(code, 'ru')).toBe(title.ru);
  });

  it('puts fields into a section of the provider', () => {
    class Own {
      @(makeFields({ code: 'own', title }).flag({ title })) isOn: boolean = false;
    }
    expect(buildSettingsForm(Own).sections).toEqual([{ code: 'own', title }]);
  });
});
