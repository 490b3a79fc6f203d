import type { FailedRows } from '#platform';

/** Operations whose outcome is unknown. */
export const operationFailures: FailedRows = {
  table: 'operation',
  condition: `state = 'unknown'`,
  error: 'error',
  failedAt: 'created_at',
  id: 'uuid',
  attempts: 'checks',
  subject: 'subject',
};
