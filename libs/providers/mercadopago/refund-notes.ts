import type { ProviderCache } from '#provider-kit';

/**
 * A refund that we requested. Mercado Pago has no field for our id, so the refunds that exist are noted
 * before the call: the new one with this amount is ours, whichever process sees it first.
 */
export interface RefundNote {
  /** `RefundRequest.key`. */
  key: string;
  /** The refund's amount in minor units. */
  minor: number;
  /** Ids of the order's refunds before. */
  known: string[];
}

/** The integration knows its refunds by their ids long before that. */
const WEEK = { ttlSeconds: 7 * 86_400 };
const NOTHING = new Error('nothing was noted');

/** Notes a refund before it is requested. There is one note for each number of earlier refunds. */
export async function noteRefund(cache: ProviderCache, order: string, note: RefundNote): Promise<void> {
  const key = buildKey(order, note.known.length);
  // Another process may be looking for a note at this very moment. Then this one is not kept yet.
  while ((await fetchNote(cache, key, () => Promise.resolve(note)))?.key !== note.key) await cache.forget(key);
}

/** Forgets a note about a refund that was refused. */
export function forgetRefund(cache: ProviderCache, order: string, note: RefundNote): Promise<void> {
  return cache.forget(buildKey(order, note.known.length));
}

/** Lists the notes of an order that has `count` refunds, the oldest note first. */
export async function listNotes(cache: ProviderCache, order: string, count: number): Promise<RefundNote[]> {
  const places = Array.from({ length: count }, (_, place) => buildKey(order, place));
  const notes = await Promise.all(places.map((key) => fetchNote(cache, key, () => Promise.reject(NOTHING))));
  return notes.filter((note) => note !== undefined);
}

async function fetchNote(cache: ProviderCache, key: string, load: () => Promise<RefundNote>): Promise<RefundNote | undefined> {
  return cache.fetch(key, WEEK, load).catch((error: unknown) => {
    if (error === NOTHING) return undefined;
    throw error;
  });
}

function buildKey(order: string, place: number): string {
  return `refund:${order}:${place}`;
}
