import { Injectable, Logger } from '@nestjs/common';
import { type VisitItem, WebAnalytics } from '#chat/services';
import { type Connection, ConnectionStore } from '#connections';
import { Clock, Database, defineJob, errorText, HandleJob, repeatWithPauses, toRows } from '#platform';
import { getSiteCode, type WebvisitsSettings } from './webvisits.settings.js';

/** Sends ended visits of known customers to the CRM's web analytics. */
const reportVisits = defineJob<Record<string, never>>('housekeeping', 'webvisits.report', { optional: true });

const EVERY_MS = 60_000;
/** Maximum number of visitors in one transaction. */
const BATCH = 100;

/** Unreported visits of due visitors. A page view in the meantime waits for the lock. */
const CLAIM = `
  WITH visitor AS (
    UPDATE webvisits_visitor SET report_due_at = NULL WHERE id IN
      (SELECT id FROM webvisits_visitor WHERE connection_id = $1 AND report_due_at <= $2 ORDER BY report_due_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
    RETURNING id)
  UPDATE webvisits_visit w SET reported = true FROM visitor WHERE w.visitor_id = visitor.id AND NOT w.reported
  RETURNING w.id, w.visitor_id AS visitor, w.started_at AS "startedAt", w.last_at AS "lastAt", w.pages AS "pageViews"`;

/** Reports visits once they have ended. The settings of the connection decide whether they are sent. */
@Injectable()
export class VisitsReport {
  private readonly logger = new Logger(VisitsReport.name);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly analytics: WebAnalytics,
    private readonly clock: Clock,
  ) {}

  /** Reports one connection after the other. A failure does not stop the others. */
  @HandleJob(reportVisits, { everyMs: EVERY_MS })
  async report(_data: object, stopping: AbortSignal): Promise<void> {
    const due = await this.database.query<{ id: string }>(
      'SELECT DISTINCT connection_id AS id FROM webvisits_visitor WHERE report_due_at <= $1',
      [this.clock.now()],
    );
    for (const { id } of due) {
      if (stopping.aborted) return;
      try {
        const connection = await this.connections.findById(id, 'chat');
        if (connection) await repeatWithPauses(stopping, () => this.reportBatch(connection));
      } catch (error) {
        this.logger.error(`visits of connection ${id} cannot be reported: ${errorText(error)}`);
      }
    }
  }

  /** Reports a batch. Returns whether more may be due. */
  private async reportBatch(connection: Connection): Promise<boolean> {
    const settings = connection.settings as WebvisitsSettings;
    return this.database.transaction(async (tx) => {
      const visits = toRows<EndedVisit>(await tx.query(CLAIM, [connection.id, this.clock.now()]));
      if (!settings.sendVisits || visits.length === 0) return visits.length > 0;
      const pages = await tx.query<PageOfVisit[]>(
        'SELECT visit_id AS visit, at, url, title FROM webvisits_page WHERE visit_id = ANY ($1) ORDER BY visit_id, number',
        [visits.map(({ id }) => id)],
      );
      for (const visitor of new Set(visits.map((visit) => visit.visitor))) {
        const items = visits
          .filter((visit) => visit.visitor === visitor)
          .sort((left, right) => left.startedAt.getTime() - right.startedAt.getTime())
          .map(({ id, ...visit }) =>
            toVisitItem(
              visit,
              pages.filter((page) => page.visit === id),
              settings,
            ),
          )
          .filter((item) => item !== undefined);
        await this.analytics.add(tx, connection.id, visitor, items);
      }
      return true;
    });
  }
}

interface EndedVisit {
  id: string;
  visitor: string;
  startedAt: Date;
  lastAt: Date;
  pageViews: number;
}

interface PageOfVisit {
  visit: string;
  at: Date;
  url: string;
  title: string | null;
}

/**
 * Builds the report of a visit. Returns undefined if the settings have no CRM shop for the address where it
 * started.
 */
export function toVisitItem(
  visit: Pick<EndedVisit, 'startedAt' | 'lastAt' | 'pageViews'>,
  pages: readonly Omit<PageOfVisit, 'visit'>[],
  settings: Pick<WebvisitsSettings, 'siteCodes'>,
): VisitItem | undefined {
  const [landing] = pages;
  const site = landing && getSiteCode(settings, new URL(landing.url).origin);
  if (!landing || !site) return undefined;
  const byUrl = new Map<string, { url: string; title?: string; views: number; time: number }>();
  pages.forEach(({ at, url, title }, index) => {
    const page = byUrl.get(url) ?? { url, ...(title !== null && { title }), views: 0, time: 0 };
    page.views++;
    page.time += Math.max(0, (pages[index + 1]?.at ?? visit.lastAt).getTime() - at.getTime());
    byUrl.set(url, page);
  });
  return {
    type: 'visit',
    startedAt: visit.startedAt,
    site,
    pageViews: visit.pageViews,
    pages: [...byUrl.values()],
    landingPage: landing.url,
    exitPage: pages.at(-1)?.url ?? landing.url,
  };
}
