import type { DeliveryStatus } from '#delivery/port';

/** The statuses in life order. */
export const STATUSES = [
  { code: 'registered', name: { en: 'Registered', es: 'Registrado', ru: 'Зарегистрирован' }, isEditable: true },
  { code: 'in-transit', name: { en: 'In transit', es: 'En tránsito', ru: 'В пути' } },
  // For codes that are not in the table: the parcel is somewhere, and nothing is promised.
  { code: 'unrecognised', name: { en: 'Status not recognised', es: 'Estado no reconocido', ru: 'Статус не распознан' } },
  { code: 'delivered', name: { en: 'Delivered', es: 'Entregado', ru: 'Вручён' }, isFinal: true },
  { code: 'cancelled', name: { en: 'Cancelled', es: 'Cancelado', ru: 'Отменён' }, isFinal: true },
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
