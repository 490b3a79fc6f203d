import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens in the deployment, counted by slots of time, and when each connection was last seen. */
export class Activity1764000810200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE activity_slot (
      at timestamptz NOT NULL, kind text NOT NULL, count int NOT NULL, refused int NOT NULL, failed int NOT NULL, latencies int[] NOT NULL,
      PRIMARY KEY (at, kind))`);
    // Room in each page: a row changes every few seconds, and no index with it.
    await runner.query(`CREATE TABLE connection_seen (connection_id uuid PRIMARY KEY, callback_at timestamptz, push_at timestamptz)
      WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity_slot, connection_seen');
  }
}
