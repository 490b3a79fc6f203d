import {
  type Address,
  type AddressCheck,
  type CalculateRequest,
  type CarrierReport,
  type Decision,
  type DeliveryDay,
  type DeliveryProvider,
  type DeliveryWebhook,
  type ExistingDelivery,
  type ExistingShipment,
  type Parcel,
  type PickupPoint,
  type PointQuery,
  type PrintRequest,
  quoteByTable,
  type SavedDelivery,
  type SavedShipment,
  type SaveRequest,
  type ShipmentRequest,
  type Suggestion,
  type Tariff,
  type TariffInfo,
} from '#delivery/port';
import { type LocalText, repeatText } from '#platform';
import { ProviderError, type ProviderPress, readWebhook, type Register, signedBody, splitIntoParts, toMoney } from '#provider-kit';
import * as api from './fake-carrier.api.js';
import { manifest } from './fake-carrier.manifest.js';
import type { FakeCarrierContext, FakeCarrierSettings } from './fake-carrier.settings.js';
import { STATUSES } from './fake-carrier.statuses.js';
import { texts } from './fake-carrier.texts.js';

/** The maximum number of orders whose events the carrier lists in one reply. */
const MOST_IDS = 50;

/** The fake carrier as a delivery provider, with every method of the port. */
export class FakeCarrierProvider implements DeliveryProvider<FakeCarrierSettings> {
  readonly manifest = manifest;
  /** Signed over time and body. */
  readonly webhook: DeliveryWebhook<FakeCarrierSettings> = {
    verify: signedBody<FakeCarrierContext>({
      header: 'x-carrier-signature',
      keys: ({ settings }) => [settings.webhookSecret],
      timeHeader: 'x-carrier-timestamp',
    }),
    parse: (request) => readWebhook(request, api.events).events.map((event) => ({ id: event.id, reports: [toReport(event)] })),
  };

  async calculate(request: CalculateRequest, context: FakeCarrierContext): Promise<Tariff[]> {
    if (context.settings.zones.length > 0) return this.calculateByTable(request, context);
    const json = { ...toPlaces(request), currency: request.currency, fragile: toFlag(request.extraData['fragile']) };
    const { quotes } = await api.readQuotes(context, { json });
    return quotes.map(({ service, name, kind, price, currency, days, points }) => ({
      ...toTariff({ code: service, name, kind }),
      ...{ cost: toMoney(price, currency), minTerm: days.min, maxTerm: days.max },
      ...(points && { pickupPoints: points.map(toPoint) }),
    }));
  }

  /** Prices by the table in the settings. */
  private async calculateByTable(request: CalculateRequest, context: FakeCarrierContext): Promise<Tariff[]> {
    const table = { zones: context.settings.zones, tariffs: await this.listTariffs(context), volumetricDivisor: 5_000 };
    const tariffs = quoteByTable(request, table, context);
    const { countryIso, city } = request.to ?? {};
    const points = await this.listPickupPoints({ ...(countryIso && { countryIso }), ...(city && { city }) }, context);
    return tariffs.flatMap((tariff) =>
      tariff.type === 'courier' ? [tariff] : points.length > 0 ? [{ ...tariff, pickupPoints: points }] : [],
    );
  }

  async listTariffs(context: FakeCarrierContext): Promise<TariffInfo[]> {
    return (await api.readServices(context)).services.map(toTariff);
  }

  async listPickupPoints({ countryIso, city }: PointQuery, context: FakeCarrierContext): Promise<PickupPoint[]> {
    const query = { country: countryIso || undefined, city: city || undefined };
    return (await api.readPoints(context, { query })).points.map(toPoint);
  }

  async autocomplete(field: string, term: string, context: FakeCarrierContext): Promise<Suggestion[]> {
    if (field !== 'dock') return [];
    return (await api.readDocks(context, { query: { term } })).docks.map(({ code, name }) => ({ value: code, label: name }));
  }

  async checkAddress(address: Address, context: FakeCarrierContext): Promise<AddressCheck> {
    const { deliverable, city, reason } = await api.checkAddress(context, { json: toPlace(address) });
    if (!deliverable) return { result: 'rejected', reasons: [reason ? repeatText(reason) : texts.undeliverable] };
    return city === undefined
      ? { result: 'accepted' }
      : { result: 'corrected', address: [address.index, city, address.street].filter(Boolean).join(', ') };
  }

  async save(request: SaveRequest, context: FakeCarrierContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    // An order keeps the reference that it was created with.
    const reference = existing?.reference ?? request.reference;
    const json = toOrder({ ...request, reference }, context);
    if (existing) return toSaved(await api.changeOrder(context, { id: existing.externalId, json }));
    return api.adopt(api.createOrder(context, { json }).then(toSaved), async () => {
      const found = await this.find(reference, context);
      // The wish may have changed since the earlier call.
      return found && STATUSES.has(found.status, 'isEditable')
        ? toSaved(await api.changeOrder(context, { id: found.externalId, json }))
        : found;
    });
  }

  async find(reference: string, context: FakeCarrierContext): Promise<SavedDelivery | undefined> {
    const found = pick((await api.findOrders(context, { query: { reference } })).orders);
    return found && toSaved(found);
  }

  async get({ externalId: id }: ExistingDelivery, context: FakeCarrierContext): Promise<SavedDelivery> {
    return toSaved(await api.readOrder(context, { id }));
  }

  async cancel({ externalId: id }: ExistingDelivery, context: FakeCarrierContext): Promise<void> {
    await api.cancelOrder(context, { id });
  }

  async decide({ externalId: id }: ExistingDelivery, decision: Decision, context: FakeCarrierContext): Promise<void> {
    await api.decideOrder(context, { id, json: toDecision(decision) });
  }

  async press({ key }: ProviderPress, { externalId: id }: ExistingDelivery, context: FakeCarrierContext): Promise<LocalText> {
    await api.ringRecipient(context, { id, json: { key } });
    return texts.ring.done;
  }

  async listDeliveryDays({ externalId: id }: ExistingDelivery, context: FakeCarrierContext): Promise<DeliveryDay[]> {
    return (await api.readFreeDays(context, { id })).days.map(({ date, hours }) => ({ date, times: hours }));
  }

  async print(request: PrintRequest, context: FakeCarrierContext): Promise<Uint8Array> {
    const { entity, form } = request;
    const known = manifest.forms.find((one) => one.entity === entity && one.code === form);
    if (!known) throw new ProviderError('invalid', `Fake Carrier has no form ${form}`);
    const printed = entity === 'order' ? request.deliveries : request.shipments;
    const json = { form, ids: printed.map(({ externalId }) => externalId) };
    return known.format === 'zpl' ? api.printCommands(context, { json }) : api.printDocument(context, { json });
  }

  async saveShipment(request: ShipmentRequest, context: FakeCarrierContext, existing?: ExistingShipment): Promise<SavedShipment> {
    const reference = existing?.request.reference ?? request.reference;
    const json = toShipment({ ...request, reference });
    if (existing) return toSavedShipment(await api.changeShipment(context, { id: existing.externalId, json }));
    return api.adopt(api.createShipment(context, { json }).then(toSavedShipment), () => this.findShipment(reference, context));
  }

  async findShipment(reference: string, context: FakeCarrierContext): Promise<SavedShipment | undefined> {
    const found = pick((await api.findShipments(context, { query: { reference } })).shipments);
    return found && toSavedShipment(found);
  }

  async cancelShipment({ externalId: id }: ExistingShipment, context: FakeCarrierContext): Promise<void> {
    await api.cancelShipment(context, { id });
  }

  async track(deliveries: ExistingDelivery[], context: FakeCarrierContext): Promise<CarrierReport[]> {
    const reports: CarrierReport[] = [];
    for (const part of splitIntoParts(deliveries, MOST_IDS)) {
      const query = { orders: part.map(({ externalId }) => externalId).join(',') };
      const { events, orders = [] } = await api.readEvents(context, { query });
      reports.push(...events.map((event) => ({ ...toReport(event), ...toDetails(orders.find(({ id }) => id === event.order)) })));
    }
    return reports;
  }

  async listRegisters(day: string, context: FakeCarrierContext): Promise<Register[]> {
    return (await api.readPayouts(context, { query: { day } })).payouts.map(toRegister);
  }
}

/** Picks from rows with one reference: a row that is not cancelled, otherwise the oldest. */
function pick<Found extends { state: string }>(found: readonly Found[]): Found | undefined {
  return found.find(({ state }) => state !== 'cancelled') ?? found[0];
}

function toOrder(request: SaveRequest, context: FakeCarrierContext): object {
  const { reference, tariff: service, recipient, extraData, collect, declaredValue } = request;
  const { senderName: name, senderPhone: phone } = context.settings;
  const currency = request.currency ?? context.account.currency;
  if (currency === undefined) throw new ProviderError('invalid', 'The order has no currency', { fields: { currency: 'is required' } });
  return {
    ...{ reference, service, currency, ...toPlaces(request) },
    recipient: { name: recipient.name, phone: recipient.phone, email: recipient.email, document: recipient.document },
    ...((name || phone) && { sender: { name, phone } }),
    ...{ collect: collect?.total, insured: declaredValue?.minor, fragile: toFlag(extraData['fragile']) },
    ...{ comment: toText(extraData['comment']), notifyUrl: context.webhookUrl },
  };
}

function toShipment({ reference, deliveries, date, time, address, manager, comment, extraData }: ShipmentRequest): object {
  return {
    ...{ reference, date, comment, orders: deliveries.map(({ externalId }) => externalId) },
    window: time && { from: time.from, to: time.to },
    address: address && toPlace(address),
    contact: { name: manager.name, phone: manager.phone },
    loaders: typeof extraData['loaders'] === 'number' ? extraData['loaders'] : undefined,
    dock: toText(extraData['dock']) || undefined,
  };
}

function toPlaces({ from, to = {}, parcels }: { from?: Address; to?: Address; parcels: readonly Parcel[] }): object {
  return { from: from && toPlace(from), to: toPlace(to), parcels: parcels.map(toParcel) };
}

/** The street with house and flat is one line. */
function toPlace({ countryIso, region, city, index, terminal, notes, ...address }: Address): object {
  const street = [address.street, address.building, address.housing, address.house, address.flat].filter(Boolean).join(', ');
  return { country: countryIso, region, city, postcode: index, street: street || address.text, point: terminal, notes };
}

/** Whole grams and millimetres, rounded up. */
function toParcel({ weight, length, width, height, items }: Parcel): object {
  const isMeasured = length !== undefined && width !== undefined && height !== undefined;
  const contents = items.flatMap(({ name = [] }) => name).join(', ');
  return {
    grams: Math.max(1, Math.ceil(weight)),
    ...(isMeasured && { size: [length, width, height].map(Math.ceil) }),
    contents: contents.slice(0, 100) || undefined,
  };
}

function toDecision(decision: Decision): object {
  if (decision.kind === 'return') return { kind: 'return' };
  if (decision.kind === 'clientReturn') return { kind: 'client_return' };
  if (decision.kind === 'keep') return { kind: 'keep', date: decision.until };
  const { kind, date, time, to } = decision;
  return { ...{ kind, date }, from: time?.from, to: time?.to, place: to && toPlace(to) };
}

function toFlag(value: unknown): true | undefined {
  return value === true || undefined;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toTariff({ code, name, kind }: { code: string; name: string; kind: 'door' | 'point' }): TariffInfo {
  return { code, name, type: kind === 'door' ? 'courier' : 'selfDelivery' };
}

function toPoint({ code, name, address, hours: schedule, phone, lat, lon }: api.WirePoint): PickupPoint {
  return { code, name, address, schedule, phone, coordinates: { latitude: lat, longitude: lon } };
}

function toSaved(order: api.WireOrder): SavedDelivery {
  const { id: externalId, state, price, currency, trackNumber, trackUrl, expectedOn: deliveryDate, warnings } = order;
  const told = { status: STATUSES.read(state), warnings: warnings?.map(repeatText) };
  return { ...toDetails(order), externalId, trackNumber, trackUrl, cost: toMoney(price, currency), deliveryDate, ...told };
}

const RETURN_KINDS = { undelivered: 'return', by_buyer: 'clientReturn', exchange: 'reverse' } as const;

/** Money and parcels of an order. */
function toDetails({ collected, handedOver: delivered, labels: parcels, returns }: Partial<api.WireOrder> = {}): Partial<SavedDelivery> {
  return {
    ...(collected && {
      collected: { currency: collected.currency, total: collected.amount, by: collected.by, at: new Date(collected.at) },
    }),
    ...(delivered && { delivered }),
    ...(parcels && { parcels }),
    ...(returns && {
      related: returns.map(({ id: externalId, trackNumber, kind, state, at }) => ({
        ...{ externalId, trackNumber, kind: RETURN_KINDS[kind], at: new Date(at) },
        state: state === 'at_sender' ? ('back' as const) : state,
      })),
    }),
  };
}

function toRegister({ id, day: date, currency, total, paymentOrder: document, rows }: api.WirePayout): Register {
  return {
    ...{ id, kind: 'payout', date, currency, total, document },
    rows: rows.map(({ order: externalId, reference, trackNumber, collected: gross, commission, delivery, paid: net }, at) => ({
      ...{ line: at + 1, externalId, reference, trackNumber, kind: 'sale' as const, gross, net },
      fees: [
        { code: 'commission', minor: commission },
        { code: 'delivery', minor: delivery },
      ],
    })),
  };
}

function toSavedShipment({ id: externalId }: { id: string }): SavedShipment {
  return { externalId };
}

function toReport({ order: externalId, state: code, at, comment, trackNumber, price, currency }: api.WireEvent): CarrierReport {
  const cost = price === undefined || currency === undefined ? undefined : toMoney(price, currency);
  if (code === undefined) return { externalId, updatedAt: new Date(at), cost };
  return STATUSES.report({ externalId, code, at, comment, trackNumber });
}
