import { PaginationLimit } from '#crm-client/wire';
import { type JsonObject, asNumber } from '../json.js';
import { invalid } from './api-error.js';

/** Page sizes that the API accepts: 20, 50, 100, 250. */
const LIMITS: ReadonlySet<number> = new Set(PaginationLimit.map(Number));

/** The requested page and its position. */
export interface Page {
  readonly rows: JsonObject[];
  /** `Entity/Pagination`. */
  readonly pagination: JsonObject;
}

/**
 * Returns the call's page, by `limit` (default 20) and `page` (from 1). Throws `ApiError` 400 for bad values.
 */
export function paginate(rows: readonly JsonObject[], input: JsonObject): Page {
  const limit = readLimit(input);
  const page = asNumber(input['page']) ?? 1;
  if (!Number.isInteger(page) || page < 1) throw invalid({ page: 'must be a whole number from 1' });
  return {
    rows: rows.slice((page - 1) * limit, page * limit),
    pagination: { limit, totalCount: rows.length, currentPage: page, totalPageCount: Math.ceil(rows.length / limit) },
  };
}

/** Returns the page size of a call. Throws `ApiError` 400 for a size that the API does not accept. */
export function readLimit(input: JsonObject): number {
  const limit = asNumber(input['limit']) ?? 20;
  if (!LIMITS.has(limit)) throw invalid({ limit: `must be one of ${[...LIMITS].join(', ')}` });
  return limit;
}
