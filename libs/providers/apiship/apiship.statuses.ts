import type { DeliveryStatus } from '#delivery/port';
import { type LocalText, repeatText } from '#platform';
import { texts } from './apiship.texts.js';

/** The statuses in life order; the codes are ApiShip's own keys. */
export const STATUSES = [
  { code: 'pending', name: texts.statuses.pending, isPreprocessing: true, isEditable: true },
  { code: 'uploading', name: texts.statuses.uploading, isPreprocessing: true },
  { code: 'uploadingError', name: texts.statuses.uploadingError, isError: true, isEditable: true },
  { code: 'uploaded', name: texts.statuses.uploaded, isEditable: true },
  { code: 'onPointIn', name: texts.statuses.onPointIn },
  { code: 'onWay', name: texts.statuses.onWay },
  { code: 'onPointOut', name: texts.statuses.onPointOut },
  { code: 'readyForRecipient', name: texts.statuses.readyForRecipient },
  { code: 'delivering', name: texts.statuses.delivering },
  { code: 'problem', name: texts.statuses.problem, isError: true },
  { code: 'returnedFromDelivery', name: texts.statuses.returnedFromDelivery },
  { code: 'partialReturn', name: texts.statuses.partialReturn },
  { code: 'returnReady', name: texts.statuses.returnReady },
  { code: 'returning', name: texts.statuses.returning },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true },
  { code: 'returned', name: texts.statuses.returned, isFinal: true },
  { code: 'lost', name: texts.statuses.lost, isError: true, isFinal: true },
  { code: 'deliveryCanceled', name: texts.statuses.deliveryCanceled, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)[number]['code'];

export const STATUS_CODES = STATUSES.map(({ code }) => code);

/** What an order has that ApiShip says nothing of. */
export const FIRST_STATUS: StatusCode = 'pending';
export const CANCELLED_STATUS: StatusCode = 'deliveryCanceled';

const KNOWN: ReadonlyMap<string, StatusCode> = new Map(STATUS_CODES.map((code) => [code, code]));

/**
 * Our status for ApiShip's key, by the account's rules first; undefined for `unknown`, `notApplicable` and
 * keys that are not in the list: then the delivery keeps the status that it has.
 */
export function readStatus(key: string, rules: readonly { code: string; status: StatusCode }[] = []): StatusCode | undefined {
  return rules.find((rule) => rule.code === key)?.status ?? KNOWN.get(key);
}

/** A status's place in life; of two statuses within one second the later one counts. */
export function getLifeIndex(code: string): number {
  return STATUSES.findIndex((status) => status.code === code);
}

/** Whether the carrier has the parcel, so that the order can no longer be changed. */
export function hasMoved(code: string): boolean {
  return getLifeIndex(code) > getLifeIndex('uploaded');
}

/** Whether the carrier has not answered for the order yet. */
export function isRegistering(code: string): boolean {
  return STATUSES.some((status) => status.code === code && 'isPreprocessing' in status);
}

/** What the CRM's user sees for a status; the code itself for one that is not in the list. */
export function getStatusName(code: string): LocalText {
  return STATUSES.find((status) => status.code === code)?.name ?? repeatText(code);
}
