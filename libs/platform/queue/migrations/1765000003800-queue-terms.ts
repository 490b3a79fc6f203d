import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names as in the glossary. Workers schedule the recurring jobs under their new names when they start, and remove
 * the old names from the queue. A job that waits there under an old name fails with one line in the log. Nothing is
 * lost, because the recurring jobs find the rows.
 */
export class QueueTerms1765000003800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(rename('old', 'new'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(rename('new', 'old'));
  }
}

/** SQL: keeps the last run of each job under its other name. */
const rename = (from: string, to: string): string => `
  UPDATE recurring_run SET name = names.${to} FROM (VALUES
    ('activity.clean', 'traffic.clean'),
    ('health.find', 'connection-checks.find'),
    ('health.probe', 'connection-checks.run'),
    ('operator.tell', 'operator.notify'),
    ('services.find', 'provider-setups.find'),
    ('services.keep', 'provider-setups.keep'),
    ('store.changes', 'inventory.changes'),
    ('store.clean', 'inventory.clean'),
    ('store.find', 'inventory.find')
  ) AS names (old, new)
  WHERE name = names.${from} AND NOT EXISTS (SELECT FROM recurring_run WHERE name = names.${to})`;
