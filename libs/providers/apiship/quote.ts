import { DateTime } from 'luxon';
import {
  type Address,
  type CalculateRequest,
  type ParcelSize,
  type PickupPoint,
  type Tariff,
  toPickupPoint,
  toTerms,
} from '#delivery/port';
import { sha256Hex } from '#platform';
import { addMoney, cutText, readMoney, say, toMoney } from '#provider-kit';
import type { Apiship, ApishipMethod, QuotedCarrier, QuotedTariff, QuoteReply } from './apiship.api.js';
import type { ApishipContext } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { checkCurrency, CURRENCY, HOME, keepComingDay, MOST_CHARACTERS, toRoubles, toSize } from './apiship.units.js';
import { chooseHandover, findContract, type Handover, listOffered, readCarrierNames } from './carriers.js';
import { findOrigin, formatAddress } from './parties.js';
import { findNearest, loadPointsById, mayHandOut, type Point, readPoints } from './points.js';
import { listExtraParams } from './services.js';
import { type End, formatTariffCode, nameTariff, toTariffType } from './tariffs.js';

/** A place as the calculator takes it: here the postcode is `index`. */
interface QuotedPlace {
  countryCode: string;
  index?: string;
  region?: string;
  city?: string;
  /** It wins over the city, so it has the same content. */
  addressString: string;
}

/** `POST /calculator`, which ApiShip charges for. */
export interface QuoteRequest {
  from: QuotedPlace;
  to: QuotedPlace;
  places: ParcelSize[];
  pickupDate?: string;
  pickupTypes: number[];
  providerKeys?: string[];
  tariffIds?: number[];
  pointInId?: number;
  /** Roubles. */
  assessedCost: number;
  /** Roubles. */
  codCost: number;
  includeFees: boolean;
  /** Milliseconds for each carrier. Slower carriers are missing in the reply. */
  timeout: number;
  /** A map here. In an order it is a list. */
  extraParams: Record<string, string>;
}

/** A stored tariff, with only the points that are shown. */
interface KeptTariff extends Omit<Tariff, 'cost' | 'pickupPoints'> {
  /** Kopecks. */
  kopecks: number;
  isWithoutFees: boolean;
  pointIds: string[];
}

/** A stored reply. Each point is stored once, however many tariffs have it. */
interface KeptQuote {
  tariffs: KeptTariff[];
  points: Record<string, PickupPoint>;
  /** When it was requested, milliseconds since 1970. */
  at: number;
}

/** So long ApiShip waits for a carrier: a quote has to be there within a callback's time. Milliseconds. */
const CARRIER_TIMEOUT_MS = 3_500;
/** So long an answer without any tariff is kept: the carriers may only have been slow. Milliseconds. */
const EMPTY_MS = 300_000;
/** Maximum number of points that are requested by their numbers, if the city's name does not find them. */
const MOST_BY_ID = 100;

/**
 * Prices the tariffs on offer, each with its pick-up points. Empty if no carrier delivers. An equal request
 * gets the paid reply again, for the time in the settings.
 * @throws ProviderError `invalid` for a currency other than the rouble, `rejected` without a balance
 */
export const calculate: ApishipMethod<'calculate'> = async (api, request, context) => {
  for (const currency of [request.currency, request.declaredValue?.currency, request.cod?.currency]) checkCurrency(currency);
  const to = toQuotedPlace(request.to);
  const from = toOriginPlace(request, context);
  if (from === undefined || to === undefined) return [];
  const carriers = await listOffered(api, context);
  const question = toQuoteRequest(request, from, to, carriers, context);
  const { settings, account, now } = context;
  const day = DateTime.fromJSDate(now, { zone: account.timeZone }).toISODate();
  const parts = JSON.stringify([api.identifyAccount(context), question, carriers, settings.carriers, settings.pointsShown, day]);
  const key = `quote:${sha256Hex(parts).slice(0, 32)}`;
  const read = (): Promise<KeptQuote> =>
    context.cache.fetch(key, { ttlSeconds: settings.quoteMinutes * 60 }, () => ask(api, question, carriers, request, context));
  let kept = await read();
  if (kept.tariffs.length === 0 && now.getTime() - kept.at > EMPTY_MS) {
    await context.cache.forget(key);
    kept = await read();
  }
  return kept.tariffs.map((tariff) => toTariff(tariff, kept.points, request.to?.terminal, context));
};

/** Calls ApiShip, and chooses the points to show. */
async function ask(
  api: Apiship,
  question: QuoteRequest,
  carriers: readonly string[],
  request: CalculateRequest,
  context: ApishipContext,
): Promise<KeptQuote> {
  const city = question.to.city;
  const [reply, names, nearby] = await Promise.all([
    // No carrier delivers to an address that ApiShip does not have.
    api.unless('unknownPlace', api.quote(context, { json: question }), (): QuoteReply => ({})),
    readCarrierNames(api, context),
    Promise.all(carriers.map((carrier) => (city ? readPoints(api, carrier, city, context) : Promise.resolve([])))),
  ]);
  const known = new Map(nearby.flat().map((point) => [point.id, point]));
  const toDoor = listTariffs(reply.deliveryToDoor, 'door', request, names, context);
  const toPoint = listTariffs(reply.deliveryToPoint, 'point', request, names, context);
  await addUnknown(api, toPoint, known, context);
  const needs = { parcels: request.parcels, cod: request.cod?.minor ?? 0 };
  const points: Record<string, PickupPoint> = {};
  const handedOut = toPoint.flatMap((tariff): KeptTariff[] => {
    const fitting = tariff.pointIds.flatMap((id) => known.get(id) ?? []).filter((point) => mayHandOut(point, needs));
    const shown = findNearest(fitting, request.to, context.settings.pointsShown);
    for (const point of shown) points[point.id] = toPickupPoint(point.id, point);
    return shown.length === 0 ? [] : [{ ...tariff, pointIds: shown.map(({ id }) => id) }];
  });
  return { tariffs: [...toDoor, ...handedOut], points, at: context.now.getTime() };
}

/** Loads some of the points of a tariff where its city's name finds none. */
async function addUnknown(api: Apiship, tariffs: readonly KeptTariff[], known: Map<string, Point>, context: ApishipContext): Promise<void> {
  const strange = tariffs.filter(({ pointIds }) => !pointIds.some((id) => known.has(id)));
  const ids = [...new Set(strange.flatMap(({ pointIds }) => pointIds.slice(0, context.settings.pointsShown)))].slice(0, MOST_BY_ID);
  for (const point of await loadPointsById(api, ids, context)) known.set(point.id, point);
}

/** The question for prices. */
function toQuoteRequest(
  request: CalculateRequest,
  from: QuotedPlace,
  to: QuotedPlace,
  carriers: readonly string[],
  context: ApishipContext,
): QuoteRequest {
  const { settings } = context;
  const handovers = carriers.map((carrier) => chooseHandover(carrier, request.from, context));
  const types = handovers.length > 0 ? handovers : [chooseHandover('', request.from, context)];
  const pickupDate = keepComingDay(request.shipmentDate, context);
  return {
    from,
    to,
    places: request.parcels.map(toSize),
    ...(pickupDate && { pickupDate }),
    pickupTypes: [...new Set(types.map(({ type }) => type))].sort(),
    ...(carriers.length > 0 && { providerKeys: [...carriers] }),
    ...(settings.tariffs.length > 0 && { tariffIds: settings.tariffs }),
    ...toPointIn(request.from, types),
    assessedCost: toRoubles(request.declaredValue?.minor ?? 0),
    codCost: toRoubles(request.cod?.minor ?? 0),
    includeFees: settings.includeFees,
    timeout: CARRIER_TIMEOUT_MS,
    extraParams: toExtraParams(carriers, request, context),
  };
}

/** The order's own point. Points of the settings belong to one carrier each. */
function toPointIn(from: Address | undefined, [first]: readonly Handover[]): { pointInId?: number } {
  return from?.terminal !== undefined && first?.pointInId !== undefined ? { pointInId: first.pointInId } : {};
}

/** Contracts, the settings' points and services of every requested carrier, by `carrier.name`. */
function toExtraParams(
  carriers: readonly string[],
  { from, extraData }: CalculateRequest,
  context: ApishipContext,
): Record<string, string> {
  return Object.fromEntries(
    carriers.flatMap((carrier): [string, string][] => {
      const contract = findContract(carrier, context);
      const pointInId = from?.terminal === undefined ? chooseHandover(carrier, from, context).pointInId : undefined;
      return [
        ...(contract === undefined ? [] : [[`${carrier}.providerConnectId`, contract] as [string, string]]),
        ...(pointInId === undefined ? [] : [[`${carrier}.pointInId`, String(pointInId)] as [string, string]]),
        ...listExtraParams(carrier, extraData, context).map(({ key, value }): [string, string] => [key, value]),
      ];
    }),
  );
}

/** The tariffs of a reply that fit the way parcels are handed over, without their carriers' other tariffs. */
function listTariffs(
  quoted: readonly QuotedCarrier[] = [],
  end: End,
  request: CalculateRequest,
  names: ReadonlyMap<string, string>,
  context: ApishipContext,
): KeptTariff[] {
  const { settings } = context;
  const codes = new Set<string>();
  return quoted.flatMap(({ providerKey, tariffs = [] }) => {
    const { type } = chooseHandover(providerKey, request.from, context);
    return tariffs.flatMap((quote): KeptTariff[] => {
      const { tariffId, tariffName, pickupTypes, pointIds = [] } = quote;
      const code = formatTariffCode({ carrier: providerKey, tariffId, end });
      if (pickupTypes !== undefined && pickupTypes.length > 0 && !pickupTypes.includes(type)) return [];
      if ((settings.tariffs.length > 0 && !settings.tariffs.includes(tariffId)) || codes.has(code)) return [];
      codes.add(code);
      return [
        {
          code,
          name: nameTariff(providerKey, tariffName || String(tariffId), names),
          type: toTariffType(end),
          group: names.get(providerKey) ?? providerKey,
          ...toPrice(quote, context),
          // Calendar days if the carrier counts them, else working days.
          ...toTerms(
            quote.calendarDaysMin ?? quote.workDaysMin ?? quote.daysMin,
            quote.calendarDaysMax ?? quote.workDaysMax ?? quote.daysMax,
          ),
          pointIds: end === 'point' ? pointIds : [],
        },
      ];
    });
  });
}

/** The price in kopecks. Required fees that it lacks are added if ApiShip knows them. */
function toPrice(quote: QuotedTariff, { settings }: ApishipContext): { kopecks: number; isWithoutFees: boolean } {
  const { deliveryCost, feesIncluded, insuranceFee, cashServiceFee } = quote;
  const price = readMoney(deliveryCost, CURRENCY);
  if (!settings.includeFees || feesIncluded !== false) return { kopecks: price.minor, isWithoutFees: false };
  if (insuranceFee === undefined || cashServiceFee === undefined) return { kopecks: price.minor, isWithoutFees: true };
  const whole = addMoney(price, readMoney(insuranceFee, CURRENCY), readMoney(cashServiceFee, CURRENCY));
  return { kopecks: whole.minor, isWithoutFees: false };
}

/** A tariff for the CRM. The point that is already chosen comes first. */
function toTariff(
  { kopecks, isWithoutFees, pointIds, ...tariff }: KeptTariff,
  points: Readonly<Record<string, PickupPoint>>,
  chosen: string | undefined,
  context: ApishipContext,
): Tariff {
  const ordered = chosen !== undefined && pointIds.includes(chosen) ? [chosen, ...pointIds.filter((id) => id !== chosen)] : pointIds;
  return {
    ...tariff,
    ...(isWithoutFees && { description: say(texts.noFees, context) }),
    cost: toMoney(kopecks, CURRENCY),
    ...(tariff.type === 'selfDelivery' && { pickupPoints: ordered.flatMap((id) => points[id] ?? []) }),
  };
}

/** The origin of the parcels. Undefined when it is unknown. */
function toOriginPlace({ from, store }: CalculateRequest, context: ApishipContext): QuotedPlace | undefined {
  const given = from?.city || from?.text ? from : store?.address;
  const { countryIso, index, region, city } = findOrigin(given, context);
  return toQuotedPlace({ countryIso, ...(index && { index }), ...(region && { region }), ...(city ? { city } : { text: given?.text }) });
}

/**
 * A place by its city, so that one paid reply serves all its addresses. By the CRM's line for an address
 * without a city. Undefined without either: ApiShip needs more than a postal code.
 */
function toQuotedPlace(
  address: (Pick<Address, 'countryIso' | 'index' | 'region' | 'city'> & { text?: string | undefined }) | undefined,
): QuotedPlace | undefined {
  if (address === undefined) return undefined;
  const { countryIso = HOME, index, region, city, text } = address;
  if (!city && !text) return undefined;
  return {
    countryCode: countryIso,
    ...(index && { index }),
    ...(region && { region: cutText(region, 100) }),
    ...(city && { city: cutText(city, 100) }),
    addressString: cutText(city ? formatAddress({ index, region, city }) : (text ?? ''), MOST_CHARACTERS),
  };
}
