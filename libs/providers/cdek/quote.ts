import { DateTime } from 'luxon';
import { type CalculateRequest, type Tariff, type TariffInfo, toPickupPoint, toTerms } from '#delivery/port';
import { fillIn, sha256Hex } from '#platform';
import { isRefusal, makeFieldError, type Money, readMoney, say, sayError, takeShare, toMoney } from '#provider-kit';
import type { Cdek, CdekMethod, CdekQuote } from './cdek.api.js';
import type { CdekContext, CdekTariffChoice } from './cdek.settings.js';
import { findTariffMode, getEnds, readMode, type TariffMode, toTariffName } from './cdek.tariffs.js';
import { texts } from './cdek.texts.js';
import { type CdekPackageSize, chooseCurrency, CURRENCIES, toPackageSize } from './cdek.units.js';
import { type CdekPlace, findCity, findOrigin, findTown, HOME, toPlace } from './cities.js';
import type { City } from './city.js';
import { needsCustoms } from './countries.js';
import { type CdekService, checkMoney, insure, listServices } from './money.js';
import { findFitting, findNearest, readPoints } from './points.js';

/** `POST /calculator/tarifflist` */
export interface CdekQuoteRequest {
  /** 1: the contract of an online shop, 2: only delivery. */
  type: 1 | 2;
  /** The planned handover, `yyyy-MM-ddTHH:mm:ss+hhmm`. */
  date?: string;
  /** CDEK's number of a currency. If missing, the contract's. */
  currency?: number;
  lang: 'rus' | 'eng';
  from_location: CdekPlace;
  to_location: CdekPlace;
  packages: CdekPackageSize[];
}

/** `POST /calculator/tariff`: the same for one tariff, with its services. */
interface CdekTariffRequest extends CdekQuoteRequest {
  tariff_code: number;
  services: CdekService[];
}

/** A tariff on offer with CDEK's price for it. */
interface Priced {
  quote: CdekQuote;
  /** The price with insurance and services. Missing if they were not requested. */
  total?: number;
  /** Why CDEK has no price with insurance and services. */
  refused?: string;
}

/** A tariff that CDEK offers to the account. */
export interface ContractTariff {
  code: number;
  /** CDEK's, in the account's language as far as CDEK has it. */
  name?: string;
  /** Missing for a mode that the adapter does not have. */
  mode?: TariffMode;
}

const MOSCOW = 44;
const PETERSBURG = 137;
/** Grams and centimetres: a parcel that every tariff for shops takes. */
const PARCEL = { weight: 1_000, length: 20, width: 20, height: 10 };
/** Equal requests, such as for several letters typed into one field, get the cached reply for a minute. */
const QUOTED = { ttlSeconds: 60 };

/**
 * Prices the offered tariffs, each with its pick-up points. Empty if CDEK does not deliver.
 * @throws ProviderError `invalid` for an ambiguous city or a currency that CDEK does not take there, others
 * if CDEK rejects the request or is unavailable
 */
export const calculate: CdekMethod<'calculate'> = async (api, request, context) => {
  const { settings } = context;
  const [from, city] = await Promise.all([findOrigin(api, request.from, context), findTown(api, request.to, request.extraData, context)]);
  const to = toPlace(city, request.to, request.extraData);
  if (from === undefined || to === undefined) return [];
  const country = to.country_code ?? HOME;
  if (needsCustoms(from.country_code ?? HOME, country)) return [];
  checkMoney(
    {
      currency: chooseCurrency(request, context),
      cash: request.cod?.minor ?? 0,
      declared: request.declaredValue?.minor ?? 0,
      kind: settings.contractKind,
    },
    country,
    city,
    'cod',
    context,
  );
  const choices = new Map(settings.tariffs.map((choice) => [choice.code, choice]));
  const question = toQuoteRequest(request, from, to, context);
  const services = settings.quoteServices ? toQuotedServices(request, context) : [];
  const priced = await priceTariffs(api, question, services, [...choices.keys()], context);
  const offered = priced.flatMap((price): [Priced, CdekTariffChoice, TariffMode][] => {
    const choice = choices.get(price.quote.tariff_code);
    const mode = readMode(price.quote.delivery_mode);
    return choice === undefined || mode === undefined ? [] : [[price, choice, mode]];
  });
  const points =
    to.code !== undefined && offered.some(([, , mode]) => getEnds(mode).to !== 'door') ? await readPoints(api, to.code, context) : [];
  return offered.flatMap(([price, choice, mode]): Tariff[] => {
    const tariff = toTariff(price, choice, mode, request, context);
    const end = getEnds(mode).to;
    if (end === 'door') return [tariff];
    const isLocker = end === 'locker';
    const sizes = request.parcels.map((parcel) => toPackageSize(parcel, context, { toLocker: isLocker }));
    const needs = { locker: isLocker, sizes, cod: (request.cod?.minor ?? 0) > 0 };
    const fitting = findFitting(points, needs);
    if (fitting.length === 0) return [];
    return [
      { ...tariff, pickupPoints: findNearest(fitting, request.to, settings.pointsShown).map((point) => toPickupPoint(point.code, point)) },
    ];
  });
};

/** Lists the tariffs on offer, without prices. */
export const listTariffs: CdekMethod<'listTariffs'> = async (_api, context) => {
  return context.settings.tariffs.flatMap((choice): TariffInfo[] => {
    const mode = findTariffMode(choice);
    return mode === undefined
      ? []
      : [{ code: String(choice.code), name: nameTariff(choice, undefined, context), type: toTariffType(mode) }];
  });
};

/** The question for prices, in the order's currency. */
function toQuoteRequest(request: CalculateRequest, from: CdekPlace, to: CdekPlace, context: CdekContext): CdekQuoteRequest {
  const { settings, account } = context;
  const currency = chooseCurrency(request, context);
  const number = currency === settings.currency ? undefined : CURRENCIES.get(currency);
  if (currency !== settings.currency && number === undefined) {
    throw makeFieldError('currency', fillIn(texts.noPricesIn, { currency }), texts.impossible);
  }
  const date = toHandoverDate(request.shipmentDate, context);
  return {
    type: settings.contractKind === 'shop' ? 1 : 2,
    ...(date && { date }),
    ...(number !== undefined && { currency: number }),
    lang: account.language === 'ru' ? 'rus' : 'eng',
    from_location: toQuotedPlace(from),
    to_location: toQuotedPlace(to),
    // CDEK computes the volumetric weight from these sides. Adjust prices here. An order keeps its sides.
    packages: request.parcels.map((parcel) => toPackageSize(parcel, context)),
  };
}

/**
 * The services to price besides the carriage: insurance for the declared value, in whole units, and the
 * services of the order.
 */
function toQuotedServices({ declaredValue, extraData, ...request }: CalculateRequest, context: CdekContext): CdekService[] {
  const services = listServices(extraData, context.settings.services);
  return [...insure(declaredValue?.minor ?? 0, chooseCurrency(request, context), context), ...services];
}

/** Prices of the tariffs in `codes` that CDEK offers. With services each tariff is requested separately. */
function priceTariffs(
  api: Cdek,
  question: CdekQuoteRequest,
  services: CdekService[],
  codes: readonly number[],
  context: CdekContext,
): Promise<Priced[]> {
  const key = `quote:${api.identifyContour(context)}:${sha256Hex(JSON.stringify([question, services, codes])).slice(0, 32)}`;
  return context.cache.fetch(key, QUOTED, async () => {
    const quotes = await askQuotes(api, question, context);
    const offered = codes.flatMap((code) => quotes.filter(({ tariff_code }) => tariff_code === code).slice(0, 1));
    if (services.length === 0) return offered.map((quote) => ({ quote }));
    return Promise.all(offered.map((quote) => priceWithServices(api, quote, question, services, context)));
  });
}

/** Every tariff that CDEK offers between two places, without services. Throws ProviderError. */
export async function askQuotes(api: Cdek, question: CdekQuoteRequest, context: CdekContext): Promise<CdekQuote[]> {
  const quoted = async (): Promise<CdekQuote[]> => {
    const { tariff_codes, errors = [] } = await api.quotes(context, { json: question });
    if (!tariff_codes && errors.length > 0) throw api.refuse(errors);
    return tariff_codes ?? [];
  };
  return api.unless('unknownPlace', quoted(), () => []);
}

/** One tariff's price with its services. */
async function priceWithServices(
  api: Cdek,
  quote: CdekQuote,
  question: CdekQuoteRequest,
  services: CdekService[],
  context: CdekContext,
): Promise<Priced> {
  const json: CdekTariffRequest = { ...question, tariff_code: quote.tariff_code, services };
  try {
    const { total_sum, delivery_sum, errors = [] } = await api.tariff(context, { json });
    if (errors.length > 0) throw api.refuse(errors);
    return { quote, total: total_sum ?? delivery_sum ?? quote.delivery_sum };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { quote, refused: sayError(error, context.account.language) };
  }
}

/** A price for the CRM, with the account's fee for cash on delivery, or the reason why there is no price. */
function toTariff(
  { quote, total, refused }: Priced,
  choice: CdekTariffChoice,
  mode: TariffMode,
  request: CalculateRequest,
  context: CdekContext,
): Tariff {
  const currency = chooseCurrency(request, context);
  const carriage = readMoney(total ?? quote.delivery_sum, currency);
  const cost = toMoney(carriage.minor + countCodFee(request.cod, currency, context), currency);
  return {
    code: String(quote.tariff_code),
    name: nameTariff(choice, quote.tariff_name, context),
    type: toTariffType(mode),
    ...(refused === undefined ? { cost } : { description: refused }),
    // Calendar days where CDEK counts them, else its working days.
    ...toTerms(quote.calendar_min ?? quote.period_min, quote.calendar_max ?? quote.period_max),
  };
}

/** The account's own fee for taking money, minor units. */
function countCodFee(cod: Money | undefined, currency: string, { settings }: CdekContext): number {
  return cod?.currency === currency ? takeShare(cod, settings.codFeeBasisPoints).minor : 0;
}

/** The name of a tariff by the account, CDEK or this module, in this order. */
function nameTariff({ code, name }: CdekTariffChoice, quoted: string | undefined, context: CdekContext): string {
  return name || quoted || toTariffName(code, context.account.language) || `${say(texts.title, context)} ${code}`;
}

function toTariffType(mode: TariffMode): 'courier' | 'selfDelivery' {
  return getEnds(mode).to === 'door' ? 'courier' : 'selfDelivery';
}

/** The calculator takes no region. */
function toQuotedPlace({ code, postal_code, country_code, city }: CdekPlace): CdekPlace {
  return {
    ...(code !== undefined && { code }),
    ...(postal_code && { postal_code }),
    ...(country_code && { country_code }),
    ...(city && { city }),
  };
}

/** The start of the day in the account's time zone. Undefined for a past day. */
function toHandoverDate(day: string | undefined, { account, now }: CdekContext): string | undefined {
  if (day === undefined) return undefined;
  const start = DateTime.fromISO(day, { zone: account.timeZone });
  const today = DateTime.fromJSDate(now, { zone: account.timeZone }).startOf('day');
  return start.isValid && start >= today ? start.toFormat("yyyy-MM-dd'T'HH:mm:ssZZZ") : undefined;
}

/**
 * The tariffs of the account's contract, as CDEK quotes them for a parcel of 1 kg from the city of the
 * settings: to Moscow or Saint Petersburg, abroad within the city. Empty where CDEK does not know that city.
 * Throws ProviderError.
 */
export async function listContractTariffs(api: Cdek, context: CdekContext): Promise<ContractTariff[]> {
  const from = context.settings.fromCityCode ?? MOSCOW;
  const city = await findCity(api, from, context);
  const question: CdekQuoteRequest = {
    type: context.settings.contractKind === 'shop' ? 1 : 2,
    lang: context.account.language === 'ru' ? 'rus' : 'eng',
    from_location: { code: from },
    to_location: { code: findDestination(from, city) },
    packages: [PARCEL],
  };
  const key = `tariffs:${api.identifyAccount(context)}:${sha256Hex(JSON.stringify(question)).slice(0, 16)}`;
  return context.cache.fetch(key, QUOTED, async () => {
    const quotes = await askQuotes(api, question, context);
    return quotes.map(({ tariff_code, tariff_name, delivery_mode }) => {
      const mode = readMode(delivery_mode);
      return { code: tariff_code, ...(tariff_name && { name: tariff_name }), ...(mode && { mode }) };
    });
  });
}

/** Tariffs for shops differ by country: a parcel that crosses a border would be offered fewer tariffs. */
function findDestination(from: number, city: City | undefined): number {
  if (city?.country !== undefined && city.country !== 'RU') return from;
  return from === MOSCOW ? PETERSBURG : MOSCOW;
}
