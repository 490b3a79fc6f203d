import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first. */
export class OutboxTerms1765000003200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE outbox RENAME COLUMN refusals TO rejections;
  ALTER TABLE outbox RENAME COLUMN refused_at TO rejected_at;
  ALTER TABLE outbox RENAME COLUMN held_by TO claimed_by;
  ALTER TABLE outbox RENAME COLUMN held_until TO not_before;
  ALTER INDEX outbox_refused RENAME TO outbox_rejected;
`;

const DOWN = `
  ALTER INDEX outbox_rejected RENAME TO outbox_refused;
  ALTER TABLE outbox RENAME COLUMN not_before TO held_until;
  ALTER TABLE outbox RENAME COLUMN claimed_by TO held_by;
  ALTER TABLE outbox RENAME COLUMN rejected_at TO refused_at;
  ALTER TABLE outbox RENAME COLUMN rejections TO refusals;
`;
