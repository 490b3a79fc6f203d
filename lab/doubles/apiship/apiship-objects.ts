import { Refusal } from '../../../libs/testing/double/refusal.js';
import type { Infer } from '../../../libs/testing/double/wire.js';
import type { courierBody, orderBody } from './apiship-wire.js';

/** Makes a refusal with a code of the API. `fields`: the mistakes by their paths. */
export function refuse(status: number, code: string, message: string, fields?: Readonly<Record<string, string>>): Refusal {
  return new Refusal(status, code, message, fields);
}

/** Makes the refusal of a request that breaks the rules, by its fields. */
export function invalid(fields: Readonly<Record<string, string>>, code = '040002'): Refusal {
  return refuse(400, code, 'Ошибка валидации', fields);
}

export type ApiShipOrderBody = Infer<typeof orderBody>;
export type ApiShipCourierBody = Infer<typeof courierBody>;

/** A status of an order. */
export interface ApiShipStatus {
  key: string;
  name: string;
  description: string;
  /** When ApiShip received it. */
  created: string;
  providerCode: string;
  providerName: string;
  providerDescription: string;
  /** When it happened, by the carrier. */
  createdProvider: string;
  /** Whose fault: 100 ApiShip's, 200 the carrier's, 300 the data's. */
  errorCode?: 100 | 200 | 300;
}

/** An order of the double. */
export interface ApiShipOrder {
  orderId: number;
  body: ApiShipOrderBody;
  created: string;
  /** The carrier's number. Empty until it has accepted the order. */
  providerNumber: string;
  /** The oldest first. */
  statuses: ApiShipStatus[];
  cancelled: boolean;
}

/** A courier's visit of the double. */
export interface ApiShipCourierCall {
  id: number;
  providerNumber: string;
  created: string;
  body: ApiShipCourierBody;
  cancelled: boolean;
}

/** Names of the statuses by their keys. */
export const STATUS_NAMES: Readonly<Record<string, string>> = {
  pending: 'Загружается в систему',
  uploading: 'Передаётся в службу доставки',
  uploadingError: 'Ошибка передачи в службу доставки',
  uploaded: 'Передан в службу доставки',
  onPointIn: 'Принят на склад отправления',
  onWay: 'В пути',
  onPointOut: 'Прибыл на склад назначения',
  delivering: 'Передан курьеру',
  readyForRecipient: 'Готов к выдаче',
  delivered: 'Вручён',
  partialReturn: 'Частичный возврат',
  returnedFromDelivery: 'Возвращён с доставки',
  returnReady: 'Готов к возврату',
  returning: 'Возвращается отправителю',
  returned: 'Возвращён отправителю',
  deliveryCanceled: 'Доставка отменена',
  lost: 'Утерян',
  problem: 'Требуется ответ',
  unknown: 'Статус не распознан',
  notApplicable: 'Не применимо',
};

/** Statuses after which nothing follows. */
export const FINAL = ['delivered', 'returned', 'deliveryCanceled', 'lost'];

/** A moment as the API writes it, in Moscow's time. */
export function writeMoment(at: Date | number): string {
  return `${new Date(Number(at) + 3 * 3_600_000).toISOString().slice(0, 19)}+03:00`;
}

/** Kopecks of a sum in roubles. NaN when it has more than two decimals. */
export function toKopecks(roubles: number): number {
  const kopecks = Math.round(roubles * 100);
  return Math.abs(kopecks - roubles * 100) < 1e-6 ? kopecks : Number.NaN;
}
