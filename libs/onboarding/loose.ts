import { cleanText } from '#platform';

/** An object of the CRM's of which nothing is taken for granted. */
export type Loose = { readonly [name: string]: unknown };

/** What is no object is an empty one. */
export function toLoose(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** The CRM sends lists as arrays or as objects; what is neither is an empty list. */
export function toList(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** A non-empty text without what PostgreSQL refuses, or a number as one. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return (typeof value === 'string' && cleanText(value)) || undefined;
}

/** A finite number, or a text that is one. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
