import { Injectable } from '@nestjs/common';
import { defineJob, HandleJob, Retention, RETENTION_EVERY_MS, selectOld } from '#platform';

const cleanDeliveries = defineJob<Record<string, never>>('housekeeping', 'delivery.clean');

const BUYER_PLACE = ['countryIso', 'region', 'regionId', 'city', 'cityId', 'terminal'];

/** `to`, reduced to the place, so that lists and tariffs still show it. */
const PLACE = `jsonb_strip_nulls(jsonb_build_object(${BUYER_PLACE.map((name) => `'${name}', request -> 'to' -> '${name}'`).join(', ')}))`;

/**
 * An edit stores a whole request, so that the data that was erased is selected again when it is old again.
 */
const UNPURGED = `NOT request ? 'purged'`;

/** Returns the statement that empties the deliveries of an SQL query of ids, and returns their ids. */
export function buildEmptyDeliveries(ids: string): string {
  return `WITH emptied AS (
    UPDATE delivery SET extra_data = '{}', status_comment = NULL, phone_hash = '',
      request = (request - 'customer') #- '{store,address}' #- '{deliveryTime,custom}' || '{"recipient":{},"manager":{},"extraData":{},"purged":true}'
      || CASE WHEN request ? 'to' THEN jsonb_build_object('to', ${PLACE}) ELSE '{}' END
    WHERE id IN (${ids}) RETURNING id
  ), quiet AS (UPDATE delivery_status SET comment = NULL WHERE delivery_id IN (SELECT id FROM emptied) AND comment IS NOT NULL)
  SELECT id FROM emptied`;
}

const EMPTY_DELIVERIES = buildEmptyDeliveries(selectOld('delivery', UNPURGED));

const EMPTY_SHIPMENTS = `UPDATE shipment SET extra_data = '{}', request = (request - 'comment') #- '{time,custom}' || '{"manager":{},"extraData":{},"purged":true}'
  WHERE id IN (${selectOld('shipment', UNPURGED)}) RETURNING id`;

/** Erases personal data of deliveries and shipments, and keeps ids, statuses, times, goods and money. */
@Injectable()
export class DeliveryRetention {
  constructor(private readonly retention: Retention) {}

  @HandleJob(cleanDeliveries, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    await this.retention.emptyPersonalData('delivery', EMPTY_DELIVERIES, stopping);
    await this.retention.emptyPersonalData('shipment', EMPTY_SHIPMENTS, stopping);
  }
}
