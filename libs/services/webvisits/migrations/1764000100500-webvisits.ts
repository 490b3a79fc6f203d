import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of the web visits service: visitors, whom they are in the CRM's chats, their visits and pages. */
export class Webvisits1764000100500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webvisits_visitor (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        key_hash text NOT NULL,
        visits int NOT NULL,
        visit_id uuid NOT NULL,
        first_seen timestamptz NOT NULL,
        last_seen timestamptz NOT NULL,
        lang text,
        browser text,
        os text,
        country text,
        city text,
        utm_source text,
        utm_medium text,
        utm_campaign text,
        UNIQUE (connection_id, key_hash)
      )`);
    await runner.query(`CREATE INDEX webvisits_visitor_seen ON webvisits_visitor (connection_id, last_seen)`);
    await runner.query(`
      CREATE TABLE webvisits_link (
        connection_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('chat', 'user')),
        external_id text NOT NULL,
        visitor_id uuid NOT NULL REFERENCES webvisits_visitor (id) ON DELETE CASCADE,
        linked_at timestamptz NOT NULL,
        PRIMARY KEY (connection_id, kind, external_id, visitor_id)
      )`);
    await runner.query(`CREATE INDEX webvisits_link_visitor ON webvisits_link (visitor_id)`);
    await runner.query(`
      CREATE TABLE webvisits_visit (
        id uuid PRIMARY KEY,
        connection_id uuid NOT NULL,
        visitor_id uuid NOT NULL REFERENCES webvisits_visitor (id) ON DELETE CASCADE,
        source text NOT NULL,
        started_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        ended boolean NOT NULL DEFAULT false,
        pages int NOT NULL
      )`);
    await runner.query(`CREATE INDEX webvisits_visit_visitor ON webvisits_visit (visitor_id, last_at)`);
    await runner.query(`CREATE INDEX webvisits_visit_old ON webvisits_visit (connection_id, last_at)`);
    await runner.query(`
      CREATE TABLE webvisits_page (
        visit_id uuid NOT NULL REFERENCES webvisits_visit (id) ON DELETE CASCADE,
        number int NOT NULL,
        at timestamptz NOT NULL,
        url text NOT NULL,
        title text,
        PRIMARY KEY (visit_id, number)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['page', 'visit', 'link', 'visitor']) await runner.query(`DROP TABLE webvisits_${table}`);
  }
}
