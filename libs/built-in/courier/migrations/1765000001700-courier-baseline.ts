import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Track numbers. */
export class CourierBaseline1765000001700 implements MigrationInterface {
  static readonly replaces = 'CourierTrackNumbers1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SEQUENCE courier_track_number');
  }
}

const TABLES = `
  -- Steps by the 1,000 numbers that a process takes at a time.
  CREATE SEQUENCE courier_track_number INCREMENT BY 1000;
`;
