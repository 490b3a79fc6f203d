import type { AccountData } from '#platform';
import { buildEmptyDeliveries } from './delivery-retention.js';

/** Deliveries with their statuses. */
const deliveries: AccountData = {
  name: 'deliveries',
  tables: [
    { table: 'delivery', also: 'DELETE FROM delivery_status WHERE delivery_id IN (SELECT id FROM gone)' },
    { table: 'delivery_erased' },
  ],
  buyers: {
    select: `SELECT d.id::text, jsonb_build_object('recipient', request -> 'recipient', 'customer', request -> 'customer') AS about, false AS open,
        jsonb_build_object('id', d.id, 'order', order_ref, 'orderNumber', order_number, 'trackNumber', track_number, 'status', status,
          'createdAt', created_at, 'request', request - 'manager', 'extraData', extra_data, 'details', details, 'history', (
            SELECT jsonb_agg(jsonb_build_object('code', s.code, 'at', s.updated_at, 'comment', s.comment) ORDER BY s.id)
            FROM delivery_status s WHERE s.delivery_id = d.id)) AS view
      FROM delivery d WHERE connection_id = $1`,
    erase: buildEmptyDeliveries(`SELECT id FROM delivery WHERE id = ANY ($1::uuid[]) AND NOT request ? 'purged'`),
  },
};

/** Shipments contain no data about buyers. */
const shipments: AccountData = { name: 'shipments', tables: [{ table: 'shipment' }] };

export const deliveryData: readonly AccountData[] = [deliveries, shipments];
