import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsInt,
  IsNotIn,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  IsUrl,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Field, FreeForm, KeepsNull, Secret, toJsonSchemas } from './index.js';

class NodeDto {
  @IsString()
  @MaxLength(10)
  name!: string;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NodeDto)
  children?: NodeDto[];
}

class BodyDto {
  @Field({ title: { en: 'Weight', es: 'Peso', ru: 'Вес' }, hint: { en: 'In grams', es: 'En gramos', ru: 'В граммах' } })
  @IsPositive()
  @IsInt({ message: 'must be whole grams' })
  weight!: number;

  @KeepsNull()
  @IsUrl()
  @IsOptional()
  site?: string | null;

  @IsString()
  @Matches(/^a/)
  @Matches(/z$/)
  @IsNotIn(['az'])
  word = 'abcz';

  @IsOptional()
  @IsString()
  @Secret()
  key?: string;

  @IsOptional()
  @ArrayUnique()
  @IsNumber({ maxDecimalPlaces: 2 }, { each: true })
  prices?: number[];

  @IsOptional()
  @FreeForm()
  extra?: object;

  @ValidateNested()
  @Type(() => NodeDto)
  tree!: NodeDto;

  @IsOptional()
  @IsArray()
  anything?: unknown[];
}

describe('a DTO as OpenAPI schemas', () => {
  it('describes the decorators in terms of OpenAPI 3.1', () => {
    expect(toJsonSchemas(BodyDto)).toEqual({
      BodyDto: {
        type: 'object',
        required: ['weight', 'tree'],
        properties: {
          weight: { type: 'integer', exclusiveMinimum: 0, title: 'Weight', description: 'In grams' },
          site: { type: ['string', 'null'], format: 'uri' },
          word: { type: 'string', not: { enum: ['az'] }, pattern: 'z$', allOf: [{ pattern: '^a' }], default: 'abcz' },
          key: { type: 'string', writeOnly: true, format: 'password' },
          prices: { type: 'array', uniqueItems: true, items: { type: 'number', description: 'must have at most 2 decimal places' } },
          extra: { type: 'object', additionalProperties: true },
          tree: { $ref: '#/components/schemas/NodeDto' },
          anything: { type: 'array', items: {} },
        },
      },
      NodeDto: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 10 },
          children: { type: 'array', items: { $ref: '#/components/schemas/NodeDto' } },
        },
      },
    });
  });
});
