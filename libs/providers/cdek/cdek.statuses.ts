import type { DeliveryStatus } from '#delivery/port';
import type { LocalText } from '#platform';

/** The statuses in life order. */
export const STATUSES = [
  {
    code: 'registering',
    name: { en: 'Being registered with CDEK', es: 'En registro en CDEK', ru: 'Регистрируется в СДЭК' },
    isPreprocessing: true,
  },
  { code: 'refused', name: { en: 'Refused by CDEK', es: 'Rechazado por CDEK', ru: 'Отклонён СДЭК' }, isError: true, isEditable: true },
  {
    code: 'change-refused',
    name: { en: 'CDEK refused the change', es: 'CDEK rechazó el cambio', ru: 'СДЭК отклонил изменение' },
    isError: true,
    isEditable: true,
  },
  { code: 'created', name: { en: 'Registered', es: 'Registrado', ru: 'Создан' }, isEditable: true },
  { code: 'accepted', name: { en: 'Received from the sender', es: 'Recibido del remitente', ru: 'Принят на склад отправителя' } },
  {
    code: 'back-at-sender-warehouse',
    name: { en: 'Back at the first warehouse', es: 'De vuelta en el primer almacén', ru: 'Возвращён на склад отправителя' },
  },
  // For codes that this adapter does not know: the parcel is somewhere, and nothing is promised.
  { code: 'unrecognised', name: { en: 'Status not recognised', es: 'Estado no reconocido', ru: 'Статус не распознан' } },
  { code: 'leaving', name: { en: 'Leaving the first city', es: 'Sale de la ciudad de origen', ru: 'Отправляется из города отправителя' } },
  { code: 'in-transit', name: { en: 'In transit', es: 'En tránsito', ru: 'В пути' } },
  { code: 'in-customs', name: { en: 'In customs', es: 'En aduana', ru: 'Таможенное оформление' } },
  { code: 'customs-cleared', name: { en: 'Cleared by customs', es: 'Despachado en aduana', ru: 'Таможенное оформление завершено' } },
  { code: 'in-city', name: { en: 'In the recipient’s city', es: 'En la ciudad de destino', ru: 'В городе получателя' } },
  { code: 'at-point', name: { en: 'At the pickup point', es: 'En el punto de recogida', ru: 'В пункте выдачи' } },
  { code: 'in-locker', name: { en: 'In the parcel locker', es: 'En la taquilla', ru: 'В постамате' } },
  { code: 'with-courier', name: { en: 'Out for delivery', es: 'En reparto', ru: 'Выдан на доставку' } },
  {
    code: 'attempt-failed',
    name: {
      en: 'Not handed over, another attempt follows',
      es: 'Entrega fallida, habrá otro intento',
      ru: 'Не вручён, ожидается новая попытка',
    },
    isError: true,
  },
  {
    code: 'returning',
    name: { en: 'Returning to the shop', es: 'En devolución a la tienda', ru: 'Возвращается в магазин' },
    isError: true,
  },
  { code: 'collected', name: { en: 'Collected from the locker', es: 'Recogido de la taquilla', ru: 'Забран из постамата' } },
  { code: 'delivered', name: { en: 'Delivered', es: 'Entregado', ru: 'Вручён' }, isFinal: true },
  { code: 'not-delivered', name: { en: 'Not delivered', es: 'No entregado', ru: 'Не вручён' }, isError: true, isFinal: true },
  { code: 'cancelled', name: { en: 'Cancelled', es: 'Cancelado', ru: 'Отменён' }, isFinal: true },
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
  return STATUSES.find((status) => status.code === code)?.name ?? { en: code, es: code, ru: code };
}
