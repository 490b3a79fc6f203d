import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts of data that was dropped because a connection had too much of it. */
export class Overload1764000200810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD overload jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection DROP overload`);
  }
}
