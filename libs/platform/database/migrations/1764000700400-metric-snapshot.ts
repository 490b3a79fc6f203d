import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The one row with the values that all processes export (`metrics/snapshots.ts`). */
export class MetricSnapshot1764000700400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE metric_snapshot (only_row boolean PRIMARY KEY CHECK (only_row), taken_at timestamptz NOT NULL, series jsonb NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE metric_snapshot');
  }
}
