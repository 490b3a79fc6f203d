import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import type { DeliveryRequestStatusUpdateItem } from '#crm-client/wire';
import type { OutboxEntry, OutboxPacker } from '#outbox';
import type { AccountSettings } from '#provider-kit';
import type { DatedReport } from './delivery-state.js';
import { TRACKING } from './delivery-statuses.service.js';
import type { ExtraData, Reported } from './port/index.js';
import { formatInstant } from './reply-mapper.js';
import { mergeReported, toWireValues } from './reported.js';
import { readStoredReport, type StoredReport } from './status-report.js';
import { addRemarks, type TrackingRemarks } from './tracking-remarks.js';

/** Payload of a row: one status of one delivery. `crmId`: the CRM's id for it, if it is not ours. */
export type TrackingPayload = StoredReport<DatedReport> & { crmId?: string; remarks?: TrackingRemarks };

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
    await crm.delivery.tracking(connection.code, { statusUpdate: toStatusUpdates(entries, connection.account) }, { signal });
  }
}

/** Builds one item for each delivery, in the order in which the deliveries first come. */
export function toStatusUpdates(
  entries: OutboxEntry<TrackingPayload>[],
  { timeZone, language }: Pick<AccountSettings, 'timeZone' | 'language'>,
): DeliveryRequestStatusUpdateItem[] {
  type History = { code: string; updatedAt: string; comment?: string }[];
  const deliveries = new Map<string, { deliveryId: string; history: History; values: Reported }>();
  for (const { subject, payload } of entries) {
    const { crmId, remarks, ...stored } = payload;
    const report = readStoredReport<DatedReport>(stored);
    const { code, updatedAt } = report;
    const comment = remarks ? addRemarks(report.comment, remarks, language) : report.comment;
    let delivery = deliveries.get(subject);
    if (!delivery) deliveries.set(subject, (delivery = { deliveryId: crmId ?? subject, history: [], values: {} }));
    delivery.history.push({ code, updatedAt: formatInstant(updatedAt, timeZone), ...(comment && { comment }) });
    delivery.values = mergeReported(delivery.values, report);
  }
  return [...deliveries.values()].map(({ deliveryId, values, history }) => {
    const { extraData, ...told } = toWireValues(values);
    return { deliveryId, history, ...told, ...(extraData && { extraData: toTexts(extraData) }) };
  });
}

function toTexts(data: ExtraData): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([code, value]) => [code, Array.isArray(value) ? value.join(', ') : String(value)]));
}
