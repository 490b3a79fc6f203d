import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import type { DeliveryRequestStatusUpdateItem } from '#crm-client/wire';
import type { OutboxEntry, OutboxPacker } from '#outbox';
import { toWireAmount } from '#provider-kit';
import type { DatedReport } from './delivery-state.js';
import { TRACKING } from './delivery-statuses.service.js';
import type { ExtraData } from './port/index.js';
import { formatInstant } from './reply-mapper.js';
import { readStoredReport, type StoredReport } from './status-report.js';

/** Payload of a row: one status of one delivery. `crmId`: the CRM's id for it, if it is not ours. */
export type TrackingPayload = StoredReport<DatedReport> & { crmId?: string };

/**
 * Packs statuses for `delivery/generic/{subcode}/tracking`: 100 deliveries per call, the oldest status of
 * each first.
 */
@Injectable()
export class TrackingPacker implements OutboxPacker<TrackingPayload> {
  readonly kind = TRACKING;
  readonly maxSubjects = 100;
  readonly lingerMs = 200;
  readonly isPrompt = true;

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<TrackingPayload>[], signal: AbortSignal): Promise<void> {
    await crm.delivery.tracking(connection.code, { statusUpdate: toStatusUpdates(entries, connection.account.timeZone) }, { signal });
  }
}

/** Builds one item for each delivery, in the order in which the deliveries first come. */
export function toStatusUpdates(entries: OutboxEntry<TrackingPayload>[], timeZone: string): DeliveryRequestStatusUpdateItem[] {
  const items = new Map<string, DeliveryRequestStatusUpdateItem & { history: { code: string; updatedAt: string; comment?: string }[] }>();
  for (const { subject, payload } of entries) {
    const { code, updatedAt, comment, trackNumber, cost, extraData } = readStoredReport<DatedReport>(payload);
    let item = items.get(subject);
    if (!item) items.set(subject, (item = { deliveryId: payload.crmId ?? subject, history: [] }));
    item.history.push({ code, updatedAt: formatInstant(updatedAt, timeZone), ...(comment && { comment }) });
    if (trackNumber) item.trackNumber = trackNumber;
    if (cost) item.cost = toWireAmount(cost);
    if (extraData) item.extraData = { ...item.extraData, ...toTexts(extraData) };
  }
  return [...items.values()];
}

function toTexts(data: ExtraData): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([code, value]) => [code, Array.isArray(value) ? value.join(', ') : String(value)]));
}
