import { defineStatuses } from '#delivery/port';
import { texts } from './fake-carrier.texts.js';

/** The statuses in life order, and the carrier's states that lead to each. */
export const STATUSES = defineStatuses([
  { code: 'registering', name: texts.statuses.registering, isPreprocessing: true, from: ['validating'] },
  { code: 'refused', name: texts.statuses.refused, isError: true, isEditable: true, from: ['refused'] },
  { code: 'registered', name: texts.statuses.registered, isEditable: true, from: ['registered'] },
  { code: 'collected', name: texts.statuses.collected, isTaken: true, from: ['collected'] },
  { code: 'in-transit', name: texts.statuses['in-transit'], isTaken: true, from: ['in_transit'] },
  { code: 'unrecognised', name: texts.statuses.unrecognised, from: 'unknown' },
  { code: 'at-point', name: texts.statuses['at-point'], isTaken: true, from: ['at_point'] },
  { code: 'out-for-delivery', name: texts.statuses['out-for-delivery'], isTaken: true, from: ['out_for_delivery'] },
  { code: 'attempt-failed', name: texts.statuses['attempt-failed'], isTaken: true, isError: true, from: ['attempt_failed'] },
  { code: 'returning', name: texts.statuses.returning, isTaken: true, isError: true, isReturning: true, from: ['returning'] },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true, from: ['delivered'] },
  {
    ...{ code: 'partly-delivered', name: texts.statuses['partly-delivered'] },
    ...{ isFinal: true, isPartial: true, from: ['delivered_in_part'] },
  },
  { code: 'returned', name: texts.statuses.returned, isFinal: true, isReturned: true, from: ['returned'] },
  { code: 'lost', name: texts.statuses.lost, isError: true, isFinal: true, from: ['lost'] },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true, from: ['cancelled'] },
]);
