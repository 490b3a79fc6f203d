import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Long work that operators start. */
export class TasksBaseline1765000000400 implements MigrationInterface {
  static readonly replaces = 'Tasks1764000700300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE task');
  }
}

const TABLES = `
  CREATE TABLE task (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    key text,
    input jsonb NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    place jsonb,
    done int NOT NULL DEFAULT 0,
    total int,
    result jsonb NOT NULL DEFAULT '{}',
    problem text,
    started_by text NOT NULL,
    request text,
    due_at timestamptz NOT NULL DEFAULT now(),
    tries int NOT NULL DEFAULT 0,
    fence int NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
  );
  CREATE UNIQUE INDEX task_key ON task (key) WHERE state = 'running';
  CREATE INDEX task_due ON task (due_at) WHERE state = 'running';
  CREATE INDEX task_latest ON task (started_at, id);
  CREATE INDEX task_ended ON task (ended_at) WHERE state <> 'running';
`;
