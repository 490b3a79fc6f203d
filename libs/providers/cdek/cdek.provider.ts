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
import { CdekClient } from './cdek.client.js';
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
  private readonly client: CdekClient;

  /** `baseUrl` replaces both of CDEK's contours: a double's address. */
  constructor(baseUrl?: string) {
    this.client = new CdekClient(baseUrl);
  }

  check(_settings: CdekSettings, context: CdekContext): Promise<CheckReport> {
    return check(this.client, context);
  }

  connect(request: ConnectRequest, context: CdekContext): Promise<ConnectReport> {
    return connect(this.client, request, context);
  }

  disconnect(context: CdekContext): Promise<void> {
    return disconnect(this.client, context);
  }

  lookUp(name: string, term: string, context: CdekContext): Promise<LookupItem[]> {
    return lookUp(this.client, name, term, context);
  }

  calculate(request: CalculateRequest, context: CdekContext): Promise<Tariff[]> {
    return calculate(this.client, request, context);
  }

  listTariffs(context: CdekContext): Promise<TariffInfo[]> {
    return listTariffs(context);
  }

  listPickupPoints(query: PointQuery, context: CdekContext): Promise<PickupPoint[]> {
    return listPickupPoints(this.client, query, context);
  }

  autocomplete(field: string, term: string, context: CdekContext): Promise<Suggestion[]> {
    return suggestCities(this.client, field, term, context);
  }

  save(request: SaveRequest, context: CdekContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    return saveOrder(this.client, request, context, existing);
  }

  find(reference: string, context: CdekContext): Promise<SavedDelivery | undefined> {
    return findOrder(this.client, reference, context);
  }

  get(delivery: ExistingDelivery, context: CdekContext): Promise<SavedDelivery> {
    return getOrder(this.client, delivery, context);
  }

  cancel(delivery: ExistingDelivery, context: CdekContext): Promise<void> {
    return cancelOrder(this.client, delivery, context);
  }

  print(request: PrintRequest, context: CdekContext): Promise<Uint8Array> {
    return print(this.client, request, context);
  }

  saveShipment(request: ShipmentRequest, context: CdekContext, existing?: ExistingShipment): Promise<SavedShipment> {
    return saveIntake(this.client, request, context, existing);
  }

  findShipment(reference: string, context: CdekContext, request?: ShipmentRequest): Promise<SavedShipment | undefined> {
    return findIntake(this.client, reference, context, request);
  }

  cancelShipment(shipment: ExistingShipment, context: CdekContext): Promise<void> {
    return cancelIntake(this.client, shipment, context);
  }

  track(deliveries: ExistingDelivery[], context: CdekContext): Promise<CarrierReport[]> {
    return trackOrders(this.client, deliveries, context);
  }

  refresh(context: CdekContext): Promise<void> {
    return refresh(this.client, context);
  }
}
