import type { Call, Handler, Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asObject, asObjects, asText } from '../json.js';
import { findReferenced } from './records.js';

/** `web-analytics/*`: stores records of an order or customer and reports the others back. */
export function webAnalyticsHandlers(): Handlers {
  return {
    'webAnalytics.clientIdsUpload': upload('clientIds', 'failedClientIds', 'value'),
    'webAnalytics.sourcesUpload': upload('sources', 'failedSources', undefined),
    'webAnalytics.visitsUpload': upload('visits', 'failedVisits', 'site'),
  };
}

function upload(field: string, failedField: string, required: string | undefined): Handler {
  return (call) => {
    const failed: Json[] = [];
    const errors: Json[] = [];
    for (const [index, given] of asObjects(call.input[field]).entries()) {
      const reason = required !== undefined && asText(given[required]) === undefined ? `${required} is required` : unlinked(call, given);
      if (reason === undefined) call.crm.insert(field, given);
      else {
        failed.push(given);
        errors.push(`${field}[${index}]: ${reason}`);
      }
    }
    return failed.length === 0 ? {} : { success: false, errorMsg: `Part of the ${field} are not uploaded`, [failedField]: failed, errors };
  };
}

function unlinked(call: Call, given: JsonObject): string | undefined {
  const { order, customer, clientId, value } = given;
  if (order !== undefined) return findReferenced(call.crm, 'orders', order) ? undefined : 'the order is not known';
  if (customer !== undefined)
    return findReferenced(call.crm, asObject(customer)['type'] === 'customer_corporate' ? 'customersCorporate' : 'customers', customer)
      ? undefined
      : 'the customer is not known';
  if (asText(clientId) !== undefined || asText(value) !== undefined) return undefined;
  return 'order, customer or clientId must say what it belongs to';
}
