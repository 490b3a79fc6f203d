import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Table of connections. */
export class Connections1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE connection (
        id uuid PRIMARY KEY,
        module_code text NOT NULL,
        system_url text NOT NULL,
        client_id_hash text NOT NULL UNIQUE,
        client_id_sealed text NOT NULL,
        api_key_sealed text NOT NULL,
        scopes text[] NOT NULL DEFAULT '{}',
        settings_sealed text,
        account jsonb NOT NULL,
        active boolean NOT NULL DEFAULT true,
        frozen boolean NOT NULL DEFAULT false,
        version int NOT NULL DEFAULT 1,
        registered_hash text,
        registered_at timestamptz,
        registration_error text,
        account_token_hash text,
        account_token_expires_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (module_code, system_url)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE connection');
  }
}
