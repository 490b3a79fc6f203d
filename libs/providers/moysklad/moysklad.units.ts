import { v5 as uuidv5 } from 'uuid';
import { isUuid } from '#platform';
import { toExactMillionths, toMillionths, toUnits } from '#inventory/port';

/** MoySklad keeps 4 decimals. The port counts in millionths. */
const PART = 100;
const MOSCOW_MS = 3 * 3_600_000;
/** Of ids that are made by name. */
const NAMESPACE = '6f1c1a2e-5d0b-4c6f-9a53-b0d6d2f4e871';

/**
 * Converts a report's figure to millionths, rounded down to MoySklad's precision. Noise of its sums is
 * dropped.
 */
export function readFigure(figure: number): number {
  return Math.floor(toMillionths(figure) / PART) * PART;
}

/** Millionths of units that MoySklad can keep. Undefined for more than 4 decimals. */
export function toKeptMillionths(units: number): number | undefined {
  const millionths = toExactMillionths(units);
  return millionths === undefined || millionths % PART !== 0 ? undefined : millionths;
}

/** The saleable part of a figure in units, zero for a negative one. */
export function toAvailable(millionths: number): number {
  return toUnits(Math.max(0, millionths));
}

/** `2026-11-27 15:04:05`, in Moscow time whatever the account's zone. */
export function writeMoment(at: number): string {
  return new Date(at + MOSCOW_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Reads the id in an href, the last part of its path. Undefined if there is none. An href is never called.
 */
export function readId(href: string): string | undefined {
  const id =
    href
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1)
      ?.toLowerCase() ?? '';
  return isUuid(id) ? id : undefined;
}

/** A UUID that is the same for the same name. */
export function nameUuid(name: string): string {
  return uuidv5(name, NAMESPACE);
}

/** Escapes a value in a filter. */
export function escapeFilter(value: string): string {
  return value.replaceAll(';', '\\;');
}
