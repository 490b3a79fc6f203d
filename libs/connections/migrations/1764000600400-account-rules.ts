import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules of accounts, sealed like their settings. */
export class AccountRules1764000600400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection ADD COLUMN rules_sealed text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE connection DROP COLUMN rules_sealed');
  }
}
