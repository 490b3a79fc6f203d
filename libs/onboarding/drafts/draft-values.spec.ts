import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import fc from 'fast-check';
import { BadInputError, buildSettingsForm, Field, Secret } from '#platform';
import { readDraft } from './draft-values.js';

const title = { en: 'x', es: 'x', ru: 'x' };

class ShopDto {
  @Field({ title }) @IsString() code!: string;
  @Field({ title }) @Secret() @IsString() key!: string;
}
class ContactDto {
  @Field({ title }) @IsString() mail!: string;
  @Field({ title }) @Secret() @IsOptional() @IsString() pin?: string;
}
class SettingsDto {
  @Field({ title }) @IsInt() days!: number;
  @Field({ title }) @Secret() @IsString() token!: string;
  @Field({ title }) @ValidateNested() @Type(() => ContactDto) contact!: ContactDto;
  @Field({ title }) @IsArray() @ValidateNested({ each: true }) @Type(() => ShopDto) shops!: ShopDto[];
  @Field({ title }) @IsArray() @IsString({ each: true }) cities!: string[];
  @Field({ title }) @IsOptional() @IsObject() extra?: object;
}
const form = buildSettingsForm(SettingsDto);

function problemsOf(typed: unknown): Record<string, string> {
  try {
    readDraft(form, typed);
    return {};
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
}

describe('a draft', () => {
  it('keeps what is typed, right or wrong, and no secret', () => {
    const typed = {
      ...{ days: 'soon', token: 'sk_1', contact: { mail: '', pin: { set: true } }, cities: 'Madrid\nParis', extra: { a: [1] } },
      shops: [{ code: 'main', key: 'sk_2' }, { key: null }, null],
    };
    const draft = readDraft(form, typed);
    expect(draft).toEqual({
      ...{ days: 'soon', contact: { mail: '' }, cities: 'Madrid\nParis', extra: { a: [1] } },
      shops: [{ code: 'main' }, {}, null],
    });
    expect(readDraft(form, draft)).toEqual(draft);
    expect(readDraft(form, {})).toEqual({});
  });

  it.each<[unknown, Record<string, string>]>([
    [undefined, { body: 'must be an object' }],
    [[], { body: 'must be an object' }],
    ['sk_1', { body: 'must be an object' }],
    [{ other: 1 }, { other: 'is not known' }],
    [JSON.parse('{"__proto__": {"a": 1}}'), { __proto__: 'is not known' }],
    [{ days: { token: 'sk_1' } }, { days: 'must be a single value' }],
    [{ days: ['sk_1'] }, { days: 'must be a single value' }],
    [{ contact: 'sk_1' }, { contact: 'must be an object' }],
    [{ shops: { 0: { key: 'sk_1' } } }, { shops: 'must be a list' }],
    [{ shops: ['sk_1', { code: [] }] }, { 'shops[0]': 'must be an object', 'shops[1].code': 'must be a single value' }],
    [{ cities: [['a']] }, { 'cities[0]': 'must be a single value' }],
    [{ extra: [[[[[[[[[1]]]]]]]]] }, { extra: 'must have at most 8 levels' }],
  ])('is refused when it is not of the form: %j', (typed, problems) => {
    expect(Object.entries(problemsOf(typed))).toEqual(Object.entries(problems));
  });

  it('holds no secret, whatever comes, and is of the form once it was read', () => {
    const secret = fc.constantFrom('token', 'key', 'pin');
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, fc.constant('SECRET'), fc.integer(), tie('group'), fc.array(tie('any'))),
      group: fc.dictionary(fc.oneof(secret, fc.constantFrom('days', 'contact', 'shops', 'code', 'mail', 'cities')), tie('any')),
    })).group;
    fc.assert(
      fc.property(value, (typed) => {
        let draft: object;
        try {
          draft = readDraft(form, typed);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInputError);
          return;
        }
        expect(JSON.stringify(draft)).not.toMatch(/"(token|key|pin)"/);
        expect(readDraft(form, draft)).toEqual(draft);
      }),
    );
  });
});
