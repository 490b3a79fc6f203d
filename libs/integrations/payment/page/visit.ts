import type { RenderedPage } from '#platform';

/** A buyer at a link. */
export interface Visit {
  module: string;
  token: string;
  acceptLanguage: string | undefined;
  /** Number of the request. */
  request: string;
  /** Place of the sample that the buyer clicked. */
  sample?: number;
  /** Comes from paying. */
  done: boolean;
}

/** What a visit is answered with. */
export type Visited = { kind: 'page'; page: RenderedPage; status: number } | { kind: 'redirect'; url: string } | { kind: 'unknown' };

/** A page that waits for a payment on its way is loaded again after so long. */
export const RELOAD_SECONDS = 3;
