import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Names as in the glossary. Processes of the previous version do not work on this schema, so stop them first.
 * Renames read no rows, and the updates only change connections of combined modules and old changes of health.
 */
export class ConnectionsTerms1765000003100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

/** SQL: renames two members of each provider's state. */
const renameMembers = (calls: readonly [string, string], notifiedAt: readonly [string, string]): string => `
  UPDATE connection SET by_provider = (
    SELECT jsonb_object_agg(code, state - '${calls[0]}' - '${notifiedAt[0]}'
      || jsonb_build_object('${calls[1]}', state->'${calls[0]}', '${notifiedAt[1]}', state->'${notifiedAt[0]}'))
    FROM jsonb_each(by_provider) AS provider (code, state)
  ) WHERE by_provider <> '{}';`;

const UP = `
  ALTER TABLE connection RENAME COLUMN refused_calls TO rejected_calls;
  ALTER TABLE connection RENAME COLUMN credentials_told_at TO credentials_notified_at;
  ${renameMembers(['refusedCalls', 'rejectedCalls'], ['credentialsToldAt', 'credentialsNotifiedAt'])}

  ALTER TABLE connection_service RENAME TO provider_setup;
  ALTER TABLE provider_setup RENAME CONSTRAINT connection_service_pkey TO provider_setup_pkey;
  ALTER TABLE provider_setup RENAME CONSTRAINT connection_service_state_check TO provider_setup_state_check;
  ALTER INDEX connection_service_due RENAME TO provider_setup_due;

  ALTER TABLE connection_probe RENAME TO connection_check;
  ALTER TABLE connection_check RENAME COLUMN told_at TO notified_at;
  ALTER TABLE connection_check RENAME CONSTRAINT connection_probe_pkey TO connection_check_pkey;
  ALTER INDEX connection_probe_due RENAME TO connection_check_due;

  ALTER TABLE activity_slot RENAME TO traffic_slot;
  ALTER TABLE traffic_slot RENAME COLUMN refused TO rejected;
  ALTER TABLE traffic_slot RENAME CONSTRAINT activity_slot_pkey TO traffic_slot_pkey;

  ALTER TABLE connection_erasure RENAME COLUMN part TO step;
  UPDATE health_change SET state = CASE state WHEN 'told' THEN 'sent' ELSE 'unsent' END WHERE state IN ('told', 'untold');
`;

const DOWN = `
  UPDATE health_change SET state = CASE state WHEN 'sent' THEN 'told' ELSE 'untold' END WHERE state IN ('sent', 'unsent');
  ALTER TABLE connection_erasure RENAME COLUMN step TO part;

  ALTER TABLE traffic_slot RENAME CONSTRAINT traffic_slot_pkey TO activity_slot_pkey;
  ALTER TABLE traffic_slot RENAME COLUMN rejected TO refused;
  ALTER TABLE traffic_slot RENAME TO activity_slot;

  ALTER INDEX connection_check_due RENAME TO connection_probe_due;
  ALTER TABLE connection_check RENAME CONSTRAINT connection_check_pkey TO connection_probe_pkey;
  ALTER TABLE connection_check RENAME COLUMN notified_at TO told_at;
  ALTER TABLE connection_check RENAME TO connection_probe;

  ALTER INDEX provider_setup_due RENAME TO connection_service_due;
  ALTER TABLE provider_setup RENAME CONSTRAINT provider_setup_state_check TO connection_service_state_check;
  ALTER TABLE provider_setup RENAME CONSTRAINT provider_setup_pkey TO connection_service_pkey;
  ALTER TABLE provider_setup RENAME TO connection_service;

  ${renameMembers(['rejectedCalls', 'refusedCalls'], ['credentialsNotifiedAt', 'credentialsToldAt'])}
  ALTER TABLE connection RENAME COLUMN credentials_notified_at TO credentials_told_at;
  ALTER TABLE connection RENAME COLUMN rejected_calls TO refused_calls;
`;
