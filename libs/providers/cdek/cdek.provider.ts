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
  CarrierReport,
  Suggestion,
  Tariff,
  TariffInfo,
} from '#delivery/port';
import type { CheckReport, ConnectReport, ConnectRequest, LookupItem } from '#provider-kit';
import { type Cdek, declareCdek } from './cdek.api.js';
import { cdekManifest } from './cdek.manifest.js';
import type { CdekContext, CdekSettings } from './cdek.settings.js';
import { check } from './check.js';
import { suggestCities } from './cities.js';
import { connect, disconnect } from './connect.js';
import { print } from './documents.js';
import { cancelIntake, findIntake, saveIntake } from './intake.js';
import { lookUp } from './lookups.js';
import { cancelOrder } from './order-cancel.js';
import { saveOrder } from './order-save.js';
import { findOrder, getOrder } from './order.js';
import { listPickupPoints } from './points.js';
import { calculate, listTariffs } from './quote.js';
import { refresh } from './refresh.js';
import { CdekWebhook, trackOrders } from './tracking.js';

/**
 * CDEK's delivery provider: one function for each port method. Tokens and directories are in the context's
 * cache.
 */
export class CdekProvider implements DeliveryProvider<CdekSettings> {
  readonly manifest = cdekManifest;
  readonly webhook = new CdekWebhook();
  private readonly api: Cdek;

  /** `baseUrl` replaces both of CDEK's contours: a double's address. */
  constructor(baseUrl?: string) {
    this.api = declareCdek(baseUrl);
  }

  check(_settings: CdekSettings, context: CdekContext): Promise<CheckReport> {
    return check(this.api, context);
  }

  connect(request: ConnectRequest, context: CdekContext): Promise<ConnectReport> {
    return connect(this.api, request, context);
  }

  disconnect(context: CdekContext): Promise<void> {
    return disconnect(this.api, context);
  }

  lookUp(name: string, term: string, context: CdekContext): Promise<LookupItem[]> {
    return lookUp(this.api, name, term, context);
  }

  calculate(request: CalculateRequest, context: CdekContext): Promise<Tariff[]> {
    return calculate(this.api, request, context);
  }

  listTariffs(context: CdekContext): Promise<TariffInfo[]> {
    return listTariffs(context);
  }

  listPickupPoints(query: PointQuery, context: CdekContext): Promise<PickupPoint[]> {
    return listPickupPoints(this.api, query, context);
  }

  autocomplete(field: string, term: string, context: CdekContext): Promise<Suggestion[]> {
    return suggestCities(this.api, field, term, context);
  }

  save(request: SaveRequest, context: CdekContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    return saveOrder(this.api, request, context, existing);
  }

  find(reference: string, context: CdekContext): Promise<SavedDelivery | undefined> {
    return findOrder(this.api, reference, context);
  }

  get(delivery: ExistingDelivery, context: CdekContext): Promise<SavedDelivery> {
    return getOrder(this.api, delivery, context);
  }

  cancel(delivery: ExistingDelivery, context: CdekContext): Promise<void> {
    return cancelOrder(this.api, delivery, context);
  }

  print(request: PrintRequest, context: CdekContext): Promise<Uint8Array> {
    return print(this.api, request, context);
  }

  saveShipment(request: ShipmentRequest, context: CdekContext, existing?: ExistingShipment): Promise<SavedShipment> {
    return saveIntake(this.api, request, context, existing);
  }

  findShipment(reference: string, context: CdekContext, request?: ShipmentRequest): Promise<SavedShipment | undefined> {
    return findIntake(this.api, reference, context, request);
  }

  cancelShipment(shipment: ExistingShipment, context: CdekContext): Promise<void> {
    return cancelIntake(this.api, shipment, context);
  }

  track(deliveries: ExistingDelivery[], context: CdekContext): Promise<CarrierReport[]> {
    return trackOrders(this.api, deliveries, context);
  }

  refresh(context: CdekContext): Promise<void> {
    return refresh(this.api, context);
  }
}
