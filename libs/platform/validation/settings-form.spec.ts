import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
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
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CURRENCIES, Field, FreeForm, SECTIONS, Secret, buildSettingsForm, findMisfits, listLookups } from './index.js';

const titled = (en: string) => ({ title: { en, es: `${en} (es)`, ru: `${en} (ru)` } });
const kilograms = { en: 'kg', es: 'kg', ru: 'кг' };
const hint = { en: 'From the contract', es: 'Del contrato', ru: 'Из договора' };
const modes = { test: { en: 'Test', es: 'Prueba', ru: 'Тест' } };

class TariffDto {
  @Field(titled('Code'))
  @IsString()
  @MaxLength(20)
  @Matches(/^[a-z]+$/)
  code!: string;

  @Field({ ...titled('Heaviest'), unit: kilograms })
  @IsNumber()
  @IsPositive()
  @Max(50)
  maxWeight = 30;
}

class ContactDto {
  @Field(titled('E-mail'))
  @IsOptional()
  @IsEmail()
  email?: string;
}

class CarrierSettings {
  @Field({ ...titled('Mode'), choices: modes })
  @IsIn(['live', 'test'])
  mode = 'test';

  @Field({ ...titled('Key'), hint })
  @IsString()
  @IsNotEmpty()
  @Secret()
  key!: string;

  @Field(titled('Days'))
  @IsInt()
  @Min(1)
  days!: number;

  @Field(titled('Insured'))
  @IsOptional()
  @IsBoolean()
  insured?: boolean;

  @Field(titled('Contact'))
  @ValidateNested()
  @Type(() => ContactDto)
  contact!: ContactDto;

  @Field(titled('Tariffs'))
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(9)
  @ValidateNested({ each: true })
  @Type(() => TariffDto)
  tariffs!: TariffDto[];

  @Field({ ...titled('Modes'), choices: modes })
  @IsOptional()
  @IsArray()
  @IsIn(['live', 'test'], { each: true })
  modes?: string[];

  @Field(titled('Other'))
  @IsOptional()
  @FreeForm()
  other?: object;
}

class Searched {
  @Field({ ...titled('City'), lookup: 'cities' })
  @IsOptional()
  @IsString()
  city?: string;
}

class SearchedSettings extends Searched {
  @Field({ ...titled('Sites'), lookup: 'sites' })
  @IsArray()
  @IsString({ each: true })
  sites: string[] = [];

  @Field(titled('Zones'))
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Searched)
  zones: Searched[] = [];

  @Field({ ...titled('User'), lookup: 'users' })
  @IsOptional()
  @IsInt()
  user?: number;
}

class LookedUpSecret {
  @Field({ ...titled('Key'), lookup: 'keys' })
  @Secret()
  @IsString()
  key!: string;
}

class LookedUpSwitch {
  @Field({ ...titled('Insured'), lookup: 'switches' })
  @IsBoolean()
  insured!: boolean;
}

describe('lookups of a settings class', () => {
  it('are listed at the value that each finds', () => {
    expect(listLookups(SearchedSettings).sort()).toEqual(['cities', 'sites', 'users']);
    expect(listLookups(CarrierSettings)).toEqual([]);
    const fields = new Map(buildSettingsForm(SearchedSettings).fields.map((field) => [field.name, field]));
    expect(fields.get('city')).toMatchObject({ type: 'text', lookup: 'cities' });
    expect(fields.get('user')).toMatchObject({ type: 'integer', lookup: 'users' });
    expect(fields.get('sites')).toMatchObject({ type: 'list', item: { type: 'text', lookup: 'sites' } });
    expect(fields.get('sites')).not.toHaveProperty('lookup');
    expect(fields.get('zones')).toMatchObject({ type: 'list', fields: [{ path: 'zones[].city', lookup: 'cities' }] });
  });

  it.each([
    ['a secret', LookedUpSecret, 'key'],
    ['a switch', LookedUpSwitch, 'insured'],
  ])('cannot find %s', (_, target, path) => {
    expect(() => buildSettingsForm(target)).toThrow(`${path} cannot have a lookup`);
  });
});

class Priced {
  @Field({ ...titled('Price'), moneyIn: 'currency' })
  @IsInt()
  price!: number;

  @Field({ ...titled('Fee'), isBasisPoints: true })
  @IsInt()
  fee!: number;
}

class PricedSettings {
  @Field({ ...titled('Currency'), codesOf: CURRENCIES })
  @IsString()
  currency!: string;

  @Field(titled('Prices'))
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Priced)
  prices: Priced[] = [];
}

class FractionalFee {
  @Field({ ...titled('Fee'), isBasisPoints: true })
  @IsNumber()
  fee!: number;
}

describe('amounts of a settings class', () => {
  it('state their unit', () => {
    expect(buildSettingsForm(PricedSettings).fields).toMatchObject([
      { name: 'currency', codesOf: '@currencies' },
      {
        name: 'prices',
        fields: [
          { name: 'price', moneyIn: 'currency' },
          { name: 'fee', isBasisPoints: true },
        ],
      },
    ]);
  });

  it.each([
    ['a currency that is nowhere around it', Priced, 'price: no field around it is called "currency"'],
    ['fractions of a smaller unit', FractionalFee, 'fee must be an integer'],
  ])('cannot have %s', (_, target, message) => {
    expect(() => buildSettingsForm(target)).toThrow(message);
  });
});

describe('the form of a settings class', () => {
  it('describes every field, in order', () => {
    const choices = [
      { value: 'live', title: { en: 'live', es: 'live', ru: 'live' } },
      { value: 'test', title: modes.test },
    ];
    const field = (path: string, title: string, rest: object) => ({
      name: path.replace(/^.*\./, ''),
      path,
      ...titled(title),
      secret: false,
      ...(!path.includes('.') && { section: 'general' }),
      ...rest,
    });
    expect(buildSettingsForm(CarrierSettings)).toEqual({
      sections: [{ code: 'general', title: { en: 'Settings', es: 'Ajustes', ru: 'Настройки' } }],
      fields: [
        field('mode', 'Mode', { type: 'choice', required: false, default: 'test', choices }),
        field('key', 'Key', { type: 'text', required: true, secret: true, minLength: 1, hint }),
        field('days', 'Days', { type: 'integer', required: true, min: 1 }),
        field('insured', 'Insured', { type: 'boolean', required: false }),
        field('contact', 'Contact', {
          type: 'group',
          required: true,
          fields: [field('contact.email', 'E-mail', { type: 'text', required: false, format: 'email' })],
        }),
        field('tariffs', 'Tariffs', {
          type: 'list',
          required: true,
          minItems: 1,
          maxItems: 9,
          itemKey: 'code',
          fields: [
            field('tariffs[].code', 'Code', { type: 'text', required: true, maxLength: 20, pattern: '^[a-z]+$' }),
            field('tariffs[].maxWeight', 'Heaviest', {
              type: 'number',
              required: false,
              default: 30,
              greaterThan: 0,
              max: 50,
              unit: kilograms,
            }),
          ],
        }),
        field('modes', 'Modes', { type: 'list', required: false, item: { type: 'choice', choices } }),
        field('other', 'Other', { type: 'map', required: false }),
      ],
    });
  });

  it('has the fields of a base class first', () => {
    class FastTariffDto extends TariffDto {
      @Field(titled('Hours'))
      @IsInt()
      hours!: number;
    }
    expect(buildSettingsForm(FastTariffDto).fields.map(({ name }) => name)).toEqual(['code', 'maxWeight', 'hours']);
  });

  it('is JSON', () => {
    const form = buildSettingsForm(CarrierSettings);
    expect(JSON.parse(JSON.stringify(form))).toEqual(form);
  });

  it('never carries the default of a secret', () => {
    class LeakySettings {
      @Field(titled('Key'))
      @IsString()
      @Secret()
      key = 'built-in';
    }
    expect(JSON.stringify(buildSettingsForm(LeakySettings))).not.toContain('built-in');
  });

  it('needs @Field everywhere', () => {
    class UntitledSettings {
      @IsString()
      key!: string;
    }
    expect(() => buildSettingsForm(UntitledSettings)).toThrow('UntitledSettings.key needs @Field');
  });

  it('cannot show a class within itself', () => {
    class RegionDto {
      @Field(titled('Parts'))
      @IsOptional()
      @ValidateNested({ each: true })
      @Type(() => RegionDto)
      parts?: RegionDto[];
    }
    expect(() => buildSettingsForm(RegionDto)).toThrow('RegionDto contains itself');
  });

  it('of no settings is empty', () => {
    class NoSettings {}
    expect(buildSettingsForm(NoSettings)).toEqual({ fields: [], sections: [] });
  });
});

describe('the sections of a form', () => {
  const own = { code: 'phones', title: { en: 'Phones', es: 'Teléfonos', ru: 'Телефоны' } };
  class SectionedSettings {
    @Field({ ...titled('Phone'), section: own }) @IsString() phone = '';
    @Field({ ...titled('City'), section: { ...SECTIONS.prices, title: own.title } }) @IsString() city = '';
    @Field({ ...titled('Key'), section: SECTIONS.connect }) @IsString() key = '';
    @Field({ ...titled('Mobile'), section: own }) @IsString() mobile = '';
    @Field(titled('Other')) @IsString() other = '';
  }

  it('are the groups of its fields, shared ones first and in one order, with the titles of the class', () => {
    const { fields, sections } = buildSettingsForm(SectionedSettings);
    expect(sections.map(({ code, title }) => [code, title.en])).toEqual([
      ['connect', 'Connection'],
      ['prices', 'Phones'],
      ['phones', 'Phones'],
      ['general', 'Settings'],
    ]);
    expect(fields.map(({ section }) => section)).toEqual(['phones', 'prices', 'connect', 'phones', 'general']);
  });
});

describe('what tells the items of a list apart', () => {
  class PhoneDto {
    @Field(titled('Number')) @IsString() number!: string;
    @Field(titled('Note')) @IsOptional() @IsString() note?: string;
  }
  class ListsDto {
    @Field({ ...titled('Phones'), itemKey: 'number' }) @IsArray() @ValidateNested({ each: true }) @Type(() => PhoneDto) phones!: PhoneDto[];
    @Field(titled('Tariffs')) @IsArray() @ValidateNested({ each: true }) @Type(() => TariffDto) tariffs!: TariffDto[];
    @Field({ ...titled('Names'), codesOf: 'tariffs' }) @IsArray() @IsString({ each: true }) names!: string[];
  }

  it('is the named field, or a code that each has', () => {
    const { fields } = buildSettingsForm(ListsDto);
    expect(fields.map(({ itemKey }) => itemKey)).toEqual(['number', 'code', undefined]);
    expect(fields[2]).toMatchObject({ item: { type: 'text', codesOf: 'tariffs' } });
  });

  it('does not prevent another class from grouping them', () => {
    class GroupedDto {
      @Field({ ...titled('Phones'), itemKey: 'number', groupBy: 'note' })
      @IsArray()
      @ValidateNested({ each: true })
      @Type(() => PhoneDto)
      phones!: PhoneDto[];
    }
    expect(buildSettingsForm(GroupedDto).fields[0]).toMatchObject({ itemKey: 'number', groupBy: 'note' });
  });

  it('cannot be what items lack', () => {
    class WrongDto {
      @Field({ ...titled('Phones'), itemKey: 'code' }) @IsArray() @ValidateNested({ each: true }) @Type(() => PhoneDto) phones!: PhoneDto[];
    }
    expect(() => buildSettingsForm(WrongDto)).toThrow('phones is not a list whose items have "code"');
  });
});

describe('a text in several languages', () => {
  class TextDto {
    @Field({ ...titled('English'), language: 'en' }) @IsString() en!: string;
    @Field({ ...titled('Spanish'), language: 'es' }) @IsOptional() @IsString() es?: string;
  }

  it('states the language of each of its fields', () => {
    expect(buildSettingsForm(TextDto).fields.map(({ language }) => language)).toEqual(['en', 'es']);
  });
});

describe('what of values a form does not know', () => {
  class RowDto {
    @Field(titled('Codes')) @IsArray() @IsString({ each: true }) codes!: string[];
    @Field(titled('Tariff')) @IsOptional() @ValidateNested() @Type(() => TariffDto) tariff?: TariffDto;
  }
  class RowsDto {
    @Field(titled('Rows')) @IsArray() @ValidateNested({ each: true }) @Type(() => RowDto) rows!: RowDto[];
  }
  const form = buildSettingsForm(RowsDto);

  it.each<[unknown, object]>([
    [{ rows: [{ codes: ['a'], tariff: { code: 'a', maxWeight: 'heavy' } }] }, {}],
    [{}, {}],
    [[], { body: 'must be an object' }],
    [null, { body: 'must be an object' }],
    [{ rows: null }, { rows: 'must be a list' }],
    [{ rows: { 0: {} } }, { rows: 'must be a list' }],
    [{ row: [] }, { row: 'is not known' }],
    [{ rows: [{}, { code: 'a', codes: 'a' }] }, { 'rows[1].code': 'is not known', 'rows[1].codes': 'must be a list' }],
    [{ rows: [{ tariff: { name: 'a' } }, { tariff: null }, 5] }, { 'rows[0].tariff.name': 'is not known' }],
  ])('in %j', (values, misfits) => {
    expect(findMisfits(form, values)).toEqual(misfits);
  });
});
