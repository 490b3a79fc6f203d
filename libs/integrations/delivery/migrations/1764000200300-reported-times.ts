import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a carrier said of a status's time, where the status was stored with another one; and statuses stored ahead of their day come back to when they were told. */
export class ReportedTimes1764000200300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE delivery_status ADD COLUMN reported_at timestamptz`);
    await runner.query(`
      UPDATE delivery d SET status_at = s.received_at FROM (
        SELECT DISTINCT ON (delivery_id) delivery_id, code, updated_at, date_trunc('second', received_at) AS received_at FROM delivery_status
        WHERE moved AND updated_at > received_at + interval '2 minutes' ORDER BY delivery_id, id DESC
      ) s WHERE d.id = s.delivery_id AND d.status = s.code AND d.status_at = s.updated_at AND d.status_at > now()`);
    await runner.query(`
      UPDATE delivery_status SET reported_at = updated_at, updated_at = date_trunc('second', received_at)
      WHERE updated_at > received_at + interval '2 minutes' AND updated_at > now()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery_status DROP COLUMN reported_at');
  }
}
