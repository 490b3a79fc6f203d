import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { DtoClass } from './dto-schema.js';
import { toJsonSchema } from './open-api-schema.js';

/** Where a handler keeps the names of its query parameters. */
export const QUERY_PARAMETERS = Symbol('query parameters');

/** Declares a DTO's properties as a handler's query parameters, for the API's pages; others are refused. */
export function ApiQueryOf(target: DtoClass<object>): MethodDecorator {
  const { properties = {}, required = [] } = toJsonSchema(target);
  return applyDecorators(
    SetMetadata(QUERY_PARAMETERS, Object.keys(properties)),
    ...Object.entries(properties).map(([name, schema]) => ApiQuery({ name, schema, required: required.includes(name) })),
  );
}
