import type { ExistingDelivery, ExtraData, SavedDelivery, SaveRequest } from '#delivery/port';
import { computeLoad, computeQuote, pickInCurrency, readCollected } from '#delivery/prices';
import { fillIn, type Language, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import { FIELD } from './courier.manifest.js';
import type { CourierContext } from './courier.settings.js';
import { CREATED_STATUS, findStatus } from './courier.statuses.js';
import { texts } from './courier.texts.js';
import { formatAmount } from './courier.words.js';
import { CourierNetwork, isGiven } from './network/courier-network.js';
import type { NetworkRate, NetworkZone } from './network/network-parts.js';
import { buildInvalid, buildRefusal, describeUnknownStatus } from './refusals.js';
import { findComplaints, findWindowMeant, isChecked } from './save-check.js';
import { buildTrackNumber } from './track-number.js';
import type { TrackNumberSequence } from './track-number.sequence.js';

/**
 * Checks and prices an order. A new order gets a track number, which is also its id.
 * @throws ProviderError `invalid` by field, `rejected` if `existing` can no longer change
 * @throws ProviderError `unavailable` without a track number
 */
export async function saveOrder(
  trackNumbers: TrackNumberSequence,
  request: SaveRequest,
  context: CourierContext,
  existing?: ExistingDelivery,
): Promise<SavedDelivery> {
  const { language } = context.account;
  const status = existing && findStatus(existing.status);
  if (existing && !status?.isEditable) {
    throw buildRefusal('rejected', fillIn(texts.notEditable, { status: status?.name ?? describeUnknownStatus(existing.status) }), language);
  }
  const network = CourierNetwork.ofCall(context);
  const zone = findServedZone(request, network, context);
  const rate = zone.rates.find(({ tariff }) => tariff.code === request.tariff);
  if (!rate)
    throw buildInvalid(
      { 'delivery.tariff': fillIn(texts.tariffUnknown, { offered: zone.rates.map(({ tariff }) => tariff.code).join(', ') }) },
      language,
    );

  const { currency } = zone.settings;
  const payable = request.currency === undefined || request.currency === currency;
  const cod = payable ? readCollected(request.collect, currency) : undefined;
  const declaredValue = payable ? pickInCurrency(request.declaredValue, currency) : undefined;
  const load = computeLoad(request.parcels, network.basics);
  const complaints = findComplaints({ request, existing, network, zone, rate, load, cod, declaredValue }, context);
  const quote = computeQuote(rate.price, currency, { load, declaredValue, cod, fitting: isChecked(request.extraData[FIELD.fitting]) });
  if (!quote) complaints['packages'] ??= texts.amountTooLarge;
  if (!quote || Object.keys(complaints).length > 0) throw buildInvalid(complaints, language);

  const number = existing
    ? (existing.trackNumber ?? existing.externalId)
    : await takeTrackNumber(trackNumbers, network.basics.trackPrefix, language);
  return {
    externalId: existing?.externalId ?? number,
    trackNumber: number,
    cost: quote.cost,
    status: existing?.status ?? CREATED_STATUS,
    extraData: { ...buildExtraData(request, zone, rate), [FIELD.insurance]: formatAmount(quote.insurance, language) },
  };
}

/** Returns the zone of an order's address. Throws ProviderError `invalid` if it is not served. */
function findServedZone(request: SaveRequest, network: CourierNetwork, { account }: CourierContext): NetworkZone {
  const { to } = request;
  const path = 'delivery.deliveryAddress';
  if (!isGiven(to)) throw buildInvalid({ [path]: texts.addressMissing }, account.language);
  const zone = network.findZone(to, { currency: request.currency, accountCurrency: account.currency });
  if (!zone) throw buildInvalid({ [path]: texts.addressNotServed }, account.language);
  return zone;
}

async function takeTrackNumber(trackNumbers: TrackNumberSequence, prefix: string, language: Language): Promise<string> {
  try {
    return buildTrackNumber(prefix, await trackNumbers.next());
  } catch (cause) {
    throw new ProviderError('unavailable', textFor(texts.trackNumbersUnavailable, language), { cause });
  }
}

/**
 * Returns the data fields to store: the requested ones, and the window and hub that follow from the order.
 */
function buildExtraData(request: SaveRequest, zone: NetworkZone, rate: NetworkRate): ExtraData {
  const extraData: ExtraData = {};
  const note = request.extraData[FIELD.note];
  if (note !== undefined && note !== '') extraData[FIELD.note] = note;
  if (isChecked(request.extraData[FIELD.fitting])) extraData[FIELD.fitting] = true;
  const hub = request.extraData[FIELD.hub] || zone.settings.hub;
  if (hub !== undefined) extraData[FIELD.hub] = hub;
  if (rate.tariff.type === 'courier') {
    const part = request.extraData[FIELD.window] || findWindowMeant(zone.settings.windows, request.deliveryTime)?.part;
    if (part) extraData[FIELD.window] = part;
  }
  return extraData;
}
