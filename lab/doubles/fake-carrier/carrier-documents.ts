import { drawPages } from '../../../libs/testing/double/index.js';
import type { CarrierOrder, CarrierShipment } from './carrier-book.js';

/** One page for each order, in the order given. Latin text only: it is a carrier's plainest label. */
export function drawLabels(orders: CarrierOrder[]): Promise<Buffer> {
  return drawPages(
    [283, 425],
    orders.map((order) => [
      order.trackNumber ?? order.id,
      `Order ${order.id}`,
      `Reference ${order.reference}`,
      `Service ${order.request.service}`,
      `Parcels ${order.request.parcels.length}`,
      `Collect ${order.request.collect ?? 0} ${order.currency}`,
    ]),
  );
}

/** One page for each shipment, naming its orders. */
export function drawActs(shipments: CarrierShipment[]): Promise<Buffer> {
  return drawPages(
    [595, 842],
    shipments.map((shipment) => [`Handover ${shipment.id}`, `Reference ${shipment.reference}`, ...shipment.request.orders]),
  );
}

/** The same labels as commands of a label printer. */
export function writeLabels(orders: CarrierOrder[]): string {
  return orders.map(({ trackNumber = '', id, reference }) => `^XA^FO40,40^A0N,40,40^FD${trackNumber} ${id} ${reference}^FS^XZ`).join('\n');
}
