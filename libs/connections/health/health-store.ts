import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { maskWords } from '#journal';
import { Database, toRows } from '#platform';
import { ConnectionMemory } from '../store/connection-memory.js';
import type { HostedModule } from '../hosted-modules.js';
import { listProblemKeys } from './health.js';
import { HEALTH_STATES, type HealthState, type ProblemName, type Problems, toProblemKey } from '../problems.js';

/** States that need an operator. `off` and `frozen` are intended, and only the shop can complete a setup. */
const TROUBLES: readonly HealthState[] = HEALTH_STATES.filter((state) => !['off', 'frozen', 'not-set-up', 'ok'].includes(state));

/** Connections of a module with the same problem. */
export interface HealthTrouble {
  readonly state: HealthState;
  /** Code of the module. */
  readonly module: string;
  /** Code of the provider whose service has the problem. Null: the CRM, or the module's first provider. */
  readonly provider: string | null;
  readonly connections: number;
  /** When the first connection got the problem. */
  readonly since: Date;
  /** Id of one of the connections. */
  readonly connection: string;
}

/** Maximum number of characters in a reason. */
const REASON_LENGTH = 500;
/** Seconds until a failed side is checked again: to confirm the failure, and to detect its end. */
const ASK_S = { suspect: 5, begun: 15 };

const PROBE = `INSERT INTO connection_check AS p (connection_id, provider, tries, due_at)`;
const SOONER = `ON CONFLICT (connection_id, provider) DO UPDATE SET due_at = least(p.due_at, excluded.due_at), tries = greatest(p.tries, 1)`;

/** Problems of connections. Each starts once and ends once, in whichever process detects it. */
@Injectable()
export class HealthStore {
  constructor(
    private readonly database: Database,
    private readonly memory: ConnectionMemory,
  ) {}

  /**
   * Stores a problem, and schedules a check of its service or CRM, in the manager's transaction if one is
   * passed. Masks words of the reason that may be personal data. Returns false, and changes nothing,
   * if the problem is known, or if it concerns a sealed `key` that the connection no longer has.
   */
  async begin(
    id: string,
    problem: ProblemName,
    reason: string,
    manager: EntityManager = this.database.dataSource.manager,
    key?: string,
  ): Promise<boolean> {
    const rows = toRows(
      await manager.query(
        `WITH begun AS (
           UPDATE connection SET problems = problems || jsonb_build_object($2::text, jsonb_build_object('since', now(), 'reason', $3::text)),
             version = version + 1, updated_at = now() WHERE id = $1 AND NOT problems ? $2 AND api_key_sealed = coalesce($5, api_key_sealed) RETURNING id
         ) ${PROBE} SELECT id, $4, 1, now() + make_interval(secs => ${ASK_S.begun}) FROM begun ${SOONER} RETURNING 1`,
        [id, toProblemKey(problem), maskWords(reason).slice(0, REASON_LENGTH), problem.provider ?? '', key ?? null],
      ),
    );
    if (rows.length > 0) this.memory.forget(id);
    return rows.length > 0;
  }

  /** Ends problems by their keys. Returns whether there were any. */
  async end(id: string, keys: readonly string[], manager: EntityManager = this.database.dataSource.manager): Promise<boolean> {
    if (keys.length === 0) return false;
    const rows = toRows(
      await manager.query(
        `UPDATE connection SET problems = problems - $2::text[], version = version + 1, updated_at = now()
         WHERE id = $1 AND problems ?| $2::text[] RETURNING id`,
        [id, keys],
      ),
    );
    if (rows.length > 0) this.memory.forget(id);
    return rows.length > 0;
  }

  /** Ends a provider's stored problems of a kind. */
  async endOf(id: string, kind: ProblemName['kind'], module: HostedModule, manager: EntityManager): Promise<void> {
    const [row] = toRows<{ problems: Problems }>(await manager.query('SELECT problems FROM connection WHERE id = $1', [id]));
    if (row) await this.end(id, listProblemKeys(row.problems, kind, module), manager);
  }

  /** Schedules a check of the service, or of the CRM (no provider), in a few seconds, after a failed call. */
  async suspect(id: string, provider = ''): Promise<void> {
    await this.database.query(
      `${PROBE} SELECT id, $2, 1, now() + make_interval(secs => ${ASK_S.suspect}) FROM connection WHERE id = $1 ${SOONER}`,
      [id, provider],
    );
  }

  /**
   * Lists the problems that keep active connections from working, by state, module and provider. `modules`
   * limits them to these modules.
   */
  listTroubles(modules?: readonly string[]): Promise<HealthTrouble[]> {
    // ANY of the states uses the index, so that healthy connections are not read.
    return this.database.query<HealthTrouble>(
      `SELECT c.health AS state, c.module_code AS module, p.provider, count(*)::int AS connections, min(c.health_since) AS since, min(c.id::text) AS connection
       FROM connection c LEFT JOIN LATERAL (
         SELECT substring(key FROM ':([^#]+)') AS provider FROM jsonb_object_keys(c.problems) AS key
         WHERE substring(key FROM '^[a-z-]+') = c.health ORDER BY 1 LIMIT 1
       ) p ON true WHERE c.health = ANY ($1) AND ($2::text[] IS NULL OR c.module_code = ANY ($2)) GROUP BY c.health, c.module_code, p.provider`,
      [TROUBLES, modules ?? null],
    );
  }

  /** Counts connections by their state. A state without connections is 0. */
  async countByHealth(modules?: readonly string[]): Promise<Record<HealthState, number>> {
    const rows = await this.database.query<{ health: HealthState; count: number }>(
      `SELECT health, count(*)::int AS count FROM connection ${modules ? 'WHERE module_code = ANY ($1)' : ''} GROUP BY health`,
      modules ? [modules] : [],
    );
    const counts = Object.fromEntries(HEALTH_STATES.map((state) => [state, 0])) as Record<HealthState, number>;
    for (const { health, count } of rows) counts[health] = count;
    return counts;
  }
}
