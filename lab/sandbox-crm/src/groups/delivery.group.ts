import { invalid } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { paginate } from '../engine/paging.js';
import { type Json, type JsonObject, asList, asNumber, asObject, asObjects, asText } from '../json.js';
import { type FilterRules, applyFilter } from './filters.js';
import { findReferenced, merge, recordById } from './records.js';
import { tracking } from './tracking.js';

const SHIPMENT_STATUSES = ['created', 'processing', 'shipped', 'cancelled'];

const SHIPMENT_FILTER: FilterRules = {
  ids: ['in', (row) => row['id']],
  externalId: ['equals', (row) => row['externalId']],
  orderNumber: ['in', (row) => asObjects(row['orders']).map((order) => order['number'] ?? null)],
  deliveryTypes: ['in', (row) => row['deliveryType']],
  managers: ['in', (row) => row['managerId']],
  stores: ['in', (row) => row['store']],
  statuses: ['in', (row) => row['status']],
  dateFrom: ['from', (row) => row['date']],
  dateTo: ['to', (row) => row['date']],
};

/** `delivery/*`: costs, statuses of deliveries, shipments. */
export function deliveryHandlers(): Handlers {
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

    'delivery.shipments': (call) => {
      const page = paginate(
        applyFilter(call.crm, call.crm.rows('deliveryShipments'), asObject(call.input['filter']), SHIPMENT_FILTER),
        call.input,
      );
      return { deliveryShipments: page.rows, pagination: page.pagination };
    },

    'delivery.shipmentsCreate': (call) => {
      const type = call.crm.find('deliveryTypes', 'code', asText(call.input['deliveryType']));
      if (!type) throw invalid({ deliveryType: "is not in the account's deliveryTypes" });
      const given = asObject(call.input['deliveryShipment']);
      const shipment = call.crm.insert('deliveryShipments', {
        status: 'created',
        date: call.crm.today(),
        ...given,
        integrationCode: type['integrationCode'],
        deliveryType: type['code'],
        orders: shipmentOrders(call, given),
        ...checkStatus(given),
      });
      return { id: shipment['id'], status: shipment['status'] };
    },

    'delivery.shipmentsGet': (call) => ({ deliveryShipment: recordById(call, 'deliveryShipments') }),

    'delivery.shipmentsEdit': (call) => {
      const shipment = recordById(call, 'deliveryShipments');
      const { id: _id, orders, ...given } = asObject(call.input['deliveryShipment']);
      if (shipment['status'] !== 'created') throw invalid({ 'deliveryShipment.status': 'only a created shipment can be edited' });
      checkStatus(given);
      merge(shipment, given);
      if (orders !== undefined) shipment['orders'] = shipmentOrders(call, { orders });
      call.crm.changed();
      return { id: shipment['id'], status: shipment['status'] };
    },
  };
}

function checkStatus(given: JsonObject): JsonObject {
  const status = asText(given['status']);
  if (status !== undefined && !SHIPMENT_STATUSES.includes(status))
    throw invalid({ 'deliveryShipment.status': `must be one of ${SHIPMENT_STATUSES.join(', ')}` });
  return status === undefined ? {} : { status };
}

function shipmentOrders(call: Call, given: JsonObject): Json[] {
  return asObjects(given['orders']).map((reference, index) => {
    const order = findReferenced(call.crm, 'orders', reference);
    if (!order) throw invalid({ [`deliveryShipment.orders[${index}]`]: 'no such order' });
    return {
      id: order['id'] ?? null,
      number: order['number'],
      externalId: order['externalId'],
    };
  });
}
