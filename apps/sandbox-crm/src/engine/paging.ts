import { JsonObject, asNumber } from '../json.js';
import { invalid } from './api-error.js';

/** Page sizes that the API takes. */
const LIMITS: ReadonlySet<number> = new Set([20, 50, 100]);

/** The page asked for and what tells where it stands. */
export interface Page {
  readonly rows: JsonObject[];
  /** `Entity/Pagination`. */
  readonly pagination: JsonObject;
}

/**
 * Cuts the page out of all rows, by the call's `limit` (20, 50, 100; 250 too where the method takes it; 20 by default) and `page` (from 1).
 * Throws `ApiError` 400 for other values.
 */
export function paginate(rows: readonly JsonObject[], input: JsonObject, largest = 100): Page {
  const limit = asNumber(input['limit']) ?? 20;
  const page = asNumber(input['page']) ?? 1;
  if (!LIMITS.has(limit) && limit !== largest) throw invalid({ limit: `must be 20, 50 or 100${largest > 100 ? ` or ${largest}` : ''}` });
  if (!Number.isInteger(page) || page < 1) throw invalid({ page: 'must be a whole number from 1' });
  return {
    rows: rows.slice((page - 1) * limit, page * limit),
    pagination: { limit, totalCount: rows.length, currentPage: page, totalPageCount: Math.ceil(rows.length / limit) },
  };
}
