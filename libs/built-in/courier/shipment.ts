import type { ExistingShipment, ExtraData, SavedShipment, ShipmentRequest } from '#delivery/port';
import { fillIn } from '#platform';
import { LONGEST_NOTE, SHIPMENT_FIELD, VEHICLES } from './courier.manifest.js';
import type { CourierContext } from './courier.settings.js';
import { findStatus } from './courier.statuses.js';
import { CourierNetwork } from './network/courier-network.js';
import { buildInvalid, type Complaints, describeUnknownStatus } from './refusals.js';
import { texts } from './courier.texts.js';

/**
 * Accepts deliveries for a handover or a courier's visit. Its id is our reference. Throws ProviderError
 * `invalid`.
 */
export function saveShipment(request: ShipmentRequest, context: CourierContext, existing?: ExistingShipment): SavedShipment {
  const complaints: Complaints = {};
  if (request.deliveries.length === 0) complaints['orders'] = texts.shipmentEmpty;
  request.deliveries.forEach((delivery, index) => {
    const status = findStatus(delivery.status);
    if (!status || status.isFinal)
      complaints[`orders[${index}].deliveryId`] = fillIn(texts.shipmentOfFinished, {
        status: status?.name ?? describeUnknownStatus(delivery.status),
      });
  });
  const { from, to } = request.time ?? {};
  if (from !== undefined && to !== undefined && from > to) complaints['time'] = texts.timeReversed;
  const terminal = request.address?.terminal;
  if (terminal && !CourierNetwork.ofCall(context).findPoint(terminal)?.settings.takesShipments) {
    complaints['address.terminal'] = texts.shipmentPointUnknown;
  }
  const vehicle = request.extraData[SHIPMENT_FIELD.vehicle];
  if (vehicle !== undefined && vehicle !== '' && !VEHICLES.some(({ code }) => code === vehicle)) {
    complaints[`extraData.${SHIPMENT_FIELD.vehicle}`] = texts.choiceUnknown;
  }
  const gate = request.extraData[SHIPMENT_FIELD.gate];
  if (typeof gate === 'string' && gate.length > LONGEST_NOTE)
    complaints[`extraData.${SHIPMENT_FIELD.gate}`] = fillIn(texts.tooLong, { most: LONGEST_NOTE });
  if (Object.keys(complaints).length > 0) throw buildInvalid(complaints, context.account.language);

  const extraData: ExtraData = {};
  if (vehicle !== undefined && vehicle !== '') extraData[SHIPMENT_FIELD.vehicle] = vehicle;
  if (gate !== undefined && gate !== '') extraData[SHIPMENT_FIELD.gate] = gate;
  extraData[SHIPMENT_FIELD.packages] = request.deliveries.reduce((count, { request: order }) => count + order.parcels.length, 0);
  return { externalId: existing?.externalId ?? request.reference, extraData };
}
