import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rejected credentials of a connection (`credentials-watch.ts`), and the last attempt at its registration (`registration.service.ts`). */
export class RefusedCredentials1764000000720 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE connection
        ADD COLUMN refused_calls text[] NOT NULL DEFAULT '{}',
        ADD COLUMN credentials_told_at timestamptz,
        ADD COLUMN attempted_hash text,
        ADD COLUMN attempted_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE connection DROP COLUMN refused_calls, DROP COLUMN credentials_told_at, DROP COLUMN attempted_hash, DROP COLUMN attempted_at',
    );
  }
}
