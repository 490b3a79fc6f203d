import type { DeliveryStatus } from '#delivery/port';
import { texts } from './template.texts.js';

/** The statuses in life order. */
export const STATUSES = [
  { code: 'registered', name: texts.statuses.registered, isEditable: true },
  { code: 'in-transit', name: texts.statuses['in-transit'] },
  // For codes that are not in the table: the parcel is somewhere, and nothing is promised.
  { code: 'unrecognised', name: texts.statuses.unrecognised },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)[number]['code'];

const BY_STATE: ReadonlyMap<string, StatusCode> = new Map([
  ['accepted', 'registered'],
  ['moving', 'in-transit'],
  ['handed_over', 'delivered'],
  ['withdrawn', 'cancelled'],
]);

/** Our status for a state of the service; an unknown one is `unrecognised`, never an end. */
export function readStatus(state: string): StatusCode {
  return BY_STATE.get(state) ?? 'unrecognised';
}
