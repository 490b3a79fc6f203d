import { defineStatuses } from '#delivery/port';
import { texts } from './apiship.texts.js';

/**
 * The statuses in life order, with ApiShip's own keys. A key without a row, such as `unknown`, changes
 * nothing.
 */
export const STATUSES = defineStatuses([
  { code: 'pending', name: texts.statuses.pending, isPreprocessing: true, isEditable: true, from: 'same' },
  { code: 'uploading', name: texts.statuses.uploading, isPreprocessing: true, from: 'same' },
  { code: 'uploadingError', name: texts.statuses.uploadingError, isError: true, isEditable: true, from: 'same' },
  { code: 'uploaded', name: texts.statuses.uploaded, isEditable: true, from: 'same' },
  { code: 'onPointIn', name: texts.statuses.onPointIn, isTaken: true, from: 'same' },
  { code: 'onWay', name: texts.statuses.onWay, isTaken: true, from: 'same' },
  { code: 'onPointOut', name: texts.statuses.onPointOut, isTaken: true, from: 'same' },
  { code: 'readyForRecipient', name: texts.statuses.readyForRecipient, isTaken: true, from: 'same' },
  { code: 'delivering', name: texts.statuses.delivering, isTaken: true, from: 'same' },
  { code: 'problem', name: texts.statuses.problem, isError: true, from: 'same' },
  { code: 'returnedFromDelivery', name: texts.statuses.returnedFromDelivery, isTaken: true, from: 'same' },
  { code: 'partialReturn', name: texts.statuses.partialReturn, isTaken: true, from: 'same' },
  { code: 'returnReady', name: texts.statuses.returnReady, isTaken: true, from: 'same' },
  { code: 'returning', name: texts.statuses.returning, isTaken: true, from: 'same' },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true, from: 'same' },
  { code: 'returned', name: texts.statuses.returned, isReturned: true, isFinal: true, from: 'same' },
  { code: 'lost', name: texts.statuses.lost, isError: true, isFinal: true, from: 'same' },
  { code: 'deliveryCanceled', name: texts.statuses.deliveryCanceled, isFinal: true, from: 'same' },
]);

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)['codes'][number];

/** The status of an order without a status at ApiShip. */
export const FIRST_STATUS: StatusCode = 'pending';
export const CANCELLED_STATUS: StatusCode = 'deliveryCanceled';

export const { read: readStatus, getLifeIndex, getName: getStatusName } = STATUSES;

/** Whether the carrier has the parcel, so that the order can no longer be changed. */
export function hasMoved(code: string): boolean {
  return STATUSES.isAfter(code, 'uploaded');
}

/** Whether the carrier's reply about the order has not arrived yet. */
export function isRegistering(code: string): boolean {
  return STATUSES.has(code, 'isPreprocessing');
}
