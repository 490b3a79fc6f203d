import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Exchanges with the CRM and providers. Parts of six hours each are created when they are needed.
 */
export class Journal1764000700101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // By id, which begins with the time. A row is found in one part, and the newest rows need no sort.
    await runner.query(`
      CREATE TABLE journal_entry (
        id uuid NOT NULL PRIMARY KEY,
        at timestamptz NOT NULL,
        connection_id uuid,
        module text,
        provider text,
        kind text NOT NULL,
        name text NOT NULL,
        verb text,
        address text,
        status int,
        outcome text NOT NULL,
        error text,
        duration_ms real NOT NULL,
        request text,
        subjects text[],
        phones text[],
        request_body json,
        reply_body json
      ) PARTITION BY RANGE (id)`);
    await runner.query('CREATE INDEX journal_entry_by_connection ON journal_entry (connection_id, id)');
    await runner.query('CREATE INDEX journal_entry_by_request ON journal_entry (request) WHERE request IS NOT NULL');
    await runner.query(`CREATE INDEX journal_entry_failed ON journal_entry (id) WHERE outcome <> 'ok'`);
    // One index for both columns costs half as much per row as two.
    await runner.query('CREATE INDEX journal_entry_about ON journal_entry USING gin (subjects, phones)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE journal_entry');
  }
}
