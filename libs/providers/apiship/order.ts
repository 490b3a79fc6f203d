import { Type } from 'class-transformer';
import { IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { DateTime } from 'luxon';
import type { ExistingDelivery, SavedDelivery } from '#delivery/port';
import { sha256Hex } from '#platform';
import { cleanText, cutText, type Money, readMoney } from '#provider-kit';
import type { ApishipClient } from './apiship.client.js';
import { explain, isRefusedAs } from './apiship.errors.js';
import type { ApishipContext } from './apiship.settings.js';
import { CANCELLED_STATUS, FIRST_STATUS, readStatus, type StatusCode } from './apiship.statuses.js';
import { makeError, texts } from './apiship.texts.js';
import { CURRENCY, MOST_CHARACTERS } from './apiship.units.js';

/** A status of an order. */
export class OrderStatus {
  @IsString() key!: string;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsString() description?: string;
  /** ISO 8601 with an offset. */
  @IsOptional() @IsString() created?: string;
  @IsOptional() @IsString() providerName?: string;
  @IsOptional() @IsString() providerDescription?: string;
}

/** What names an order. */
export class OrderInfo {
  @IsString() orderId!: string;
  /** The carrier's number: the track number. Empty until the carrier has the order. */
  @IsOptional() @IsString() providerNumber?: string;
  @IsOptional() @IsString() clientNumber?: string;
}

/** `GET /orders/{id}/status` and `GET /orders/status` */
export class OrderState {
  @ValidateNested() @Type(() => OrderInfo) orderInfo!: OrderInfo;
  @IsOptional() @ValidateNested() @Type(() => OrderStatus) status?: OrderStatus;
}

class OrderFound {
  @IsOptional() @IsString() providerKey?: string;
  @IsOptional() @IsInt() tariffId?: number;
  @IsOptional() @IsInt() deliveryType?: number;
  @IsOptional() @IsInt() pointOutId?: number;
  @IsOptional() @IsNumber() weight?: number;
}

class CostFound {
  @IsOptional() @IsNumber() assessedCost?: number;
  @IsOptional() @IsNumber() codCost?: number;
}

class RecipientFound {
  @IsOptional() @IsString() contactName?: string;
  @IsOptional() @IsString() phone?: string;
  @IsOptional() @IsString() addressString?: string;
}

class ExtendedInfo {
  /** Roubles. */
  @IsOptional() @IsNumber() planDeliveryCost?: number;
  @IsOptional() @IsNumber() factDeliveryCost?: number;
}

/** `GET /orders/{id}`: what is read of it. */
export class OrderDetails {
  @IsOptional() @ValidateNested() @Type(() => OrderFound) order?: OrderFound;
  @IsOptional() @ValidateNested() @Type(() => CostFound) cost?: CostFound;
  @IsOptional() @ValidateNested() @Type(() => RecipientFound) recipient?: RecipientFound;
  @IsOptional() @ValidateNested() @Type(() => ExtendedInfo) extendedInfo?: ExtendedInfo;
}

/** Finds the delivery with our reference; undefined if there is none, or it was cancelled. */
export async function findOrder(client: ApishipClient, reference: string, context: ApishipContext): Promise<SavedDelivery | undefined> {
  const state = await findStandingOrder(client, reference, context);
  return state && toSavedDelivery(state, undefined, context);
}

/** Reads a delivery's order with its price. One that ApiShip does not have was withdrawn. */
export async function getOrder(client: ApishipClient, delivery: ExistingDelivery, context: ApishipContext): Promise<SavedDelivery> {
  const state = await readState(client, delivery.externalId, context);
  if (state === undefined) return { externalId: delivery.externalId, status: CANCELLED_STATUS };
  const details = await readDetails(client, delivery.externalId, context);
  const cost = details && readCost(details);
  return { ...toSavedDelivery(state, delivery.status, context), ...(cost && { cost }) };
}

/**
 * The order with our number that was not cancelled; undefined when there is none. A number is free again once
 * its order is cancelled.
 * @throws ProviderError `rate_limited` when ApiShip has the order and does not show it yet
 */
export async function findStandingOrder(
  client: ApishipClient,
  reference: string,
  context: ApishipContext,
): Promise<OrderState | undefined> {
  const query = { clientNumber: toClientNumber(reference, context.connectionId) };
  try {
    const state = await client.read(OrderState, { method: 'GET', path: '/orders/status', query, effect: false }, context);
    return getStatus(state, undefined, context) === CANCELLED_STATUS ? undefined : state;
  } catch (error) {
    if (isRefusedAs(error, 'missing')) return undefined;
    // An order just made has no statuses: it is not one that was never made. To be asked later is no outage.
    if (isRefusedAs(error, 'withoutStatus')) throw makeError('rate_limited', texts.numberNotShown, context, {}, { cause: error });
    throw explain(error, context);
  }
}

/** An order by ApiShip's number; undefined when there is none. Throws ProviderError. */
export async function readState(client: ApishipClient, id: string, context: ApishipContext): Promise<OrderState | undefined> {
  try {
    return await client.read(OrderState, { method: 'GET', path: `${toPath(id)}/status`, effect: false }, context);
  } catch (error) {
    if (isRefusedAs(error, 'missing')) return undefined;
    if (isRefusedAs(error, 'withoutStatus')) return { orderInfo: { orderId: id } };
    throw explain(error, context);
  }
}

/** What an order says; undefined when there is none. Throws ProviderError. */
export async function readDetails(client: ApishipClient, id: string, context: ApishipContext): Promise<OrderDetails | undefined> {
  try {
    return await client.read(OrderDetails, { method: 'GET', path: toPath(id), effect: false }, context);
  } catch (error) {
    if (isRefusedAs(error, 'missing')) return undefined;
    throw explain(error, context);
  }
}

/** The path of an order. */
export function toPath(id: string): string {
  return `/orders/${encodeURIComponent(id)}`;
}

/** Our number of an order, unique among all connections of an account; at most 37 characters of 100. */
export function toClientNumber(reference: string, connectionId: string): string {
  return `${reference}-${sha256Hex(connectionId).slice(0, 6)}`;
}

/** The order as the port answers it; `previous` is kept where ApiShip's status says nothing. */
export function toSavedDelivery(state: OrderState, previous: string | undefined, context: ApishipContext): SavedDelivery {
  const { orderId, providerNumber } = state.orderInfo;
  return {
    externalId: orderId,
    ...(providerNumber && { trackNumber: providerNumber }),
    status: getStatus(state, previous, context),
  };
}

/** Our present status of an order; `previous`, or the first one, where ApiShip's says nothing. */
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

/** A status with its time; undefined for one that says nothing, or has no time. */
export function toMoment(status: OrderStatus | undefined, { settings }: ApishipContext): Moment | undefined {
  const code = status && readStatus(status.key, settings.statusRules);
  const at = DateTime.fromISO(status?.created ?? '', { setZone: true }).toMillis();
  if (status === undefined || code === undefined || !Number.isFinite(at)) return undefined;
  const { name, description, providerName, providerDescription } = status;
  // Why a carrier refused stands in the description; of other statuses the carrier's own name says more.
  const words = code === 'uploadingError' || code === 'problem' ? [description, providerDescription, name] : [providerName, name];
  return { code, at, comment: cutText(words.map(cleanText).find(Boolean) ?? '', MOST_CHARACTERS) };
}

/** What the carrier charges for an order, else what it is planned to. */
function readCost({ extendedInfo }: OrderDetails): Money | undefined {
  const sum = extendedInfo?.factDeliveryCost || extendedInfo?.planDeliveryCost;
  return sum === undefined || sum <= 0 ? undefined : readMoney(sum, CURRENCY);
}
