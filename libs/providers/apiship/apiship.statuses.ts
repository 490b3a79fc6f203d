import type { DeliveryStatus } from '#delivery/port';
import type { LocalText } from '#platform';

/** The statuses in life order; the codes are ApiShip's own keys. */
export const STATUSES = [
  {
    code: 'pending',
    name: { en: 'Accepted by ApiShip', es: 'Aceptado por ApiShip', ru: 'Принят в ApiShip' },
    isPreprocessing: true,
    isEditable: true,
  },
  {
    code: 'uploading',
    name: { en: 'Being sent to the carrier', es: 'Enviándose al transportista', ru: 'Передаётся в службу доставки' },
    isPreprocessing: true,
  },
  {
    code: 'uploadingError',
    name: { en: 'Refused by the carrier', es: 'Rechazado por el transportista', ru: 'Отклонён службой доставки' },
    isError: true,
    isEditable: true,
  },
  {
    code: 'uploaded',
    name: { en: 'Registered with the carrier', es: 'Registrado en el transportista', ru: 'Зарегистрирован в службе доставки' },
    isEditable: true,
  },
  { code: 'onPointIn', name: { en: 'At the first warehouse', es: 'En el almacén de origen', ru: 'Принят на склад отправки' } },
  { code: 'onWay', name: { en: 'In transit', es: 'En tránsito', ru: 'В пути' } },
  { code: 'onPointOut', name: { en: 'In the recipient’s city', es: 'En la ciudad de destino', ru: 'На складе назначения' } },
  { code: 'readyForRecipient', name: { en: 'At the pickup point', es: 'En el punto de recogida', ru: 'Готов к выдаче' } },
  { code: 'delivering', name: { en: 'Out for delivery', es: 'En reparto', ru: 'Выдан на доставку' } },
  {
    code: 'problem',
    name: { en: 'The carrier needs an answer', es: 'El transportista necesita respuesta', ru: 'Возникла проблема' },
    isError: true,
  },
  {
    code: 'returnedFromDelivery',
    name: { en: 'Not handed over, back at the warehouse', es: 'No entregado, de vuelta en el almacén', ru: 'Возвращён с доставки' },
  },
  {
    code: 'partialReturn',
    name: { en: 'Bought in part, the rest returns', es: 'Comprado en parte, el resto vuelve', ru: 'Частичный возврат' },
  },
  { code: 'returnReady', name: { en: 'Return is prepared', es: 'Devolución preparada', ru: 'Подготовлен возврат' } },
  { code: 'returning', name: { en: 'Returning to the shop', es: 'En devolución a la tienda', ru: 'Возвращается в магазин' } },
  { code: 'delivered', name: { en: 'Delivered', es: 'Entregado', ru: 'Доставлен' }, isFinal: true },
  { code: 'returned', name: { en: 'Returned to the shop', es: 'Devuelto a la tienda', ru: 'Возвращён в магазин' }, isFinal: true },
  { code: 'lost', name: { en: 'Lost', es: 'Perdido', ru: 'Утерян' }, isError: true, isFinal: true },
  { code: 'deliveryCanceled', name: { en: 'Cancelled', es: 'Cancelado', ru: 'Отменён' }, isFinal: true },
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
  return STATUSES.find((status) => status.code === code)?.name ?? { en: code, es: code, ru: code };
}
