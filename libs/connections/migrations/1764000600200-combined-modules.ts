import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * State of each provider of a module with several providers, by the provider's code. Existing rows stay unchanged: a
 * migration cannot open sealed values and does not know their provider, so the plain columns belong to the module's
 * first provider. The first change of a combined module's settings moves them under its code (`provider-state.ts`).
 * The previous version continues to use them.
 */
export class CombinedModules1764000600200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD COLUMN by_provider jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection DROP COLUMN by_provider');
  }
}
