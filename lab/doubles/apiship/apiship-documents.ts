import { drawPages } from '../../../libs/testing/pdf.js';
import type { ApiShipOrder } from './apiship-objects.js';

/** Labels: one page for each order, in the order given. Latin text only. */
export function drawLabels(orders: readonly ApiShipOrder[]): Promise<Buffer> {
  return drawPages(
    [283, 425],
    orders.map(({ providerNumber, body }) => [
      ...[providerNumber, `Label ${body.order.clientNumber}`, `Carrier ${body.order.providerKey}`],
      ...[`Places ${body.places.length}`, `Collect ${body.cost.codCost} RUB`],
    ]),
  );
}

/** An act of one carrier: a page with its orders. */
export function drawAct(providerKey: string, orders: readonly ApiShipOrder[]): Promise<Buffer> {
  const lines = orders.map(({ providerNumber, body }) => `${providerNumber} ${body.order.clientNumber}`);
  return drawPages([595, 842], [[`Act ${providerKey}`, ...lines]]);
}
