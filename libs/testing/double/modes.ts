import { either, flag, nothing, oneOf, type Schema, text, whole } from './wire.js';

/** A mode with its own schema. */
export interface Mode<T> {
  readonly schema: Schema<T>;
  readonly first: T;
}
export const mode = <T>(schema: Schema<T>, first: T): Mode<T> => ({ schema, first });
/** A mode that may be undefined, which is null in the control's JSON. */
export const maybe = <T>(schema: Schema<T>, first?: T): Mode<T | undefined> => ({ schema: either(schema, nothing) as Schema<T>, first });

/**
 * How a double may behave. A list has the choices, and its first is the default. Anything else is its
 * default.
 */
export type ModeTable = Readonly<Record<string, readonly string[] | string | boolean | number | Mode<unknown>>>;
type ModeOf<E> = E extends readonly (infer V)[]
  ? V
  : E extends string
    ? string
    : E extends boolean
      ? boolean
      : E extends number
        ? number
        : E extends Mode<infer T>
          ? T
          : never;
export type Modes<T extends ModeTable> = { -readonly [K in keyof T]: ModeOf<T[K]> };

/** The modes of every double. */
export const COMMON_MODES = {
  /** Milliseconds that each call takes. */
  latencyMs: 0,
  /** Calls per second and account before 429. Undefined: no limit. */
  callsPerSecond: maybe(whole(0)),
  /** Milliseconds between a change and its webhook. */
  webhookDelayMs: 0,
} as const satisfies ModeTable;
export type AllModes<T extends ModeTable> = Modes<T> & Modes<typeof COMMON_MODES>;

/** Returns the defaults of a double's modes. */
export function firstModes<T extends ModeTable>(table: T): AllModes<T> {
  const first = (entry: ModeTable[string]): unknown => (Array.isArray(entry) ? entry[0] : isMode(entry) ? entry.first : entry);
  return Object.fromEntries(Object.entries({ ...COMMON_MODES, ...table }).map(([name, entry]) => [name, first(entry)])) as AllModes<T>;
}

/** Returns the schemas of a double's modes, by name. */
export function listModeSchemas(table: ModeTable): Record<string, Schema> {
  return Object.fromEntries(Object.entries({ ...COMMON_MODES, ...table }).map(([name, entry]) => [name, toSchema(entry)]));
}

function toSchema(entry: ModeTable[string]): Schema {
  if (Array.isArray(entry)) return oneOf(...(entry as string[]));
  if (isMode(entry)) return entry.schema;
  return typeof entry === 'boolean' ? flag : typeof entry === 'number' ? whole(0) : text();
}

function isMode(entry: ModeTable[string]): entry is Mode<unknown> {
  return typeof entry === 'object' && 'schema' in entry;
}
