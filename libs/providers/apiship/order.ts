import { DateTime } from 'luxon';
import { makeOrderNumber, type SavedDelivery } from '#delivery/port';
import { cleanText, cutText, makeError, type Money, readMoney } from '#provider-kit';
import type { Apiship, ApishipMethod, OrderDetails, OrderState, OrderStatus } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';
import { CANCELLED_STATUS, FIRST_STATUS, readStatus, type StatusCode } from './apiship.statuses.js';
import { texts } from './apiship.texts.js';
import { CURRENCY, MOST_CHARACTERS } from './apiship.units.js';

/** Finds the delivery with our reference. Undefined if there is none, or it was cancelled. */
export const findOrder: ApishipMethod<'find'> = async (api, reference, context) => {
  const state = await findStandingOrder(api, reference, context);
  return state && toSavedDelivery(state, undefined, context);
};

/** Reads a delivery's order with its price. An order that ApiShip does not have was withdrawn. */
export const getOrder: ApishipMethod<'get'> = async (api, delivery, context) => {
  const state = await readState(api, delivery.externalId, context);
  if (state === undefined) return { externalId: delivery.externalId, status: CANCELLED_STATUS };
  const details = await api.unlessMissing(api.order(context, { id: delivery.externalId }));
  const cost = details && readCost(details);
  return { ...toSavedDelivery(state, delivery.status, context), ...(cost && { cost }) };
};

/**
 * The order with our number that was not cancelled. Undefined when there is none. A number is free again once
 * its order is cancelled.
 * @throws ProviderError `rate_limited` when ApiShip has the order and does not show it yet
 */
export async function findStandingOrder(api: Apiship, reference: string, context: ApishipContext): Promise<OrderState | undefined> {
  const query = { clientNumber: makeOrderNumber(reference, context.connectionId) };
  const asked = api.unlessMissing(api.findOrder(context, { query }));
  // An order just made has no statuses, so it must be read again later.
  const state = await api.unless('withoutStatus', asked, (cause) => {
    throw makeError('rate_limited', texts.numberNotShown, { cause });
  });
  return state && getStatus(state, undefined, context) === CANCELLED_STATUS ? undefined : state;
}

/** Reads an order by ApiShip's number. Undefined when there is none. Throws ProviderError. */
export function readState(api: Apiship, id: string, context: ApishipContext): Promise<OrderState | undefined> {
  const asked = api.unlessMissing(api.orderStatus(context, { id }));
  return api.unless('withoutStatus', asked, () => ({ orderInfo: { orderId: id } }));
}

/** Converts the order for the port. `previous` is kept if ApiShip's status has no meaning. */
export function toSavedDelivery(state: OrderState, previous: string | undefined, context: ApishipContext): SavedDelivery {
  return {
    externalId: state.orderInfo.orderId,
    ...readTrack(state),
    status: getStatus(state, previous, context),
  };
}

/** The number and the page of the carrier, once it has the order. */
export function readTrack({ orderInfo: { providerNumber, trackingUrl } }: OrderState): { trackNumber?: string; trackUrl?: string } {
  return { ...(providerNumber && { trackNumber: providerNumber, ...(trackingUrl && { trackUrl: trackingUrl }) }) };
}

/** Our present status of an order. `previous`, or the first one, if ApiShip's status has no meaning. */
export function getStatus({ status }: OrderState, previous: string | undefined, { settings }: ApishipContext): string {
  return (status && readStatus(status.key, settings.statusRules)) ?? previous ?? FIRST_STATUS;
}

/** A status that an order has had. */
export interface Moment {
  code: StatusCode;
  /** Milliseconds since 1970. */
  at: number;
  comment: string;
}

/** A status with its time. Undefined for a status that has no meaning, or no time. */
export function toMoment(status: OrderStatus | undefined, { settings }: ApishipContext): Moment | undefined {
  const code = status && readStatus(status.key, settings.statusRules);
  const at = DateTime.fromISO(status?.created ?? '', { setZone: true }).toMillis();
  if (status === undefined || code === undefined || !Number.isFinite(at)) return undefined;
  const { name, description, providerName, providerDescription } = status;
  // The description contains a carrier's reason for a rejection. For other statuses the carrier's own name is
  // clearer.
  const words = code === 'uploadingError' || code === 'problem' ? [description, providerDescription, name] : [providerName, name];
  return { code, at, comment: cutText(words.map(cleanText).find(Boolean) ?? '', MOST_CHARACTERS) };
}

/** The carrier's price for an order, else the planned price. */
function readCost({ extendedInfo }: OrderDetails): Money | undefined {
  const sum = extendedInfo?.factDeliveryCost || extendedInfo?.planDeliveryCost;
  return sum === undefined || sum <= 0 ? undefined : readMoney(sum, CURRENCY);
}
