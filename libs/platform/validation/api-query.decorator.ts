import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { DtoClass } from './dto-schema.js';
import { toJsonSchema } from './open-api-schema.js';

/** Names a DTO's properties as query parameters on the API's pages. */
export function ApiQueryOf(target: DtoClass<object>): MethodDecorator {
  const { properties = {}, required = [] } = toJsonSchema(target);
  return applyDecorators(
    ...Object.entries(properties).map(([name, schema]) => ApiQuery({ name, schema, required: required.includes(name) })),
  );
}
