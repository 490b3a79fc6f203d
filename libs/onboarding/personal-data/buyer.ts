import { normalisePhone } from '#platform';

/** Identifies a buyer: a normalised `phone`, an `email` in lower case, or `customer`, their id in the CRM. */
export interface Buyer {
  kind: 'phone' | 'email' | 'customer';
  value: string;
  /** ISO 3166-1 alpha-2. Stored numbers without a country code are read as numbers of this country. */
  country: string;
}

type Named = Readonly<Record<string, unknown>>;

/** Members that contain the shop's people and places. */
const OTHERS = new Set(['manager', 'store', 'from', 'terminalData', 'externalPhone']);
/** Members that contain the buyer's ids. */
const BUYERS = new Set(['customer', 'buyer']);
/** Number of trailing digits compared before phones are normalised. */
const TAIL = 7;

/** Returns the text with which SQL finds rows that may mention a buyer, for `buildMention`. */
export function toNeedle({ kind, value }: Buyer): string {
  return kind === 'phone' ? value.replace(/\D/g, '').slice(-TAIL) : value;
}

/** Returns an SQL condition for rows whose jsonb column may mention a buyer by the needle in `parameter`. */
export function buildMention({ kind }: Buyer, column: string, parameter: string): string {
  if (kind === 'phone') return `strpos(regexp_replace(${column}::text, '\\D', '', 'g'), ${parameter}) > 0`;
  return `strpos(lower(${column}::text), ${parameter}) > 0`;
}

/** Whether JSON mentions a buyer. Parts about other people are ignored. */
export function isNamed(value: unknown, buyer: Buyer, member = ''): boolean {
  if (typeof value === 'string') return isOf(value, buyer);
  if (Array.isArray(value)) return value.some((one) => isNamed(one, buyer, member));
  if (typeof value !== 'object' || value === null) return false;
  if (buyer.kind === 'customer' && BUYERS.has(member) && toText((value as Named).id) === buyer.value) return true;
  return Object.entries(value).some(([name, one]) => !OTHERS.has(name) && isNamed(one, buyer, name));
}

/** Lists the ids that the shop gave the buyer, if JSON has them as its customer. */
export function listShopIds(value: unknown, buyer: Buyer, member = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => listShopIds(one, buyer, member));
  if (typeof value !== 'object' || value === null) return [];
  const { externalId, type } = value as Named;
  const id = toText(externalId);
  if (member === 'customer' && id !== undefined && type !== 'customer_corporate' && isNamed(value, buyer, member)) return [id];
  return Object.entries(value).flatMap(([name, one]) => (OTHERS.has(name) ? [] : listShopIds(one, buyer, name)));
}

function isOf(text: string, { kind, value, country }: Buyer): boolean {
  if (kind === 'phone') return normalisePhone(text, country) === value;
  return kind === 'email' && text.trim().toLowerCase() === value;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
