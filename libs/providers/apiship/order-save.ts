import { joinSizes, makeOrderNumber, type ParcelSize, type SavedDelivery, type SaveRequest } from '#delivery/port';
import { fillIn } from '#platform';
import { cutText, isRefusal, makeError, makeFieldError } from '#provider-kit';
import { type Apiship, type ApishipMethod, type OrderDetails, type OrderState, saysNo } from './apiship.api.js';
import { FIELD } from './apiship.manifest.js';
import type { ApishipContext } from './apiship.settings.js';
import { CANCELLED_STATUS, FIRST_STATUS, getStatusName, hasMoved } from './apiship.statuses.js';
import { texts } from './apiship.texts.js';
import { checkCurrency, keepComingDay, MOST_CHARACTERS, NO_VAT, openVat, toRoubles } from './apiship.units.js';
import { chooseHandover, findContract, type Handover } from './carriers.js';
import { type ApishipPlace, toPlaces } from './order-places.js';
import { findStandingOrder, getStatus, readState, toSavedDelivery } from './order.js';
import { type ApishipParty, toRecipient, toSender } from './parties.js';
import { type ExtraParam, listExtraParams } from './services.js';
import { ENDS, readTariffCode } from './tariffs.js';

/** The order itself. */
interface OrderPart extends ParcelSize {
  /** Ours, unique among the account's live orders. */
  clientNumber: string;
  description: string;
  providerKey: string;
  /** The contract with the carrier. */
  providerConnectId?: string | number;
  /** 1 a courier collects it, 2 it is brought to a point. */
  pickupType: 1 | 2;
  /** 1 door, 2 point. */
  deliveryType: 1 | 2;
  pointInId?: number;
  pointOutId?: number;
  tariffId: number;
  /** `YYYY-MM-DD`, as the delivery's. */
  pickupDate?: string;
  deliveryDate?: string;
  /** `HH:MM`, as the end. */
  deliveryTimeStart?: string;
  deliveryTimeEnd?: string;
}

/** Roubles. */
interface CostPart {
  /** The sum over the items. */
  assessedCost: number;
  /** The sum over the items and the delivery. */
  codCost: number;
  /** The recipient's payment for the delivery, with VAT. */
  deliveryCost: number;
  deliveryCostVat: number;
  isDeliveryPayedByRecipient: boolean;
  /** 1 cash, 2 card, 3 both. */
  paymentMethod?: number;
}

/** `POST /orders` and `PUT /orders/{id}`: the whole order each time. */
export interface OrderRequest {
  order: OrderPart;
  cost: CostPart;
  sender: ApishipParty;
  recipient: ApishipParty;
  places: ApishipPlace[];
  /** A list here. In the calculator it is a map. */
  extraParams: ExtraParam[];
}

const PAYMENT_METHODS = { cash: 1, card: 2, mixed: 3 } as const;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * Registers an order, or changes `existing` to the request. The carrier's number or refusal comes later.
 * @throws ProviderError `invalid` naming missing fields, `rejected` in ApiShip's words, `unknown_outcome`
 */
export const saveOrder: ApishipMethod<'save'> = async (api, request, context, existing) => {
  // ApiShip's order keeps the number it was made with.
  const own = existing === undefined ? request : { ...request, reference: existing.reference };
  const state = existing && (await readState(api, existing.externalId, context));
  const vat = openVat(context);
  const json = buildOrder(own, context, vat);
  const saved = state === undefined ? await register(api, own, json, context) : await change(api, state, json, existing?.status, context);
  return { ...saved, ...(vat.warnings.length > 0 && { warnings: vat.warnings }) };
};

/** Puts an order into ApiShip's queue. Adopts an order that an earlier call made with our number. */
async function register(api: Apiship, request: SaveRequest, json: OrderRequest, context: ApishipContext): Promise<SavedDelivery> {
  const saved = async (): Promise<SavedDelivery> => {
    // ApiShip only puts it into its queue.
    const { orderId } = await sendOrder((order) => api.createOrder(context, { json: order }), json);
    return { externalId: orderId, status: FIRST_STATUS };
  };
  return api.unless('duplicate', saved(), (refusal) => adopt(api, request.reference, json, refusal, context));
}

/** Adopts the order that already has our number, and changes it if it differs from the wanted one. */
async function adopt(
  api: Apiship,
  reference: string,
  wanted: OrderRequest,
  reason: unknown,
  context: ApishipContext,
): Promise<SavedDelivery> {
  const state = await findStandingOrder(api, reference, context);
  // Rejected for a number that ApiShip does not show: a person has to check.
  if (state === undefined) throw makeError('unknown_outcome', texts.numberNotShown, { cause: reason });
  const status = getStatus(state, undefined, context);
  const details = hasMoved(status) ? undefined : await api.unlessMissing(api.order(context, { id: state.orderInfo.orderId }));
  if (details === undefined || !differs(details, wanted)) return toSavedDelivery(state, undefined, context);
  return change(api, state, wanted, undefined, context);
}

/** Replaces the present order by the wanted one. An order that the carrier rejected is sent to it again. */
async function change(
  api: Apiship,
  state: OrderState,
  json: OrderRequest,
  previous: string | undefined,
  context: ApishipContext,
): Promise<SavedDelivery> {
  const status = getStatus(state, previous, context);
  if (status === CANCELLED_STATUS) throw makeError('rejected', texts.cancelledThere);
  if (hasMoved(status)) throw makeError('rejected', fillIn(texts.hasMoved, { status: getStatusName(status) }));
  const { orderId } = state.orderInfo;
  await sendOrder((order) => api.changeOrder(context, { id: orderId, json: order }), json);
  if (status !== 'uploadingError') return toSavedDelivery(state, previous, context);
  // For some carriers ApiShip may send a changed order automatically: it is sent again only if it did not.
  const now = await readState(api, orderId, context);
  if (now !== undefined && getStatus(now, previous, context) !== 'uploadingError') return toSavedDelivery(now, previous, context);
  await api.resendOrder(context, { id: orderId });
  return { externalId: orderId, status: FIRST_STATUS };
}

/** Sends an order, its contract's number as text or else as number: ApiShip's pages differ in the type. */
async function sendOrder<T>(send: (json: OrderRequest) => Promise<T>, json: OrderRequest): Promise<T> {
  try {
    return await send(json);
  } catch (error) {
    const { providerConnectId } = json.order;
    if (providerConnectId === undefined || !isRefusal(error) || !error.isAbout(/(^|\.)providerConnectId$/)) throw error;
    return send({ ...json, order: { ...json.order, providerConnectId: Number(providerConnectId) } });
  }
}

/** Builds the content of an order, new or changed. Throws ProviderError `invalid` with the missing fields. */
export function buildOrder(request: SaveRequest, context: ApishipContext, vat = openVat(context)): OrderRequest {
  const { settings } = context;
  for (const currency of [request.currency, request.declaredValue?.currency, request.collect?.currency]) checkCurrency(currency);
  const tariff = readTariffCode(request.tariff, context);
  if (tariff === undefined) throw makeFieldError('delivery.tariff', texts.chooseTariff, texts.notOffered);
  const { carrier, tariffId, end } = tariff;
  const contract = findContract(carrier, context);
  const { places, assessed, owed } = toPlaces(request, vat);
  const delivery = request.collect?.delivery ?? 0;
  const isPaidAtDoor = owed + delivery > 0 && settings.paymentMethod !== 'carrier';
  return {
    order: {
      clientNumber: makeOrderNumber(request.reference, context.connectionId),
      description: cutText(`№ ${request.orderNumber ?? request.order}`, MOST_CHARACTERS),
      providerKey: carrier,
      ...(contract !== undefined && { providerConnectId: contract }),
      ...toPickup(chooseHandover(carrier, request.from, context)),
      deliveryType: ENDS[end],
      ...(end === 'point' && { pointOutId: getPointOut(request) }),
      tariffId,
      ...joinSizes(places),
      ...toDates(request, context),
    },
    cost: {
      assessedCost: toRoubles(assessed),
      codCost: toRoubles(owed + delivery),
      deliveryCost: toRoubles(delivery),
      deliveryCostVat: vat.choose(delivery, request.vatRate, 'delivery.vatRate') ?? NO_VAT,
      isDeliveryPayedByRecipient: delivery > 0,
      ...(isPaidAtDoor && { paymentMethod: PAYMENT_METHODS[settings.paymentMethod as keyof typeof PAYMENT_METHODS] }),
    },
    sender: toSender(request, context),
    recipient: toRecipient(request, buildComment(request)),
    places,
    extraParams: listExtraParams(carrier, request.extraData, context),
  };
}

function toPickup({ type, pointInId }: Handover): Pick<OrderPart, 'pickupType' | 'pointInId'> {
  if (type === 1) return { pickupType: 1 };
  if (pointInId === undefined) throw makeFieldError('delivery.shipmentAddress.terminal', texts.shipmentPoint, texts.required);
  return { pickupType: 2, pointInId };
}

function getPointOut({ to }: SaveRequest): number {
  if (to?.terminal === undefined || !/^\d{1,10}$/.test(to.terminal))
    throw makeFieldError('delivery.deliveryAddress.terminal', texts.deliveryPoint, texts.required);
  return Number(to.terminal);
}

/** Days that are to come, and the hours of the delivery. */
function toDates(
  { shipmentDate, deliveryDate, deliveryTime }: SaveRequest,
  context: ApishipContext,
): Pick<OrderPart, 'pickupDate' | 'deliveryDate' | 'deliveryTimeStart' | 'deliveryTimeEnd'> {
  const pickup = keepComingDay(shipmentDate, context);
  const arrival = keepComingDay(deliveryDate, context);
  const { from = '', to = '' } = deliveryTime ?? {};
  return {
    ...(pickup && { pickupDate: pickup }),
    ...(arrival && { deliveryDate: arrival }),
    ...(arrival && TIME.test(from) && { deliveryTimeStart: from }),
    ...(arrival && TIME.test(to) && { deliveryTimeEnd: to }),
  };
}

/**
 * For the courier: the user's comment, the address's note, and a delivery time that is not given in hours.
 */
function buildComment({ extraData, to, deliveryTime }: SaveRequest): string {
  const own = extraData[FIELD.comment];
  const comment = typeof own === 'string' ? own.trim() : '';
  return cutText([comment, to?.notes, deliveryTime?.custom].filter(Boolean).join('; '), MOST_CHARACTERS);
}

/** Whether an order differs from the wanted one in the fields that ApiShip shows. */
function differs({ order = {}, cost = {}, recipient = {} }: OrderDetails, wanted: OrderRequest): boolean {
  const pairs: [unknown, unknown][] = [
    [order.providerKey, wanted.order.providerKey],
    [order.tariffId, wanted.order.tariffId],
    [order.deliveryType, wanted.order.deliveryType],
    [order.pointOutId, wanted.order.pointOutId],
    [order.weight, wanted.order.weight],
    [cost.assessedCost, wanted.cost.assessedCost],
    [cost.codCost, wanted.cost.codCost],
    [recipient.contactName, wanted.recipient.contactName],
    [recipient.phone?.replace(/\D/g, ''), wanted.recipient.phone],
    [recipient.addressString, wanted.recipient.addressString],
  ];
  return pairs.some(([present, one]) => present !== undefined && present !== one);
}

/**
 * Cancels an order at ApiShip and at the carrier. Succeeds if it is cancelled or gone.
 * @throws ProviderError `rejected` when the carrier no longer releases it
 */
export const cancelOrder: ApishipMethod<'cancel'> = async (api, { externalId }, context) => {
  const cancelled = api.unless('cancelled', api.cancelOrder(context, { id: externalId }), () => null);
  if (saysNo(await api.unlessMissing(cancelled))) throw makeError('rejected', texts.notCancelled);
};
