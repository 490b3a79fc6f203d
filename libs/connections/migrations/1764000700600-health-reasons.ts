import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps only masked reasons in changes of health, so not the CRM's rejection of a registration. */
export class HealthReasons1764000700600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(buildFunction('problem.reason'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      buildFunction(`coalesce(problem.reason, CASE WHEN NEW.health IN ('crm-refuses', 'not-registered') THEN NEW.registration_error END)`),
    );
  }
}

function buildFunction(reason: string): string {
  return `CREATE OR REPLACE FUNCTION keep_health_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE problem record;
    BEGIN
      SELECT substring(key FROM ':([^#]+)') AS provider, value->>'reason' AS reason, (value->>'since')::timestamptz AS since INTO problem
        FROM jsonb_each(NEW.problems) WHERE substring(key FROM '^[a-z-]+') = NEW.health ORDER BY value->>'since', key LIMIT 1;
      INSERT INTO health_change (connection_id, "from", "to", since, provider, reason)
        VALUES (NEW.id, OLD.health, NEW.health, coalesce(problem.since, NEW.health_since), problem.provider, ${reason});
      RETURN NULL;
    END $$`;
}
