import { getNamedAddress } from './decorators.js';
import { getSchemaClass, type CompiledSchema, type DtoClass } from './dto-schema.js';
import { compileSchema } from './schema-compiler.js';

/** An address that settings name. */
export interface NamedAddress {
  /** Path of the property, such as `shops[0].url`. */
  path: string;
  host: string;
  port: number;
}

/**
 * Lists the non-empty addresses in parsed settings, by `@NamesAddress()` of their class and nested classes.
 */
export function namedAddressesIn<T extends object>(target: DtoClass<T>, settings: T): NamedAddress[] {
  return within(compileSchema(target), undefined, settings as Values, '');
}

/** Whether a property of a class is an address, or the port of one. */
export function isAddress(target: DtoClass<object>, property: string): boolean {
  const { properties } = getSchemaClass(compileSchema(target), undefined);
  return Object.keys(properties).some((name) => {
    const named = getNamedAddress(target, name);
    return named !== undefined && (name === property || named.port === property);
  });
}

/**
 * Lists the addresses in an `@NamesAddress()` property, as texts to compare: `pbx.example:5038`, or a whole
 * URL.
 */
export function listAddresses(values: Values, name: string, { port }: { port?: string }): string[] {
  const texts = asList(values[name]).filter((text): text is string => typeof text === 'string' && text !== '');
  return texts.map((text) => {
    if (port !== undefined) return `${text.toLowerCase()}:${Number(values[port])}`;
    return URL.canParse(text) ? new URL(text).href : text;
  });
}

interface Values {
  readonly [name: string]: unknown;
}

function within(compiled: CompiledSchema, ref: string | undefined, values: Values, path: string): NamedAddress[] {
  const { target, properties } = getSchemaClass(compiled, ref);
  return Object.entries(properties).flatMap(([name, { $ref, items }]): NamedAddress[] => {
    const [value, here] = [values[name], `${path}${name}`];
    const named = getNamedAddress(target, name);
    if (named)
      return asList(value).flatMap((text, index) =>
        readAddress(text, Array.isArray(value) ? `${here}[${index}]` : here, values, named.port),
      );
    const child = $ref ?? items?.$ref;
    if (child === undefined) return [];
    if ($ref !== undefined) return isMap(value) ? within(compiled, child, value, `${here}.`) : [];
    return asList(value).flatMap((item, index) => (isMap(item) ? within(compiled, child, item, `${here}[${index}].`) : []));
  });
}

function readAddress(text: unknown, path: string, values: Values, port: string | undefined): NamedAddress[] {
  if (typeof text !== 'string' || text === '') return [];
  if (port !== undefined) return [{ path, host: text, port: Number(values[port]) }];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // An invalid address leads nowhere, and is judged accordingly.
  return [{ path, host: url?.hostname ?? '', port: Number(url?.port || (url?.protocol === 'https:' ? 443 : 80)) }];
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
