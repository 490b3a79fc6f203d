import { Injectable } from '@nestjs/common';
import type {
  Address,
  CalculateRequest,
  DeliveryProvider,
  ExistingDelivery,
  ExistingShipment,
  ExtraData,
  PickupPoint,
  PointQuery,
  PrintRequest,
  SavedDelivery,
  SavedShipment,
  SaveRequest,
  ShipmentRequest,
  Suggestion,
  Tariff,
  TariffInfo,
} from '#delivery/port';
import type { Language, LocalText } from '#platform';
import { ProviderError, type ProviderContext, type ProviderErrorKind } from '#provider-kit';
import { courierManifest, FIELD, LONGEST_NOTE, SHIPMENT_FIELD, VEHICLES } from './courier.manifest.js';
import type { CourierSettings } from './courier.settings.js';
import { CANCELLED_STATUS, findStatus, CREATED_STATUS, isCancellable } from './courier.statuses.js';
import { formatAmountWithCode, texts } from './courier.texts.js';
import { printForm } from './forms/index.js';
import { CourierNetwork, type NetworkPoint, type NetworkRate, type NetworkZone } from './network/courier-network.js';
import { fits, type Load, computeLoad } from './network/parcel-size.js';
import { toPlaceKey } from './network/place-names.js';
import { readCollected, pickInCurrency, computeQuote } from './pricing.js';
import { type Complaints, findComplaints, isChecked, findWindowMeant } from './save-check.js';
import { findDeparture, computeTerms } from './terms.js';
import { buildTrackNumber } from './track-number.js';
import { TrackNumberSequence } from './track-number.sequence.js';

type Context = ProviderContext<CourierSettings>;

const COURIER_FIELDS: readonly string[] = [FIELD.note, FIELD.window, FIELD.fitting, FIELD.hub, FIELD.insurance];
const PICKUP_FIELDS: readonly string[] = [FIELD.note, FIELD.fitting, FIELD.hub, FIELD.insurance];
/** Suggestions shown at once. */
const MOST_SUGGESTIONS = 20;

/**
 * A shop's own courier service: zones, prices, points and hours are the connection's settings, deliveries are kept by the delivery integration.
 * Nothing outside is called; the one thing taken is a track number.
 */
@Injectable()
export class CourierProvider implements DeliveryProvider<CourierSettings> {
  readonly manifest = courierManifest;

  constructor(private readonly trackNumbers: TrackNumberSequence) {}

  /**
   * Prices of the tariffs that can take the packages at the address; empty when it is not served. Without a delivery address the zone of the
   * shipment address is priced. A tariff in another currency than the order's is shown without a price.
   */
  async calculate(request: CalculateRequest, context: Context): Promise<Tariff[]> {
    const network = CourierNetwork.of(context.settings);
    const address = isGiven(request.to) ? request.to : request.from;
    const zone = address && network.findZone(address, { currency: request.currency, accountCurrency: context.account.currency });
    if (!zone) return [];
    const { currency } = zone.settings;
    const payable = request.currency === undefined || request.currency === currency;
    const load = computeLoad(request.parcels, context.settings.volumetricDivisor);
    // Amounts of another currency are compared with nothing: the tariff cannot be chosen anyway.
    const cod = payable ? pickInCurrency(request.cod, currency) : undefined;
    const declaredValue = payable ? pickInCurrency(request.declaredValue, currency) : undefined;
    const fitting = isChecked(request.extraData[FIELD.fitting]);
    const departure = findDeparture(request.shipmentDate, context);
    const { language } = context.account;
    const tariffs: Tariff[] = [];
    for (const rate of zone.rates) {
      if (!isTaken(rate, load, cod?.minor ?? 0, declaredValue?.minor ?? 0)) continue;
      let points: readonly NetworkPoint[] | undefined;
      if (rate.tariff.type === 'selfDelivery') {
        points = filterPointsTaking(network.pointsFor(zone, address), load, (request.cod?.minor ?? 0) > 0);
        if (points.length === 0) continue;
      }
      const quote = computeQuote(rate.price, currency, { load, declaredValue, cod, fitting });
      if (!quote) continue;
      const tariff: Tariff = {
        code: rate.tariff.code,
        name: rate.tariff.name[language],
        type: rate.tariff.type,
        extraDataAvailable: (points ? PICKUP_FIELDS : COURIER_FIELDS) as string[],
      };
      let description = rate.descriptions[language];
      if (payable) {
        tariff.cost = quote.cost;
        if (quote.insurance.minor > 0) tariff.extraData = { [FIELD.insurance]: formatAmountWithCode(quote.insurance) };
      } else {
        const reason = texts.otherCurrency(currency, request.currency ?? '')[language];
        description = description === undefined ? reason : `${description} ${reason}`;
      }
      if (description !== undefined) tariff.description = description;
      const terms = computeTerms(rate.price, departure);
      if (terms) {
        tariff.minTerm = terms.minTerm;
        tariff.maxTerm = terms.maxTerm;
      }
      if (points) tariff.pickupPoints = points.map((point) => point.replies[language]);
      tariffs.push(tariff);
    }
    return tariffs;
  }

  /**
   * Checks an order and prices it; a new one gets a track number, which is also its id here. Throws `invalid` with the fields that cannot be taken,
   * `rejected` when `existing` can no longer be changed, `unavailable` when no track number can be had.
   */
  async save(request: SaveRequest, context: Context, existing?: ExistingDelivery): Promise<SavedDelivery> {
    const { language } = context.account;
    const { settings } = context;
    const status = existing && findStatus(existing.status);
    if (existing && !status?.isEditable) {
      throw buildRefusal('rejected', texts.notEditable(status?.name ?? describeUnknownStatus(existing.status)), language);
    }
    const network = CourierNetwork.of(settings);
    const zone = this.zoneToServe(request, network, context);
    const rate = zone.rates.find(({ tariff }) => tariff.code === request.tariff);
    if (!rate) throw buildInvalid({ 'delivery.tariff': texts.tariffUnknown(zone.rates.map(({ tariff }) => tariff.code)) }, language);

    const { currency } = zone.settings;
    const payable = request.currency === undefined || request.currency === currency;
    const cod = payable ? readCollected(request.collect, currency) : undefined;
    const declaredValue = payable ? pickInCurrency(request.declaredValue, currency) : undefined;
    const load = computeLoad(request.parcels, settings.volumetricDivisor);
    const complaints = findComplaints({ request, existing, network, zone, rate, load, cod, declaredValue }, context);
    const quote = computeQuote(rate.price, currency, { load, declaredValue, cod, fitting: isChecked(request.extraData[FIELD.fitting]) });
    if (!quote) complaints['packages'] ??= texts.amountTooLarge;
    if (!quote || Object.keys(complaints).length > 0) throw buildInvalid(complaints, language);

    const number = existing ? (existing.trackNumber ?? existing.externalId) : await this.newTrackNumber(settings.trackPrefix, language);
    return {
      externalId: existing?.externalId ?? number,
      trackNumber: number,
      cost: quote.cost,
      status: existing?.status ?? CREATED_STATUS,
      extraData: { ...buildExtraData(request, zone, rate), [FIELD.insurance]: formatAmountWithCode(quote.insurance) },
    };
  }

  /** Withdraws a delivery; again is a success. `rejected` once it is delivered, lost, damaged or on its way back. */
  cancel(delivery: ExistingDelivery, context: Context): Promise<void> {
    if (delivery.status === CANCELLED_STATUS || isCancellable(delivery.status)) return Promise.resolve();
    const name = findStatus(delivery.status)?.name ?? describeUnknownStatus(delivery.status);
    return Promise.reject(buildRefusal('rejected', texts.notCancellable(name), context.account.language));
  }

  /** Labels (a page for each package) or waybills of deliveries, manifests of shipments, as one PDF in the order asked. */
  async print(request: PrintRequest, context: Context): Promise<Uint8Array> {
    const count = request.entity === 'order' ? request.deliveries.length : request.shipments.length;
    if (count === 0) throw buildRefusal('invalid', texts.nothingToPrint, context.account.language);
    const document = await printForm(request, context, CourierNetwork.of(context.settings));
    if (!document) throw buildRefusal('invalid', texts.formUnknown, context.account.language);
    return document;
  }

  /** Points that take parcels in from the shop. */
  listPickupPoints(query: PointQuery, context: Context): Promise<PickupPoint[]> {
    return Promise.resolve(CourierNetwork.of(context.settings).shipmentPoints(query, context.account.language));
  }

  /** All tariffs, whatever the zone. */
  listTariffs(context: Context): Promise<TariffInfo[]> {
    const { language } = context.account;
    return Promise.resolve(
      context.settings.tariffs.map(({ code, name, type, description }) => ({
        code,
        name: name[language],
        type,
        ...(description && { description: description[language] }),
      })),
    );
  }

  /** Sorting hubs whose name, code or address contains the term, for the field `sortingHub`; nothing for other fields. */
  autocomplete(field: string, term: string, context: Context): Promise<Suggestion[]> {
    if (field !== FIELD.hub) return Promise.resolve([]);
    const wanted = toPlaceKey(term);
    const found = context.settings.hubs.filter(({ code, name, address }) => toPlaceKey(`${name} ${code} ${address}`).includes(wanted));
    return Promise.resolve(
      found.slice(0, MOST_SUGGESTIONS).map(({ code, name, address }) => ({ value: code, label: name, description: address })),
    );
  }

  /** Takes deliveries for a handover or a courier's visit. Its id is our reference. */
  saveShipment(request: ShipmentRequest, context: Context, existing?: ExistingShipment): Promise<SavedShipment> {
    const complaints: Complaints = {};
    if (request.deliveries.length === 0) complaints['orders'] = texts.shipmentEmpty;
    request.deliveries.forEach((delivery, index) => {
      const status = findStatus(delivery.status);
      if (!status || status.isFinal)
        complaints[`orders[${index}].deliveryId`] = texts.shipmentOfFinished(status?.name ?? describeUnknownStatus(delivery.status));
    });
    const { from, to } = request.time ?? {};
    if (from !== undefined && to !== undefined && from > to) complaints['time'] = texts.timeReversed;
    const terminal = request.address?.terminal;
    if (terminal && !CourierNetwork.of(context.settings).findPoint(terminal)?.settings.takesShipments) {
      complaints['address.terminal'] = texts.shipmentPointUnknown;
    }
    const vehicle = request.extraData[SHIPMENT_FIELD.vehicle];
    if (vehicle !== undefined && vehicle !== '' && !VEHICLES.some(({ code }) => code === vehicle)) {
      complaints[`extraData.${SHIPMENT_FIELD.vehicle}`] = texts.choiceUnknown;
    }
    const gate = request.extraData[SHIPMENT_FIELD.gate];
    if (typeof gate === 'string' && gate.length > LONGEST_NOTE)
      complaints[`extraData.${SHIPMENT_FIELD.gate}`] = texts.tooLong(LONGEST_NOTE);
    if (Object.keys(complaints).length > 0) return Promise.reject(buildInvalid(complaints, context.account.language));

    const extraData: ExtraData = {};
    if (vehicle !== undefined && vehicle !== '') extraData[SHIPMENT_FIELD.vehicle] = vehicle;
    if (gate !== undefined && gate !== '') extraData[SHIPMENT_FIELD.gate] = gate;
    extraData[SHIPMENT_FIELD.packages] = request.deliveries.reduce((count, { request: order }) => count + order.parcels.length, 0);
    return Promise.resolve({ externalId: existing?.externalId ?? request.reference, extraData });
  }

  /** Gives a shipment up; its deliveries stay. */
  cancelShipment(): Promise<void> {
    return Promise.resolve();
  }

  private zoneToServe(request: SaveRequest, network: CourierNetwork, { account }: Context): NetworkZone {
    const { to } = request;
    const path = 'delivery.deliveryAddress';
    if (!isGiven(to)) throw buildInvalid({ [path]: texts.addressMissing }, account.language);
    const zone = network.findZone(to, { currency: request.currency, accountCurrency: account.currency });
    if (!zone) throw buildInvalid({ [path]: texts.addressNotServed }, account.language);
    return zone;
  }

  private async newTrackNumber(prefix: string, language: Language): Promise<string> {
    try {
      return buildTrackNumber(prefix, await this.trackNumbers.next());
    } catch (cause) {
      throw new ProviderError('unavailable', texts.trackNumbersUnavailable[language], { cause });
    }
  }
}

/** Whether an address says anything at all: an empty one arrives as an object too. */
function isGiven(address: Address | undefined): address is Address {
  if (!address) return false;
  for (const part of Object.values(address)) if (part !== undefined && part !== '') return true;
  return false;
}

/** Whether a tariff takes the packages and the amounts (minor units). */
function isTaken({ price, limits }: NetworkRate, load: Load, cod: number, declaredValue: number): boolean {
  if (cod > (price.maxCod ?? Infinity) || declaredValue > (price.maxDeclaredValue ?? Infinity)) return false;
  return fits(load, limits);
}

function filterPointsTaking(points: readonly NetworkPoint[], load: Load, cod: boolean): readonly NetworkPoint[] {
  return points.filter((point) => (!cod || point.settings.cod) && fits(load, point.limits));
}

/** The data fields as they are kept: what was asked for, and the window and hub that follow from the order. */
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

function buildInvalid(complaints: Complaints, language: Language): ProviderError {
  const fields = Object.fromEntries(Object.entries(complaints).map(([path, text]) => [path, text[language]]));
  const reasons = [...new Set(Object.values(fields))].slice(0, 3).join(' ');
  return new ProviderError('invalid', `${texts.notSaved[language]}. ${reasons}`, { fields });
}

function buildRefusal(kind: ProviderErrorKind, text: LocalText, language: Language): ProviderError {
  return new ProviderError(kind, text[language]);
}

function describeUnknownStatus(code: string): LocalText {
  return { en: code, es: code, ru: code };
}
