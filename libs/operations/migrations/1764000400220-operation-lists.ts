import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds rows for the operator by each filter of the list, in its order. */
export class OperationLists1764000400220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('DROP INDEX operation_created');
    await runner.query('CREATE INDEX operation_by_connection ON operation (connection_id, id)');
    await runner.query('CREATE INDEX operation_by_connection_kind ON operation (connection_id, kind, id)');
    await runner.query('CREATE INDEX operation_by_kind ON operation (kind, id)');
    await runner.query(`CREATE INDEX operation_by_state ON operation (state, id) WHERE state <> 'done'`);
    await runner.query('CREATE INDEX operation_by_subject ON operation (subject, id)');
    await runner.query('CREATE INDEX operation_by_request ON operation (request) WHERE request IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX operation_by_connection, operation_by_connection_kind, operation_by_kind, operation_by_state, operation_by_subject, operation_by_request',
    );
    await runner.query('CREATE INDEX operation_created ON operation (connection_id, created_at)');
  }
}
