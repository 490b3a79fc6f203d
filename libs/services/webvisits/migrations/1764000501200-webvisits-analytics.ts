import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Visitors whom the CRM knows by their client id, and which of their visits it was sent. */
export class WebvisitsAnalytics1764000501200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webvisits_link DROP CONSTRAINT webvisits_link_kind_check,
        ADD CONSTRAINT webvisits_link_kind_check CHECK (kind IN ('chat', 'user', 'customer', 'order'))`);
    await runner.query(`
      ALTER TABLE webvisits_visitor ADD identified boolean NOT NULL DEFAULT false, ADD report_due_at timestamptz`);
    await runner.query(`
      CREATE INDEX webvisits_visitor_due ON webvisits_visitor (connection_id, report_due_at) WHERE report_due_at IS NOT NULL`);
    await runner.query(`ALTER TABLE webvisits_visit ADD reported boolean NOT NULL DEFAULT false`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE webvisits_visit DROP reported`);
    await runner.query(`ALTER TABLE webvisits_visitor DROP identified, DROP report_due_at`);
    await runner.query(`DELETE FROM webvisits_link WHERE kind NOT IN ('chat', 'user')`);
    await runner.query(`
      ALTER TABLE webvisits_link DROP CONSTRAINT webvisits_link_kind_check,
        ADD CONSTRAINT webvisits_link_kind_check CHECK (kind IN ('chat', 'user'))`);
  }
}
