import { cleanText } from '#platform';

/** An object from the CRM with unverified contents. */
export type Loose = { readonly [name: string]: unknown };

/** Returns the value if it is an object, otherwise an empty object. */
export function toLoose(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/**
 * Returns the items of a list, which the CRM sends as an array or as an object. Other values are an empty
 * list.
 */
export function toList(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Returns a non-empty text without characters that PostgreSQL rejects, or a number as text. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return (typeof value === 'string' && cleanText(value)) || undefined;
}

/** Returns a finite number, also from a text. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
