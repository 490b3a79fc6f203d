import type { DeliveryStatus } from '#delivery/port';

/** Every status a courier delivery can have, in life order. */
export const COURIER_STATUSES = [
  {
    code: 'awaiting-confirmation',
    name: { en: 'Awaiting confirmation', es: 'Pendiente de confirmación', ru: 'Ожидает подтверждения' },
    isPreprocessing: true,
  },
  { code: 'created', name: { en: 'Created', es: 'Creada', ru: 'Создана' }, isEditable: true },
  {
    code: 'accepted',
    name: { en: 'Accepted at the warehouse', es: 'Recibida en el almacén', ru: 'Принята на складе' },
    isEditable: true,
  },
  { code: 'sorting', name: { en: 'Being sorted', es: 'En clasificación', ru: 'На сортировке' }, isEditable: true },
  { code: 'in-transit', name: { en: 'In transit', es: 'En tránsito', ru: 'В пути' } },
  {
    code: 'at-pickup-point',
    name: { en: 'At the pickup point', es: 'En el punto de recogida', ru: 'В пункте выдачи' },
  },
  { code: 'out-for-delivery', name: { en: 'Out for delivery', es: 'En reparto', ru: 'У курьера' } },
  {
    code: 'delivery-failed',
    name: { en: 'Delivery attempt failed', es: 'Intento de entrega fallido', ru: 'Не удалось вручить' },
    isEditable: true,
    isError: true,
  },
  {
    code: 'address-problem',
    name: { en: 'Problem with the address', es: 'Problema con la dirección', ru: 'Проблема с адресом' },
    isEditable: true,
    isError: true,
  },
  { code: 'rescheduled', name: { en: 'Rescheduled', es: 'Reprogramada', ru: 'Перенесена' }, isEditable: true },
  { code: 'delivered', name: { en: 'Delivered', es: 'Entregada', ru: 'Вручена' }, isFinal: true },
  { code: 'refused', name: { en: 'Refused by the recipient', es: 'Rechazada por el destinatario', ru: 'Отказ получателя' } },
  { code: 'return-in-transit', name: { en: 'On its way back', es: 'En devolución', ru: 'Возвращается' } },
  { code: 'returned', name: { en: 'Returned to the sender', es: 'Devuelta al remitente', ru: 'Возвращена отправителю' }, isFinal: true },
  { code: 'lost', name: { en: 'Lost', es: 'Perdida', ru: 'Утеряна' }, isError: true, isFinal: true },
  { code: 'damaged', name: { en: 'Damaged', es: 'Dañada', ru: 'Повреждена' }, isError: true, isFinal: true },
  { code: 'cancelled', name: { en: 'Cancelled', es: 'Cancelada', ru: 'Отменена' }, isFinal: true },
] as const satisfies readonly DeliveryStatus[];

/** A status code of the list. */
export type CourierStatusCode = (typeof COURIER_STATUSES)[number]['code'];

export const CREATED_STATUS = 'created' satisfies CourierStatusCode;
export const CANCELLED_STATUS = 'cancelled' satisfies CourierStatusCode;

/** Statuses of a parcel that is coming back or will not move again: nothing is left to cancel. */
const PAST_CANCELLING: ReadonlySet<string> = new Set<CourierStatusCode>([
  'delivered',
  'refused',
  'return-in-transit',
  'returned',
  'lost',
  'damaged',
]);

const byCode: ReadonlyMap<string, DeliveryStatus> = new Map(COURIER_STATUSES.map((status) => [status.code, status]));

/** The status of a code; undefined for one that is not of the list. */
export function findStatus(code: string): DeliveryStatus | undefined {
  return byCode.get(code);
}

export function isCancellable(code: string): boolean {
  return byCode.has(code) && !PAST_CANCELLING.has(code);
}
