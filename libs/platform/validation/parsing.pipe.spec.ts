import { beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { IsInt, IsOptional, IsString, Min } from 'class-validator';
import { BadInputError } from './bad-input.error.js';
import { ParsingPipe } from './parsing.pipe.js';

class FilterDto {
  @IsOptional() @IsInt() @Min(1) page?: number;
  @IsString() name!: string;
}

@Controller()
class SpecController {
  @Get()
  list(@Query() filter: FilterDto): FilterDto {
    return filter;
  }

  @Post()
  add(@Body() body: unknown): unknown {
    return body;
  }
}

describe('the pipe that parses by type', () => {
  let pipe: ParsingPipe;
  beforeAll(async () => {
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule],
      controllers: [SpecController],
      providers: [ParsingPipe],
    }).compile();
    await module.init();
    pipe = module.get(ParsingPipe);
  });

  const catchErrors = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error instanceof BadInputError ? error.errors : error;
    }
  };

  it('parses what is of a DTO class, and leaves everything else as it is', () => {
    expect(pipe.transform({ name: 'a', other: 1 }, { type: 'query', metatype: FilterDto })).toEqual({ name: 'a' });
    for (const metatype of [Object, String, Number, undefined, class Plain {}])
      expect(pipe.transform('7', { type: 'param', metatype: metatype as never })).toBe('7');
  });

  it('reads a text as JSON and names it as its decorator does', () => {
    const metadata = { type: 'custom' as const, metatype: FilterDto, data: 'calculate' };
    expect(pipe.transform('{"name":"a","page":2}', metadata)).toEqual({ name: 'a', page: 2 });
    expect(catchErrors(() => pipe.transform('', metadata))).toEqual({ calculate: 'is required' });
    expect(catchErrors(() => pipe.transform('{', metadata))).toEqual({ calculate: 'is not valid JSON' });
    expect(catchErrors(() => pipe.transform('1', metadata))).toEqual({ calculate: 'must be an object' });
    expect(catchErrors(() => pipe.transform('{"page":0}', metadata))).toEqual({ name: 'is required', page: 'must be at least 1' });
  });
});
