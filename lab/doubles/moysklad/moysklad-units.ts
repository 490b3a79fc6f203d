import { MoySkladRefusal, wrong } from './moysklad-refusal.js';

/** Quantities are whole ten-thousandths inside, and numbers on the wire. */
const PARTS = 10_000;
const MOSCOW_MS = 3 * 3_600_000;
const MOST = 1e11;

/** A quantity in the API's format. */
export function toNumber(parts: number): number {
  return parts / PARTS;
}

/** Ten-thousandths of a number of the test's. */
export function toParts(units: number): number {
  return Math.round(units * PARTS);
}

/** A quantity that a client sent: a number, 0 or more, at most 4 decimals. Throws 3002, 3003, 3008. */
export function readQuantity(value: unknown, parameter: string, isAboveZero: boolean): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('The quantity is not a number', parameter);
  if (value < 0) throw new MoySkladRefusal(3002, parameter);
  if (value > MOST) throw new MoySkladRefusal(3008, parameter);
  const parts = toParts(value);
  if (isAboveZero && parts === 0) throw new MoySkladRefusal(3003, parameter);
  // The service would round. A client that sends more digits than it keeps intends another quantity.
  if (Math.abs(parts / PARTS - value) > value * Number.EPSILON * 16) throw wrong('The quantity has more than 4 decimals', parameter);
  return parts;
}

/** `2026-11-27 15:04:05.678`, Moscow time, of milliseconds since 1970. */
export function writeMoment(at: number): string {
  return new Date(at + MOSCOW_MS).toISOString().replace('T', ' ').replace('Z', '');
}

/** Milliseconds since 1970 of a date in Moscow time, with seconds or milliseconds. Throws. */
export function readMoment(text: unknown, parameter: string): number {
  const isDate = typeof text === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?$/.test(text);
  const at = isDate ? Date.parse(`${text.replace(' ', 'T')}Z`) - MOSCOW_MS : NaN;
  if (Number.isNaN(at)) throw wrong('A date is YYYY-MM-DD HH:mm:ss', parameter);
  return at;
}
