import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Health of connections. The database judges it whenever a row of `connection` changes, so that there is one
 * definition and no change is missed, and keeps each change for the operator.
 */
export class Health1764000700200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD COLUMN problems jsonb NOT NULL DEFAULT '{}', ADD COLUMN health text NOT NULL DEFAULT 'ok',
      ADD COLUMN health_since timestamptz NOT NULL DEFAULT now()`);
    await runner.query(`CREATE FUNCTION judge_connection_health() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.health := CASE
          WHEN NOT NEW.active THEN 'off'
          WHEN NEW.frozen OR NEW.frozen_by_operator_at IS NOT NULL THEN 'frozen'
          WHEN NOT NEW.shadow AND NEW.registered_at IS NULL THEN 'not-registered'
          WHEN NOT NEW.shadow AND NEW.registration_error IS NOT NULL AND NEW.attempted_hash IS NOT NULL THEN 'crm-refuses'
          WHEN NEW.problems = '{}' THEN 'ok'
          ELSE coalesce((SELECT kind FROM (VALUES (1, 'crm-refuses'), (2, 'credentials-refused'), (3, 'crm-away'), (4, 'service-away')) AS rank (n, kind)
            WHERE EXISTS (SELECT FROM jsonb_object_keys(NEW.problems) AS key WHERE substring(key FROM '^[a-z-]+') = kind) ORDER BY n LIMIT 1), 'ok')
        END;
        IF TG_OP = 'INSERT' OR NEW.health <> OLD.health THEN NEW.health_since := now(); END IF;
        RETURN NEW;
      END $$`);
    await runner.query(
      'CREATE TRIGGER connection_health_judged BEFORE INSERT OR UPDATE ON connection FOR EACH ROW EXECUTE FUNCTION judge_connection_health()',
    );
    // Known rejections of credentials. Without a code they belong to the module's first provider.
    await runner.query(`UPDATE connection SET problems =
      CASE WHEN refused_calls = '{}' THEN '{}'::jsonb
        ELSE jsonb_build_object('credentials-refused', jsonb_build_object('since', coalesce(credentials_told_at, now()), 'reason', '')) END
      || coalesce((SELECT jsonb_object_agg('credentials-refused:' || key, jsonb_build_object('since', coalesce((value->>'credentialsToldAt')::timestamptz, now()), 'reason', ''))
          FROM jsonb_each(by_provider) WHERE jsonb_array_length(value->'refusedCalls') > 0), '{}')`);
    await runner.query('CREATE INDEX connection_health ON connection (health, id)');
    await runner.query(`CREATE TABLE connection_probe (
      connection_id uuid NOT NULL, provider text NOT NULL, due_at timestamptz, tries int NOT NULL DEFAULT 0, told_at timestamptz,
      PRIMARY KEY (connection_id, provider))`);
    await runner.query('CREATE INDEX connection_probe_due ON connection_probe (due_at) WHERE due_at IS NOT NULL');
    await runner.query(`CREATE TABLE health_change (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, connection_id uuid NOT NULL, "from" text NOT NULL, "to" text NOT NULL, since timestamptz NOT NULL,
      provider text, reason text, at timestamptz NOT NULL DEFAULT now(), state text NOT NULL DEFAULT 'waiting', message_id uuid)`);
    await runner.query('CREATE INDEX health_change_connection ON health_change (connection_id, id)');
    await runner.query(`CREATE INDEX health_change_waiting ON health_change (id) WHERE state = 'waiting'`);
    await runner.query('CREATE INDEX health_change_message ON health_change (message_id) WHERE message_id IS NOT NULL');
    await runner.query(`CREATE INDEX health_change_old ON health_change (at) WHERE state <> 'waiting'`);
    await runner.query(`CREATE TABLE operator_message (
      id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), due_at timestamptz NOT NULL DEFAULT now(), tries int NOT NULL DEFAULT 0, last_error text)`);
    await runner.query(`CREATE FUNCTION keep_health_change() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE problem record;
      BEGIN
        SELECT substring(key FROM ':([^#]+)') AS provider, value->>'reason' AS reason, (value->>'since')::timestamptz AS since INTO problem
          FROM jsonb_each(NEW.problems) WHERE substring(key FROM '^[a-z-]+') = NEW.health ORDER BY value->>'since', key LIMIT 1;
        INSERT INTO health_change (connection_id, "from", "to", since, provider, reason) VALUES (NEW.id, OLD.health, NEW.health,
          coalesce(problem.since, NEW.health_since), problem.provider,
          coalesce(problem.reason, CASE WHEN NEW.health IN ('crm-refuses', 'not-registered') THEN NEW.registration_error END));
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER connection_health_changed AFTER UPDATE ON connection FOR EACH ROW
      WHEN (OLD.health <> NEW.health) EXECUTE FUNCTION keep_health_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER connection_health_changed ON connection');
    await runner.query('DROP TRIGGER connection_health_judged ON connection');
    await runner.query('DROP FUNCTION keep_health_change');
    await runner.query('DROP FUNCTION judge_connection_health');
    await runner.query('DROP TABLE operator_message, health_change, connection_probe');
    await runner.query('ALTER TABLE connection DROP COLUMN problems, DROP COLUMN health, DROP COLUMN health_since');
  }
}
