import type { Transaction } from '#platform';

/** Target of a visitor in the CRM: a customer or an order, as identified by the shop's site. */
export type AnalyticsTarget = { customer: { externalId: string } } | { order: { externalId?: string; number?: string } };

/** Links a visitor to a customer or an order (reference: client-ids/upload). */
export interface ClientIdItem {
  type: 'clientId';
  target: AnalyticsTarget;
  at: Date;
  /** Code of the CRM's shop in which the target is searched. */
  site?: string;
}

/** The source of a customer or an order. One of the three fields is present (reference: sources/upload). */
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
  /** Number of views, including pages that are not in `pages`. */
  pageViews: number;
  /** In order of their first view. */
  pages: readonly {
    url: string;
    title?: string;
    views: number;
    /** Total milliseconds on the page. */
    time: number;
  }[];
  landingPage?: string;
  exitPage?: string;
}

/** An item of the CRM's web analytics about one visitor. */
export type AnalyticsItem = ClientIdItem | SourceItem | VisitItem;

/**
 * The chat integration's port for our own services: web analytics of the CRM. Items are queued in the
 * transaction that stores their data. The items of one visitor arrive in order.
 */
export abstract class WebAnalytics {
  /** Queues items about a visitor. `clientId` identifies the visitor in the CRM (1 to 255 characters). */
  abstract add(tx: Transaction, connectionId: string, clientId: string, items: readonly AnalyticsItem[]): Promise<void>;

  /** Drops unsent items about erased visitors. */
  abstract forget(tx: Transaction, connectionId: string, clientIds: readonly string[]): Promise<void>;
}
