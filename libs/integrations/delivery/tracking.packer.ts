import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import type { DeliveryRequestStatusUpdateItem } from '#crm-client/wire';
import type { OutboxEntry, OutboxPacker } from '#outbox';
import { toWireAmount } from '#provider-kit';
import { TRACKING, type TrackingPayload } from './delivery-statuses.service.js';
import { formatInstant } from './reply-mapper.js';

/** Packs statuses into `delivery/generic/{subcode}/tracking`: at most 100 deliveries a call, those of one delivery oldest first (reference). */
@Injectable()
export class TrackingPacker implements OutboxPacker<TrackingPayload> {
  readonly kind = TRACKING;
  readonly maxSubjects = 100;
  readonly lingerMs = 200;

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<TrackingPayload>[], signal: AbortSignal): Promise<void> {
    await crm.delivery.tracking(
      connection.module.code,
      { statusUpdate: toStatusUpdates(entries, connection.account.timeZone) },
      { signal },
    );
  }
}

/** One item a delivery, in the order in which the deliveries first come. */
export function toStatusUpdates(entries: OutboxEntry<TrackingPayload>[], timeZone: string): DeliveryRequestStatusUpdateItem[] {
  const items = new Map<string, DeliveryRequestStatusUpdateItem & { history: { code: string; updatedAt: string; comment?: string }[] }>();
  for (const { subject, payload } of entries) {
    let item = items.get(subject);
    if (!item) items.set(subject, (item = { deliveryId: subject, history: [] }));
    item.history.push({
      code: payload.code,
      updatedAt: formatInstant(new Date(payload.updatedAt), timeZone),
      ...(payload.comment && { comment: payload.comment }),
    });
    if (payload.trackNumber) item.trackNumber = payload.trackNumber;
    if (payload.cost) item.cost = toWireAmount(payload.cost);
    if (payload.extraData) item.extraData = { ...item.extraData, ...toTexts(payload.extraData) };
  }
  return [...items.values()];
}

function toTexts(data: NonNullable<TrackingPayload['extraData']>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([code, value]) => [code, Array.isArray(value) ? value.join(', ') : String(value)]));
}
