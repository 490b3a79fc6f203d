import type { DeliveryStatus } from '#delivery/port';
import { type LocalText, repeatText } from '#platform';
import { texts } from './cdek.texts.js';

/** The statuses in life order. */
export const STATUSES = [
  { code: 'registering', name: texts.statuses.registering, isPreprocessing: true },
  { code: 'refused', name: texts.statuses.refused, isError: true, isEditable: true },
  { code: 'change-refused', name: texts.statuses['change-refused'], isError: true, isEditable: true },
  { code: 'created', name: texts.statuses.created, isEditable: true },
  { code: 'accepted', name: texts.statuses.accepted },
  { code: 'back-at-sender-warehouse', name: texts.statuses['back-at-sender-warehouse'] },
  // For codes that this adapter does not know: the parcel is somewhere, and nothing is promised.
  { code: 'unrecognised', name: texts.statuses.unrecognised },
  { code: 'leaving', name: texts.statuses.leaving },
  { code: 'in-transit', name: texts.statuses['in-transit'] },
  { code: 'in-customs', name: texts.statuses['in-customs'] },
  { code: 'customs-cleared', name: texts.statuses['customs-cleared'] },
  { code: 'in-city', name: texts.statuses['in-city'] },
  { code: 'at-point', name: texts.statuses['at-point'] },
  { code: 'in-locker', name: texts.statuses['in-locker'] },
  { code: 'with-courier', name: texts.statuses['with-courier'] },
  { code: 'attempt-failed', name: texts.statuses['attempt-failed'], isError: true },
  { code: 'returning', name: texts.statuses.returning, isError: true },
  { code: 'collected', name: texts.statuses.collected },
  { code: 'delivered', name: texts.statuses.delivered, isFinal: true },
  { code: 'not-delivered', name: texts.statuses['not-delivered'], isError: true, isFinal: true },
  { code: 'cancelled', name: texts.statuses.cancelled, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)[number]['code'];

export const STATUS_CODES = STATUSES.map(({ code }) => code);

/** CDEK's codes by what they mean: its lists have had two names for many of them. */
const CDEK_CODES: Readonly<Partial<Record<StatusCode, readonly string[]>>> = {
  registering: ['ACCEPTED'],
  refused: ['INVALID'],
  created: ['CREATED'],
  accepted: ['RECEIVED_AT_SHIPMENT_WAREHOUSE'],
  // Not a return to the shop: the carriage did not begin and will.
  'back-at-sender-warehouse': ['RETURNED_TO_SENDER_CITY_WAREHOUSE', 'RETURNED_TO_SENDER_WAREHOUSE'],
  leaving: [
    'READY_FOR_SHIPMENT_IN_SENDER_CITY',
    'READY_TO_SHIP_AT_SENDING_OFFICE',
    'TAKEN_BY_TRANSPORTER_FROM_SENDER_CITY',
    'PASSED_TO_CARRIER_AT_SENDING_OFFICE',
  ],
  'in-transit': [
    'SENT_TO_TRANSIT_CITY',
    'SEND_TO_TRANSIT_OFFICE',
    'ACCEPTED_IN_TRANSIT_CITY',
    'MET_AT_TRANSIT_OFFICE',
    'ACCEPTED_AT_TRANSIT_WAREHOUSE',
    'ACCEPTED_TO_OFFICE_TRANSIT_WAREHOUSE',
    'ENTERED_TO_OFFICE_TRANSIT_WAREHOUSE',
    'RETURNED_TO_TRANSIT_WAREHOUSE',
    'READY_FOR_SHIPMENT_IN_TRANSIT_CITY',
    'READY_TO_SHIP_IN_TRANSIT_OFFICE',
    'TAKEN_BY_TRANSPORTER_FROM_TRANSIT_CITY',
    'PASSED_TO_CARRIER_AT_TRANSIT_OFFICE',
    'SENT_TO_SENDER_CITY',
    'SEND_TO_SENDING_OFFICE',
    'ACCEPTED_IN_SENDER_CITY',
    'MET_AT_SENDING_OFFICE',
    'SENT_TO_RECIPIENT_CITY',
    'SEND_TO_RECIPIENT_OFFICE',
    'SHIPPED_TO_DESTINATION',
    'PASSED_TO_TRANSIT_CARRIER',
  ],
  'in-customs': ['IN_CUSTOMS_INTERNATIONAL', 'IN_CUSTOMS_LOCAL'],
  'customs-cleared': ['CUSTOMS_COMPLETE'],
  'in-city': [
    'ACCEPTED_IN_RECIPIENT_CITY',
    'MET_AT_RECIPIENT_OFFICE',
    'ENTERED_TO_DELIVERY_WAREHOUSE',
    'ENTERED_TO_WAREHOUSE_ON_DEMAND',
    'ACCEPTED_AT_RECIPIENT_CITY_WAREHOUSE',
    'ACCEPTED_AT_DELIVERY_WAREHOUSE',
  ],
  'at-point': ['ACCEPTED_AT_PICK_UP_POINT', 'ACCEPTED_AT_WAREHOUSE_ON_DEMAND'],
  'in-locker': ['POSTOMAT_POSTED'],
  'with-courier': ['TAKEN_BY_COURIER', 'ISSUED_FOR_DELIVERY'],
  'attempt-failed': ['RETURNED_TO_RECIPIENT_CITY_WAREHOUSE', 'RETURNED_TO_DELIVERY_WAREHOUSE'],
  returning: ['POSTOMAT_SEIZED'],
  // DELIVERED follows it.
  collected: ['POSTOMAT_RECEIVED'],
  delivered: ['DELIVERED'],
  'not-delivered': ['NOT_DELIVERED'],
  cancelled: ['REMOVED'],
};

const BY_CDEK_CODE: ReadonlyMap<string, StatusCode> = new Map(
  STATUSES.flatMap(({ code }) => (CDEK_CODES[code] ?? []).map((cdek): [string, StatusCode] => [cdek, code])),
);

/** CDEK's codes this adapter knows. */
export const KNOWN_CDEK_CODES: readonly string[] = [...BY_CDEK_CODE.keys()];

/**
 * Our status for CDEK's code, by the account's rules first; unknown codes are `unrecognised`, never final.
 */
export function readStatus(cdekCode: string, rules: readonly { code: string; status: StatusCode }[] = []): StatusCode {
  return rules.find((rule) => rule.code === cdekCode)?.status ?? BY_CDEK_CODE.get(cdekCode) ?? 'unrecognised';
}

/** A status's place in life; of two statuses within one second the later one counts. */
export function getLifeIndex(code: string): number {
  return STATUSES.findIndex((status) => status.code === code);
}

/** Whether nothing can follow a status. */
export function isFinal(code: string): boolean {
  return STATUSES.some((status) => status.code === code && 'isFinal' in status);
}

/** Whether CDEK has the parcel, so that the order can be neither changed nor deleted. */
export function hasMoved(code: string): boolean {
  return getLifeIndex(code) > getLifeIndex('created');
}

/** What the CRM's user sees for a status; the code itself for one that is not in the list. */
export function getStatusName(code: string): LocalText {
  return STATUSES.find((status) => status.code === code)?.name ?? repeatText(code);
}
