import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How each recurring job ended last. BullMQ makes its own tables. */
export class QueueBaseline1765000000300 implements MigrationInterface {
  static readonly replaces = 'RecurringRuns1764000810400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recurring_run');
  }
}

const TABLES = `
  CREATE TABLE recurring_run (
    name text PRIMARY KEY,
    ended_at timestamptz NOT NULL,
    ms int NOT NULL,
    problem text,
    failed_at timestamptz,
    failure text
  ) WITH (fillfactor = 70);
`;
