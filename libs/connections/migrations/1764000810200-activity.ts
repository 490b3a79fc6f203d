import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts of exchanges by time slot, and when each connection was last seen. */
export class Activity1764000810200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE activity_slot (
      at timestamptz NOT NULL, kind text NOT NULL, count int NOT NULL, refused int NOT NULL, failed int NOT NULL, latencies int[] NOT NULL,
      PRIMARY KEY (at, kind))`);
    // Free space in each page, because a row changes every few seconds, without any index entry.
    await runner.query(`CREATE TABLE connection_seen (connection_id uuid PRIMARY KEY, callback_at timestamptz, push_at timestamptz)
      WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity_slot, connection_seen');
  }
}
