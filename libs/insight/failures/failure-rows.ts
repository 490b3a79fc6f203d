import { inboxFailures } from '#inbox';
import { operationFailures } from '#operations';
import { outboxFailures } from '#outbox';
import { FAILURE_GROUP, type FailedRows } from '#platform';

/** Failures that need an operator: messages to the CRM, events of providers, calls with unknown outcome. */
export type FailureSource = 'outbox' | 'inbox' | 'operations';

/** Actions for failures. Operations are only checked again, because their effect must be known. */
export type FailureAction = 'replay' | 'discard';

/** The rows of each source. */
export const FAILURES: Readonly<Record<FailureSource, FailedRows>> = {
  outbox: outboxFailures,
  inbox: inboxFailures,
  operations: operationFailures,
};

/** All sources. */
export const FAILURE_SOURCES = Object.keys(FAILURES) as FailureSource[];

/** Selects failures. A missing criterion does not limit them. Times are ISO 8601, `to` is exclusive. */
export interface FailureCriteria {
  readonly ids?: readonly string[] | undefined;
  readonly group?: string | undefined;
  /** Kind of the rows, such as `delivery.tracking`. */
  readonly kind?: string | undefined;
  readonly connection?: string | undefined;
  readonly module?: string | undefined;
  /** Codes of the modules that the operator is limited to. */
  readonly modules?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Returns SQL conditions for the criteria, each with its value as `$n`, from `$first` on. */
export function buildConditions(
  { failedAt, id }: FailedRows,
  criteria: FailureCriteria,
  first: number,
): { sql: string; values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown, toSql: (place: string) => string): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`AND ${toSql(`$${first + values.length - 1}`)}`);
  };
  add(criteria.ids, (place) => `f.id = ANY (${place}::${id}[])`);
  add(criteria.group, (place) => `${FAILURE_GROUP} = ${place}`);
  add(criteria.kind, (place) => `f.kind = ${place}`);
  add(criteria.connection, (place) => `f.connection_id = ${place}::uuid`);
  add(criteria.module, (place) => `f.connection_id IN (SELECT id FROM connection WHERE module_code = ${place})`);
  add(criteria.modules, (place) => `f.connection_id IN (SELECT id FROM connection WHERE module_code = ANY (${place}))`);
  add(criteria.from, (place) => `${failedAt} >= ${place}::timestamptz`);
  add(criteria.to, (place) => `${failedAt} < ${place}::timestamptz`);
  return { sql: conditions.join(' '), values };
}
