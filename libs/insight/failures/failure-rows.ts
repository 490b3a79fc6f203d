import { inboxFailures } from '#inbox';
import { operationFailures } from '#operations';
import { outboxFailures } from '#outbox';
import { FAILURE_GROUP, type FailedRows } from '#platform';

/** What needs an operator: messages to the CRM, events of providers, calls whose outcome is unknown. */
export type FailureSource = 'outbox' | 'inbox' | 'operations';

/** What may be done about failures. Operations are only looked at again: what they did must be known. */
export type FailureAction = 'replay' | 'discard';

/** The rows of each. */
export const FAILURES: Readonly<Record<FailureSource, FailedRows>> = {
  outbox: outboxFailures,
  inbox: inboxFailures,
  operations: operationFailures,
};

/** All of them. */
export const FAILURE_SOURCES = Object.keys(FAILURES) as FailureSource[];

/** Which failures are meant; what is left out does not matter. Times are ISO 8601, `to` is exclusive. */
export interface FailureCriteria {
  readonly ids?: readonly string[] | undefined;
  readonly group?: string | undefined;
  /** Such as `delivery.tracking`. */
  readonly kind?: string | undefined;
  readonly connection?: string | undefined;
  readonly module?: string | undefined;
  /** Codes of the modules that the operator is limited to. */
  readonly modules?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** SQL conditions of the rows that criteria mean, each with its value as `$n`, from `$first` on. */
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
