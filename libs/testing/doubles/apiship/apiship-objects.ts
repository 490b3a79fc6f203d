/* What the API takes and answers, in ApiShip's spelling: grams, centimetres, roubles with two decimals. */

/** An error of the API's codes; nothing was done. */
export class ApiShipRefusal extends Error {
  /** `fields`: what is wrong by its path in the request, such as `order.tariffId`. */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  /** The body of the answer. */
  get json(): object {
    const errors = Object.entries(this.fields).map(([field, message]) => ({ field, message }));
    return { code: this.code, message: this.message, description: '', moreInfo: '', ...(errors.length > 0 && { errors }) };
  }
}

/** The refusal of a request that breaks the rules, by its fields. */
export function invalid(fields: Readonly<Record<string, string>>, code = '040002'): ApiShipRefusal {
  return new ApiShipRefusal(400, code, 'Ошибка валидации', fields);
}

/** An item of a place. Sums are for one piece. */
export interface ApiShipItem {
  articul?: string;
  markCode?: string;
  description: string;
  quantity: number;
  weight?: number;
  assessedCost?: number;
  cost?: number;
  costVat?: number;
}

/** A place with its items. */
export interface ApiShipPlace {
  placeNumber?: string;
  barcode?: string;
  weight: number;
  width?: number;
  height?: number;
  length?: number;
  items?: ApiShipItem[];
}

/** Sender, recipient, or where returns go. */
export interface ApiShipParty {
  countryCode: string;
  addressString: string;
  contactName: string;
  phone: string;
  [field: string]: unknown;
}

/** The body that makes or changes an order. */
export interface ApiShipOrderBody {
  order: {
    clientNumber: string;
    providerKey: string;
    providerConnectId?: string | number;
    pickupType: 1 | 2;
    deliveryType: 1 | 2;
    tariffId: number;
    pointInId?: number;
    pointOutId?: number;
    weight: number;
    width?: number;
    height?: number;
    length?: number;
    pickupDate?: string;
    deliveryDate?: string;
    description?: string;
    barcode?: string;
  };
  cost: { assessedCost: number; codCost: number; deliveryCost?: number; deliveryCostVat?: number; isDeliveryPayedByRecipient?: boolean };
  sender: ApiShipParty;
  recipient: ApiShipParty;
  returnAddress?: ApiShipParty;
  places: ApiShipPlace[];
  extraParams?: { key: string; value: unknown }[];
}

/** A status of an order. */
export interface ApiShipStatus {
  key: string;
  name: string;
  description: string;
  /** When ApiShip knew of it. */
  created: string;
  providerCode: string;
  providerName: string;
  providerDescription: string;
  /** When it happened, by the carrier. */
  createdProvider: string;
  /** Whose fault: 100 ApiShip's, 200 the carrier's, 300 the data's. */
  errorCode?: 100 | 200 | 300;
}

/** An order as the double keeps it. */
export interface ApiShipOrder {
  orderId: number;
  body: ApiShipOrderBody;
  created: string;
  /** The carrier's number; empty until it has taken the order. */
  providerNumber: string;
  /** The oldest first. */
  statuses: ApiShipStatus[];
  cancelled: boolean;
  /** Deleted by its client: hidden. */
  removed: boolean;
  /** Milliseconds since 1970 since which its labels are ready; undefined: they are not. */
  labelsFrom?: number;
}

/** What a courier's visit is called with. */
export interface ApiShipCourierBody {
  providerKey: string;
  providerConnectId?: number;
  date: string;
  timeStart: string;
  timeEnd: string;
  orderIds: (number | string)[];
  [field: string]: unknown;
}

/** A courier's visit as the double keeps it. */
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

/** Kopecks of a sum in roubles; NaN when it has more than two decimals. */
export function toKopecks(roubles: number): number {
  const kopecks = Math.round(roubles * 100);
  return Math.abs(kopecks - roubles * 100) < 1e-6 ? kopecks : Number.NaN;
}
