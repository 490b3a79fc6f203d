import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of widgets: presses of actions, and the actions that shops have switched on. */
export class WidgetsBaseline1765000003800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE widget_press (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        key uuid NOT NULL,
        thing text NOT NULL,
        action text NOT NULL,
        result jsonb,
        lease_until timestamptz NOT NULL,
        opened_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (connection_id, key)
      );
      CREATE INDEX widget_press_created ON widget_press (created_at);
      CREATE TABLE widget_setting (
        connection_id uuid PRIMARY KEY,
        actions text[] NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE widget_setting; DROP TABLE widget_press');
  }
}
