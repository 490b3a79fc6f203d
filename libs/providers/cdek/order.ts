import { DateTime } from 'luxon';
import { type ExistingDelivery, makeOrderNumber, type SavedDelivery } from '#delivery/port';
import { makeError, type Money, type ProviderError, readMoney } from '#provider-kit';
import type { Cdek, CdekMethod, CdekOrder, CdekOrderReply } from './cdek.api.js';
import { type CdekRequest, isInvalid } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { getLifeIndex, hasMoved, readReason, readStatus, type StatusCode } from './cdek.statuses.js';
import { texts } from './cdek.texts.js';
import { chooseCurrency } from './cdek.units.js';

/** Finds the delivery with our reference. Undefined if missing, rejected or deleted at CDEK. */
export const findOrder: CdekMethod<'find'> = async (api, reference, context) => {
  const reply = await findStandingOrder(api, reference, context);
  return reply && toSavedDelivery(reply, undefined, context);
};

/** Reads a delivery's order. An order that CDEK does not have, or no longer has, was withdrawn. */
export const getOrder: CdekMethod<'get'> = async (api, delivery, context) => {
  const reply = await findDeliveryOrder(api, delivery, context);
  if (reply === undefined) return { externalId: delivery.externalId, status: 'cancelled' };
  return { ...toSavedDelivery(reply, chooseCurrency(delivery.request, context), context), externalId: delivery.externalId };
};

/** CDEK's order of a delivery: by its id, or by our number when that order was refused or is gone. */
export async function findDeliveryOrder(
  api: Cdek,
  { externalId, reference }: ExistingDelivery,
  context: CdekContext,
): Promise<CdekOrderReply | undefined> {
  const own = await api.unlessMissing(api.order(context, { id: externalId }));
  if ((own !== undefined && !isRefused(own)) || context.settings.contractKind === 'delivery') return own;
  return (await findStandingOrder(api, reference, context)) ?? own;
}

/**
 * The order with our number. Undefined when there is none, or CDEK rejected or deleted it.
 * @throws ProviderError `unknown_outcome` under a delivery contract, whose orders have no number
 */
export async function findStandingOrder(api: Cdek, reference: string, context: CdekContext): Promise<CdekOrderReply | undefined> {
  if (context.settings.contractKind === 'delivery') throw makeLostOrder();
  const query = { im_number: makeOrderNumber(reference, context.connectionId) };
  // CDEK returns the newest of several orders with one number.
  const found = await api.unlessMissing(api.findOrder(context, { query }));
  const reply = found && (await findDirectOrder(api, found, context));
  return reply === undefined || isRefused(reply) || getStatus(reply, context) === 'cancelled' ? undefined : reply;
}

/** A return may have the number of its order, which it links to. */
async function findDirectOrder(api: Cdek, found: CdekOrderReply, context: CdekContext): Promise<CdekOrderReply | undefined> {
  const { is_return, is_reverse, is_client_return } = found.entity;
  if (!is_return && !is_reverse && !is_client_return) return found;
  const direct = found.related_entities?.find(({ type }) => type === 'direct_order' || type === 'client_direct_order');
  return direct && api.unlessMissing(api.order(context, { id: direct.uuid }));
}

/** The error of a lost reply about an order that cannot be looked up: a person has to look. */
export function makeLostOrder(cause?: unknown): ProviderError {
  return makeError('unknown_outcome', texts.lookInCabinet, { needsPerson: true, isRemembered: cause === undefined, cause });
}

/** Converts the order for the port, without a price when the order's currency is unknown. */
export function toSavedDelivery(reply: CdekOrderReply, currency: string | undefined, context: CdekContext): SavedDelivery {
  const { uuid, cdek_number, delivery_date, delivery_detail } = reply.entity;
  const cost = readCost(reply.entity, currency, context);
  const [deliveryDate] = /^\d{4}-\d\d-\d\d/.exec(delivery_detail?.date ?? delivery_date ?? '') ?? [];
  return {
    externalId: uuid,
    ...(cdek_number && { trackNumber: cdek_number }),
    ...(cost && { cost }),
    ...(deliveryDate && { deliveryDate }),
    status: getStatus(reply, context),
  };
}

/** CDEK's price of an order, if there is one in the order's currency. */
export function readCost({ delivery_detail }: CdekOrder, currency: string | undefined, { settings }: CdekContext): Money | undefined {
  const sum = delivery_detail?.total_sum ?? delivery_detail?.delivery_sum;
  if (sum === undefined || sum <= 0 || currency !== settings.currency) return undefined;
  return readMoney(sum, settings.currency);
}

/** Our present status of an order. */
export function getStatus(reply: CdekOrderReply, context: CdekContext): StatusCode {
  const deletion = findLastRequest(reply, 'DELETE');
  if (deletion?.state === 'SUCCESSFUL') return 'cancelled';
  if (isRefused(reply)) return 'refused';
  const last = readHistory(reply).at(-1);
  const status = last === undefined ? 'registering' : readReason(last.cdek, last.reason, context.settings.statusRules);
  if (status === 'registering' && reply.entity.cdek_number !== undefined) return 'created';
  if (!hasMoved(status) && isInvalid(findLastRequest(reply, 'UPDATE'))) return 'change-refused';
  return status;
}

/** Whether CDEK has validated the order and refused it: then there is none. */
export function isRefused(reply: CdekOrderReply): boolean {
  return isInvalid(findLastRequest(reply, 'CREATE')) || readHistory(reply).at(-1)?.cdek === 'INVALID';
}

/** The last request of a kind. For two within one second, the one CDEK lists first. */
export function findLastRequest({ requests = [] }: CdekOrderReply, type: 'CREATE' | 'UPDATE' | 'DELETE'): CdekRequest | undefined {
  const own = requests.filter((request) => request.type === type);
  return own.reduce<CdekRequest | undefined>(
    (last, one) => (last === undefined || toMillis(one.date_time) > toMillis(last.date_time) ? one : last),
    undefined,
  );
}

/** The request that CDEK gave an id when it accepted it, else the last of its kind. */
export function findAcceptedRequest(
  reply: CdekOrderReply,
  accepted: readonly CdekRequest[],
  type: 'UPDATE' | 'DELETE',
): CdekRequest | undefined {
  const ids = accepted.flatMap(({ request_uuid }) => request_uuid ?? []);
  return (
    reply.requests?.find(({ request_uuid }) => request_uuid !== undefined && ids.includes(request_uuid)) ?? findLastRequest(reply, type)
  );
}

/** A status that an order has had. */
export interface Moment {
  /** CDEK's code. */
  cdek: string;
  /** Milliseconds since 1970. */
  at: number;
  name?: string;
  city?: string;
  reason?: string;
}

/** The statuses that CDEK has not taken back, oldest first. */
export function readHistory({ entity }: CdekOrderReply): Moment[] {
  return (entity.statuses ?? [])
    .filter(({ deleted }) => deleted !== true)
    .map(({ code, date_time, name, city, reason_code }) => ({ cdek: code, at: toMillis(date_time), name, city, reason: reason_code }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((left, right) => left.at - right.at || getLifeIndex(readStatus(left.cdek)) - getLifeIndex(readStatus(right.cdek)));
}

/** Milliseconds since 1970 for one of CDEK's times. NaN when it is not a time. */
export function toMillis(text: string | undefined): number {
  return text === undefined ? Number.NaN : DateTime.fromISO(text, { setZone: true }).toMillis();
}
