import type { FailedRows } from '#platform';

/** Failed rows. */
export const outboxFailures: FailedRows = {
  table: 'outbox',
  condition: `state = 'failed'`,
  error: 'last_error',
  failedAt: 'coalesce(failed_at, created_at)',
  id: 'bigint',
  attempts: 'attempts',
  subject: 'subject',
};
