import { sha256Hex } from '#platform/plain';
import type { CarrierReport } from './replies.js';
import type { ExistingDelivery } from './requests.js';

/** Milliseconds after its creation from which an order that the carrier does not know is gone. */
const GONE_AFTER_MS = 3_600_000;

/** Our number of an order, unique among all connections of a contract: our reference and 7 characters. */
export function makeOrderNumber(reference: string, connectionId: string): string {
  return `${reference}-${sha256Hex(connectionId).slice(0, 6)}`;
}

/** Reports an order that the carrier does not know as cancelled, once. A new one may not be shown yet. */
export function reportGone(
  { externalId, createdAt, status }: ExistingDelivery,
  code: string,
  comment: string,
  { now }: { readonly now: Date },
): CarrierReport[] {
  const isNew = now.getTime() - createdAt.getTime() < GONE_AFTER_MS;
  return isNew || status === code ? [] : [{ externalId, code, updatedAt: now, comment }];
}
