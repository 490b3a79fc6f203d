import type { AccountSettings } from '#provider-kit';
import type { Tariff, TariffInfo } from '../replies.js';
import type { CalculateRequest } from '../requests.js';
import { fits, type ParcelSize, sortLimits } from './parcel-size.js';
import type { PriceZone, TablePrice } from './price-table.settings.js';
import { computeQuote, pickInCurrency } from './pricing.js';
import { computeTerms, findDeparture } from './terms.js';
import { computeLoad, type Load } from './volumetric-weight.js';
import { packPlaces, ZoneFinder } from './zone-finder.js';

/** Settings that replace a carrier's price API. */
export interface PriceTable {
  zones: readonly PriceZone[];
  tariffs: readonly TariffInfo[];
  /** Cubic centimetres that count as one kilogram. */
  volumetricDivisor: number;
  /** Hour of the account's day from which orders leave the next working day. By default never. */
  cutOffHour?: number;
}

const finders = new WeakMap<readonly PriceZone[], ZoneFinder>();

function getFinder(zones: readonly PriceZone[]): ZoneFinder {
  let finder = finders.get(zones);
  if (!finder) {
    const places = packPlaces(zones);
    const parts = [...places.values()].flatMap(({ cities, regions }) => [cities, regions]);
    const heads = [...places].map(([code, { whole }]) => ({ code, whole }));
    finder = new ZoneFinder(
      heads,
      (part) => parts[part] ?? Buffer.alloc(0),
      (zone) => zones[zone]?.currency,
    );
    finders.set(zones, finder);
  }
  return finder;
}

/**
 * Prices a request by a table, for carriers without a price API. A tariff without a price in the address's
 * zone, or in the order's currency, is left out. The caller adds pickup points.
 */
export function quoteByTable(
  request: CalculateRequest,
  { zones, tariffs, volumetricDivisor, cutOffHour = 24 }: PriceTable,
  { account, now }: { account: AccountSettings; now: Date },
): Tariff[] {
  const number = request.to && getFinder(zones).find(request.to, { currency: request.currency, accountCurrency: account.currency });
  const zone = number === undefined ? undefined : zones[number];
  if (!zone || (request.currency ?? zone.currency) !== zone.currency) return [];
  const load = computeLoad(request.parcels, { volumetricDivisor });
  const cod = pickInCurrency(request.cod, zone.currency);
  const declaredValue = pickInCurrency(request.declaredValue, zone.currency);
  const departure = findDeparture(request.shipmentDate, { account, now, settings: { cutOffHour } });
  return tariffs.flatMap((tariff): Tariff[] => {
    const price = zone.prices.find((one) => one.tariff === tariff.code);
    if (!price || !isTaken(price, sortLimits(price.limits), { load, cod: cod?.minor, declaredValue: declaredValue?.minor })) return [];
    const quote = computeQuote(price, zone.currency, { load, declaredValue, cod, fitting: false });
    if (!quote) return [];
    const { minTerm, maxTerm } = computeTerms(price, departure) ?? {};
    return [{ ...tariff, cost: quote.cost, ...(minTerm !== undefined && { minTerm }), ...(maxTerm !== undefined && { maxTerm }) }];
  });
}

/** Whether a price applies to these packages and amounts (minor units of its zone). */
export function isTaken(
  { maxCod, maxDeclaredValue }: TablePrice,
  limits: ParcelSize,
  { load, cod = 0, declaredValue = 0 }: { load: Load; cod: number | undefined; declaredValue: number | undefined },
): boolean {
  return cod <= (maxCod ?? Infinity) && declaredValue <= (maxDeclaredValue ?? Infinity) && fits(load.parcels, limits);
}
