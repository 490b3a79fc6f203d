import { beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { IsInt, IsOptional, IsString, Min } from 'class-validator';
import { BadInputError } from './bad-input.error.js';
import { JsonDocument } from './json-document.js';
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

  it('parses values of a DTO class, and keeps everything else unchanged', () => {
    expect(pipe.transform({ name: 'a', other: 1 }, { type: 'query', metatype: FilterDto })).toEqual({ name: 'a' });
    for (const metatype of [Object, String, Number, undefined, class Plain {}])
      expect(pipe.transform('7', { type: 'param', metatype: metatype as never })).toBe('7');
  });

  it('names a document by its field', () => {
    const metadata = { type: 'custom' as const, metatype: FilterDto };
    expect(pipe.transform(new JsonDocument('{"name":"a","page":2}', 'calculate'), metadata)).toEqual({ name: 'a', page: 2 });
    expect(catchErrors(() => pipe.transform(new JsonDocument('1', 'calculate'), metadata))).toEqual({ calculate: 'must be an object' });
    expect(catchErrors(() => pipe.transform(new JsonDocument('{"page":0}', 'calculate'), metadata))).toEqual({
      name: 'is required',
      page: 'must be at least 1',
    });
  });
});
