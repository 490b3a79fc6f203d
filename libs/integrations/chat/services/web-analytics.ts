import type { Transaction } from '#platform';

/** Whom a visitor of the site is in the CRM: a customer or an order, as the shop's site names it. */
export type AnalyticsTarget = { customer: { externalId: string } } | { order: { externalId?: string; number?: string } };

/** Links a visitor to a customer or an order (reference: client-ids/upload). */
export interface ClientIdItem {
  type: 'clientId';
  target: AnalyticsTarget;
  at: Date;
  /** Code of the CRM's shop in which the target is searched. */
  site?: string;
}

/** Where a customer or an order came from; one of the three is present (reference: sources/upload). */
export interface SourceItem {
  type: 'source';
  target: AnalyticsTarget;
  source?: string;
  medium?: string;
  campaign?: string;
  site?: string;
}

/** A visit that has ended (reference: visits/upload). */
export interface VisitItem {
  type: 'visit';
  startedAt: Date;
  /** Code of the CRM's shop. */
  site: string;
  /** Views, also of pages that are not in `pages`. */
  pageViews: number;
  /** In the order of their first view. */
  pages: readonly {
    url: string;
    title?: string;
    views: number;
    /** Milliseconds on the page in all. */
    time: number;
  }[];
  landingPage?: string;
  exitPage?: string;
}

/** What the CRM's web analytics can be sent about one visitor. */
export type AnalyticsItem = ClientIdItem | SourceItem | VisitItem;

/**
 * What the chat integration offers our own services: web analytics of the CRM. Queued in the transaction that
 * stores what is sent; the items of one visitor arrive in order.
 */
export abstract class WebAnalytics {
  /** Queues items about a visitor, whom the CRM knows by `clientId` (1 to 255 characters). */
  abstract add(tx: Transaction, connectionId: string, clientId: string, items: readonly AnalyticsItem[]): Promise<void>;

  /** Drops what was not sent yet about visitors that are erased. */
  abstract forget(tx: Transaction, connectionId: string, clientIds: readonly string[]): Promise<void>;
}
