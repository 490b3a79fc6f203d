import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is kept for each provider of a module of several, by the provider's code. Rows of before stay as they are: a
 * migration neither opens what is sealed nor knows whose it is, so the plain columns stand for the module's first
 * provider, and the first change of a combined module's settings moves them under its code (`provider-state.ts`). The
 * version before goes on with them.
 */
export class CombinedModules1764000600200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD COLUMN by_provider jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection DROP COLUMN by_provider');
  }
}
