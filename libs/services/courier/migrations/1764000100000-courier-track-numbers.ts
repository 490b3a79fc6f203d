import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The sequence of track numbers. It steps by the 1,000 numbers that a process takes at a time. */
export class CourierTrackNumbers1764000100000 implements MigrationInterface {
  name = 'CourierTrackNumbers1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SEQUENCE courier_track_number AS bigint START WITH 1 INCREMENT BY 1000');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SEQUENCE courier_track_number');
  }
}
