import type { PrintRequest } from '#delivery/port';
import type { ProviderContext } from '#provider-kit';
import { FORM } from '../courier.manifest.js';
import type { CourierSettings } from '../courier.settings.js';
import type { CourierNetwork } from '../network/courier-network.js';
import { labels } from './label.form.js';
import { manifests } from './manifest.form.js';
import { type FormSettings, printedDelivery } from './printed-delivery.js';
import { waybills } from './waybill.form.js';

/** The PDF of a printed form, entities in the order asked; undefined when there is no such form of such entities. */
export async function printForm(
  request: PrintRequest,
  context: ProviderContext<CourierSettings>,
  network: CourierNetwork,
): Promise<Uint8Array | undefined> {
  const settings: FormSettings = { context, network };
  if (request.entity === 'shipment') return request.form === FORM.manifest ? manifests(request.shipments, settings) : undefined;
  const deliveries = request.deliveries.map((delivery) => printedDelivery(delivery, settings));
  if (request.form === FORM.label) return labels(deliveries, settings);
  return request.form === FORM.waybill ? waybills(deliveries, settings) : undefined;
}
