import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Providers of a connection with incomplete required settings, and since when. The trigger runs after the triggers of
 * the other states, because triggers run in the order of their names.
 */
export class NotSetUp1764000978000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE connection ADD COLUMN not_set_up jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`CREATE FUNCTION judge_connection_set_up() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.not_set_up <> '{}' AND NEW.health IN ('ok', 'credentials-refused', 'crm-away', 'service-away') THEN
          NEW.health := 'not-set-up';
          NEW.health_since := (SELECT min(since::timestamptz) FROM jsonb_each_text(NEW.not_set_up) AS lacking (provider, since));
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER connection_health_set_up BEFORE INSERT OR UPDATE ON connection
      FOR EACH ROW EXECUTE FUNCTION judge_connection_set_up()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER connection_health_set_up ON connection');
    await runner.query('DROP FUNCTION judge_connection_set_up');
    await runner.query(`UPDATE connection SET version = version WHERE not_set_up <> '{}'`);
    await runner.query('ALTER TABLE connection DROP COLUMN not_set_up');
  }
}
