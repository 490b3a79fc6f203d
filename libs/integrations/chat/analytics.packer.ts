import { Injectable, Logger } from '@nestjs/common';
import { DateTime } from 'luxon';
import type { Connection } from '#connections';
import { type CrmClient, ValidationError } from '#crm-client';
import type { WebAnalyticsClientIdInput, WebAnalyticsSourceInput, WebAnalyticsVisitInput } from '#crm-client/wire';
import { type OutboxEntry, type OutboxPacker, OutboxService } from '#outbox';
import type { Transaction } from '#platform';
import { type AnalyticsItem, type ClientIdItem, type SourceItem, type VisitItem, WebAnalytics } from './services/index.js';

/** Outbox kind of web analytics. The subject is the visitor's client id. */
export const ANALYTICS = 'chat.analytics';

/** A stored item, because JSON has no dates. */
type Stored<Item> = { [Key in keyof Item]: Item[Key] extends Date ? string : Item[Key] };
export type AnalyticsPayload = Stored<ClientIdItem> | Stored<SourceItem> | Stored<VisitItem>;

/** Maximum number of items per call (reference: web-analytics). */
const MOST: Record<AnalyticsItem['type'], number> = { clientId: 100, source: 100, visit: 50 };

/** Implements the port with one outbox row per item. */
@Injectable()
export class OutboxWebAnalytics extends WebAnalytics {
  constructor(private readonly outbox: OutboxService) {
    super();
  }

  override add(tx: Transaction, connectionId: string, clientId: string, items: readonly AnalyticsItem[]): Promise<void> {
    return this.outbox.add(
      tx,
      items.map((payload) => ({ connectionId, kind: ANALYTICS, subject: clientId, payload })),
    );
  }

  override async forget(tx: Transaction, connectionId: string, clientIds: readonly string[]): Promise<void> {
    for (const clientId of clientIds) await this.outbox.drop(tx, { connectionId, kind: ANALYTICS }, clientId);
  }
}

/**
 * Sends web analytics, one type of item per call. The three types share one kind, because the CRM attaches a
 * visit to a customer by a client id that must have arrived before.
 */
@Injectable()
export class AnalyticsPacker implements OutboxPacker<AnalyticsPayload> {
  readonly kind = ANALYTICS;
  readonly maxSubjects = 100;
  /** Analytics are not urgent, and collecting items takes fewer calls. */
  readonly lingerMs = 5_000;
  private readonly logger = new Logger(AnalyticsPacker.name);

  /** Returns the number of leading rows of one type that fit into a call. */
  take(entries: readonly OutboxEntry<AnalyticsPayload>[]): number {
    const type = entries[0]?.payload.type ?? 'visit';
    const end = entries.findIndex(({ payload }) => payload.type !== type);
    return Math.min(end < 0 ? entries.length : end, MOST[type]);
  }

  async send(crm: CrmClient, connection: Connection, entries: OutboxEntry<AnalyticsPayload>[], signal: AbortSignal): Promise<void> {
    const { timeZone } = connection.account;
    const clientIds: WebAnalyticsClientIdInput[] = [];
    const sources: WebAnalyticsSourceInput[] = [];
    const visits: WebAnalyticsVisitInput[] = [];
    for (const { subject, payload } of entries) {
      if (payload.type === 'clientId') clientIds.push(toClientId(subject, payload, timeZone));
      else if (payload.type === 'source') sources.push(toSource(payload));
      else visits.push(toVisit(subject, payload, timeZone));
    }
    const { webAnalytics } = crm;
    if (clientIds.length > 0) await this.tolerate(connection, () => webAnalytics.clientIdsUpload({ clientIds }, { signal }));
    if (sources.length > 0) await this.tolerate(connection, () => webAnalytics.sourcesUpload({ sources }, { signal }));
    if (visits.length > 0) await this.tolerate(connection, () => webAnalytics.visitsUpload({ visits }, { signal }));
  }

  /** Accepts a partly failed upload, because sending it again would duplicate the accepted items. */
  private async tolerate(connection: Connection, upload: () => Promise<unknown>): Promise<void> {
    try {
      await upload();
    } catch (error) {
      const rejected = error instanceof ValidationError ? countFailed(error.reply) : 0;
      if (rejected === 0) throw error;
      this.logger.warn(`the CRM of connection ${connection.id} rejected ${rejected} items of web analytics`);
    }
  }
}

/** Returns the number of failed items in the reply of a partly accepted upload. */
function countFailed(reply: unknown): number {
  const { failedClientIds, failedSources, failedVisits } = (reply ?? {}) as Record<string, unknown>;
  return [failedClientIds, failedSources, failedVisits].flat().filter((item) => item !== undefined).length;
}

/** Builds an item of client-ids/upload. */
export function toClientId(value: string, { target, at, site }: Stored<ClientIdItem>, timeZone: string): WebAnalyticsClientIdInput {
  return { value, createdAt: formatTime(at, timeZone), ...target, ...(site && { site }) };
}

/** Builds an item of sources/upload. */
export function toSource({ type: _, target, ...fields }: Stored<SourceItem>): WebAnalyticsSourceInput {
  return { ...fields, ...target };
}

/**
 * Builds an item of visits/upload. Duration and depth are left out, because the reference does not state
 * their units. So is the source, because its form in the reference and in the CRM's types differs (SourceItem
 * carries it).
 */
export function toVisit(clientId: string, visit: Stored<VisitItem>, timeZone: string): WebAnalyticsVisitInput {
  const { startedAt, site, pageViews, pages, landingPage, exitPage } = visit;
  return {
    clientId,
    site,
    createdAt: formatTime(startedAt, timeZone),
    pageViews,
    ...(landingPage && { landingPage }),
    ...(exitPage && { exitPage }),
    pages: pages.map(({ url, title, views, time }) => ({ url, ...(title && { title }), countViews: views, timeOnPage: time })),
  };
}

function formatTime(instant: string, timeZone: string): string {
  return DateTime.fromISO(instant, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss');
}
