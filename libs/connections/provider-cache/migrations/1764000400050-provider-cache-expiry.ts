import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index that finds expired values. */
export class ProviderCacheExpiry1764000400050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The scans may take longer than a statement of the application is allowed to.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('CREATE INDEX provider_cache_expiry ON provider_cache (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX provider_cache_expiry');
  }
}
