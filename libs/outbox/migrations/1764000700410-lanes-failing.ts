import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the lanes that fail among all; a lane that is well is not in it, so marking rows costs what it did. */
export class LanesFailing1764000700410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX outbox_lane_failing ON outbox_lane (kind) WHERE failures > 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_lane_failing');
  }
}
