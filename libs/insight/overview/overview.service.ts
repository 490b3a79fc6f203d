import { Injectable } from '@nestjs/common';
import {
  ConnectionLists,
  describeState,
  type HangingCalls,
  type HealthTrouble,
  HealthStore,
  HostedModules,
  ServingProcesses,
} from '#connections';
import { AccountService } from '#onboarding';
import { oldestWaitingSql, stuckLanesSql } from '#outbox';
import { Database, groupError, type Series, SharedValues, type Snapshot, Snapshots, textFor } from '#platform';
import { ReconciliationService, RestoredGap } from '#reconciliation';
import { type FailureGroupView, FailuresService } from '../failures/failures.service.js';
import { FAILURE_SOURCES } from '../failures/failure-rows.js';
import { StoryReaders } from '../story-reader.js';
import type { Need, NeedKind, Overview } from './overview.js';

/** Seconds for which an overview is reused. */
const GOOD_S = 15;
/** Rows to read per source, the newest. Without a limit, the cost would grow with the number of rows. */
const NEWEST = 10_000;
const MOST_NEEDS = 100;
/** Minutes after which a waiting message is reported if there is no known reason. */
const WAIT_MIN = 10;
/** Health states that explain why messages wait. */
const EXPLAINED = ['retired', 'not-registered', 'crm-refuses', 'crm-away'];
/** Maximum number of different errors of lanes to read. */
const MOST_ERRORS = 1_000;
/** Seconds that a recurring job may be late, because a killed worker delays it. */
const LATE_S = 60;

/** In the order of severity, the worst first. */
const ORDER: readonly NeedKind[] = [
  'restored',
  'standing-still',
  'hanging',
  'retired',
  'not-registered',
  'crm-refuses',
  'credentials-refused',
  'crm-away',
  'service-away',
  'waits',
  'unknown-outcome',
  'failed',
];

/** Lanes of one kind, error and module with messages that have waited too long. */
interface StuckLanes {
  kind: string;
  error: string | null;
  module: string;
  connections: number;
  since: Date;
  /** Id of one of the connections. */
  connection: string;
}

/** The stored overview. `readAt` is known from its storage. */
type Kept = Omit<Overview, 'readAt'>;

/** Reads the state of the deployment or of some modules, once for all processes. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly database: Database,
    private readonly values: SharedValues,
    private readonly snapshots: Snapshots,
    private readonly health: HealthStore,
    private readonly failures: FailuresService,
    private readonly lists: ConnectionLists,
    private readonly modules: HostedModules,
    private readonly storyReaders: StoryReaders,
    private readonly accounts: AccountService,
    private readonly processes: ServingProcesses,
    private readonly gap: RestoredGap,
    private readonly reconciliations: ReconciliationService,
  ) {}

  /**
   * Returns figures and needs, at most about 15 s old, for the whole deployment or only for `modules`. Each
   * set of modules is stored separately, so that no operator gets figures of modules that they may not see.
   */
  async read(modules?: readonly string[]): Promise<Overview> {
    const only = modules && [...new Set(modules)].sort();
    const name = only ? `overview of ${only.join('+')}` : 'overview';
    const take = (): Promise<Kept> => (only ? this.takeOf(only) : this.take());
    const { takenAt, value } = await this.values.read({ name, goodS: GOOD_S, take });
    return { readAt: takenAt.toISOString(), ...value };
  }

  /** Metrics are not counted by module, so these figures are counted in the tables. */
  private async takeOf(modules: readonly string[]): Promise<Kept> {
    const of = 'connection_id IN (SELECT id FROM connection WHERE module_code = ANY ($1))';
    // Ordered like an index, like the metrics.
    const count = (table: string, which: string): string =>
      `(SELECT count(*)::int FROM (SELECT FROM ${table} WHERE state = 'pending' AND ${of} ${which} LIMIT ${NEWEST}) found)`;
    const [row] = await this.database.query<{ outbox: number; rejected: number; inbox: number; oldestAt: Date | null }>(
      `SELECT ${count('outbox', 'AND rejections = 0 ORDER BY connection_id, kind, id')} AS outbox,
         ${count('outbox', 'AND rejections > 0 ORDER BY connection_id, kind, subject')} AS rejected,
         ${count('inbox_event', 'ORDER BY connection_id, id')} AS inbox,
         (SELECT min(w.at) FROM live_connection c CROSS JOIN LATERAL (${oldestWaitingSql('c.id')}) w
          WHERE c.module_code = ANY ($1)) AS "oldestAt"`,
      [modules],
    );
    const failed = await this.failures.count(modules);
    return {
      connections: await this.health.countByHealth(modules),
      shopCount: await this.countShops(modules),
      outbox: {
        waiting: (row?.outbox ?? 0) + (row?.rejected ?? 0),
        ...(row?.oldestAt && { oldestAt: row.oldestAt.toISOString() }),
        failed: failed.outbox,
      },
      inbox: { waiting: row?.inbox ?? 0, failed: failed.inbox },
      operations: { unknown: failed.operations },
      needs: await this.listNeeds([], modules),
    };
  }

  private async take(): Promise<Kept> {
    const snapshot = await this.snapshots.read();
    const sum = (gauge: string): number => sumOf(snapshot.series[`crossdock_${gauge}`]);
    const oldest = sum('outbox_waiting_oldest_seconds');
    return {
      connections: await this.health.countByHealth(),
      shopCount: await this.countShops(),
      outbox: {
        waiting: sum('outbox_waiting'),
        ...(oldest > 0 && { oldestAt: toTime(snapshot.takenAt - oldest) }),
        failed: sum('outbox_failed'),
      },
      inbox: { waiting: sum('inbox_waiting'), failed: sum('inbox_failed') },
      operations: { unknown: sum('operations_unknown') },
      needs: await this.listNeeds([...(await this.listRestore()), ...listLate(snapshot)]),
    };
  }

  private async listNeeds(late: readonly Need[], modules?: readonly string[]): Promise<Need[]> {
    const troubles = await this.health.listTroubles(modules);
    const stuck = await this.listStuck(modules);
    const groups = await this.failures.listGroups(FAILURE_SOURCES, { modules }, NEWEST);
    const single = [...troubles, ...stuck].filter(({ connections }) => connections === 1).map(({ connection }) => connection);
    const hosts = await this.lists.listHosts(single);
    const needs = [
      ...late,
      ...(await this.processes.listHanging(modules)).map((calls) => this.describeHanging(calls)),
      ...troubles.map((trouble) => this.describeTrouble(trouble, hosts.get(trouble.connection))),
      ...stuck.map((lanes) => this.describeStuck(lanes, hosts.get(lanes.connection))),
      ...groups.map((group) => this.describeGroup(group)),
    ];
    const rank = ({ kind }: Need): number => ORDER.indexOf(kind);
    needs.sort(
      (one, other) => rank(one) - rank(other) || other.connections - one.connections || Date.parse(one.since) - Date.parse(other.since),
    );
    return needs.slice(0, MOST_NEEDS);
  }

  /** Lists the comparison after a restore, until all connections have been compared. */
  private async listRestore(): Promise<Need[]> {
    const { restoredAt, remaining } = await this.gap.read(this.reconciliations.listModules());
    if (restoredAt === null || remaining === 0) return [];
    return [
      {
        kind: 'restored',
        words: 'This database was restored. Compare all connections: until then their refunds and invoices are looked up first.',
        since: restoredAt,
        connections: remaining,
        modules: [],
        place: { restore: true },
      },
    ];
  }

  private describeHanging({ provider, calls, methods, module, since }: HangingCalls): Need {
    const title = this.modules.get(module)?.providers.find(({ manifest }) => manifest.code === provider)?.manifest.title.en ?? provider;
    return {
      kind: 'hanging',
      words: `${title} has not ended ${counted(calls, 'call')} after their time (${methods.join(', ')}). If this goes on, restart its processes.`,
      since: since.toISOString(),
      connections: 0,
      count: calls,
      modules: [module],
      place: { module },
    };
  }

  private async countShops(modules?: readonly string[]): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(DISTINCT system_url)::int AS count FROM connection WHERE $1::text[] IS NULL OR module_code = ANY ($1)',
      [modules ?? null],
    );
    return row?.count ?? 0;
  }

  private describeTrouble({ state, module, provider, connections, since, connection: id }: HealthTrouble, host: string | undefined): Need {
    const parts = this.modules.get(module)?.providers ?? [];
    const part = parts.find(({ manifest }) => provider === null || manifest.code === provider);
    const title = part?.manifest.title;
    const isOne = connections === 1;
    return {
      kind: state,
      words: textFor(describeState(state, title), 'en'),
      since: since.toISOString(),
      connections,
      modules: [module],
      ...(isOne && host !== undefined && { connection: { id, host } }),
      place: { connections: { health: state, module } },
      ...(isOne && (state === 'not-registered' || state === 'crm-refuses') && { act: { operation: 'registerConnection', path: { id } } }),
      ...(isOne &&
        (state === 'credentials-refused' || state === 'service-away') &&
        part &&
        this.accounts.canCheck({ module: part }) && {
          act: { operation: 'checkConnection', path: { id }, ...(parts.length > 1 && { query: { provider: part.manifest.code } }) },
        }),
    };
  }

  /** Lists lanes whose messages have waited too long, grouped by kind and by their errors' common text. */
  private async listStuck(modules?: readonly string[]): Promise<(StuckLanes & { modules: string[] })[]> {
    const rows = await this.database.query<StuckLanes>(
      `SELECT s.kind, s.error, c.module_code AS module, count(*)::int AS connections, min(s.at) AS since, min(c.id::text) AS connection
       FROM (${stuckLanesSql(WAIT_MIN)}) s JOIN connection c ON c.id = s.connection_id WHERE c.health <> ALL ($1)
         AND ($2::text[] IS NULL OR c.module_code = ANY ($2))
       GROUP BY s.kind, s.error, c.module_code ORDER BY since LIMIT ${MOST_ERRORS}`,
      [EXPLAINED, modules ?? null],
    );
    const groups = new Map<string, StuckLanes[]>();
    for (const row of rows) {
      const key = `${row.kind} ${groupError(row.error ?? '')}`;
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return [...groups.values()].map((alike) => ({
      ...alike[0]!,
      connections: alike.reduce((sum, { connections }) => sum + connections, 0),
      modules: [...new Set(alike.map(({ module }) => module))],
    }));
  }

  private describeStuck(
    { kind, error, connections, modules, since, connection: id }: StuckLanes & { modules: string[] },
    host?: string,
  ): Need {
    return {
      kind: 'waits',
      words: `Messages have waited for the CRM for more than ${WAIT_MIN} minutes (${this.storyReaders.describe(kind)}).${error === null ? ' Check that a worker is running.' : ''}`,
      ...(error !== null && { sample: error }),
      since: since.toISOString(),
      ...{ connections, modules },
      ...(connections === 1 && host !== undefined && { connection: { id, host } }),
      place: { waiting: kind },
    };
  }

  private describeGroup({ what, group, kind, error, sample, count, connections, modules, firstAt }: FailureGroupView): Need {
    const action = this.storyReaders.describe(kind);
    const words = {
      outbox: `The CRM rejected ${counted(count, 'message')} (${action}).`,
      inbox: `${counted(count, 'event')} of providers cannot be applied (${action}).`,
      operations: `The outcome of ${counted(count, 'call')} is unknown (${action}).`,
    };
    return {
      kind: what === 'operations' ? 'unknown-outcome' : 'failed',
      words: words[what],
      ...((sample || error) && { sample: sample || error }),
      since: firstAt,
      ...{ connections, count, modules },
      place: { failures: { what, group } },
      act: { operation: 'replayFailures', body: { what, group } },
    };
  }
}

function listLate({ takenAt, series }: Snapshot): Need[] {
  return (series.crossdock_recurring_late_seconds ?? [])
    .filter(([, late]) => late > LATE_S)
    .map(([[name = ''], late]) => ({
      kind: 'standing-still',
      words: `The recurring job ${name} does not run. Check that a worker is running.`,
      since: toTime(takenAt - late),
      connections: 0,
      modules: [],
      place: { recurring: name },
    }));
}

function sumOf(series: readonly Series[] = []): number {
  return series.reduce((sum, [, value]) => sum + value, 0);
}

function toTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
