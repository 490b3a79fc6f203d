import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, register, Registry } from 'prom-client';
import { Environment } from '../config/index.js';
import { Database, Readiness } from '../database/index.js';
import { readVersion } from './build-info.js';
import { QUEUE_GAUGES, SharedGauges, type Series, Snapshots } from './snapshots.js';

/** Milliseconds that the database has to reply. After them, the metrics are returned without its values. */
const ANSWER_MS = 3_000;

/** A gauge of this process's own values. */
interface OwnGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/**
 * All metrics of one application: events counted as they happen (prom-client's register), values of this
 * process, and values that all processes of the deployment share.
 */
@Injectable()
export class Metrics {
  readonly contentType = register.contentType;
  /** Specs run several applications in one process: each application has its own register. */
  private readonly registry = new Registry();
  private readonly own = new Map<string, { gauge: Gauge; reads: (() => readonly Series[])[] }>();
  private readonly shared: ReadonlyMap<string, Gauge>;
  private readonly takenAt = this.createGauge({
    name: 'crossdock_snapshot_timestamp_seconds',
    help: 'When the values that all processes share were read, seconds since 1970',
    labels: [],
  });
  private readonly ready = this.createGauge({
    name: 'crossdock_database_ready',
    help: '1 while the database answers and takes writes, otherwise 0',
    labels: [],
  });

  constructor(
    environment: Environment,
    private readonly database: Database,
    private readonly readiness: Readiness,
    private readonly snapshots: Snapshots,
    gauges: SharedGauges,
  ) {
    if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
    this.shared = new Map([...gauges.list, ...QUEUE_GAUGES].map((gauge) => [gauge.name, this.createGauge(gauge)]));
    this.createGauge({ name: 'crossdock_build_info', help: 'Always 1; which build runs', labels: ['version', 'commit', 'node'] })
      .labels(readVersion(), environment.COMMIT, process.versions.node)
      .set(1);
    const pool = { name: 'crossdock_database_connections', help: 'Connections of the pool of this process by state', labels: ['state'] };
    this.watch(pool, () => this.readPool());
    const waiting = { name: 'crossdock_database_waiting', help: 'Statements that wait for a connection of the pool', labels: [] };
    this.watch(waiting, () => [[[], this.database.pool.waitingCount]]);
  }

  /** Exports a gauge that is read together with the metrics. Several reads of one name add their series. */
  watch({ name, help, labels }: OwnGauge, read: () => readonly Series[]): void {
    const known = this.own.get(name);
    if (known) known.reads.push(read);
    else this.own.set(name, { gauge: this.createGauge({ name, help, labels }), reads: [read] });
  }

  /**
   * Returns all metrics in Prometheus' text format, within seconds even while the database is unavailable.
   */
  async read(): Promise<string> {
    for (const { gauge, reads } of this.own.values())
      set(
        gauge,
        reads.flatMap((read) => read()),
      );
    const [isReady] = await Promise.all([this.isReady(), this.readShared()]);
    this.ready.set(isReady ? 1 : 0);
    return (await register.metrics()) + (await this.registry.metrics());
  }

  private readPool(): Series[] {
    const { totalCount, idleCount } = this.database.pool;
    return [
      [['used'], totalCount - idleCount],
      [['idle'], idleCount],
    ];
  }

  private async isReady(): Promise<boolean> {
    return within(
      this.readiness.check().then(() => true),
      false,
    );
  }

  private async readShared(): Promise<void> {
    const snapshot = await within(this.snapshots.read(), undefined);
    for (const [name, gauge] of this.shared) setShared(gauge, snapshot?.series[name]);
    setShared(this.takenAt, snapshot && [[[], snapshot.takenAt]]);
  }

  private createGauge({ name, help, labels }: OwnGauge): Gauge {
    return new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] });
  }
}

/** Sets the series of a gauge, and no others. */
function set(gauge: Gauge, series: readonly Series[]): void {
  gauge.reset();
  for (const [labels, value] of series) gauge.labels(...labels).set(value);
}

/** Exports nothing if there is no value: a gauge without labels would be 0. */
function setShared(gauge: Gauge, series: readonly Series[] | undefined): void {
  set(gauge, series ?? []);
  if (series === undefined) gauge.remove({});
}

/** The value that a promise resolves to, or `otherwise` when it rejects or takes too long. */
async function within<T, Other>(work: Promise<T>, otherwise: Other): Promise<T | Other> {
  const waiting = new AbortController();
  const over = sleep(ANSWER_MS, otherwise, { signal: waiting.signal }).catch(() => otherwise);
  try {
    return await Promise.race([work, over]);
  } catch {
    return otherwise;
  } finally {
    waiting.abort();
  }
}
