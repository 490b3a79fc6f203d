import type { ExistingDelivery, SavedDelivery, SaveRequest } from '#delivery/port';
import { cutText, toMoney } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { explain, explainRefusal, isDuplicate, isStillProcessed, throwIfInvalid, toRefusal } from './cdek.errors.js';
import { FIELD } from './cdek.fields.js';
import { CdekAcceptedReply, isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { getStatusName, hasMoved } from './cdek.statuses.js';
import { findTariffMode, getEnds } from './cdek.tariffs.js';
import { makeError, makeFieldError, texts } from './cdek.texts.js';
import { addVat, type CdekMoney, chooseCurrency, MOST_CHARACTERS, readVatRate } from './cdek.units.js';
import { findOrigin, findPlace } from './cities.js';
import {
  type CdekOrder,
  type CdekOrderReply,
  findAcceptedRequest,
  findLastRequest,
  findDeliveryOrder,
  findStandingOrder,
  getStatus,
  isRefused,
  readOrder,
  toOrderNumber,
  toSavedDelivery,
} from './order.js';
import { type CdekPackage, toPackages } from './order-packages.js';
import { type CdekAddress, type CdekContact, toRecipient, toRecipientAddress, toSender, toSenderAddress } from './parties.js';
import { type CdekService, listServices } from './services.js';
import { lookUntil } from './waiting.js';

/** What an order and a change of it have in common. */
interface CdekOrderBody {
  tariff_code: number;
  comment?: string;
  shipment_point?: string;
  delivery_point?: string;
  delivery_recipient_cost?: CdekMoney;
  sender: CdekContact;
  recipient: CdekContact;
  from_location?: CdekAddress;
  to_location?: CdekAddress;
  services?: CdekService[];
  packages: CdekPackage[];
}

/** `POST /orders` */
interface CdekOrderRequest extends CdekOrderBody {
  type: 1;
  /** Ours, unique, ASCII. */
  number: string;
}

/** `PATCH /orders` */
interface CdekOrderChange extends CdekOrderBody {
  /** As the order was made. */
  type: 1;
  uuid: string;
}

/**
 * Registers an order, or changes `existing` to the request.
 * @throws ProviderError `invalid` naming missing fields, `rejected` in CDEK's words, `unknown_outcome`
 */
export async function saveOrder(
  client: CdekClient,
  request: SaveRequest,
  context: CdekContext,
  existing?: ExistingDelivery,
): Promise<SavedDelivery> {
  // CDEK's order keeps the number it was made with.
  const own = existing === undefined ? request : { ...request, reference: existing.reference };
  const reply = existing === undefined ? await register(client, own, context) : await change(client, own, existing, context);
  return toSavedDelivery(reply, chooseCurrency(own, context), context);
}

/** Registers an order and waits for CDEK's number; adopts one that an earlier call made with our number. */
async function register(client: CdekClient, request: SaveRequest, context: CdekContext): Promise<CdekOrderReply> {
  const body = await buildOrderBody(client, request, context);
  const json: CdekOrderRequest = { type: 1, number: toOrderNumber(request.reference, context.connectionId), ...body };
  let accepted: CdekAcceptedReply;
  try {
    accepted = await client.read(CdekAcceptedReply, { method: 'POST', path: '/orders', json, effect: true }, context);
  } catch (error) {
    if (isDuplicate(error) || isStillProcessed(error)) return adopt(client, request.reference, body, error, context);
    throw explain(error);
  }
  const { entity, requests = [] } = accepted;
  const refusedAtOnce = requests.find(isInvalid);
  const settled = refusedAtOnce ? undefined : await waitForCreation(client, entity.uuid, context);
  const creation = refusedAtOnce ?? (settled && findLastRequest(settled, 'CREATE'));
  if (isInvalid(creation) || (settled && isRefused(settled))) {
    const refusal = toRefusal(creation);
    if (isDuplicate(refusal)) return adopt(client, request.reference, body, refusal, context);
    throw explain(refusal);
  }
  return settled ?? { entity: { uuid: entity.uuid }, requests };
}

/** Takes over the order that already has our number, and changes it where it differs from what is wanted. */
async function adopt(
  client: CdekClient,
  reference: string,
  wanted: CdekOrderBody,
  reason: unknown,
  context: CdekContext,
): Promise<CdekOrderReply> {
  const found = await findStandingOrder(client, reference, context);
  // Refused for a number that CDEK does not show: somebody has to look.
  if (found === undefined)
    throw isDuplicate(reason) ? makeError('unknown_outcome', texts.numberNotShown, context, {}, reason) : explain(reason);
  const isUnsettled = isPending(findLastRequest(found, 'CREATE'));
  const order = isUnsettled ? ((await waitForCreation(client, found.entity.uuid, context)) ?? found) : found;
  if (isRefused(order)) throw explain(toRefusal(findLastRequest(order, 'CREATE')));
  if (isPending(findLastRequest(order, 'CREATE')) || hasMoved(getStatus(order, context)) || !differs(order.entity, wanted)) return order;
  return sendChange(client, order, wanted, context);
}

async function change(client: CdekClient, request: SaveRequest, existing: ExistingDelivery, context: CdekContext): Promise<CdekOrderReply> {
  const order = await findDeliveryOrder(client, existing, context);
  // CDEK refused the order, or does not have it: it is registered again, under the same number.
  if (order === undefined || isRefused(order)) return register(client, request, context);
  const status = getStatus(order, context);
  if (status === 'cancelled') throw makeError('rejected', texts.deletedThere, context);
  if (hasMoved(status)) throw makeError('rejected', texts.hasMoved(getStatusName(status)), context);
  return sendChange(client, order, await buildOrderBody(client, request, context), context);
}

/** Sends a change and waits for CDEK's check. A change that CDEK refuses later is reported by `track`. */
async function sendChange(client: CdekClient, order: CdekOrderReply, wanted: CdekOrderBody, context: CdekContext): Promise<CdekOrderReply> {
  const { uuid, packages = [], recipient: present } = order.entity;
  const withIds = wanted.packages.map((one) => {
    const package_id = packages.find(({ number }) => number === one.number)?.package_id;
    return { ...(package_id && { package_id }), ...one };
  });
  // CDEK keeps what a change leaves out, so what is to go is named.
  const cleared = { comment: '', services: [], delivery_recipient_cost: { value: 0 } };
  const wasCompany = present?.company && wanted.recipient.company === undefined;
  const recipient = { ...(wasCompany && { company: '', contragent_type: 'INDIVIDUAL' as const }), ...wanted.recipient };
  const json: CdekOrderChange = { type: 1, uuid, ...cleared, ...wanted, recipient, packages: withIds };
  const call = { method: 'PATCH', path: '/orders', json, effect: true } as const;
  const { requests = [] } = await explainRefusal(client.read(CdekAcceptedReply, call, context));
  throwIfInvalid(requests);
  const seen = await lookUntil(
    () => readOrder(client, uuid, context),
    (reply) => !isPending(findAcceptedRequest(reply, requests, 'UPDATE') ?? { state: 'WAITING' }),
    context,
  );
  const request = seen && findAcceptedRequest(seen, requests, 'UPDATE');
  if (isInvalid(request)) throw explain(toRefusal(request));
  return seen ?? order;
}

/** Waits until CDEK has validated a new order; returns what was read last. */
function waitForCreation(client: CdekClient, uuid: string, context: CdekContext): Promise<CdekOrderReply | undefined> {
  return lookUntil(
    () => readOrder(client, uuid, context),
    (reply) => !isPending(findLastRequest(reply, 'CREATE')) && getStatus(reply, context) !== 'registering',
    context,
  );
}

/** What an order says, new or changed. Throws ProviderError `invalid` naming what is missing. */
async function buildOrderBody(client: CdekClient, request: SaveRequest, context: CdekContext): Promise<CdekOrderBody> {
  const { settings } = context;
  const choice = settings.tariffs.find(({ code }) => String(code) === request.tariff);
  const mode = choice && findTariffMode(choice);
  if (choice === undefined || mode === undefined) throw makeFieldError('delivery.tariff', texts.chooseTariff, texts.notOffered, context);
  const ends = getEnds(mode);
  const [from, to] = await Promise.all([
    ends.from === 'door' ? findOrigin(client, request.from, context) : undefined,
    ends.to === 'door' ? findPlace(client, request.to, request.extraData, context) : undefined,
  ]);
  const currency = chooseCurrency(request, context);
  checkCurrency(request, currency, context);
  const services = listServices(request.extraData, settings.services);
  const comment = buildComment(request);
  const price = toMoney(request.collect?.delivery ?? 0, currency);
  return {
    tariff_code: choice.code,
    ...(comment && { comment }),
    ...(ends.from === 'door'
      ? { from_location: toSenderAddress(request.from, from, context) }
      : { shipment_point: getShipmentPoint(request, context) }),
    ...(ends.to === 'door'
      ? { to_location: toRecipientAddress(request.to, to, context) }
      : { delivery_point: getDeliveryPoint(request, context) }),
    ...(price.minor > 0 && { delivery_recipient_cost: addVat(price, readVatRate(settings.vatRate, request.vatRate)) }),
    sender: toSender(context),
    recipient: toRecipient(request, context),
    ...(services.length > 0 && { services }),
    packages: toPackages(request, currency, context),
  };
}

/** CDEK collects and insures in the contract's currency only. */
function checkCurrency(request: SaveRequest, currency: string, context: CdekContext): void {
  const contract = context.settings.currency;
  if (currency === contract || ((request.declaredValue?.minor ?? 0) <= 0 && request.collect === undefined)) return;
  throw makeFieldError('currency', texts.contractCurrency(contract, currency), texts.impossible, context);
}

function getShipmentPoint({ from }: SaveRequest, context: CdekContext): string {
  const point = from?.terminal || context.settings.shipmentPoint;
  if (!point) throw makeFieldError('delivery.shipmentAddress.terminal', texts.shipmentPoint, texts.required, context);
  return point;
}

function getDeliveryPoint({ to }: SaveRequest, context: CdekContext): string {
  if (!to?.terminal) throw makeFieldError('delivery.deliveryAddress.terminal', texts.deliveryPoint, texts.required, context);
  return to.terminal;
}

/** For the courier: the user's comment, the address's note and the time agreed. */
function buildComment({ extraData, to, deliveryDate, deliveryTime }: SaveRequest): string {
  const hours = [deliveryTime?.from, deliveryTime?.to].filter(Boolean).join('–');
  const when = [deliveryDate, hours].filter(Boolean).join(' ');
  const own = extraData[FIELD.comment];
  const comment = typeof own === 'string' ? own.trim() : '';
  return cutText([comment, to?.notes, when].filter(Boolean).join('; '), MOST_CHARACTERS);
}

/** Whether an order differs materially from the wanted one; missing values count as different. */
function differs(order: CdekOrder, wanted: CdekOrderBody): boolean {
  return summarize(order) !== summarize(wanted);
}

/** What both CDEK's order and a request say, as text to compare by. */
function summarize(body: CdekOrder | CdekOrderBody): string {
  return JSON.stringify([
    body.tariff_code,
    body.comment ?? '',
    body.shipment_point ?? '',
    body.delivery_point ?? '',
    body.delivery_point ? '' : [body.to_location?.code ?? 0, body.to_location?.address ?? ''],
    body.delivery_recipient_cost?.value ?? 0,
    body.recipient?.company ?? '',
    body.recipient?.name ?? '',
    body.recipient?.phones?.map(({ number }) => number.replace(/\D/g, '')) ?? [],
    (body.packages ?? []).map((one) => [
      one.number ?? '',
      one.weight ?? 0,
      (one.items ?? []).map((item) => [item.ware_key ?? '', item.amount ?? 0, item.cost ?? 0, item.payment?.value ?? 0]),
    ]),
  ]);
}
