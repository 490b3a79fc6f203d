import type { FailedRows } from '#platform';

/** Rows that were set aside. */
export const outboxFailures: FailedRows = {
  table: 'outbox',
  condition: `state = 'failed'`,
  error: 'last_error',
  failedAt: 'coalesce(failed_at, created_at)',
  id: 'bigint',
  attempts: 'attempts',
  subject: 'subject',
};
