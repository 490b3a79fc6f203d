import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what is old enough for its personal data to be emptied. By a time that never changes, so that changes of a row stay cheap. */
export class OperationPersonalData1764000200700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX operation_personal ON operation (created_at) WHERE state IN ('done', 'refused') AND (input <> '{}' OR error IS NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX operation_personal');
  }
}
