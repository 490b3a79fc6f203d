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
import { type Apiship, declareApiship } from './apiship.api.js';
import { apishipManifest } from './apiship.manifest.js';
import type { ApishipContext, ApishipSettings } from './apiship.settings.js';
import { check } from './check.js';
import { connect, disconnect } from './connect.js';
import { print } from './documents.js';
import { cancelIntake, findIntake, saveIntake } from './intake.js';
import { lookUp } from './lookups.js';
import { cancelOrder } from './order-cancel.js';
import { saveOrder } from './order-save.js';
import { findOrder, getOrder } from './order.js';
import { listPickupPoints } from './points.js';
import { calculate } from './quote.js';
import { suggestServices } from './services.js';
import { listTariffs } from './tariffs.js';
import { ApishipWebhook, trackOrders } from './tracking.js';

/**
 * ApiShip's delivery provider: one function for each port method. Tokens and directories are in the context's
 * cache.
 */
export class ApishipProvider implements DeliveryProvider<ApishipSettings> {
  readonly manifest = apishipManifest;
  readonly webhook = new ApishipWebhook();
  private readonly api: Apiship;

  /**
   * @param baseUrl replaces both of ApiShip's contours: a double's address
   * @param platform the module's code at ApiShip
   */
  constructor(baseUrl?: string, platform?: string) {
    this.api = declareApiship(baseUrl, platform);
  }

  check(_settings: ApishipSettings, context: ApishipContext): Promise<CheckReport> {
    return check(this.api, context);
  }

  connect(_request: ConnectRequest, context: ApishipContext): Promise<ConnectReport> {
    return connect(this.api, context);
  }

  disconnect(context: ApishipContext): Promise<void> {
    return disconnect(this.api, context);
  }

  lookUp(name: string, term: string, context: ApishipContext): Promise<LookupItem[]> {
    return lookUp(this.api, name, term, context);
  }

  calculate(request: CalculateRequest, context: ApishipContext): Promise<Tariff[]> {
    return calculate(this.api, request, context);
  }

  listTariffs(context: ApishipContext): Promise<TariffInfo[]> {
    return listTariffs(this.api, context);
  }

  listPickupPoints(query: PointQuery, context: ApishipContext): Promise<PickupPoint[]> {
    return listPickupPoints(this.api, query, context);
  }

  autocomplete(field: string, term: string, context: ApishipContext): Promise<Suggestion[]> {
    return suggestServices(this.api, field, term, context);
  }

  save(request: SaveRequest, context: ApishipContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    return saveOrder(this.api, request, context, existing);
  }

  find(reference: string, context: ApishipContext): Promise<SavedDelivery | undefined> {
    return findOrder(this.api, reference, context);
  }

  get(delivery: ExistingDelivery, context: ApishipContext): Promise<SavedDelivery> {
    return getOrder(this.api, delivery, context);
  }

  cancel(delivery: ExistingDelivery, context: ApishipContext): Promise<void> {
    return cancelOrder(this.api, delivery, context);
  }

  print(request: PrintRequest, context: ApishipContext): Promise<Uint8Array> {
    return print(this.api, request, context);
  }

  saveShipment(request: ShipmentRequest, context: ApishipContext, existing?: ExistingShipment): Promise<SavedShipment> {
    return saveIntake(this.api, request, context, existing);
  }

  findShipment(reference: string, context: ApishipContext, request?: ShipmentRequest): Promise<SavedShipment | undefined> {
    return findIntake(reference, context, request);
  }

  cancelShipment(shipment: ExistingShipment, context: ApishipContext): Promise<void> {
    return cancelIntake(this.api, shipment, context);
  }

  track(deliveries: ExistingDelivery[], context: ApishipContext): Promise<CarrierReport[]> {
    return trackOrders(this.api, deliveries, context);
  }
}
