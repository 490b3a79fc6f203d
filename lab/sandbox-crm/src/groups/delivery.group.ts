import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asList, asNumber, asObjects, asText, pick } from '../json.js';
import { type Resource, findReferenced, keep, list, recordById } from './records.js';
import { tracking } from './tracking.js';

const SHIPMENT_STATUSES = ['created', 'processing', 'shipped', 'cancelled'];

const SHIPMENT: Resource = {
  collection: 'deliveryShipments',
  field: 'deliveryShipment',
  defaults: ({ crm }) => ({ status: 'created', date: crm.today() }),
  read: (call, given, isNew) => {
    const status = asText(given['status']);
    if (status !== undefined && !SHIPMENT_STATUSES.includes(status))
      throw invalid({ 'deliveryShipment.status': `must be one of ${SHIPMENT_STATUSES.join(', ')}` });
    const orders = isNew || given['orders'] !== undefined ? { orders: shipmentOrders(call, given) } : {};
    return { ...given, ...orders, ...(isNew ? shipmentType(call) : {}) };
  },
  find: (call) => {
    const shipment = recordById(call, 'deliveryShipments');
    if (shipment['status'] !== 'created') throw invalid({ 'deliveryShipment.status': 'only a created shipment can be edited' });
    return shipment;
  },
};

/** `delivery/*`: costs, statuses of deliveries, shipments. */
export function deliveryHandlers(): Handlers {
  const { create, edit } = keep(SHIPMENT);
  return {
    'delivery.calculate': (call) => ({
      calculations: asList(call.input['deliveryTypeCodes']).map((code) => {
        const type = call.crm.find('deliveryTypes', 'code', asText(code));
        return {
          code: asText(code) ?? '',
          available: type?.['active'] === true,
          cost: asNumber(type?.['defaultCost']) ?? 0,
          vatRate: asText(type?.['vatRate']) ?? 'none',
        };
      }),
    }),

    'delivery.tracking': tracking,

    'delivery.shipments': list({ orderNumber: 'orders.*.number' }),
    'delivery.shipmentsCreate': create,
    'delivery.shipmentsGet': (call) => ({ deliveryShipment: recordById(call, 'deliveryShipments') }),
    'delivery.shipmentsEdit': edit,
  };
}

function shipmentType(call: Call): JsonObject {
  const type = call.crm.find('deliveryTypes', 'code', asText(call.input['deliveryType']));
  if (!type) throw invalid({ deliveryType: "is not in the account's deliveryTypes" });
  return { integrationCode: type['integrationCode'], deliveryType: type['code'] };
}

function shipmentOrders(call: Call, given: JsonObject): Json[] {
  return asObjects(given['orders']).map((reference, index) => {
    const order = findReferenced(call.crm, 'orders', reference);
    if (!order) throw invalid({ [`deliveryShipment.orders[${index}]`]: 'no such order' });
    return pick(order, ['id', 'number', 'externalId']);
  });
}
