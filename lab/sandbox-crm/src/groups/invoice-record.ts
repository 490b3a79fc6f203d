import { type JsonObject, asObject, asObjects } from '../json.js';
import type { AccountContext } from '../store/account-context.js';

/** Stores a refund that the module reported, by its id at the module. */
export function keepRefund(crm: AccountContext, invoice: JsonObject, refund: JsonObject): void {
  const refunds = asObjects(invoice['refunds']);
  const known = refunds.find((one) => one['externalId'] === refund['id'] || one['id'] === refund['id']);
  // A reply that arrives after the update with the outcome does not undo it.
  if (known && known['status'] !== 'pending' && refund['status'] === 'pending') return;
  if (known) Object.assign(known, refund);
  else refunds.push({ ...refund, externalId: refund['id'], createdAt: crm.now() });
  invoice['refunds'] = refunds;
}

/** Adds an invoice's timeline entry: time (ISO 8601, UTC), `event` and the id of its exchange. */
export function noteInvoice(crm: AccountContext, invoice: JsonObject, entry: JsonObject): void {
  const desk = asObject(invoice['desk']);
  invoice['desk'] = { ...desk, timeline: [...asObjects(desk['timeline']), { at: crm.instant().toISOString(), ...entry }] };
  crm.changed();
}
