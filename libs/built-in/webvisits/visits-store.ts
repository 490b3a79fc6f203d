import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { ChatVisits } from '#chat/port';
import { type AnalyticsItem, type AnalyticsTarget, WebAnalytics } from '#chat/services';
import { Database, prepare, repeatWithPauses, sha256Hex, type Transaction } from '#platform';
import { DIRECT, type Origin } from './page-view.js';
import {
  type LinkKind,
  WebvisitsLinkEntity,
  WebvisitsPageEntity,
  WebvisitsVisitEntity,
  WebvisitsVisitorEntity,
} from './webvisits.entity.js';

/** Maximum number of stored pages per visit. Later ones are only counted. */
const MOST_PAGES = 200;
/** Maximum number of links of one kind per visitor. The latest ones are kept. */
const MOST_LINKS = 20;
/** Number of rows deleted by one statement. */
const BATCH = 2000;

/** A browser's report about its visitor. */
export interface Sighting {
  connectionId: string;
  /** The secret of the visitor's browser. Only its hash is stored. */
  visitor: string;
  at: Date;
  /** Minutes of silence after which another visit starts. */
  visitMinutes: number;
  lang?: string;
  browser?: string;
  os?: string;
  country?: string;
  city?: string;
}

/** A page shown to the visitor. */
export interface PageView {
  url: string;
  title?: string;
  origin: Origin;
}

/** A customer or an order that a visitor belongs to. */
export interface Identity {
  kind: 'customer' | 'order';
  /** Unique for each kind. */
  externalId: string;
  target: AnalyticsTarget;
  /** Code of the CRM's shop. */
  site?: string;
}

/** A visitor to erase, for an operator or the visitor. */
export type ErasureTarget = { visitor: string } | { kind: LinkKind; externalId: string };

/** Locks the visitor's row, so that two tabs make one visit. Pages above the limit are only counted. */
const KEEP_PAGE = prepare(
  'webvisits-page',
  `
    WITH visitor AS (
      INSERT INTO webvisits_visitor AS v (id, connection_id, key_hash, visits, visit_id, first_seen, last_seen,
        lang, browser, os, country, city, utm_source, utm_medium, utm_campaign)
      VALUES ($1, $2, $3, 1, $4, $5, $5, $7, $8, $9, $10, $11, $12, $13, $14)
      ON CONFLICT (connection_id, key_hash) DO UPDATE SET
        visits = v.visits + (v.last_seen < $5::timestamptz - make_interval(mins => $6))::int,
        visit_id = CASE WHEN v.last_seen < $5::timestamptz - make_interval(mins => $6) THEN excluded.visit_id ELSE v.visit_id END,
        last_seen = greatest(v.last_seen, excluded.last_seen),
        lang = coalesce(excluded.lang, v.lang), browser = coalesce(excluded.browser, v.browser), os = coalesce(excluded.os, v.os),
        country = coalesce(excluded.country, v.country), city = coalesce(excluded.city, v.city),
        utm_source = CASE WHEN $18 THEN excluded.utm_source ELSE v.utm_source END,
        utm_medium = CASE WHEN $18 THEN excluded.utm_medium ELSE v.utm_medium END,
        utm_campaign = CASE WHEN $18 THEN excluded.utm_campaign ELSE v.utm_campaign END,
        report_due_at = CASE WHEN v.identified THEN $5::timestamptz + make_interval(mins => $6) ELSE v.report_due_at END
      RETURNING id, visit_id),
    visit AS (
      INSERT INTO webvisits_visit AS w (id, connection_id, visitor_id, source, started_at, last_at, pages)
      SELECT visit_id, $2, id, $15, $5, $5, 1 FROM visitor
      ON CONFLICT (id) DO UPDATE SET last_at = greatest(w.last_at, excluded.last_at), pages = w.pages + 1, ended = false
      RETURNING id, pages)
    INSERT INTO webvisits_page (visit_id, number, at, url, title) SELECT id, pages, $5, $16, $17 FROM visit WHERE pages <= ${MOST_PAGES}
    ON CONFLICT DO NOTHING`,
);

/** Continues or ends a known visitor's visit. Never creates a visitor or reopens a visit. */
const KEEP_PRESENCE = prepare(
  'webvisits-presence',
  `
    WITH visitor AS (
      UPDATE webvisits_visitor SET last_seen = greatest(last_seen, $3),
        report_due_at = CASE WHEN report_due_at IS NOT NULL THEN greatest(report_due_at, $3::timestamptz + make_interval(mins => $4)) END
      WHERE connection_id = $1 AND key_hash = $2 AND last_seen >= $3::timestamptz - make_interval(mins => $4) RETURNING visit_id)
    UPDATE webvisits_visit w SET last_at = greatest(last_at, $3), ended = $5 FROM visitor WHERE w.id = visitor.visit_id`,
);

/** The web visits tables. SQL is for beacons (one statement each), joins and deletes with a limit. */
@Injectable()
export class VisitsStore {
  constructor(
    private readonly database: Database,
    private readonly analytics: WebAnalytics,
  ) {}

  /** Stores a page view, in the current visit or a new one. */
  async keepPage(sighting: Sighting, page: PageView): Promise<void> {
    const { utm, source } = page.origin;
    await this.database.run(KEEP_PAGE, [
      uuidv7(),
      sighting.connectionId,
      sha256Hex(sighting.visitor),
      uuidv7(),
      sighting.at.toISOString(),
      sighting.visitMinutes,
      sighting.lang ?? null,
      sighting.browser ?? null,
      sighting.os ?? null,
      sighting.country ?? null,
      sighting.city ?? null,
      utm.source ?? null,
      utm.medium ?? null,
      utm.campaign ?? null,
      source,
      page.url,
      page.title ?? null,
      Object.keys(utm).length > 0,
    ]);
  }

  /** Records that the visitor is still on the site, or has left. */
  async keepPresence(sighting: Sighting, left: boolean): Promise<void> {
    await this.database.run(KEEP_PRESENCE, [
      sighting.connectionId,
      sha256Hex(sighting.visitor),
      sighting.at.toISOString(),
      sighting.visitMinutes,
      left,
    ]);
  }

  /**
   * Links a visitor to a chat and its customer. Returns false for an unknown visitor, because a page view
   * comes first.
   */
  async link(sighting: Sighting, links: readonly { kind: LinkKind; externalId: string }[]): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const visitor = await lockVisitor(tx, sighting);
      if (visitor) await keepLinks(tx, visitor, sighting.at, links);
      return visitor !== null;
    });
  }

  /**
   * Links a visitor to a customer or an order and queues this for the CRM. Their visits follow once they have
   * ended. A repeat is not sent again. Returns false for an unknown visitor.
   */
  async identify(sighting: Sighting, { kind, externalId, target, site }: Identity): Promise<boolean> {
    const { connectionId, at, visitMinutes } = sighting;
    return this.database.transaction(async (tx) => {
      const visitor = await lockVisitor(tx, sighting);
      if (!visitor) return false;
      const isKnown = await tx.existsBy(WebvisitsLinkEntity, { connectionId, kind, externalId, visitorId: visitor.id });
      await keepLinks(tx, visitor, at, [{ kind, externalId }]);
      if (isKnown) return true;
      const items: AnalyticsItem[] = [{ type: 'clientId', target, at, ...(site && { site }) }];
      const origin = await readSource(tx, visitor);
      if (origin) items.push({ type: 'source', target, ...origin, ...(site && { site }) });
      await this.analytics.add(tx, connectionId, visitor.id, items);
      const reportDueAt = new Date(visitor.lastSeen.getTime() + visitMinutes * 60_000);
      await tx.update(WebvisitsVisitorEntity, { id: visitor.id }, { identified: true, reportDueAt });
      return true;
    });
  }

  /** Whether the sites of a connection had any visit. */
  async hasVisits(connectionId: string): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM webvisits_visit WHERE connection_id = $1 LIMIT 1', [connectionId])).length > 0;
  }

  /** Returns when a chat customer was last seen, in any of their browsers. */
  async findLastSeen(connectionId: string, externalUserId: string): Promise<Date | undefined> {
    const [row] = await this.database.query<{ seen: Date | null }>(
      `SELECT max(v.last_seen) AS seen FROM webvisits_link l JOIN webvisits_visitor v ON v.id = l.visitor_id
       WHERE l.connection_id = $1 AND l.kind = 'user' AND l.external_id = $2`,
      [connectionId, externalUserId],
    );
    return row?.seen ?? undefined;
  }

  /** Returns a chat visitor's data from their latest browser, with the visits of all their browsers. */
  async readVisits(connectionId: string, externalChatId: string, now: Date, visitMinutes: number): Promise<ChatVisits> {
    const [row] = await this.database.query<VisitsRow>(
      `SELECT v.lang, v.browser, v.os, v.country, v.city, v.utm_source, v.utm_medium, v.utm_campaign, sum(v.visits) OVER ()::int AS visits,
         w.id AS visit_id, w.source, w.started_at, w.last_at, w.ended
       FROM webvisits_link l JOIN webvisits_visitor v ON v.id = l.visitor_id LEFT JOIN webvisits_visit w ON w.id = v.visit_id
       WHERE l.connection_id = $1 AND l.kind = 'chat' AND l.external_id = $2 ORDER BY v.last_seen DESC, v.id LIMIT 1`,
      [connectionId, externalChatId],
    );
    if (!row) return { count: 0 };
    const pages = row.visit_id
      ? await this.database.dataSource.manager.find(WebvisitsPageEntity, { where: { visitId: row.visit_id }, order: { number: 'ASC' } })
      : [];
    const known = <Group extends object>(group: { [Key in keyof Group]: Group[Key] | null }): Group =>
      Object.fromEntries(Object.entries(group).filter(([, value]) => value !== null)) as Group;
    return {
      ...(row.started_at &&
        row.last_at && {
          lastVisit: {
            source: row.source ?? DIRECT,
            startedAt: row.started_at,
            endedAt: row.ended || now.getTime() - row.last_at.getTime() > visitMinutes * 60_000 ? row.last_at : pickLater(now, row.last_at),
            pages: pages.map((page) => ({ at: page.at, url: page.url, ...(page.title !== null && { title: page.title }) })),
          },
        }),
      count: row.visits,
      device: known<NonNullable<ChatVisits['device']>>({ lang: row.lang, browser: row.browser, os: row.os }),
      utm: known<NonNullable<ChatVisits['utm']>>({ source: row.utm_source, medium: row.utm_medium, campaign: row.utm_campaign }),
      ...(row.country !== null && { country: row.country }),
      ...(row.city !== null && { city: row.city }),
    };
  }

  /** Erases all data of a visitor, or of every visitor with such a link. Returns their number. */
  async erase(connectionId: string, target: ErasureTarget): Promise<number> {
    return this.database.transaction(async (tx) => {
      const visitors = await this.findErased(tx, connectionId, target);
      if (visitors.length === 0) return 0;
      await this.analytics.forget(tx, connectionId, visitors);
      // Deletes pages, visits and links with the visitor.
      await tx.delete(WebvisitsVisitorEntity, visitors);
      return visitors.length;
    });
  }

  private async findErased(tx: Transaction, connectionId: string, target: ErasureTarget): Promise<string[]> {
    if (!('visitor' in target)) {
      const links = await tx.findBy(WebvisitsLinkEntity, { connectionId, ...target });
      return links.map(({ visitorId }) => visitorId);
    }
    const visitor = await tx.findOneBy(WebvisitsVisitorEntity, { connectionId, keyHash: sha256Hex(target.visitor) });
    return visitor ? [visitor.id] : [];
  }

  /** Deletes expired visits, then visitors without data, until `stopping`. Returns the number of visits. */
  async purge(connectionId: string, before: Date, stopping: AbortSignal): Promise<number> {
    const visits = await this.deleteBefore('webvisits_visit', 'last_at', connectionId, before, stopping);
    await this.deleteBefore('webvisits_visitor', 'last_seen', connectionId, before, stopping);
    return visits;
  }

  private async deleteBefore(table: string, seen: string, connectionId: string, before: Date, stopping: AbortSignal): Promise<number> {
    let deleted = 0;
    await repeatWithPauses(stopping, async () => {
      const { length } = await this.database.query(
        `DELETE FROM ${table} WHERE id IN
           (SELECT id FROM ${table} WHERE connection_id = $1 AND ${seen} < $2 ORDER BY ${seen} LIMIT ${BATCH}) RETURNING 1`,
        [connectionId, before],
      );
      deleted += length;
      return length === BATCH;
    });
    return deleted;
  }
}

function lockVisitor(tx: Transaction, { connectionId, visitor }: Sighting): Promise<WebvisitsVisitorEntity | null> {
  return tx.findOne(WebvisitsVisitorEntity, { where: { connectionId, keyHash: sha256Hex(visitor) }, lock: { mode: 'pessimistic_write' } });
}

/** Stores links and removes the oldest ones above the maximum of a kind. */
async function keepLinks(
  tx: Transaction,
  { id: visitorId, connectionId }: WebvisitsVisitorEntity,
  linkedAt: Date,
  links: readonly { kind: LinkKind; externalId: string }[],
): Promise<void> {
  await tx.upsert(
    WebvisitsLinkEntity,
    links.map((link) => ({ ...link, connectionId, visitorId, linkedAt })),
    ['connectionId', 'kind', 'externalId', 'visitorId'],
  );
  for (const kind of new Set(links.map((link) => link.kind)))
    await tx.query(
      `DELETE FROM webvisits_link WHERE visitor_id = $1 AND kind = $2 AND external_id NOT IN
         (SELECT external_id FROM webvisits_link WHERE visitor_id = $1 AND kind = $2 ORDER BY linked_at DESC, external_id LIMIT ${MOST_LINKS})`,
      [visitorId, kind],
    );
}

/**
 * Returns the visitor's latest campaign, otherwise the site that led to their latest visit. Undefined: they
 * came directly.
 */
async function readSource(
  tx: Transaction,
  { utmSource, utmMedium, utmCampaign, visitId }: WebvisitsVisitorEntity,
): Promise<{ source?: string; medium?: string; campaign?: string } | undefined> {
  if (utmSource ?? utmMedium ?? utmCampaign)
    return {
      ...(utmSource && { source: utmSource }),
      ...(utmMedium && { medium: utmMedium }),
      ...(utmCampaign && { campaign: utmCampaign }),
    };
  const visit = await tx.findOneBy(WebvisitsVisitEntity, { id: visitId });
  return visit && visit.source !== DIRECT ? { source: visit.source } : undefined;
}

function pickLater(left: Date, right: Date): Date {
  return left > right ? left : right;
}

interface VisitsRow {
  lang: string | null;
  browser: string | null;
  os: string | null;
  country: string | null;
  city: string | null;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  visits: number;
  visit_id: string | null;
  source: string | null;
  started_at: Date | null;
  last_at: Date | null;
  ended: boolean | null;
}
