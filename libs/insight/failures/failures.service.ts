import { Injectable } from '@nestjs/common';
import { Database, FAILURE_GROUP, type TaskEntity, TasksService } from '#platform';
import {
  buildConditions,
  type FailureAction,
  type FailureCriteria,
  FAILURES,
  FAILURE_SOURCES,
  type FailureSource,
} from './failure-rows.js';
import { discardFailures, replayFailures } from './failures.tasks.js';

/** Maximum number of groups per source. */
const MOST_GROUPS = 200;
/** Maximum number of failures to count. */
const MOST_COUNTED = 10_000;

/** Failures of one kind with the same cause. */
export interface FailureGroupView {
  what: FailureSource;
  /** Id of the group, for its rows and for replays. */
  group: string;
  /** Kind of the rows, such as `delivery.tracking`. */
  kind: string;
  /** The errors' common text, without ids, numbers and quoted values. */
  error: string;
  /** The unchanged error of the latest failure. */
  sample: string;
  count: number;
  /** Number of connections with these failures. */
  connections: number;
  /** Codes of the connections' modules. */
  modules: string[];
  /** Times of the first and the last failure. */
  firstAt: string;
  lastAt: string;
  /** The allowed actions. */
  actions: FailureAction[];
}

interface GroupRow {
  group: string;
  kind: string;
  error: string;
  count: number;
  connections: number;
  modules: string[];
  firstAt: Date;
  lastAt: Date;
  latest: string;
}

/** Groups failures by their error, and runs the operators' actions on them. */
@Injectable()
export class FailuresService {
  constructor(
    private readonly database: Database,
    private readonly tasks: TasksService,
  ) {}

  /**
   * Lists the groups of the failures that match the criteria, the largest first. `newest`: reads only this
   * number of failures per source, the latest.
   */
  async listGroups(sources: readonly FailureSource[], criteria: FailureCriteria, newest?: number): Promise<FailureGroupView[]> {
    const asked = FAILURE_SOURCES.filter((what) => sources.includes(what));
    const lists = await Promise.all(asked.map((what) => this.listOf(what, criteria, newest)));
    return lists.flat().sort((left, right) => right.count - left.count);
  }

  /** Counts the failures of each source, at most 10,000. `modules` limits them to these modules. */
  async count(modules?: readonly string[]): Promise<Record<FailureSource, number>> {
    const columns = FAILURE_SOURCES.map((what) => {
      const { sql } = buildConditions(FAILURES[what], { modules }, 1);
      // Ordered like an index. With only a limit, the whole table may be read.
      return `(SELECT count(*)::int FROM (SELECT FROM ${FAILURES[what].table} AS f WHERE ${FAILURES[what].condition} ${sql} ORDER BY state, id LIMIT ${MOST_COUNTED}) found) AS ${what}`;
    });
    const [row] = await this.database.query<Record<FailureSource, number>>(`SELECT ${columns.join(', ')}`, modules ? [modules] : []);
    return row ?? { outbox: 0, inbox: 0, operations: 0 };
  }

  /**
   * Starts a task that replays or discards the failures that match the criteria now. Later failures are not
   * touched. Throws CallbackError 409 if the same task is already running.
   */
  start(
    action: FailureAction,
    what: FailureSource,
    criteria: FailureCriteria,
    origin: { startedBy: string; request: string },
  ): Promise<TaskEntity> {
    const key = `failures ${JSON.stringify([what, criteria])}`;
    return this.tasks.start(action === 'replay' ? replayFailures : discardFailures, { what, ...criteria }, { ...origin, key });
  }

  private async listOf(what: FailureSource, criteria: FailureCriteria, newest?: number): Promise<FailureGroupView[]> {
    const rows = FAILURES[what];
    const { sql, values } = buildConditions(rows, criteria, 1);
    const table =
      newest === undefined
        ? rows.table
        : `(SELECT * FROM ${rows.table} AS f WHERE ${rows.condition} ${sql} ORDER BY id DESC LIMIT ${newest})`;
    // Aggregates in steps, by shop and by module. Counting distinct values in one step would sort all rows.
    const groups = await this.database.query<GroupRow>(
      `SELECT ${FAILURE_GROUP} AS "group", kind, coalesce(error_group, '') AS error, sum(count)::int AS count, sum(connections)::int AS connections,
         array_remove(array_agg(module), NULL) AS modules, min(first) AS "firstAt", max(last) AS "lastAt", max(latest)::text AS latest
       FROM (
         SELECT kind, error_group, c.module_code AS module, sum(count) AS count, count(*) AS connections, min(first) AS first, max(last) AS last, max(latest) AS latest
         FROM (
           SELECT kind, error_group, connection_id, count(*) AS count, min(${rows.failedAt}) AS first, max(${rows.failedAt}) AS last,
             max(${rows.id === 'bigint' ? 'id' : 'id::text'}) AS latest
           FROM ${table} AS f WHERE ${rows.condition} ${sql} GROUP BY kind, error_group, connection_id
         ) shop LEFT JOIN connection c ON c.id = shop.connection_id GROUP BY kind, error_group, c.module_code
       ) module GROUP BY kind, error_group ORDER BY sum(count) DESC LIMIT ${MOST_GROUPS}`,
      values,
    );
    const samples = await this.database.query<{ id: string; error: string | null }>(
      `SELECT id::text, ${rows.error} AS error FROM ${rows.table} WHERE id = ANY ($1::${rows.id}[])`,
      [groups.map(({ latest }) => latest)],
    );
    const texts = new Map(samples.map(({ id, error }) => [id, error]));
    return groups.map(({ group, kind, error, count, connections, modules, firstAt, lastAt, latest }) => ({
      ...{ what, group, kind, error, sample: texts.get(latest) ?? '', count, connections, modules },
      ...{ firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString() },
      actions: what === 'operations' ? ['replay'] : ['replay', 'discard'],
    }));
  }
}
