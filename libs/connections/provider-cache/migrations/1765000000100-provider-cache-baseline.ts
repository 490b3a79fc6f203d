import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Values that providers keep between calls. */
export class ProviderCacheBaseline1765000000100 implements MigrationInterface {
  static readonly replaces = 'ProviderCacheExpiry1764000400050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_cache');
  }
}

const TABLES = `
  -- Unlogged, because it may be emptied at any time.
  CREATE UNLOGGED TABLE provider_cache (
    scope text NOT NULL,
    key text NOT NULL,
    value text,
    expires_at timestamptz NOT NULL,
    loading_until timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (scope, key)
  );
  CREATE INDEX provider_cache_expiry ON provider_cache (expires_at);
`;
