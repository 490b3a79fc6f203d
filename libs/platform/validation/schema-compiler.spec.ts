import { afterAll, describe, expect, it } from '@jest/globals';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import {
  Allow,
  ArrayContains,
  Equals,
  getMetadataStorage,
  IsArray,
  IsDate,
  IsDefined,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Min,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatePromise,
  ValidatorConstraint,
} from 'class-validator';
import { getParser, KeepsNull, listUntypedProperties, UntypedPropertyError } from './index.js';
import type { DtoClass } from './index.js';

@ValidatorConstraint({ name: 'trackNumber' })
class TrackNumberConstraint {
  validate(): boolean {
    return true;
  }
}

function EvenOnly(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'evenOnly',
      target: target.constructor,
      propertyName: String(property),
      validator: { validate: () => true },
    });
}

class BareDto {
  text!: string;
}

function dtoWith(...decorators: PropertyDecorator[]): DtoClass<object> {
  class OneDto {
    value: unknown;
  }
  for (const decorate of decorators) decorate(OneDto.prototype, 'value');
  return OneDto;
}

const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown> };
const others = new Set(validationMetadatas.keys());
// The worker's other specs look at all classes.
afterAll(() => {
  for (const target of validationMetadatas.keys()) if (!others.has(target)) validationMetadatas.delete(target);
});

describe('properties without a type', () => {
  class Rate {
    @IsString() service!: string;
    @IsOptional() delivery_days?: number;
  }
  class RatePlain {
    @IsString() service!: string;
    price!: number;
  }
  class RateBare {
    price!: number;
  }
  class Rates {
    @ValidateNested({ each: true }) @Type(() => RateBare) rates!: RateBare[];
  }

  it('are found before a value comes, each once', () => {
    const found = listUntypedProperties().filter((text) => text.startsWith('class Rate'));
    const add = 'add @IsString(), @IsNumber(), @ValidateNested(), @FreeForm() or the like';
    expect(found).toEqual([
      `class Rate, property delivery_days has no type: ${add}`,
      `class RatePlain, property price has no type: ${add}`,
      `class RateBare, property price has no type: ${add}`,
    ]);
  });

  it.each([Rate, RatePlain, RateBare, Rates])('make no parser: %p', (target) => {
    expect(() => getParser<object>(target)).toThrow(UntypedPropertyError);
  });
});

describe('a class that cannot be compiled reports the reason', () => {
  const cases: [string, PropertyDecorator[], string][] = [
    ['ValidateIf', [IsString(), ValidateIf(() => true)], '@ValidateIf is not supported'],
    ['a validator class', [IsString(), Validate(TrackNumberConstraint)], '@trackNumber is not supported'],
    ['a decorator of someone else', [IsInt(), EvenOnly()], '@evenOnly is not supported'],
    ['Allow', [Allow()], 'whitelistValidation is not supported'],
    ['a promise', [ValidatePromise()], 'promiseValidation is not supported'],
    ['IsDate', [IsDate()], '@isDate is not supported'],
    ['Equals', [Equals('a')], '@equals is not supported'],
    ['ArrayContains', [ArrayContains(['a'])], '@arrayContains is not supported'],
    ['groups', [IsString({ groups: ['create'] })], 'validation groups are not supported'],
    ['validateIf of a decorator', [IsString({ validateIf: () => false })], 'validateIf is not supported'],
    ['a message that is a function', [IsString({ message: () => 'x' })], 'the message of @isString must be a plain text'],
    ['a message with placeholders', [IsString({ message: '$property is bad' })], 'the message of @isString must be a plain text'],
    ['Transform', [IsString(), Transform(() => 'x')], '@Transform is not supported'],
    ['Exclude', [IsString(), Exclude()], '@Exclude is not supported'],
    ['Expose by another name', [IsString(), Expose({ name: 'other' })], '@Expose with a name is not supported'],
    ['no type', [IsDefined(), IsNotEmpty()], 'class OneDto, property value has no type: add @IsString()'],
    ['no type of items', [IsNotEmpty({ each: true })], 'class OneDto, property value[] has no type: add @IsString()'],
    ['two types', [IsString(), Min(1)], 'cannot be string and number at the same time'],
    ['choices of several types', [IsIn(['a', 1])], '@isIn needs one or more values'],
    ['no choices', [IsIn([])], '@isIn needs one or more values'],
    ['a nested class without @Type', [ValidateNested({ each: true })], 'needs @Type'],
    ['a nested class without decorators', [ValidateNested(), Type(() => BareDto)], 'class BareDto, property text has no type'],
    ['Infinity', [IsNumber({ allowInfinity: true })], 'does not support allowNaN and allowInfinity'],
    ['a sticky expression', [Matches(/a/y)], 'does not support a sticky expression'],
    ['KeepsNull of a list', [IsOptional(), IsArray(), KeepsNull()], '@KeepsNull is not supported'],
    ['KeepsNull of choices', [IsIn(['a']), KeepsNull()], '@KeepsNull is not supported'],
    ['IsOptional of each item', [IsString(), IsOptional({ each: true })], '@IsOptional does not support each: true'],
  ];

  it.each(cases)('%s', (_name, decorators, message) => {
    const target = dtoWith(...decorators);
    expect(() => getParser(target)).toThrow(message);
    // Not the second time either.
    expect(() => getParser(target)).toThrow(message);
  });

  it('names class and property', () => {
    expect(() => getParser(dtoWith(IsDate()))).toThrow('OneDto.value: @isDate is not supported');
  });

  it('wants a name and a constructor without arguments', () => {
    expect(() => getParser((() => class {})())).toThrow('a DTO class needs a name');
    class NeedyDto {
      @IsString()
      text: string;

      constructor(source?: { text: string }) {
        this.text = (source as { text: string }).text;
      }
    }
    expect(() => getParser(NeedyDto)).toThrow('NeedyDto must be constructible without arguments');
  });

  it('does not take a name that every object has', () => {
    class OddDto {
      @IsString()
      valueOf!: () => string;
    }
    expect(() => getParser(OddDto as unknown as DtoClass<object>)).toThrow('OddDto.valueOf: every object has a member of this name');
  });
});

describe('a class is compiled once', () => {
  it('whatever the order of its decorators', () => {
    const orders = [
      [IsInt(), Min(1)],
      [Min(1), IsInt()],
    ];
    for (const decorators of orders) {
      const parser = getParser(dtoWith(...decorators));
      expect(() => parser.parse({ value: 1.5 })).toThrow('value must be a whole number');
      expect(() => parser.parse({ value: 0 })).toThrow('value must be at least 1');
    }
  });

  it('and its parser kept', () => {
    const target = dtoWith(IsString());
    expect(getParser(target)).toBe(getParser(target));
  });
});
