import type { ProviderCache } from '#provider-kit';

/**
 * A refund that we asked for. Mercado Pago has no field for our id, so it is noted before the call which of
 * its refunds were there: the new one of this amount is ours, whoever sees it first.
 */
export interface RefundNote {
  /** `RefundRequest.key`. */
  key: string;
  /** Of the refund, in minor units. */
  minor: number;
  /** Ids of the order's refunds before. */
  known: string[];
}

/** The integration knows its refunds by their ids long before that. */
const WEEK = { ttlSeconds: 7 * 86_400 };
const NOTHING = new Error('nothing was noted');

/** Notes a refund before it is asked for; there is one note for each number of refunds that were before. */
export async function noteRefund(cache: ProviderCache, order: string, note: RefundNote): Promise<void> {
  const key = buildKey(order, note.known.length);
  // Somebody may be looking for a note at this very moment; then this one is not kept yet.
  while ((await fetchNote(cache, key, () => Promise.resolve(note)))?.key !== note.key) await cache.forget(key);
}

/** Forgets a note about a refund that was refused. */
export function forgetRefund(cache: ProviderCache, order: string, note: RefundNote): Promise<void> {
  return cache.forget(buildKey(order, note.known.length));
}

/** What was noted of an order that has `count` refunds, the oldest note first. */
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
