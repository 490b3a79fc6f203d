import { Injectable } from '@nestjs/common';
import type {
  CalculateRequest,
  DeliveryProvider,
  ExistingDelivery,
  ExistingShipment,
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
import { readText, toPlaceKey } from '#delivery/prices';
import { fillIn } from '#platform';
import { courierManifest, FIELD } from './courier.manifest.js';
import type { CourierContext, CourierSettings } from './courier.settings.js';
import { CANCELLED_STATUS, findStatus, isCancellable } from './courier.statuses.js';
import { printForm } from './forms/index.js';
import { CourierNetwork } from './network/courier-network.js';
import { calculate } from './quote.js';
import { buildRefusal, describeUnknownStatus } from './refusals.js';
import { saveOrder } from './save.js';
import { saveShipment } from './shipment.js';
import { TrackNumberSequence } from './track-number.sequence.js';
import { texts } from './courier.texts.js';

/** Maximum number of suggestions shown. */
const MOST_SUGGESTIONS = 20;

/**
 * A shop's own courier service. Zones, prices, points and hours are the connection's settings, and deliveries
 * are stored by the delivery integration. No outside service is called. Only track numbers come from the
 * database.
 */
@Injectable()
export class CourierProvider implements DeliveryProvider<CourierSettings> {
  readonly manifest = courierManifest;

  constructor(private readonly trackNumbers: TrackNumberSequence) {}

  async calculate(request: CalculateRequest, context: CourierContext): Promise<Tariff[]> {
    return calculate(request, context);
  }

  save(request: SaveRequest, context: CourierContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    return saveOrder(this.trackNumbers, request, context, existing);
  }

  /** Cancels a delivery. Repeats succeed. `rejected` once delivered, lost, damaged or returning. */
  cancel(delivery: ExistingDelivery, context: CourierContext): Promise<void> {
    if (delivery.status === CANCELLED_STATUS || isCancellable(delivery.status)) return Promise.resolve();
    const name = findStatus(delivery.status)?.name ?? describeUnknownStatus(delivery.status);
    return Promise.reject(buildRefusal('rejected', fillIn(texts.notCancellable, { status: name }), context.account.language));
  }

  /** Prints labels (one per package), waybills or shipment manifests as one PDF, in the given order. */
  async print(request: PrintRequest, context: CourierContext): Promise<Uint8Array> {
    const count = request.entity === 'order' ? request.deliveries.length : request.shipments.length;
    if (count === 0) throw buildRefusal('invalid', texts.nothingToPrint, context.account.language);
    const document = await printForm(request, context, CourierNetwork.ofCall(context));
    if (!document) throw buildRefusal('invalid', texts.formUnknown, context.account.language);
    return document;
  }

  /** Lists points that accept parcels from the shop. */
  listPickupPoints(query: PointQuery, context: CourierContext): Promise<PickupPoint[]> {
    return Promise.resolve(CourierNetwork.ofCall(context).listShipmentPoints(query, context.account.language));
  }

  /** Lists all tariffs, whatever the zone. */
  listTariffs(context: CourierContext): Promise<TariffInfo[]> {
    const { language } = context.account;
    return Promise.resolve(
      CourierNetwork.ofCall(context).tariffs.map(({ code, name, type, description }) => {
        const text = description && readText(description, language);
        return { code, name: readText(name, language) ?? code, type, ...(text !== undefined && { description: text }) };
      }),
    );
  }

  /** Finds sorting hubs by name, code or address for field `sortingHub`. Returns nothing for other fields. */
  autocomplete(field: string, term: string, context: CourierContext): Promise<Suggestion[]> {
    if (field !== FIELD.hub) return Promise.resolve([]);
    const wanted = toPlaceKey(term);
    const found = CourierNetwork.ofCall(context).hubs.filter(({ code, name, address }) =>
      toPlaceKey(`${name} ${code} ${address}`).includes(wanted),
    );
    return Promise.resolve(
      found.slice(0, MOST_SUGGESTIONS).map(({ code, name, address }) => ({ value: code, label: name, description: address })),
    );
  }

  async saveShipment(request: ShipmentRequest, context: CourierContext, existing?: ExistingShipment): Promise<SavedShipment> {
    return saveShipment(request, context, existing);
  }

  /** Cancels a shipment. Its deliveries stay. */
  cancelShipment(): Promise<void> {
    return Promise.resolve();
  }
}
