import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows that a process is sending itself at once: the lane leaves them alone until the hold ends (`direct-sender.ts`). */
export class OutboxHolds1764000000710 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outbox
        ADD COLUMN held_by uuid,
        ADD COLUMN held_until timestamptz NOT NULL DEFAULT '-infinity'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN held_by, DROP COLUMN held_until');
  }
}
