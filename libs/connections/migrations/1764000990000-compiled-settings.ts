import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Compiled settings. A row is valid only while the sealed settings begin with its `source`. */
export class CompiledSettings1764000990000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE compiled_settings (
      connection_id uuid REFERENCES connection ON DELETE CASCADE, provider text, format integer NOT NULL,
      source text NOT NULL, sealed text NOT NULL, PRIMARY KEY (connection_id, provider))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE compiled_settings');
  }
}
