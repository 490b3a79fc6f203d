import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The modules that each process serves, and the connections whose module no process serves. A second trigger
 * derives their health after the first, because triggers run in the order of their names.
 */
export class RetiredModules1764000973000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE serving_process (id uuid PRIMARY KEY, modules text[] NOT NULL, seen_at timestamptz NOT NULL DEFAULT now())',
    );
    await runner.query('ALTER TABLE connection ADD COLUMN retired_at timestamptz');
    await runner.query('CREATE INDEX connection_retired ON connection (id) WHERE retired_at IS NOT NULL');
    await runner.query(`CREATE FUNCTION judge_connection_retired() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.retired_at IS NOT NULL AND NEW.health NOT IN ('off', 'frozen') THEN
          NEW.health := 'retired';
          NEW.health_since := NEW.retired_at;
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER connection_health_retired BEFORE INSERT OR UPDATE ON connection
      FOR EACH ROW EXECUTE FUNCTION judge_connection_retired()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER connection_health_retired ON connection');
    await runner.query('DROP FUNCTION judge_connection_retired');
    await runner.query(`UPDATE connection SET version = version WHERE retired_at IS NOT NULL`);
    await runner.query('ALTER TABLE connection DROP COLUMN retired_at');
    await runner.query('DROP TABLE serving_process');
  }
}
