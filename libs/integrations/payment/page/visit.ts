import type { Connection } from '#connections';
import { preferredLanguage, type RenderedPage } from '#platform';
import type { Checkout } from '../port/index.js';
import { renderPosting } from './payment-page.view.js';

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

/** Leads a buyer to the gateway: by a redirect, or by a page that posts the fields. */
export function toCheckout(
  { acceptLanguage }: Visit,
  { account }: Connection,
  { url, fields }: { url: string; fields: Checkout['fields'] },
): Visited {
  if (!fields) return { kind: 'redirect', url };
  return { kind: 'page', page: renderPosting(preferredLanguage(acceptLanguage) ?? account.language, url, fields), status: 200 };
}
