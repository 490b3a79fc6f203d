import type { PrintRequest } from '#delivery/port';
import { FORM } from '../courier.manifest.js';
import type { CourierContext } from '../courier.settings.js';
import type { CourierNetwork } from '../network/courier-network.js';
import { printLabels } from './label.form.js';
import { printManifests } from './manifest.form.js';
import { type FormSettings, toPrintedDelivery } from './printed-delivery.js';
import { printWaybills } from './waybill.form.js';

/** Prints a form as PDF, entities in the given order. Returns undefined if there is no such form. */
export async function printForm(request: PrintRequest, context: CourierContext, network: CourierNetwork): Promise<Uint8Array | undefined> {
  const settings: FormSettings = { context, network };
  if (request.entity === 'shipment') return request.form === FORM.manifest ? printManifests(request.shipments, settings) : undefined;
  const deliveries = request.deliveries.map((delivery) => toPrintedDelivery(delivery, settings));
  if (request.form === FORM.label) return printLabels(deliveries, settings);
  return request.form === FORM.waybill ? printWaybills(deliveries, settings) : undefined;
}
