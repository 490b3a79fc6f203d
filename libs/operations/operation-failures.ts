import type { FailedRows } from '#platform';

/** Operations with an unknown outcome. */
export const operationFailures: FailedRows = {
  table: 'operation',
  condition: `state = 'unknown'`,
  error: 'error',
  failedAt: 'created_at',
  id: 'uuid',
  attempts: 'checks',
  subject: 'subject',
};
