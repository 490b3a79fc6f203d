import type { FailedRows } from '#platform';

/** Failed events. */
export const inboxFailures: FailedRows = {
  table: 'inbox_event',
  condition: `state = 'failed'`,
  error: 'last_error',
  failedAt: 'coalesce(failed_at, created_at)',
  id: 'bigint',
  attempts: 'attempts',
  subject: 'subject',
};
