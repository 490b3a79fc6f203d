import { sha256Hex } from '#platform';
import type { CdekContext } from './cdek.settings.js';
import type { CdekIntakeRequest } from './intake-request.js';

/** The last visit ordered for a shipment, and a digest of the order. */
export interface Memo {
  uuid: string;
  digest: string;
}

/** Longer than a shipment is changed. */
const REMEMBERED = { ttlSeconds: 40 * 86_400 };

function toMemoKey(reference: string): string {
  return `intake:${reference}`;
}

/** Equal for requests that order the same. */
export function digest(request: CdekIntakeRequest): string {
  return sha256Hex(JSON.stringify(request)).slice(0, 16);
}

/** The memory of a shipment. If there is none, `otherwise` is remembered from now on. */
export function recall(reference: string, otherwise: Memo | null, context: CdekContext): Promise<Memo | null> {
  return context.cache.fetch<Memo | null>(toMemoKey(reference), REMEMBERED, () => Promise.resolve(otherwise));
}

/** Replaces the memory of a shipment. */
export async function remember(reference: string, memo: Memo, context: CdekContext): Promise<void> {
  await context.cache.forget(toMemoKey(reference));
  await context.cache.fetch<Memo | null>(toMemoKey(reference), REMEMBERED, () => Promise.resolve(memo));
}

/** Forgets the visit of a shipment. */
export async function forget(reference: string, context: CdekContext): Promise<void> {
  await context.cache.forget(toMemoKey(reference));
}
