import type { RenderedPage } from '#platform';

/** A buyer's visit to a payment link. */
export interface Visit {
  module: string;
  token: string;
  acceptLanguage: string | undefined;
  /** Id of the HTTP request. */
  request: string;
  /** Index of the sample that the buyer clicked. */
  sample?: number;
  /** Whether the buyer has just paid. */
  done: boolean;
}

/** The response to a visit. */
export type Visited = { kind: 'page'; page: RenderedPage; status: number } | { kind: 'redirect'; url: string } | { kind: 'unknown' };

/** Interval at which a page reloads while its payment is in progress. */
export const RELOAD_SECONDS = 3;
