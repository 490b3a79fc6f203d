import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Several instances of a module in an account. The database generates the code, so that processes of the
 * previous version, which set no instance, still create the first one.
 */
export class Instances1764000600100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE connection
        ADD COLUMN instance text,
        ADD COLUMN name text,
        ADD COLUMN code text NOT NULL GENERATED ALWAYS AS (module_code || coalesce('-' || instance, '')) STORED,
        ADD CONSTRAINT connection_instance UNIQUE (system_url, code),
        DROP CONSTRAINT connection_module_code_system_url_key`);
    await runner.query('CREATE INDEX connection_module ON connection (module_code, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE connection
        DROP COLUMN code, DROP COLUMN name, DROP COLUMN instance, ADD UNIQUE (module_code, system_url)`);
    await runner.query('DROP INDEX connection_module');
  }
}
