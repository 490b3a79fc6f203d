import { type Json, type JsonObject, asList, asNumber, asText } from '../json.js';
import type { AccountContext } from '../store/account-context.js';

/** Reads the value of a record for a filter. */
export type Reader = (row: JsonObject) => Json | undefined;

/**
 * `equals` (`1`, `0` for booleans), `contains` (ignoring case), `in` a list (or one in common), `min`, `max`:
 * numbers. `from`, `to`: dates, where a day lasts from start to end.
 */
export type FilterRule = readonly [kind: 'equals' | 'contains' | 'in' | 'min' | 'max' | 'from' | 'to', read: Reader];

/** The filters of a method by name. A filter that is not listed is accepted without effect. */
export interface FilterRules {
  readonly [filter: string]: FilterRule;
}

/** Returns the records that match every given filter. */
export function applyFilter(crm: AccountContext, rows: readonly JsonObject[], filter: JsonObject, rules: FilterRules): JsonObject[] {
  const active = Object.entries(filter).flatMap(([name, wanted]) => {
    const rule = rules[name];
    return rule && wanted !== undefined && wanted !== '' ? [{ rule, wanted }] : [];
  });
  return rows.filter((row) => active.every(({ rule: [kind, read], wanted }) => meets(crm, kind, read(row), wanted)));
}

function meets(crm: AccountContext, kind: FilterRule[0], value: Json | undefined, wanted: Json): boolean {
  switch (kind) {
    case 'equals':
      return flag(value) === flag(wanted);
    case 'contains':
      return (asText(value) ?? '').toLowerCase().includes((asText(wanted) ?? '').toLowerCase());
    case 'in': {
      const options = new Set((typeof wanted === 'object' ? asList(wanted) : [wanted]).map(flag));
      return (Array.isArray(value) ? value : [value]).some((one) => options.has(flag(one)));
    }
    case 'min':
    case 'max': {
      const number = asNumber(value) ?? 0;
      const bound = asNumber(wanted);
      return bound === undefined || (kind === 'min' ? number >= bound : number <= bound);
    }
    case 'from':
    case 'to': {
      const bound = asText(Array.isArray(wanted) ? wanted[0] : wanted);
      const time = crm.millis(asText(value));
      const limit = crm.millis(bound);
      if (limit === undefined) return true;
      if (time === undefined) return false;
      // A limit that is a day includes the whole day.
      return kind === 'from' ? time >= limit : time <= limit + (/^\d{4}-\d{2}-\d{2}$/.test(bound ?? '') ? 86_399_999 : 0);
    }
  }
}

function flag(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (value === true) return '1';
  if (value === false) return '0';
  return String(typeof value === 'object' ? JSON.stringify(value) : value);
}
