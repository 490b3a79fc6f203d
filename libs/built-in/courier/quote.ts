import type { CalculateRequest, Tariff } from '#delivery/port';
import {
  computeLoad,
  computeQuote,
  computeTerms,
  findDeparture,
  fits,
  isTaken,
  type Load,
  pickInCurrency,
  readText,
} from '#delivery/prices';
import { fillIn, textFor } from '#platform';
import { FIELD } from './courier.manifest.js';
import type { CourierContext } from './courier.settings.js';
import { formatAmount } from './courier.words.js';
import { CourierNetwork, isGiven } from './network/courier-network.js';
import type { NetworkPoint } from './network/network-parts.js';
import { isChecked } from './save-check.js';
import { texts } from './courier.texts.js';

const COURIER_FIELDS: readonly string[] = [FIELD.note, FIELD.window, FIELD.fitting, FIELD.hub, FIELD.insurance];
const PICKUP_FIELDS: readonly string[] = [FIELD.note, FIELD.fitting, FIELD.hub, FIELD.insurance];

/**
 * Prices the tariffs that accept these packages. Empty if the address is not served. Without a delivery
 * address, prices the shipment address's zone. Tariffs in another currency than the order's have no price.
 */
export function calculate(request: CalculateRequest, context: CourierContext): Tariff[] {
  const network = CourierNetwork.ofCall(context);
  const address = isGiven(request.to) ? request.to : request.from;
  const zone = address && network.findZone(address, { currency: request.currency, accountCurrency: context.account.currency });
  if (!zone) return [];
  const { currency } = zone.settings;
  const payable = request.currency === undefined || request.currency === currency;
  const load = computeLoad(request.parcels, network.basics);
  // Amounts in another currency are not compared, because the tariff cannot be chosen anyway.
  const cod = payable ? pickInCurrency(request.cod, currency) : undefined;
  const declaredValue = payable ? pickInCurrency(request.declaredValue, currency) : undefined;
  const fitting = isChecked(request.extraData[FIELD.fitting]);
  const departure = findDeparture(request.shipmentDate, { account: context.account, now: context.now, settings: network.basics });
  const { language } = context.account;
  const tariffs: Tariff[] = [];
  for (const rate of zone.rates) {
    if (!isTaken(rate.price, rate.limits, { load, cod: cod?.minor, declaredValue: declaredValue?.minor })) continue;
    let points: readonly NetworkPoint[] | undefined;
    if (rate.tariff.type === 'selfDelivery') {
      points = filterPointsTaking(network.listPointsNear(zone, address), load, (request.cod?.minor ?? 0) > 0);
      if (points.length === 0) continue;
    }
    const quote = computeQuote(rate.price, currency, { load, declaredValue, cod, fitting });
    if (!quote) continue;
    const tariff: Tariff = {
      code: rate.tariff.code,
      name: readText(rate.tariff.name, language) ?? rate.tariff.code,
      type: rate.tariff.type,
      extraDataAvailable: (points ? PICKUP_FIELDS : COURIER_FIELDS) as string[],
    };
    let description = rate.describe(language);
    if (payable) {
      tariff.cost = quote.cost;
      if (quote.insurance.minor > 0) tariff.extraData = { [FIELD.insurance]: formatAmount(quote.insurance, language) };
    } else {
      const reason = textFor(fillIn(texts.otherCurrency, { zone: currency, order: request.currency ?? '' }), language);
      description = description === undefined ? reason : `${description} ${reason}`;
    }
    if (description !== undefined) tariff.description = description;
    const terms = computeTerms(rate.price, departure);
    if (terms) {
      tariff.minTerm = terms.minTerm;
      tariff.maxTerm = terms.maxTerm;
    }
    if (points) tariff.pickupPoints = points.map((point) => point.describe(language));
    tariffs.push(tariff);
  }
  return tariffs;
}

function filterPointsTaking(points: readonly NetworkPoint[], load: Load, cod: boolean): readonly NetworkPoint[] {
  return points.filter((point) => (!cod || point.settings.cod) && fits(load.parcels, point.limits));
}
