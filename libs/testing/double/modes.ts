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
/** The values of a table's modes. */
export type Modes<T extends ModeTable> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer V)[]
    ? V
    : T[K] extends Mode<infer V>
      ? V
      : T[K] extends string
        ? string
        : T[K] extends boolean
          ? boolean
          : number;
};

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

/** Returns the schemas and defaults of a double's modes, by name. */
export function listModes(table: ModeTable): [string, Mode<unknown>][] {
  return Object.entries({ ...COMMON_MODES, ...table }).map(([name, entry]) => [name, toMode(entry)]);
}

/** Returns the defaults of a double's modes. */
export function firstModes<T extends ModeTable>(table: T): AllModes<T> {
  return Object.fromEntries(listModes(table).map(([name, { first }]) => [name, first])) as AllModes<T>;
}

function toMode(entry: ModeTable[string]): Mode<unknown> {
  if (Array.isArray(entry)) return mode(oneOf(...(entry as string[])), entry[0]);
  if (typeof entry === 'object') return entry as Mode<unknown>;
  return mode(typeof entry === 'boolean' ? flag : typeof entry === 'number' ? whole(0) : text(), entry);
}
