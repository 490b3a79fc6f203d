import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database, defineJob, errorText, HandleJob, toRows } from '#platform';
import { HostedModules } from './hosted-modules.js';

const retireModules = defineJob<Record<string, never>>('housekeeping', 'modules.retire');

/** Milliseconds between two records of a process, and between two checks of the served modules. */
const SEEN_MS = 5_000;
const LOOK_MS = 10_000;
/** Seconds after which a process without a record does not serve its modules. A restart takes less. */
const GONE_S = 45;

/** SQL: the modules that a process serves. */
const SERVED = `SELECT unnest(modules) FROM serving_process WHERE seen_at > now() - interval '${GONE_S} seconds'`;

/** A provider's calls in all processes that continue after their timeout. */
export interface HangingCalls {
  readonly provider: string;
  readonly module: string;
  /** Methods of the provider's port. */
  readonly methods: string[];
  /** Number of calls. */
  readonly calls: number;
  /** When the first of them timed out. */
  readonly since: Date;
}

/** One call that continues after its timeout. */
export interface HangingCall {
  readonly provider: string;
  readonly module: string;
  readonly method: string;
  /** ISO 8601. */
  readonly since: string;
}

/** Maximum number of calls recorded per process. */
const MOST_NOTED = 1_000;

/**
 * Records the modules that each process serves, and its hanging calls. A module that no process serves is
 * retired: the health of its connections is `retired` until a process serves it again.
 */
@Injectable()
export class ServingProcesses implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ServingProcesses.name);
  private readonly id = uuidv7();
  private timer: NodeJS.Timeout | undefined;
  private readonly sources: (() => HangingCall[])[] = [];

  constructor(
    private readonly database: Database,
    private readonly modules: HostedModules,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.note();
    this.timer = setInterval(() => void this.note(), SEEN_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Retires the connections of modules that no process serves, and ends that for modules that one does. */
  @HandleJob(retireModules, { everyMs: LOOK_MS })
  async look(): Promise<void> {
    await this.database.query(`DELETE FROM serving_process WHERE seen_at < now() - interval '1 day'`);
    const changed = toRows<{ module: string; retired: boolean }>(
      await this.database.query(
        `UPDATE connection SET retired_at = CASE WHEN retired_at IS NULL THEN now() END, version = version + 1, updated_at = now()
         WHERE (retired_at IS NULL) <> (module_code IN (${SERVED})) RETURNING module_code AS module, retired_at IS NOT NULL AS retired`,
      ),
    );
    for (const module of new Set(changed.map((row) => row.module))) {
      const [first, ...others] = changed.filter((row) => row.module === module);
      const what = first?.retired ? 'is retired, because no process serves it' : 'is served again';
      this.logger.warn(`module ${module} ${what} (${others.length + 1} connections)`);
    }
  }

  /** Adds a function that lists hanging calls of this process. */
  watchHanging(list: () => HangingCall[]): void {
    this.sources.push(list);
  }

  /** Lists the hanging calls of live processes, by provider and module. `modules` limits them to these. */
  listHanging(modules?: readonly string[]): Promise<HangingCalls[]> {
    return this.database.query<HangingCalls>(
      `SELECT h.provider, h.module, array_agg(DISTINCT h.method ORDER BY h.method) AS methods, count(*)::int AS calls, min(h.since) AS since
       FROM serving_process p, jsonb_to_recordset(p.hanging) AS h(provider text, module text, method text, since timestamptz)
       WHERE p.seen_at > now() - interval '${GONE_S} seconds' AND ($1::text[] IS NULL OR h.module = ANY ($1))
       GROUP BY h.provider, h.module ORDER BY since`,
      [modules ?? null],
    );
  }

  private async note(): Promise<void> {
    const hanging = this.sources.flatMap((list) => list()).slice(0, MOST_NOTED);
    try {
      await this.database.query(
        `INSERT INTO serving_process (id, modules, hanging) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET seen_at = now(), modules = excluded.modules, hanging = excluded.hanging`,
        [this.id, this.modules.all().map(({ code }) => code), JSON.stringify(hanging)],
      );
    } catch (error) {
      this.logger.warn(`the modules of this process are noted later: ${errorText(error)}`);
    }
  }
}
