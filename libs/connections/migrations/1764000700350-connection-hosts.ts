import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An index that finds connections by the beginning of their host. */
export class ConnectionHosts1764000700350 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX connection_host ON connection (split_part(system_url, '//', 2) text_pattern_ops)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX connection_host');
  }
}
