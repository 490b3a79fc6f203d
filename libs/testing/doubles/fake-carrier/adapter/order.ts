import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { ExistingDelivery, SavedDelivery, SaveRequest } from '#delivery/port';
import { ProviderError, toMoney } from '#provider-kit';
import type { FakeCarrierClient } from './fake-carrier.client.js';
import { explain, explainRefusal, isDuplicate } from './fake-carrier.errors.js';
import type { FakeCarrierContext } from './fake-carrier.settings.js';
import { readStatus } from './fake-carrier.statuses.js';
import { dropUndefined, toWireAddress, toWireParcel, type WireAddress, type WireParcel } from './parcels.js';

/** `POST /v1/orders` and `PUT /v1/orders/{id}`; amounts in minor units. */
interface WireOrderRequest {
  reference: string;
  service: string;
  currency: string;
  recipient: { name?: string; phone?: string; email?: string };
  sender?: { name?: string; phone?: string };
  to: WireAddress;
  from?: WireAddress;
  parcels: WireParcel[];
  collect?: number;
  insured?: number;
  fragile?: boolean;
  comment?: string;
  notifyUrl: string;
}

class WireOrder {
  @IsString() id!: string;
  @IsString() reference!: string;
  @IsString() state!: string;
  @IsOptional() @IsString() trackNumber?: string;
  /** `YYYY-MM-DD`. */
  @IsOptional() @IsString() expectedOn?: string;
  /** Minor units. */
  @IsInt() price!: number;
  @IsString() currency!: string;
}

/** `GET /v1/orders` */
class WireOrders {
  @IsArray() @ArrayMaxSize(100) @ValidateNested({ each: true }) @Type(() => WireOrder) orders!: WireOrder[];
}

/**
 * Registers an order, or changes `existing`. Throws ProviderError `invalid` for what the carrier cannot take.
 */
export async function saveOrder(
  client: FakeCarrierClient,
  request: SaveRequest,
  context: FakeCarrierContext,
  existing?: ExistingDelivery,
): Promise<SavedDelivery> {
  if (existing !== undefined) {
    // The carrier's order keeps the reference it was created with.
    const json = toOrderRequest({ ...request, reference: existing.reference }, context);
    const call = { method: 'PUT', path: toOrderPath(existing), json, effect: true } as const;
    return toSavedDelivery(await explainRefusal(client.read(WireOrder, call, context)));
  }
  try {
    const json = toOrderRequest(request, context);
    return toSavedDelivery(await client.read(WireOrder, { method: 'POST', path: '/v1/orders', json, effect: true }, context));
  } catch (error) {
    // Registered by an earlier call whose reply was lost: that order is the answer.
    const known = isDuplicate(error) ? await findOrder(client, request.reference, context) : undefined;
    if (known !== undefined) return known;
    throw explain(error);
  }
}

/** Finds the order with our reference: one that stands before one that was cancelled, else the oldest. */
export async function findOrder(
  client: FakeCarrierClient,
  reference: string,
  context: FakeCarrierContext,
): Promise<SavedDelivery | undefined> {
  const asked = client.read(WireOrders, { method: 'GET', path: '/v1/orders', query: { reference }, effect: false }, context);
  const { orders } = await explainRefusal(asked);
  const found = orders.find(({ state }) => state !== 'cancelled') ?? orders[0];
  return found && toSavedDelivery(found);
}

/** Reads an order. */
export async function getOrder(client: FakeCarrierClient, delivery: ExistingDelivery, context: FakeCarrierContext): Promise<SavedDelivery> {
  const asked = client.read(WireOrder, { method: 'GET', path: toOrderPath(delivery), effect: false }, context);
  return toSavedDelivery(await explainRefusal(asked));
}

/** Withdraws an order. Throws ProviderError `rejected` once the parcel is on its way. */
export async function cancelOrder(client: FakeCarrierClient, delivery: ExistingDelivery, context: FakeCarrierContext): Promise<void> {
  const call = { method: 'POST', path: `${toOrderPath(delivery)}/cancel`, effect: true } as const;
  await explainRefusal(client.read(WireOrder, call, context));
}

function toOrderPath({ externalId }: ExistingDelivery): string {
  return `/v1/orders/${encodeURIComponent(externalId)}`;
}

function toOrderRequest(request: SaveRequest, context: FakeCarrierContext): WireOrderRequest {
  const currency = request.currency ?? context.account.currency;
  const { senderName, senderPhone } = context.settings;
  if (currency === undefined) throw new ProviderError('invalid', 'The order has no currency', { fields: { currency: 'is required' } });
  return dropUndefined({
    reference: request.reference,
    service: request.tariff,
    currency,
    recipient: dropUndefined({ name: request.recipient.name, phone: request.recipient.phone, email: request.recipient.email }),
    sender: senderName || senderPhone ? dropUndefined({ name: senderName, phone: senderPhone }) : undefined,
    to: toWireAddress(request.to ?? {}),
    from: request.from && toWireAddress(request.from),
    parcels: request.parcels.map(toWireParcel),
    collect: request.collect?.total,
    insured: request.declaredValue?.minor,
    fragile: request.extraData.fragile === true || undefined,
    comment: typeof request.extraData.comment === 'string' ? request.extraData.comment : undefined,
    notifyUrl: context.webhookUrl,
  });
}

function toSavedDelivery(order: WireOrder): SavedDelivery {
  return dropUndefined({
    externalId: order.id,
    trackNumber: order.trackNumber,
    cost: toMoney(order.price, order.currency),
    deliveryDate: order.expectedOn,
    status: readStatus(order.state),
  });
}
