import { createHash } from 'node:crypto';
import { isUuid } from '#platform';
import { toExactMillionths, toMillionths, toUnits } from '#store/port';

/** MoySklad keeps 4 decimals; the port counts in millionths. */
const PART = 100;
const MOSCOW_MS = 3 * 3_600_000;
/** Of ids that are made by name. */
const NAMESPACE = Buffer.from('6f1c1a2e5d0b4c6f9a53b0d6d2f4e871', 'hex');

/** A figure of a report in millionths, rounded down to what MoySklad keeps; noise of its sums is none. */
export function readFigure(figure: number): number {
  return Math.floor(toMillionths(figure) / PART) * PART;
}

/** Millionths of units that MoySklad can keep; undefined for more than 4 decimals. */
export function toKeptMillionths(units: number): number | undefined {
  const millionths = toExactMillionths(units);
  return millionths === undefined || millionths % PART !== 0 ? undefined : millionths;
}

/** What is for sale of a figure: nothing of one below zero. Units. */
export function toAvailable(millionths: number): number {
  return toUnits(Math.max(0, millionths));
}

/** `2026-11-27 15:04:05`, in Moscow time whatever the account's zone. */
export function writeMoment(at: number): string {
  return new Date(at + MOSCOW_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The id that an href names: the last part of its path. Undefined: it is none; hrefs are never called. */
export function readId(href: string): string | undefined {
  const id =
    href
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1)
      ?.toLowerCase() ?? '';
  return isUuid(id) ? id : undefined;
}

/** A UUID (version 5) that is the same for the same name. */
export function nameUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
