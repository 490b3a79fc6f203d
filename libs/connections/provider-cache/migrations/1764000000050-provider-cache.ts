import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Table of values that providers keep between calls. It may be emptied at any time, so it is not logged. */
export class ProviderCacheTable1764000000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE provider_cache (
        scope text NOT NULL,
        key text NOT NULL,
        value text,
        expires_at timestamptz NOT NULL,
        loading_until timestamptz NOT NULL DEFAULT '-infinity',
        PRIMARY KEY (scope, key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_cache');
  }
}
