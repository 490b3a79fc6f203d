import { describe, expect, it } from '@jest/globals';
import { IsInt, IsOptional, IsString, MinLength } from 'class-validator';
import { BadInputError, buildSettingsForm, Field, getParser, maskSecrets, mergeSecrets, NamesAddress, Secret } from '#platform';
import type { ProviderManifest } from '#provider-kit';
import { describeRules } from './rules.dto.js';

const title = { en: 'T', es: 'T', ru: 'T' };

class Settings {
  @Field({ title }) @Secret() @IsString() @MinLength(3) key!: string;
  @Field({ title }) @IsInt() number: number = 7;
  @Field({ title, hint: title }) @IsOptional() @IsString() city?: string;
}

const describeOf = (fields: object): ReturnType<typeof describeRules> =>
  describeRules({ settings: Settings, ...fields } as unknown as ProviderManifest<object>);
const rules = describeOf({ contractFields: ['key', 'number'], senderFields: ['city'] });

function listErrors(values: object): object {
  try {
    getParser(rules).parse(values);
    return {};
  } catch (error) {
    if (error instanceof BadInputError) return error.errors;
    throw error;
  }
}

describe('the rules that a provider allows', () => {
  it('have the fields of the settings, each optional and without a default', () => {
    const [contracts, senders, rows] = buildSettingsForm(rules).fields;
    expect(contracts?.fields?.map(({ name, secret, required }) => [name, secret, required])).toEqual([
      ['code', false, true],
      ['key', true, false],
      ['number', false, false],
    ]);
    expect(senders?.fields?.map(({ name }) => name)).toEqual(['code', 'city']);
    expect(rows?.fields?.map(({ name }) => name)).toEqual(['store', 'site', 'legalEntity', 'contract', 'sender', 'price']);
    expect(getParser(rules).parse({ contracts: [{ code: 'A' }], rows: [{}] })).toEqual({
      ...{ contracts: [{ code: 'A' }], senders: [], rows: [{}] },
    });
    expect(getParser(Settings).parse({ key: 'abc' })).toEqual({ key: 'abc', number: 7 });
  });

  it('lack the lists that it has no use for', () => {
    const names = (fields: object): (string | undefined)[] => buildSettingsForm(describeOf(fields)).fields.map(({ name }) => name);
    expect(names({})).toEqual(['rows', 'stock']);
    expect(names({ senderFields: ['city'] })).toEqual(['senders', 'rows', 'stock']);
    expect(names({ recipientDocument: 'optional' })).toEqual(['rows', 'documentField', 'stock']);
  });

  it('cannot name a field that the settings lack', () => {
    expect(() => describeOf({ contractFields: ['nothing'] })).toThrow('Settings has no property "nothing"');
  });

  it('cannot choose an address, to which the secrets of the settings would go', () => {
    class Placed extends Settings {
      @Field({ title }) @NamesAddress({ port: 'number' }) @IsString() host: string = '';
    }
    for (const name of ['host', 'number'])
      expect(() => describeOf({ settings: Placed, contractFields: [name] })).toThrow(
        `Placed.${name} is an address, which rules cannot choose`,
      );
  });

  it('hide the secrets of contracts, and keep them by name when they are left out', () => {
    const stored = getParser(rules).parse({
      contracts: [
        { code: 'A', key: 'secret-a' },
        { code: 'B', key: 'secret-b' },
      ],
    });
    const masked = maskSecrets(rules, stored);
    expect(masked).toEqual({
      contracts: [
        { code: 'A', key: { set: true } },
        { code: 'B', key: { set: true } },
      ],
      senders: [],
      rows: [],
    });
    const sent = { contracts: [{ code: 'B', key: { set: true } }, { code: 'A', key: 'secret-new' }, { code: 'C' }] };
    expect(mergeSecrets(rules, stored, sent)).toEqual({
      contracts: [{ code: 'B', key: 'secret-b' }, { code: 'A', key: 'secret-new' }, { code: 'C' }],
    });
  });

  it.each<[object, object]>([
    [{ rows: [{ price: { percent: 'NaN' } }] }, { 'rows[0].price.percent': 'must be a number' }],
    [{ rows: [{ price: { percent: -100.01 } }] }, { 'rows[0].price.percent': 'must be at least -100' }],
    [{ rows: [{ price: { percent: 1.234 } }] }, { 'rows[0].price.percent': 'must have at most 2 decimal places' }],
    [{ rows: [{}, { price: { roundTo: -50 } }] }, { 'rows[1].price.roundTo': 'must be greater than 0' }],
    [{ rows: [{ price: { roundTo: 0 } }] }, { 'rows[0].price.roundTo': 'must be greater than 0' }],
    [{ rows: [{ price: { rounding: 'away' } }] }, { 'rows[0].price.rounding': 'must be one of: nearest, up, down' }],
    [{ rows: [{ price: { currency: 'roubles' } }] }, { 'rows[0].price.currency': 'must be a currency code such as EUR' }],
    [{ contracts: [{ key: 'abc' }] }, { 'contracts[0].code': 'is required' }],
    [{ contracts: [{ code: 'A', key: 'x' }] }, { 'contracts[0].key': 'must have at least 3 characters' }],
    [{ rows: 'all' }, { rows: 'must be a list' }],
  ])('refuse %j', (values, errors) => {
    expect(listErrors(values)).toEqual(errors);
  });
});
