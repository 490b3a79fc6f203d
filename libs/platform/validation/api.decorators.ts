import { SetMetadata } from '@nestjs/common';
import type { DtoClass } from './dto-schema.js';
import { compileSchema } from './schema-compiler.js';

/** Where a handler keeps the names of its query parameters. */
export const QUERY_PARAMETERS = Symbol('query parameters');

/** Where a handler keeps the class of its query. */
export const QUERY_CLASS = Symbol('class of the query');

/** Where a handler keeps the description of its body, an ApiBodyDescription. */
export const BODY_CLASS = Symbol('class of the body');

/** A request's body: an object, or with `list` a list of them. Required by default. */
export interface ApiBodyDescription {
  readonly target: DtoClass<object>;
  readonly required?: boolean;
  readonly list?: boolean;
  /** It has the properties of this class too. */
  readonly and?: DtoClass<object>;
}

/** Declares a DTO's properties as a handler's query parameters. Others are refused. */
export function ApiQueryOf(target: DtoClass<object>): MethodDecorator {
  const compiled = compileSchema(target);
  const names = Object.keys(compiled.definitions[compiled.root]?.properties ?? {});
  return (prototype, property, descriptor) => {
    SetMetadata(QUERY_PARAMETERS, names)(prototype, property, descriptor);
    SetMetadata(QUERY_CLASS, target)(prototype, property, descriptor);
  };
}

/** Declares a handler's body, if the type of its parameter does not show it. */
export const ApiBodyOf = (target: DtoClass<object>, options: Omit<ApiBodyDescription, 'target'> = {}): MethodDecorator =>
  SetMetadata(BODY_CLASS, { ...options, target } satisfies ApiBodyDescription);

/** Where a handler keeps the encoding of its parameters in a request, by their index. */
export const FIELD_KINDS = Symbol('kinds of fields');

/**
 * The encoding of a parameter in a request: `json`: a form field with a JSON document. `jsons`: several, each
 * a property. `plain`: the query of a GET, or the fields of a form.
 */
export type FieldKind = 'json' | 'jsons' | 'plain';

/** Declares the encoding of a custom decorator's parameter in a request, for the API's document. */
export const ApiFieldKind =
  (kind: FieldKind): ParameterDecorator =>
  (prototype, property, index) => {
    const known = Reflect.getMetadata(FIELD_KINDS, prototype.constructor, property ?? '') as Record<number, FieldKind> | undefined;
    Reflect.defineMetadata(FIELD_KINDS, { ...known, [index]: kind }, prototype.constructor, property ?? '');
  };
