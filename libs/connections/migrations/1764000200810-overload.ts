import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was dropped of a connection that had too much of it. */
export class Overload1764000200810 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD overload jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection DROP overload`);
  }
}
