import type { AccountData } from '#platform';

/** Calls with an effect. */
export const operationsData: AccountData = {
  name: 'operations',
  tables: [{ table: 'operation' }],
  buyers: {
    select: `SELECT id::text, input AS about, state NOT IN ('done', 'refused') AS open, jsonb_build_object('id', id, 'kind', kind,
        'subject', subject, 'state', state, 'input', input - 'token' #- '{request,manager}', 'error', error, 'createdAt', created_at) AS view
      FROM operation WHERE connection_id = $1`,
    // Results stay, because repeats are answered from them. A key that contains the called number is freed.
    erase: `UPDATE operation SET input = '{}', error = NULL, error_group = NULL, key = CASE WHEN strpos(key, input #>> '{request,phone}') > 0 THEN NULL ELSE key END
      WHERE id = ANY ($1::uuid[]) AND state IN ('done', 'refused') RETURNING id`,
  },
};
