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

/** Groups that are shown of each source. */
const MOST_GROUPS = 200;
/** Failures that are counted at most. */
const MOST_COUNTED = 10_000;

/** Failures of one kind with one cause. */
export interface FailureGroupView {
  what: FailureSource;
  /** Id of the group, for its rows and for replays. */
  group: string;
  /** Of the rows, such as `delivery.tracking`. */
  kind: string;
  /** What their errors have in common: without ids, numbers and quoted values. */
  error: string;
  /** The error of the latest of them as it is. */
  sample: string;
  count: number;
  /** Connections that have them. */
  connections: number;
  /** Codes of their modules. */
  modules: string[];
  /** When the first and the last of them failed. */
  firstAt: string;
  lastAt: string;
  /** What may be done about them. */
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

/** What failed, grouped by its error, and what operators do about it. */
@Injectable()
export class FailuresService {
  constructor(
    private readonly database: Database,
    private readonly tasks: TasksService,
  ) {}

  /**
   * Lists the groups of what criteria mean, the largest first. `newest`: looks only at so many of them from
   * each source, the last ones.
   */
  async listGroups(sources: readonly FailureSource[], criteria: FailureCriteria, newest?: number): Promise<FailureGroupView[]> {
    const asked = FAILURE_SOURCES.filter((what) => sources.includes(what));
    const lists = await Promise.all(asked.map((what) => this.listOf(what, criteria, newest)));
    return lists.flat().sort((left, right) => right.count - left.count);
  }

  /** Counts the failures of each source, at most 10,000; of some modules only, if `modules` names them. */
  async count(modules?: readonly string[]): Promise<Record<FailureSource, number>> {
    const columns = FAILURE_SOURCES.map((what) => {
      const { sql } = buildConditions(FAILURES[what], { modules }, 1);
      // In the order of an index: with only a limit all may be read.
      return `(SELECT count(*)::int FROM (SELECT FROM ${FAILURES[what].table} AS f WHERE ${FAILURES[what].condition} ${sql} ORDER BY state, id LIMIT ${MOST_COUNTED}) found) AS ${what}`;
    });
    const [row] = await this.database.query<Record<FailureSource, number>>(`SELECT ${columns.join(', ')}`, modules ? [modules] : []);
    return row ?? { outbox: 0, inbox: 0, operations: 0 };
  }

  /**
   * Starts to replay or discard what criteria mean and has failed by now; what fails later is not touched.
   * Throws CallbackError 409 while the same is under way.
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
    // Hashed in steps, by shop and by module: counting distinct ones at once sorts all rows.
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
