import { makeOrderNumber, type SaveRequest } from '#delivery/port';
import { fillIn, type LocalText } from '#platform';
import { cutText, isRefusal, lookUntil, makeError, makeFieldError, ProviderError } from '#provider-kit';
import type { Cdek, CdekAccepted, CdekMethod, CdekOrder, CdekOrderReply } from './cdek.api.js';
import { FIELD } from './cdek.manifest.js';
import { isInvalid, isPending } from './cdek.requests.js';
import type { CdekContext, ContractKind } from './cdek.settings.js';
import { getStatusName, hasMoved } from './cdek.statuses.js';
import { findTariffMode, getEnds, type TariffEnd } from './cdek.tariffs.js';
import { texts } from './cdek.texts.js';
import { type CdekMoney, chooseCurrency, MOST_CHARACTERS } from './cdek.units.js';
import { type CdekPlace, findCity, findOrigin, findTown, HOME, toPlace } from './cities.js';
import type { City } from './city.js';
import { ignoresDeliveryCharge, needsCustoms, UNION } from './countries.js';
import { type CdekService, checkMoney, insure, listServices, MoneyWriter } from './money.js';
import { type CdekPackage, toPackages } from './order-packages.js';
import {
  findAcceptedRequest,
  findDeliveryOrder,
  findLastRequest,
  findStandingOrder,
  getStatus,
  isRefused,
  makeLostOrder,
  toSavedDelivery,
} from './order.js';
import { type CdekAddress, type CdekContact, toRecipient, toRecipientAddress, toSender, toSenderAddress } from './parties.js';
import { findPoint } from './points.js';

/** The fields that an order and a change have in common. */
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
  /** The courier takes something back at the door. */
  has_reverse_order?: boolean;
  packages: CdekPackage[];
}

/** CDEK's numbers of the kinds of an order. */
const TYPES = { shop: 1, delivery: 2 } as const;

/** `POST /orders` */
interface CdekOrderRequest extends CdekOrderBody {
  type: 1 | 2;
  /** Our number, unique, ASCII. Missing in an order of a delivery contract. */
  number?: string;
}

/** `PATCH /orders` */
interface CdekOrderChange extends CdekOrderBody {
  /** As the order was made. */
  type: 1 | 2;
  uuid: string;
}

/** An order to be sent. */
interface WrittenOrder {
  body: CdekOrderBody;
  kind: ContractKind;
  /** Differences to the request. */
  warnings: readonly LocalText[];
}

/**
 * Registers an order, or changes `existing` to the request.
 * @throws ProviderError `invalid` naming missing fields, `rejected` in CDEK's words, `unknown_outcome`
 */
export const saveOrder: CdekMethod<'save'> = async (api, request, context, existing) => {
  // CDEK's order keeps the number it was made with.
  const own = existing === undefined ? request : { ...request, reference: existing.reference };
  const order = existing && (await findDeliveryOrder(api, existing, context));
  if (order) refuseUnchangeable(order, context);
  const written = await writeOrder(api, own, readKind(order, context), context);
  if (written.body.has_reverse_order && !order?.entity.has_reverse_order) await checkReverse(api, written.body, context);
  const reply = existing === undefined ? await register(api, own, written, context) : await change(api, own, order, written, context);
  const warnings = [...written.warnings, ...listReplacedOffices(written.body, reply.entity)];
  return { ...toSavedDelivery(reply, chooseCurrency(own, context), context), ...(warnings.length > 0 && { warnings }) };
};

/** Warnings of the offices that CDEK has put in place of closed or unsuitable ones of the same town. */
function listReplacedOffices(wanted: CdekOrderBody, order: CdekOrder): LocalText[] {
  return (['delivery_point', 'shipment_point'] as const).flatMap((end) => {
    const [office, instead] = [wanted[end], order[end]];
    if (office === undefined || instead === undefined || office === instead) return [];
    return [fillIn(end === 'delivery_point' ? texts.deliveryPointReplaced : texts.shipmentPointReplaced, { office, instead })];
  });
}

/**
 * Registers an order and waits for CDEK's number. Adopts an order that an earlier call made with our number.
 */
async function register(api: Cdek, request: SaveRequest, { body, kind }: WrittenOrder, context: CdekContext): Promise<CdekOrderReply> {
  const number = kind === 'shop' ? { number: makeOrderNumber(request.reference, context.connectionId) } : {};
  const json: CdekOrderRequest = { type: TYPES[kind], ...number, ...body };
  let accepted: CdekAccepted;
  try {
    accepted = await api.createOrder(context, { json });
  } catch (error) {
    if (kind === 'delivery') throw isLost(error) ? makeLostOrder(error) : error;
    if (isRefusal(error, 'duplicate', 'stillProcessed')) return adopt(api, request.reference, body, error, context);
    throw error;
  }
  const { entity, requests = [] } = accepted;
  const refusedAtOnce = requests.find(isInvalid);
  const settled = refusedAtOnce ? undefined : await waitForCreation(api, entity.uuid, context);
  const creation = refusedAtOnce ?? (settled && findLastRequest(settled, 'CREATE'));
  if (isInvalid(creation) || (settled && isRefused(settled))) {
    const refusal = api.refuse(creation?.errors);
    if (kind === 'shop' && isRefusal(refusal, 'duplicate')) return adopt(api, request.reference, body, refusal, context);
    throw refusal;
  }
  return settled ?? { entity: { uuid: entity.uuid }, requests };
}

/** Checks a reverse order first, because its refusal would come late. Throws ProviderError `rejected`. */
async function checkReverse(api: Cdek, body: CdekOrderBody, context: CdekContext): Promise<void> {
  const { tariff_code, shipment_point, delivery_point, from_location, to_location } = body;
  const [sender, recipient] = [{ phones: body.sender.phones }, { phones: body.recipient.phones }];
  await api.checkReverse(context, { json: { tariff_code, shipment_point, delivery_point, from_location, to_location, sender, recipient } });
}

function isLost(error: unknown): boolean {
  return error instanceof ProviderError && error.kind === 'unknown_outcome' && !isRefusal(error, 'stillProcessed');
}

/** Adopts the order that already has our number, and changes it if it differs from the wanted one. */
async function adopt(api: Cdek, reference: string, wanted: CdekOrderBody, reason: unknown, context: CdekContext): Promise<CdekOrderReply> {
  const found = await findStandingOrder(api, reference, context);
  // Rejected for a number that CDEK does not show: a person has to check.
  if (found === undefined)
    throw isRefusal(reason, 'duplicate') ? makeError('unknown_outcome', texts.numberNotShown, { cause: reason }) : reason;
  const isUnsettled = isPending(findLastRequest(found, 'CREATE'));
  const order = isUnsettled ? ((await waitForCreation(api, found.entity.uuid, context)) ?? found) : found;
  if (isRefused(order)) throw api.refuse(findLastRequest(order, 'CREATE')?.errors);
  if (isPending(findLastRequest(order, 'CREATE')) || hasMoved(getStatus(order, context)) || !differs(order.entity, wanted)) return order;
  return sendChange(api, order, { body: wanted, kind: 'shop' }, context);
}

/** Changes an order; `order` is as CDEK has it. */
async function change(
  api: Cdek,
  request: SaveRequest,
  order: CdekOrderReply | undefined,
  written: WrittenOrder,
  context: CdekContext,
): Promise<CdekOrderReply> {
  if (order === undefined || isRefused(order)) {
    // Under its number it is registered again. Without one, a lost reply would be sent twice.
    if (written.kind === 'delivery') throw makeError('rejected', texts.makeAnother);
    return register(api, request, written, context);
  }
  return sendChange(api, order, written, context);
}

/** Throws ProviderError `rejected` for an order that was deleted, or whose parcel CDEK has. */
function refuseUnchangeable(order: CdekOrderReply, context: CdekContext): void {
  const status = getStatus(order, context);
  if (isRefused(order)) return;
  if (status === 'cancelled') throw makeError('rejected', texts.deletedThere);
  if (hasMoved(status)) throw makeError('rejected', fillIn(texts.hasMoved, { status: getStatusName(status) }));
}

/** The kind of an order as CDEK has it, else that of the contract. */
function readKind(order: CdekOrderReply | undefined, { settings }: CdekContext): ContractKind {
  const type = order?.entity.type;
  return type === TYPES.delivery ? 'delivery' : type === TYPES.shop ? 'shop' : settings.contractKind;
}

/** Sends a change and waits for CDEK's check. A change that CDEK refuses later is reported by `track`. */
async function sendChange(
  api: Cdek,
  order: CdekOrderReply,
  { body: wanted, kind }: Omit<WrittenOrder, 'warnings'>,
  context: CdekContext,
): Promise<CdekOrderReply> {
  const { uuid, packages = [], recipient: present } = order.entity;
  const withIds = wanted.packages.map((one) => {
    const package_id = packages.find(({ number }) => number === one.number)?.package_id;
    return { ...(package_id && { package_id }), ...one };
  });
  // CDEK keeps the values that a change omits, so values to delete are sent empty.
  const cleared = {
    comment: '',
    services: [],
    ...(order.entity.has_reverse_order && { has_reverse_order: false }),
    ...(kind === 'shop' && { delivery_recipient_cost: { value: 0 } }),
  };
  const wasCompany = present?.company && wanted.recipient.company === undefined;
  const recipient = { ...(wasCompany && { company: '', contragent_type: 'INDIVIDUAL' as const }), ...wanted.recipient };
  const json: CdekOrderChange = { type: TYPES[kind], uuid, ...cleared, ...wanted, recipient, packages: withIds };
  const { requests = [] } = await api.changeOrder(context, { json });
  api.refuseInvalid(requests);
  const seen = await lookUntil(
    () => api.order(context, { id: uuid }),
    (reply) => !isPending(findAcceptedRequest(reply, requests, 'UPDATE') ?? { state: 'WAITING' }),
    context,
  );
  const request = seen && findAcceptedRequest(seen, requests, 'UPDATE');
  if (isInvalid(request)) throw api.refuse(request?.errors);
  return seen ?? order;
}

/** Waits until CDEK has validated a new order. Returns the last reply. */
function waitForCreation(api: Cdek, uuid: string, context: CdekContext): Promise<CdekOrderReply | undefined> {
  return lookUntil(
    () => api.order(context, { id: uuid }),
    (reply) => !isPending(findLastRequest(reply, 'CREATE')) && getStatus(reply, context) !== 'registering',
    context,
  );
}

/** Where an order goes, as far as its amounts depend on it. */
interface Destination {
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Only for a door. Undefined if CDEK does not have the address's city. */
  place?: CdekPlace | undefined;
  city?: City | undefined;
}

/** Writes an order, new or changed. Throws ProviderError `invalid` with the fields at fault. */
async function writeOrder(api: Cdek, request: SaveRequest, kind: ContractKind, context: CdekContext): Promise<WrittenOrder> {
  const { settings } = context;
  const choice = settings.tariffs.find(({ code }) => String(code) === request.tariff);
  const mode = choice && findTariffMode(choice);
  if (choice === undefined || mode === undefined) throw makeFieldError('delivery.tariff', texts.chooseTariff, texts.notOffered);
  const ends = getEnds(mode);
  const [from, to] = await Promise.all([
    ends.from === 'door' ? findOrigin(api, request.from, context) : undefined,
    findDestination(api, request, ends.to, context),
  ]);
  const { country } = to;
  const origin = ends.from === 'door' ? (from?.country_code ?? HOME) : await findPointCountry(api, request, country, context);
  if (needsCustoms(origin, country))
    throw makeFieldError('delivery.deliveryAddress.countryIso', fillIn(texts.noCustoms, { from: origin, to: country }), texts.impossible);
  const currency = chooseCurrency(request, context);
  const declared = request.declaredValue?.minor ?? 0;
  checkMoney({ currency, cash: request.collect?.total ?? 0, declared, kind }, country, to.city, 'delivery.cod', context);
  const money = new MoneyWriter(currency, country, context);
  const services = [
    // A shop's order is insured by the values of its lines.
    ...(kind === 'delivery' ? insure(declared, currency, context) : []),
    ...listServices(request.extraData, settings.services),
  ];
  const comment = buildComment(request);
  const charge = request.collect?.delivery ?? 0;
  const isLine = ignoresDeliveryCharge(country);
  const body: CdekOrderBody = {
    tariff_code: choice.code,
    ...(comment && { comment }),
    ...(ends.from === 'door'
      ? { from_location: toSenderAddress(request.from, from, context) }
      : { shipment_point: getShipmentPoint(request, context) }),
    ...(ends.to === 'door' ? { to_location: toRecipientAddress(request.to, to.place) } : { delivery_point: getDeliveryPoint(request) }),
    ...(charge > 0 && !isLine && { delivery_recipient_cost: money.writeOwed(charge, request.vatRate, 'delivery.vatRate') }),
    sender: toSender(context),
    recipient: toRecipient(request),
    ...(services.length > 0 && { services }),
    ...(request.extraData[FIELD.reverse] === true && { has_reverse_order: true }),
    packages: toPackages(
      request,
      money,
      { toLocker: ends.to === 'locker', hasLines: kind === 'shop', deliveryLine: isLine ? charge : 0 },
      context,
    ),
  };
  return { body, kind, warnings: money.vat.warnings };
}

/** Country and city of the recipient: the point's, if there is one, instead of the address's. */
async function findDestination(api: Cdek, request: SaveRequest, end: TariffEnd, context: CdekContext): Promise<Destination> {
  const named = request.to?.countryIso ?? HOME;
  if (end === 'door') {
    const city = await findTown(api, request.to, request.extraData, context);
    return { country: city?.country ?? named, place: toPlace(city, request.to, request.extraData), city };
  }
  const point = await findPoint(api, getDeliveryPoint(request), context);
  const isPaidThere = request.collect !== undefined && point?.cityCode !== undefined;
  const city = isPaidThere ? await findCity(api, point.cityCode as number, context) : undefined;
  return { country: point?.country ?? named, city };
}

/** The country of the shipment point. CDEK is only called if it matters. */
async function findPointCountry(api: Cdek, request: SaveRequest, to: string, context: CdekContext): Promise<string> {
  if (UNION.includes(to)) return to;
  return (await findPoint(api, getShipmentPoint(request, context), context))?.country ?? HOME;
}

function getShipmentPoint({ from }: SaveRequest, context: CdekContext): string {
  const point = from?.terminal || context.settings.shipmentPoint;
  if (!point) throw makeFieldError('delivery.shipmentAddress.terminal', texts.shipmentPoint, texts.required);
  return point;
}

function getDeliveryPoint({ to }: SaveRequest): string {
  if (!to?.terminal) throw makeFieldError('delivery.deliveryAddress.terminal', texts.deliveryPoint, texts.required);
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

/** Whether an order differs materially from the wanted one. Missing values count as different. */
function differs(order: CdekOrder, wanted: CdekOrderBody): boolean {
  return summarize(order) !== summarize(wanted);
}

/** The values that both CDEK's order and a request have, as text to compare. */
function summarize(body: CdekOrder | CdekOrderBody): string {
  return JSON.stringify([
    body.tariff_code,
    body.comment ?? '',
    body.shipment_point ?? '',
    body.delivery_point ?? '',
    body.delivery_point ? '' : [body.to_location?.code ?? 0, body.to_location?.address ?? ''],
    body.delivery_recipient_cost?.value ?? 0,
    body.has_reverse_order ?? false,
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
