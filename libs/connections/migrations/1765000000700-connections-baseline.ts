import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections, their health, and their setup at providers' services. */
export class ConnectionsBaseline1765000000700 implements MigrationInterface {
  static readonly replaces = 'CompiledSettings1764000990000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW live_connection, served_connection, shadow_connection, disconnected_connection');
    await runner.query(
      'DROP TABLE compiled_settings, serving_process, connection_failure, account_draft, connection_seen, activity_slot, operator_message, health_change, connection_probe, connection_erasure, connection_service, connection',
    );
    await runner.query('DROP FUNCTION judge_connection_health, keep_health_change, judge_connection_retired, judge_connection_set_up');
  }
}

const TABLES = `
  CREATE TABLE connection (
    id uuid PRIMARY KEY,
    module_code text NOT NULL,
    system_url text NOT NULL,
    client_id_hash text NOT NULL UNIQUE,
    client_id_sealed text NOT NULL,
    api_key_sealed text NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}',
    settings_sealed text,
    account jsonb NOT NULL,
    active boolean NOT NULL DEFAULT true,
    frozen boolean NOT NULL DEFAULT false,
    version int NOT NULL DEFAULT 1,
    registered_hash text,
    registered_at timestamptz,
    registration_error text,
    account_token_hash text,
    account_token_expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    refused_calls text[] NOT NULL DEFAULT '{}',
    credentials_told_at timestamptz,
    attempted_hash text,
    attempted_at timestamptz,
    sent_choices jsonb NOT NULL DEFAULT '{}',
    registration_reply jsonb,
    chat_tokens_sealed text,
    billing_info jsonb,
    settings_error text,
    settings_due_at timestamptz,
    settings_tries int NOT NULL DEFAULT 0,
    switched_on_again_at timestamptz,
    overload jsonb,
    service_memory_sealed text,
    instance text,
    name text,
    -- Generated, so that processes that set no instance still create the first one.
    code text NOT NULL GENERATED ALWAYS AS (module_code || coalesce('-' || instance, '')) STORED,
    -- State of the second and further providers of a combined module. Plain columns belong to the first one.
    by_provider jsonb NOT NULL DEFAULT '{}',
    disconnected_at timestamptz,
    frozen_by_operator_at timestamptz,
    rules_sealed text,
    shadow boolean NOT NULL DEFAULT false,
    problems jsonb NOT NULL DEFAULT '{}',
    health text NOT NULL DEFAULT 'ok',
    health_since timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz,
    -- Providers whose required settings are incomplete, and since when.
    not_set_up jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT connection_instance UNIQUE (system_url, code)
  );
  CREATE INDEX connection_settings_due ON connection (settings_due_at) WHERE settings_due_at IS NOT NULL;
  CREATE INDEX connection_module ON connection (module_code, id);
  CREATE INDEX connection_shadow ON connection (id) WHERE shadow;
  CREATE INDEX connection_health ON connection (health, id);
  CREATE INDEX connection_host ON connection (split_part(system_url, '//', 2) text_pattern_ops);
  CREATE INDEX connection_retired ON connection (id) WHERE retired_at IS NOT NULL;

  -- The setup of a connection at a provider's service.
  CREATE TABLE connection_service (
    connection_id uuid NOT NULL,
    provider text NOT NULL,
    wanted boolean NOT NULL DEFAULT true,
    state text NOT NULL DEFAULT 'unset' CHECK (state IN ('unset', 'connected', 'conflict', 'manual', 'failed', 'removed')),
    address text,
    detail jsonb,
    problem text,
    check_report jsonb,
    checked_at timestamptz,
    due_at timestamptz,
    tries int NOT NULL DEFAULT 0,
    fence int NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (connection_id, provider)
  );
  CREATE INDEX connection_service_due ON connection_service (due_at) WHERE due_at IS NOT NULL;

  -- Connections that are being erased. A row stays for a minute after all other data is deleted.
  CREATE TABLE connection_erasure (
    id uuid PRIMARY KEY,
    state text NOT NULL DEFAULT 'leaving' CHECK (state IN ('leaving', 'erasing', 'erased')),
    requested_at timestamptz NOT NULL DEFAULT now(),
    part text,
    rows bigint NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
  );

  CREATE TABLE connection_probe (
    connection_id uuid NOT NULL,
    provider text NOT NULL,
    due_at timestamptz,
    tries int NOT NULL DEFAULT 0,
    told_at timestamptz,
    PRIMARY KEY (connection_id, provider)
  );
  CREATE INDEX connection_probe_due ON connection_probe (due_at) WHERE due_at IS NOT NULL;

  -- Changes of health for the operator, with masked reasons only.
  CREATE TABLE health_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL,
    "from" text NOT NULL,
    "to" text NOT NULL,
    since timestamptz NOT NULL,
    provider text,
    reason text,
    at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'waiting',
    message_id uuid
  );
  CREATE INDEX health_change_connection ON health_change (connection_id, id);
  CREATE INDEX health_change_waiting ON health_change (id) WHERE state = 'waiting';
  CREATE INDEX health_change_message ON health_change (message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX health_change_old ON health_change (at) WHERE state <> 'waiting';

  CREATE TABLE operator_message (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz NOT NULL DEFAULT now(),
    tries int NOT NULL DEFAULT 0,
    last_error text
  );

  -- Counts of exchanges by time slot.
  CREATE TABLE activity_slot (
    at timestamptz NOT NULL,
    kind text NOT NULL,
    count int NOT NULL,
    refused int NOT NULL,
    failed int NOT NULL,
    latencies int[] NOT NULL,
    PRIMARY KEY (at, kind)
  );

  -- When each connection was last seen. Free space in each page, because a row changes every few seconds.
  CREATE TABLE connection_seen (
    connection_id uuid PRIMARY KEY,
    callback_at timestamptz,
    push_at timestamptz
  ) WITH (fillfactor = 70);

  -- Unsaved changes on account pages.
  CREATE TABLE account_draft (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id uuid NOT NULL,
    provider text NOT NULL,
    form text NOT NULL,
    values_sealed text NOT NULL,
    saved_at timestamptz NOT NULL,
    UNIQUE (connection_id, provider, form)
  );
  CREATE INDEX account_draft_old ON account_draft (saved_at);

  -- Failed callbacks and webhooks of each connection by time slot.
  CREATE TABLE connection_failure (
    connection_id uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    count int NOT NULL,
    PRIMARY KEY (connection_id, at, kind)
  );

  -- The modules that each process serves, and its calls that a provider did not end after their timeout.
  CREATE TABLE serving_process (
    id uuid PRIMARY KEY,
    modules text[] NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    hanging jsonb NOT NULL DEFAULT '[]'
  );

  -- Valid only while the sealed settings begin with source.
  CREATE TABLE compiled_settings (
    connection_id uuid NOT NULL REFERENCES connection ON DELETE CASCADE,
    provider text NOT NULL,
    format int NOT NULL,
    source text NOT NULL,
    sealed text NOT NULL,
    PRIMARY KEY (connection_id, provider)
  );

  -- The database derives health at each change of a row, so that there is one definition and no change is missed.
  -- Triggers run in the order of their names.
  CREATE FUNCTION judge_connection_health() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.health := CASE
          WHEN NOT NEW.active THEN 'off'
          WHEN NEW.frozen OR NEW.frozen_by_operator_at IS NOT NULL THEN 'frozen'
          WHEN NOT NEW.shadow AND NEW.registered_at IS NULL THEN 'not-registered'
          WHEN NOT NEW.shadow AND NEW.registration_error IS NOT NULL AND NEW.attempted_hash IS NOT NULL THEN 'crm-refuses'
          WHEN NEW.problems = '{}' THEN 'ok'
          ELSE coalesce((SELECT kind FROM (VALUES (1, 'crm-refuses'), (2, 'credentials-refused'), (3, 'crm-away'), (4, 'service-away')) AS rank (n, kind)
            WHERE EXISTS (SELECT FROM jsonb_object_keys(NEW.problems) AS key WHERE substring(key FROM '^[a-z-]+') = kind) ORDER BY n LIMIT 1), 'ok')
        END;
        IF TG_OP = 'INSERT' OR NEW.health <> OLD.health THEN NEW.health_since := now(); END IF;
        RETURN NEW;
      END $$;

  CREATE FUNCTION keep_health_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE problem record;
    BEGIN
      SELECT substring(key FROM ':([^#]+)') AS provider, value->>'reason' AS reason, (value->>'since')::timestamptz AS since INTO problem
        FROM jsonb_each(NEW.problems) WHERE substring(key FROM '^[a-z-]+') = NEW.health ORDER BY value->>'since', key LIMIT 1;
      INSERT INTO health_change (connection_id, "from", "to", since, provider, reason)
        VALUES (NEW.id, OLD.health, NEW.health, coalesce(problem.since, NEW.health_since), problem.provider, problem.reason);
      RETURN NULL;
    END $$;

  CREATE FUNCTION judge_connection_retired() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.retired_at IS NOT NULL AND NEW.health NOT IN ('off', 'frozen') THEN
          NEW.health := 'retired';
          NEW.health_since := NEW.retired_at;
        END IF;
        RETURN NEW;
      END $$;

  CREATE FUNCTION judge_connection_set_up() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.not_set_up <> '{}' AND NEW.health IN ('ok', 'credentials-refused', 'crm-away', 'service-away') THEN
          NEW.health := 'not-set-up';
          NEW.health_since := (SELECT min(since::timestamptz) FROM jsonb_each_text(NEW.not_set_up) AS lacking (provider, since));
        END IF;
        RETURN NEW;
      END $$;

  CREATE TRIGGER connection_health_judged BEFORE INSERT OR UPDATE ON connection FOR EACH ROW EXECUTE FUNCTION judge_connection_health();
  CREATE TRIGGER connection_health_changed AFTER UPDATE ON connection FOR EACH ROW WHEN (OLD.health <> NEW.health) EXECUTE FUNCTION keep_health_change();
  CREATE TRIGGER connection_health_retired BEFORE INSERT OR UPDATE ON connection FOR EACH ROW EXECUTE FUNCTION judge_connection_retired();
  CREATE TRIGGER connection_health_set_up BEFORE INSERT OR UPDATE ON connection FOR EACH ROW EXECUTE FUNCTION judge_connection_set_up();

  -- For statements of other libraries. Served connections get replies; live ones are served and not trials.
  CREATE VIEW disconnected_connection AS SELECT id FROM connection WHERE disconnected_at IS NOT NULL;
  CREATE VIEW served_connection AS SELECT id, module_code, version, shadow FROM connection WHERE active AND NOT frozen AND frozen_by_operator_at IS NULL;
  CREATE VIEW shadow_connection AS SELECT id FROM connection WHERE shadow;
  CREATE VIEW live_connection AS SELECT id, module_code, version FROM served_connection WHERE NOT shadow;
`;
