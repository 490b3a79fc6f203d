import type { DeliveryStatus } from '#delivery/port';

/** The statuses in life order. */
export const STATUSES = [
  {
    code: 'registering',
    name: { en: 'Being registered', es: 'En registro', ru: 'Регистрируется' },
    isPreprocessing: true,
  },
  {
    code: 'refused',
    name: { en: 'Refused by the carrier', es: 'Rechazado por el transportista', ru: 'Отклонён перевозчиком' },
    isError: true,
    isEditable: true,
  },
  { code: 'registered', name: { en: 'Registered', es: 'Registrado', ru: 'Зарегистрирован' }, isEditable: true },
  { code: 'collected', name: { en: 'Collected', es: 'Recogido', ru: 'Забран' } },
  { code: 'in-transit', name: { en: 'In transit', es: 'En tránsito', ru: 'В пути' } },
  // For codes that this adapter does not know: the parcel is somewhere, and nothing is promised.
  { code: 'unrecognised', name: { en: 'Status not recognised', es: 'Estado no reconocido', ru: 'Статус не распознан' } },
  { code: 'at-point', name: { en: 'At the pickup point', es: 'En el punto de recogida', ru: 'На пункте выдачи' } },
  { code: 'out-for-delivery', name: { en: 'Out for delivery', es: 'En reparto', ru: 'Передан курьеру' } },
  { code: 'attempt-failed', name: { en: 'Not handed over', es: 'Entrega fallida', ru: 'Не вручён' }, isError: true },
  { code: 'returning', name: { en: 'Returning', es: 'En devolución', ru: 'Возвращается' }, isError: true },
  { code: 'delivered', name: { en: 'Delivered', es: 'Entregado', ru: 'Вручён' }, isFinal: true },
  { code: 'returned', name: { en: 'Returned', es: 'Devuelto', ru: 'Возвращён' }, isFinal: true },
  { code: 'lost', name: { en: 'Lost', es: 'Perdido', ru: 'Утерян' }, isError: true, isFinal: true },
  { code: 'cancelled', name: { en: 'Cancelled', es: 'Cancelado', ru: 'Отменён' }, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** Code of one of them. */
export type StatusCode = (typeof STATUSES)[number]['code'];

const BY_CARRIER_STATE: ReadonlyMap<string, StatusCode> = new Map([
  ['validating', 'registering'],
  ['refused', 'refused'],
  ['registered', 'registered'],
  ['collected', 'collected'],
  ['in_transit', 'in-transit'],
  ['at_point', 'at-point'],
  ['out_for_delivery', 'out-for-delivery'],
  ['attempt_failed', 'attempt-failed'],
  ['delivered', 'delivered'],
  ['returning', 'returning'],
  ['returned', 'returned'],
  ['cancelled', 'cancelled'],
  ['lost', 'lost'],
]);

/** Our status for the carrier's state. Total: an unknown one is `unrecognised`, never an end. */
export function readStatus(carrierState: string): StatusCode {
  return BY_CARRIER_STATE.get(carrierState) ?? 'unrecognised';
}
