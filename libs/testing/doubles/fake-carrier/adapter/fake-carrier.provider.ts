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
import { print } from './documents.js';
import { FakeCarrierClient } from './fake-carrier.client.js';
import { manifest } from './fake-carrier.manifest.js';
import type { FakeCarrierContext, FakeCarrierSettings } from './fake-carrier.settings.js';
import { cancelOrder, findOrder, getOrder, saveOrder } from './order.js';
import { listPickupPoints } from './points.js';
import { calculate, listTariffs } from './quote.js';
import { cancelShipment, findShipment, saveShipment, suggestDocks } from './shipment.js';
import { FakeCarrierWebhook, trackOrders } from './tracking.js';

/** The stateless delivery provider: one function for each port method. */
export class FakeCarrierProvider implements DeliveryProvider<FakeCarrierSettings> {
  readonly manifest = manifest;
  readonly webhook = new FakeCarrierWebhook();
  private readonly client = new FakeCarrierClient();

  calculate(request: CalculateRequest, context: FakeCarrierContext): Promise<Tariff[]> {
    return calculate(this.client, request, context);
  }

  listTariffs(context: FakeCarrierContext): Promise<TariffInfo[]> {
    return listTariffs(this.client, context);
  }

  listPickupPoints(query: PointQuery, context: FakeCarrierContext): Promise<PickupPoint[]> {
    return listPickupPoints(this.client, query, context);
  }

  autocomplete(field: string, term: string, context: FakeCarrierContext): Promise<Suggestion[]> {
    return suggestDocks(this.client, field, term, context);
  }

  save(request: SaveRequest, context: FakeCarrierContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    return saveOrder(this.client, request, context, existing);
  }

  find(reference: string, context: FakeCarrierContext): Promise<SavedDelivery | undefined> {
    return findOrder(this.client, reference, context);
  }

  get(delivery: ExistingDelivery, context: FakeCarrierContext): Promise<SavedDelivery> {
    return getOrder(this.client, delivery, context);
  }

  cancel(delivery: ExistingDelivery, context: FakeCarrierContext): Promise<void> {
    return cancelOrder(this.client, delivery, context);
  }

  print(request: PrintRequest, context: FakeCarrierContext): Promise<Uint8Array> {
    return print(this.client, request, context);
  }

  saveShipment(request: ShipmentRequest, context: FakeCarrierContext, existing?: ExistingShipment): Promise<SavedShipment> {
    return saveShipment(this.client, request, context, existing);
  }

  findShipment(reference: string, context: FakeCarrierContext): Promise<SavedShipment | undefined> {
    return findShipment(this.client, reference, context);
  }

  cancelShipment(shipment: ExistingShipment, context: FakeCarrierContext): Promise<void> {
    return cancelShipment(this.client, shipment, context);
  }

  track(deliveries: ExistingDelivery[], context: FakeCarrierContext): Promise<CarrierReport[]> {
    return trackOrders(this.client, deliveries, context);
  }
}
