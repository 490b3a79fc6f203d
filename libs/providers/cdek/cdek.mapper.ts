import { DateTime } from 'luxon';
import { type LocalText, sha256Hex } from '#platform';
import { type Money, toMoney, readMoney, toWireAmount, type ProviderError, takeShare } from '#provider-kit';
import type {
  Address,
  CalculateRequest,
  ExistingDelivery,
  ExtraData,
  Parcel,
  ParcelItem,
  SavedDelivery,
  SaveRequest,
  ShipmentRequest,
  StatusReport,
  Tariff,
} from '#delivery/port';
import type { CdekContext, CdekTariffChoice } from './cdek.settings.js';
import { cut, wordsOf } from './cdek.errors.js';
import { hasMoved, isFinal, lifeIndex, statusOf, type StatusCode } from './cdek.statuses.js';
import { endsOf, KNOWN_TARIFFS, knownName, type TariffMode } from './cdek.tariffs.js';
import { problem, say, texts } from './cdek.texts.js';
import { centimetres, grams, perPiece, phoneOf, piecesAt, piecesOf, vatOf, withVat } from './cdek.units.js';
import type {
  CdekAddress,
  CdekContact,
  CdekIntakeRequest,
  CdekItem,
  CdekOrder,
  CdekOrderBody,
  CdekOrderReply,
  CdekPackage,
  CdekPlace,
  CdekQuote,
  CdekQuoteRequest,
  CdekRequest,
  CdekService,
  CdekSizedPackage,
} from './cdek.wire.js';

/*
 * Our words to CDEK's and back; pure.
 */

/** CDEK's numbers of currencies. */
const CURRENCIES: ReadonlyMap<string, number> = new Map([
  ['RUB', 1],
  ['KZT', 2],
  ['USD', 3],
  ['EUR', 4],
  ['GBP', 5],
  ['CNY', 6],
  ['BYN', 7],
  ['UAH', 8],
  ['KGS', 9],
  ['AMD', 10],
  ['TRY', 11],
  ['THB', 12],
  ['KRW', 13],
  ['AED', 14],
  ['UZS', 15],
  ['MNT', 16],
  ['PLN', 17],
  ['AZN', 18],
  ['GEL', 19],
]);

/** Most characters of CDEK's texts. */
const LONGEST = { text: 255, wareKey: 50, phone: 24 };

/** Our number of an order at CDEK: unique for all connections that share a contract. At most 37 characters of 40. */
export function numberOf(reference: string, connectionId: string): string {
  return `${reference}-${sha256Hex(connectionId).slice(0, 6)}`;
}

/** The services the user chose for the order, and those the account always orders. */
export function servicesOf(extraData: ExtraData, always: readonly CdekService[]): CdekService[] {
  const { services } = extraData;
  const chosen = (Array.isArray(services) ? services : typeof services === 'string' && services !== '' ? [services] : [])
    .filter((code) => /^[A-Z0-9_]{1,60}$/.test(code) && !always.some((service) => service.code === code))
    .map((code) => ({ code }));
  return [...always.map(({ code, parameter }) => ({ code, ...(parameter && { parameter }) })), ...chosen];
}

/** A question for prices in the order's currency. Throws ProviderError `invalid` for a currency CDEK has no number for. */
export function toQuoteRequest(request: CalculateRequest, from: CdekPlace, to: CdekPlace, context: CdekContext): CdekQuoteRequest {
  const { settings, account } = context;
  const currency = currencyOf(request, context);
  const number = currency === settings.currency ? undefined : CURRENCIES.get(currency);
  if (currency !== settings.currency && number === undefined) {
    throw invalid('currency', texts.noPricesIn(currency), texts.impossible, context);
  }
  const date = plannedDate(request.shipmentDate, context);
  return {
    type: 1,
    ...(date && { date }),
    ...(number !== undefined && { currency: number }),
    lang: account.language === 'ru' ? 'rus' : 'eng',
    from_location: placeOf(from),
    to_location: placeOf(to),
    packages: request.parcels.map(sizesOf),
  };
}

/** The currency prices are wanted in. */
export function currencyOf(request: { currency?: string }, { settings, account }: CdekContext): string {
  return request.currency ?? account.currency ?? settings.currency;
}

/** The declared value as CDEK's insurance takes it: whole units. Undefined when nothing is declared. */
export function insuranceOf(declared: Money | undefined): CdekService | undefined {
  if (declared === undefined || declared.minor <= 0) return undefined;
  return { code: 'INSURANCE', parameter: String(Math.ceil(toWireAmount(declared))) };
}

/** A quote as the CRM shows it. `total` is the price with services, where it was asked for; `refused` says why there is none. */
export function toTariff(
  quote: CdekQuote,
  choice: CdekTariffChoice,
  mode: TariffMode,
  currency: string,
  details: { total?: number; refused?: string; cod?: Money },
  context: CdekContext,
): Tariff {
  const base = readMoney(details.total ?? quote.delivery_sum, currency);
  const fee = details.cod && details.cod.currency === currency ? takeShare(details.cod, context.settings.codFeeBasisPoints).minor : 0;
  const [minTerm, maxTerm] = termOf(quote);
  return {
    code: String(quote.tariff_code),
    name: tariffName(choice, quote.tariff_name, context),
    type: tariffType(mode),
    ...(details.refused === undefined ? { cost: toMoney(base.minor + fee, currency) } : { description: details.refused }),
    ...(minTerm !== undefined && { minTerm }),
    ...(maxTerm !== undefined && { maxTerm }),
  };
}

/** What the account or CDEK calls a tariff. */
export function tariffName({ code, name }: CdekTariffChoice, quoted: string | undefined, { account }: CdekContext): string {
  return name || quoted || knownName(code, account.language) || `CDEK ${code}`;
}

export function tariffType(mode: TariffMode): 'courier' | 'selfDelivery' {
  return endsOf(mode).to === 'door' ? 'courier' : 'selfDelivery';
}

/** How a tariff the account offers carries; undefined when neither it nor the module says so. */
export function modeOfChoice({ code, mode }: CdekTariffChoice): TariffMode | undefined {
  return mode ?? KNOWN_TARIFFS.get(code)?.mode;
}

/** Calendar days where CDEK counts them, else its working days. */
function termOf({ calendar_min, calendar_max, period_min, period_max }: CdekQuote): [number | undefined, number | undefined] {
  const min = calendar_min ?? period_min;
  const max = calendar_max ?? period_max;
  const least = min === undefined ? undefined : Math.max(0, min);
  return [least, max === undefined ? undefined : Math.max(least ?? 0, max)];
}

/** What an order says, whether new or changed. Throws ProviderError `invalid` naming what is missing. */
export function toOrderBody(
  request: SaveRequest,
  places: { from: CdekPlace | undefined; to: CdekPlace | undefined },
  context: CdekContext,
): CdekOrderBody {
  const { settings } = context;
  const choice = settings.tariffs.find(({ code }) => String(code) === request.tariff);
  const mode = choice && modeOfChoice(choice);
  if (choice === undefined || mode === undefined) throw invalid('delivery.tariff', texts.chooseTariff, texts.notOffered, context);
  const ends = endsOf(mode);
  const currency = currencyOf(request, context);
  checkCurrency(request, currency, context);
  const forDelivery = request.collect?.delivery ?? 0;
  const services = servicesOf(request.extraData, settings.services);
  const comment = commentOf(request);
  return {
    tariff_code: choice.code,
    ...(comment && { comment }),
    ...(ends.from === 'door'
      ? { from_location: senderAddress(request.from, places.from, context) }
      : { shipment_point: shipmentPointOf(request, context) }),
    ...(ends.to === 'door'
      ? { to_location: recipientAddress(request.to, places.to, context) }
      : { delivery_point: deliveryPointOf(request, context) }),
    ...(forDelivery > 0 && { delivery_recipient_cost: withVat(toMoney(forDelivery, currency), vatOf(settings.vatRate, request.vatRate)) }),
    sender: senderOf(context),
    recipient: recipientOf(request, context),
    ...(services.length > 0 && { services }),
    packages: packagesOf(request, currency, context),
  };
}

function checkCurrency(request: SaveRequest, currency: string, context: CdekContext): void {
  const contract = context.settings.currency;
  if (currency === contract || ((request.declaredValue?.minor ?? 0) <= 0 && request.collect === undefined)) return;
  throw invalid('currency', texts.contractCurrency(contract, currency), texts.impossible, context);
}

function senderOf({ settings }: CdekContext): CdekContact {
  const phone = phoneOf(settings.senderPhone, undefined);
  return {
    ...(settings.senderCompany && { company: settings.senderCompany }),
    name: settings.senderName,
    ...(settings.senderEmail && { email: settings.senderEmail }),
    phones: [phone ?? { number: cut(settings.senderPhone, LONGEST.phone) }],
  };
}

function recipientOf({ recipient, to }: SaveRequest, context: CdekContext): CdekContact {
  if (!recipient.name?.trim()) throw invalid('customer.lastName', texts.recipientName, texts.required, context);
  const phone = phoneOf(recipient.phone, to?.countryIso);
  if (phone === undefined) throw invalid('customer.phones', texts.recipientPhone, texts.required, context);
  const email = recipient.email && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(recipient.email) ? recipient.email : undefined;
  return {
    ...(recipient.company && { company: cut(recipient.company, LONGEST.text) }),
    name: cut(recipient.name.trim(), LONGEST.text),
    ...(email && { email: cut(email, LONGEST.text) }),
    phones: [phone],
  };
}

function shipmentPointOf({ from }: SaveRequest, context: CdekContext): string {
  const point = from?.terminal || context.settings.shipmentPoint;
  if (!point) throw invalid('delivery.shipmentAddress.terminal', texts.shipmentPoint, texts.required, context);
  return point;
}

function deliveryPointOf({ to }: SaveRequest, context: CdekContext): string {
  if (!to?.terminal) throw invalid('delivery.deliveryAddress.terminal', texts.deliveryPoint, texts.required, context);
  return to.terminal;
}

/** Where parcels are collected: the account's own address, else the order's shipment address. */
export function senderAddress(from: Address | undefined, place: CdekPlace | undefined, context: CdekContext): CdekAddress {
  const address = context.settings.fromAddress || lineOf(from);
  if (place === undefined || !address) throw invalid('delivery.shipmentAddress', texts.senderAddress, texts.required, context);
  return { ...place, address: cut(address, LONGEST.text) };
}

function recipientAddress(to: Address | undefined, place: CdekPlace | undefined, context: CdekContext): CdekAddress {
  const address = lineOf(to);
  if (place === undefined) throw invalid('delivery.deliveryAddress.city', texts.recipientCity, texts.unknown, context);
  if (!address) throw invalid('delivery.deliveryAddress', texts.recipientAddress, texts.required, context);
  return { ...place, address: cut(address, LONGEST.text) };
}

/** Countries whose addresses are written with Russian labels. */
const LABELLED: ReadonlySet<string> = new Set(['RU', 'BY', 'KZ', 'KG']);

/** Street, house and flat as one line; the CRM's whole line where it has no parts. */
export function lineOf(address: Address | undefined): string {
  if (address === undefined) return '';
  const { street, building, house, housing, block, floor, flat, text } = address;
  if (!street) return text ?? '';
  const parts: [string, string | number | undefined][] = [
    ['', street],
    ['д. ', house ?? building],
    ['корп. ', housing],
    ['подъезд ', block],
    ['этаж ', floor],
    ['кв. ', flat],
  ];
  return parts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([label, value]) => (LABELLED.has(address.countryIso ?? 'RU') ? `${label}${value}` : String(value)))
    .join(', ');
}

/** For the courier: the user's comment, the address's note, the time agreed. */
function commentOf({ extraData, to, deliveryDate, deliveryTime }: SaveRequest): string {
  const hours = [deliveryTime?.from, deliveryTime?.to].filter(Boolean).join('–');
  const when = [deliveryDate, hours].filter(Boolean).join(' ');
  const comment = typeof extraData.comment === 'string' ? extraData.comment.trim() : '';
  return cut([comment, to?.notes, when].filter(Boolean).join('; '), LONGEST.text);
}

function packagesOf(request: SaveRequest, currency: string, context: CdekContext): CdekPackage[] {
  const { vatRate } = context.settings;
  const { collect } = request;
  const bare = request.parcels.every((parcel) => parcel.items.length === 0);
  return request.parcels.map((parcel, at) => {
    const count = parcel.items.reduce((sum, item) => sum + piecesOf(item), 0);
    const share = grams(parcel.weight / Math.max(1, count));
    const items = parcel.items.flatMap((item, n) => {
      const paymentOf = (minor: number): CdekItem['payment'] => withVat(toMoney(minor, currency), vatOf(vatRate, item.vatRate));
      const parts = piecesAt(collect?.perItem[at]?.[n] ?? 0, piecesOf(item)).map((part) => ({
        payment: paymentOf(part.each),
        amount: part.pieces,
      }));
      return itemsOf(item, n, share, parts, toMoney(perPiece(item, item.declaredValue), currency));
    });
    // An order without items asks for its goods with the first parcel.
    const asked = toMoney(bare && at === 0 ? (collect?.goods ?? 0) : 0, currency);
    return {
      number: String(at + 1),
      ...sizesOf(parcel),
      items: items.length > 0 ? withOwnKeys(items) : [wholeParcel(parcel, request, at, withVat(asked, vatOf(vatRate, undefined)))],
    };
  });
}

/** CDEK wants to know what is inside; an order without items says its number. */
function wholeParcel(parcel: Parcel, request: SaveRequest, at: number, payment: CdekItem['payment']): CdekItem {
  const name = cut(`${request.orderNumber ?? request.order} / ${at + 1}`, LONGEST.text);
  return { name, ware_key: cut(name, LONGEST.wareKey), payment, cost: 0, weight: grams(parcel.weight), amount: 1 };
}

/** A line for each amount that pieces bear, and one for each piece that bears a mark of its own. */
function itemsOf(
  item: ParcelItem,
  index: number,
  share: number,
  parts: { payment: CdekItem['payment']; amount: number }[],
  cost: Money,
): CdekItem[] {
  const pieces = piecesOf(item);
  const part = pieces === item.quantity ? '' : ` × ${item.quantity}`;
  const line = {
    name: cut(`${item.name || item.offerId || `№ ${index + 1}`}${part}`, LONGEST.text),
    ware_key: cut(item.offerId || String(index + 1), LONGEST.wareKey),
    cost: toWireAmount(cost),
    weight: item.weight === undefined ? share : grams(item.weight * (part === '' ? 1 : item.quantity)),
  };
  const marks = (item.markingCodes ?? []).slice(0, pieces);
  return parts.flatMap(({ payment, amount }) => {
    const marked = marks.splice(0, amount).map((marking) => ({ ...line, payment, marking, amount: 1 }));
    const rest = amount - marked.length;
    return rest > 0 ? [...marked, { ...line, payment, amount: rest }] : marked;
  });
}

/** Keys are unique in a package. */
function withOwnKeys(items: CdekItem[]): CdekItem[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const times = (seen.get(item.ware_key) ?? 0) + 1;
    seen.set(item.ware_key, times);
    return times === 1 ? item : { ...item, ware_key: `${cut(item.ware_key, LONGEST.wareKey - 5)}#${times}` };
  });
}

function sizesOf({ weight, length, width, height }: Parcel): CdekSizedPackage {
  const sides =
    length !== undefined && width !== undefined && height !== undefined
      ? { length: centimetres(length), width: centimetres(width), height: centimetres(height) }
      : {};
  return { weight: grams(weight), ...sides };
}

function placeOf({ code, postal_code, country_code, city }: CdekPlace): CdekPlace {
  return {
    ...(code !== undefined && { code }),
    ...(postal_code && { postal_code }),
    ...(country_code && { country_code }),
    ...(city && { city }),
  };
}

/** The start of that day in the account's zone; missing for a day that is over. */
function plannedDate(day: string | undefined, { account, now }: CdekContext): string | undefined {
  if (day === undefined) return undefined;
  const start = DateTime.fromISO(day, { zone: account.timeZone });
  const today = DateTime.fromJSDate(now, { zone: account.timeZone }).startOf('day');
  return start.isValid && start >= today ? start.toFormat("yyyy-MM-dd'T'HH:mm:ssZZZ") : undefined;
}

/** Whether a change to `wanted` is needed: what matters of CDEK's order differs. What CDEK does not tell counts as different. */
export function differs(order: CdekOrder, wanted: CdekOrderBody): boolean {
  return digestOf(order) !== digestOf(wanted);
}

/** What both an order of CDEK's and a request say, comparable as text. */
function digestOf(body: CdekOrder | CdekOrderBody): string {
  return JSON.stringify([
    body.tariff_code,
    body.comment ?? '',
    body.shipment_point ?? '',
    body.delivery_point ?? '',
    body.delivery_point ? '' : [body.to_location?.code ?? 0, body.to_location?.address ?? ''],
    body.delivery_recipient_cost?.value ?? 0,
    body.recipient?.name ?? '',
    body.recipient?.phones?.map(({ number }) => number.replace(/\D/g, '')) ?? [],
    (body.packages ?? []).map((one) => [
      one.number ?? '',
      one.weight ?? 0,
      (one.items ?? []).map((item) => [item.ware_key ?? '', item.amount ?? 0, item.cost ?? 0, item.payment?.value ?? 0]),
    ]),
  ]);
}

/** The client has asked for the parcel back, and CDEK has not said no. */
export function isComingBack({ requests = [] }: CdekOrderReply): boolean {
  return requests.some((request) => request.type?.includes('REFUS') === true && !isInvalid(request));
}

/** The request of this kind that came last; of two of one second the one CDEK lists first. */
export function lastRequest({ requests = [] }: CdekOrderReply, type: 'CREATE' | 'UPDATE' | 'DELETE'): CdekRequest | undefined {
  const own = requests.filter((request) => request.type === type);
  return own.reduce<CdekRequest | undefined>(
    (last, one) => (last === undefined || timeOf(one.date_time) > timeOf(last.date_time) ? one : last),
    undefined,
  );
}

export const isPending = (request: CdekRequest | undefined): boolean => request?.state === 'ACCEPTED' || request?.state === 'WAITING';
export const isInvalid = (request: CdekRequest | undefined): boolean => request?.state === 'INVALID';

/** CDEK has validated the order and refused it: there is none. */
export function isRefused(reply: CdekOrderReply): boolean {
  return isInvalid(lastRequest(reply, 'CREATE')) || presentCode(reply) === 'INVALID';
}

/** CDEK's code of the status an order has. */
function presentCode(reply: CdekOrderReply): string | undefined {
  return historyOf(reply).at(-1)?.cdek;
}

interface Moment {
  cdek: string;
  at: number;
  name?: string;
  city?: string;
  reason?: string;
}

/** Statuses that were not taken back, the oldest first. */
function historyOf({ entity }: CdekOrderReply): Moment[] {
  return (entity.statuses ?? [])
    .filter(({ deleted }) => deleted !== true)
    .map(({ code, date_time, name, city, reason_code }) => ({ cdek: code, at: timeOf(date_time), name, city, reason: reason_code }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((left, right) => left.at - right.at || lifeIndex(statusOf(left.cdek)) - lifeIndex(statusOf(right.cdek)));
}

/** Our status of an order as it is now. */
export function presentStatus(reply: CdekOrderReply, context: CdekContext): StatusCode {
  const deletion = lastRequest(reply, 'DELETE');
  if (deletion?.state === 'SUCCESSFUL') return 'cancelled';
  if (isRefused(reply)) return 'refused';
  const code = presentCode(reply);
  const status = code === undefined ? 'registering' : statusOf(code, context.settings.statusRules);
  if (status === 'registering' && reply.entity.cdek_number !== undefined) return 'created';
  if (!hasMoved(status) && isInvalid(lastRequest(reply, 'UPDATE'))) return 'change-refused';
  return status;
}

/** An order as the port answers it; without a price when the order's currency is not known. */
export function toSaved(reply: CdekOrderReply, currency: string | undefined, context: CdekContext): SavedDelivery {
  const { uuid, cdek_number, delivery_date, delivery_detail } = reply.entity;
  const cost = costOf(reply.entity, currency, context);
  const [deliveryDate] = /^\d{4}-\d\d-\d\d/.exec(delivery_detail?.date ?? delivery_date ?? '') ?? [];
  return {
    externalId: uuid,
    ...(cdek_number && { trackNumber: cdek_number }),
    ...(cost && { cost }),
    ...(deliveryDate && { deliveryDate }),
    status: presentStatus(reply, context),
  };
}

/** CDEK's price of an order, where it is told and in the order's currency. */
function costOf({ delivery_detail }: CdekOrder, currency: string | undefined, { settings }: CdekContext): Money | undefined {
  const sum = delivery_detail?.total_sum ?? delivery_detail?.delivery_sum;
  if (sum === undefined || sum <= 0 || currency !== settings.currency) return undefined;
  return readMoney(sum, settings.currency);
}

/**
 * The news of an order for a delivery as we have it: its statuses, and where the last of them would not count by its time, that one at a time that does. A status we
 * have that CDEK took back is followed by the one before it, now (and after it, by whosever clock). What we know already is told again and changes nothing.
 */
export function toReports(reply: CdekOrderReply, delivery: ExistingDelivery, context: CdekContext): StatusReport[] {
  const rules = context.settings.statusRules;
  const externalId = delivery.externalId;
  const told = historyOf(reply).map(({ cdek, at, name, city, reason }) => ({
    code: statusOf(cdek, rules),
    at,
    comment: commentOn(name ?? cdek, city, reason, context),
  }));
  const refusal = refusalIn(reply);
  // The request says why, the status only that.
  if (refusal) told.splice(0, told.length, ...told.filter((moment) => moment.code !== refusal.code), refusal);
  told.sort((left, right) => left.at - right.at || lifeIndex(left.code) - lifeIndex(right.code));
  const code = presentStatus(reply, context);
  const last = told.findLast((moment) => moment.code === code) ?? told.at(-1);
  const earlier = told.filter((moment) => moment !== last);
  const reports: StatusReport[] = earlier.map((moment) => ({
    externalId,
    code: moment.code,
    updatedAt: new Date(moment.at),
    comment: moment.comment,
  }));
  const changes = changesOf(reply, delivery, context);
  const present = presentReport(code, last, told, Object.keys(changes).length > 0, reply, delivery, context);
  if (present) reports.push({ externalId, ...present, ...changes });
  return reports;
}

type Told = { code: StatusCode; at: number; comment: string };

/** The last status, at the time at which it counts. */
function presentReport(
  code: StatusCode,
  last: Told | undefined,
  told: readonly Told[],
  isNews: boolean,
  reply: CdekOrderReply,
  delivery: ExistingDelivery,
  context: CdekContext,
): { code: StatusCode; updatedAt: Date; comment?: string } | undefined {
  const at = last?.code === code ? last.at : undefined;
  const own = delivery.statusAt.getTime();
  const comment = last?.code === code ? last.comment : undefined;
  const report = (time: number, words = comment): { code: StatusCode; updatedAt: Date; comment?: string } => ({
    code,
    updatedAt: new Date(time),
    ...(words && { comment: words }),
  });
  if (code === delivery.status) return isNews ? report(Math.max(at ?? own, own)) : at === undefined ? undefined : report(at);
  if (at !== undefined && seconds(at) > seconds(own)) return report(at);
  // What we have was set by our own clock when it was saved, or before CDEK had the parcel: CDEK's word follows it.
  if (!hasMoved(delivery.status)) return report(own);
  if (wasTakenBack(told, reply, delivery, context))
    return report(Math.max(context.now.getTime(), own + 1_000), takenBack(comment, context));
  return at === undefined ? undefined : report(at);
}

/** CDEK marks a status it takes back, or no longer has it; only of an end the latter is sure, because nothing else would follow. */
function wasTakenBack(
  told: readonly Told[],
  { entity }: CdekOrderReply,
  { status, statusAt }: ExistingDelivery,
  { settings }: CdekContext,
): boolean {
  const same = (code: string, at: number): boolean => code === status && seconds(at) === seconds(statusAt.getTime());
  if (told.some((moment) => same(moment.code, moment.at))) return false;
  const marked = (entity.statuses ?? []).some(
    ({ deleted, code, date_time }) => deleted === true && same(statusOf(code, settings.statusRules), timeOf(date_time)),
  );
  return marked || (isFinal(status) && !told.some((moment) => moment.code === status));
}

function takenBack(comment: string | undefined, context: CdekContext): string {
  return [say(texts.takenBack, context), comment].filter(Boolean).join('; ');
}

/** A refusal of the order, or of its last change, as a status at its time. */
function refusalIn(reply: CdekOrderReply): Told | undefined {
  const creation = lastRequest(reply, 'CREATE');
  // Without a time it is as old as can be, and counts by what the delivery was.
  const at = (request: CdekRequest | undefined): number => timeOf(request?.date_time) || 0;
  if (isInvalid(creation)) return { code: 'refused', at: at(creation), comment: wordsOf(creation?.errors ?? []) };
  const change = lastRequest(reply, 'UPDATE');
  return isInvalid(change) ? { code: 'change-refused', at: at(change), comment: wordsOf(change?.errors ?? []) } : undefined;
}

/** Number and price, when they are not those we have: told again they would be news each time. */
function changesOf({ entity }: CdekOrderReply, delivery: ExistingDelivery, context: CdekContext): Partial<StatusReport> {
  const cost = costOf(entity, currencyOf(delivery.request, context), context);
  return {
    ...(entity.cdek_number && entity.cdek_number !== delivery.trackNumber && { trackNumber: entity.cdek_number }),
    ...(cost && (cost.minor !== delivery.cost?.minor || cost.currency !== delivery.cost.currency) && { cost }),
  };
}

function commentOn(name: string, city: string | undefined, reason: string | undefined, context: CdekContext): string {
  return cut([name, city, reason && say(texts.reason(reason), context)].filter(Boolean).join(', '), LONGEST.text);
}

/** Words by which a visit of the courier is known again. */
export function markOf(reference: string): string {
  return `[${reference}]`;
}

/** A visit of CDEK's courier: for one order by its id, for several as one load. Throws ProviderError `invalid` naming what is wrong. */
export function toIntakeRequest(request: ShipmentRequest, place: CdekPlace | undefined, context: CdekContext): CdekIntakeRequest {
  const { date, from, to } = visitOf(request, context);
  const mark = markOf(request.reference);
  const comment = `${cut(request.comment ?? '', LONGEST.text - mark.length - 1)} ${mark}`.trim();
  const phone = phoneOf(request.manager.phone, request.address?.countryIso);
  const sender = senderOf(context);
  const [only, ...others] = request.deliveries;
  if (only === undefined) throw invalid('orders', texts.courierOrders, texts.required, context);
  const parcels = request.deliveries.flatMap((delivery) => delivery.request.parcels);
  return {
    ...(others.length === 0 ? { order_uuid: only.externalId } : loadOf(parcels, request.deliveries.length)),
    intake_date: date,
    intake_time_from: from,
    intake_time_to: to,
    comment,
    sender: {
      ...sender,
      ...(request.manager.name && { name: cut(request.manager.name, LONGEST.text) }),
      phones: phone ? [phone] : sender.phones,
    },
    from_location: senderAddress(request.address, place, context),
    need_call: request.extraData.needCall === true,
  };
}

/** Several parcels as one load: their weight, and sides that hold their volume. */
function loadOf(parcels: readonly Parcel[], orders: number): Pick<CdekIntakeRequest, 'name' | 'weight' | 'length' | 'width' | 'height'> {
  const sides = parcels.map(
    ({ length, width, height }) => [length, width, height].map((side) => centimetres(side ?? 100)) as [number, number, number],
  );
  const length = Math.max(...sides.map(([side]) => side));
  const width = Math.max(...sides.map(([, side]) => side));
  const highest = Math.max(...sides.map(([, , side]) => side));
  const volume = sides.reduce((sum, [one, two, three]) => sum + one * two * three, 0);
  return {
    name: `${orders} × CDEK`,
    weight: parcels.reduce((sum, parcel) => sum + grams(parcel.weight), 0),
    length,
    width,
    height: Math.max(highest, Math.ceil(volume / (length * width))),
  };
}

/** CDEK's couriers come from 9 to 22 o'clock, within 31 days. */
const VISIT = { from: '09:00', to: '22:00', mostDays: 31 };

function visitOf({ date, time }: ShipmentRequest, context: CdekContext): { date: string; from: string; to: string } {
  const { account, now } = context;
  if (date === undefined) throw invalid('date', texts.courierDay, texts.required, context);
  const today = DateTime.fromJSDate(now, { zone: account.timeZone }).startOf('day');
  const day = DateTime.fromISO(date, { zone: account.timeZone });
  if (day < today) throw invalid('date', texts.courierDayOver, texts.impossible, context);
  if (day > today.plus({ days: VISIT.mostDays })) throw invalid('date', texts.courierDayFar(VISIT.mostDays), texts.impossible, context);
  const from = time?.from ?? VISIT.from;
  const to = time?.to ?? VISIT.to;
  if (from < VISIT.from || to > VISIT.to || from >= to)
    throw invalid('time', texts.courierHours(VISIT.from, VISIT.to), texts.impossible, context);
  return { date, from, to };
}

/** Milliseconds since 1970; NaN when it is no time. */
function timeOf(text: string | undefined): number {
  return text === undefined ? Number.NaN : DateTime.fromISO(text, { setZone: true }).toMillis();
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1_000);

function invalid(field: string, words: LocalText, why: LocalText, context: CdekContext): ProviderError {
  return problem('invalid', words, context, { [field]: why });
}
