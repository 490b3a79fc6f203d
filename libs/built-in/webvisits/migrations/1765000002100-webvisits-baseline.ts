import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Visitors of the shops' sites, their identity in the CRM's chats, their visits and pages. */
export class WebvisitsBaseline1765000002100 implements MigrationInterface {
  static readonly replaces = 'WebvisitsAnalytics1764000501200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webvisits_page, webvisits_visit, webvisits_link, webvisits_visitor');
  }
}

const TABLES = `
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
    identified boolean NOT NULL DEFAULT false,
    report_due_at timestamptz,
    UNIQUE (connection_id, key_hash)
  );
  CREATE INDEX webvisits_visitor_seen ON webvisits_visitor (connection_id, last_seen);
  CREATE INDEX webvisits_visitor_due ON webvisits_visitor (connection_id, report_due_at) WHERE report_due_at IS NOT NULL;

  CREATE TABLE webvisits_link (
    connection_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('chat', 'user', 'customer', 'order')),
    external_id text NOT NULL,
    visitor_id uuid NOT NULL REFERENCES webvisits_visitor ON DELETE CASCADE,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (connection_id, kind, external_id, visitor_id)
  );
  CREATE INDEX webvisits_link_visitor ON webvisits_link (visitor_id);

  CREATE TABLE webvisits_visit (
    id uuid PRIMARY KEY,
    connection_id uuid NOT NULL,
    visitor_id uuid NOT NULL REFERENCES webvisits_visitor ON DELETE CASCADE,
    source text NOT NULL,
    started_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    pages int NOT NULL,
    reported boolean NOT NULL DEFAULT false
  );
  CREATE INDEX webvisits_visit_visitor ON webvisits_visit (visitor_id, last_at);
  CREATE INDEX webvisits_visit_old ON webvisits_visit (connection_id, last_at);

  CREATE TABLE webvisits_page (
    visit_id uuid NOT NULL REFERENCES webvisits_visit ON DELETE CASCADE,
    number int NOT NULL,
    at timestamptz NOT NULL,
    url text NOT NULL,
    title text,
    PRIMARY KEY (visit_id, number)
  );
`;
