import { type FactoryProvider, Inject, Injectable, Logger } from '@nestjs/common';
import { CrmClient, type CrmExchange, type CrmResponseInfo, postgresRateLimiter, type RateLimiter, redisRateLimiter } from '#crm-client';
import { Journal, type JournalBody, type Subjects } from '#journal';
import { Database, Environment, errorText, isRedisAway, openRedis, Timings } from '#platform';
import { Traffic, judgeOutcome } from '../traffic/index.js';
import { ConnectionSecrets } from '../connection-secrets.js';
import { ConnectionStore } from '../store/connection-store.js';
import type { CallerRow } from '../store/stored-connection.js';
import { explainCrmError, toCrmOutcome } from '../crm-rejection.js';
import { CrmWatch } from '../health/crm-watch.js';
import { SystemUrls } from '../system-urls.js';

/** Whether a person waits for a call. */
export type CrmPriority = 'interactive' | 'background';

/** The purpose of calls to the CRM, for the journal. May be changed between the calls of one client. */
export interface CrmErrand {
  /** Number of the request that causes the calls. */
  request?: string | undefined;
  /** Subjects of the calls, such as `delivery:1`. */
  subjects?: readonly string[] | Subjects | undefined;
  /** Whether the calls send updates of the outbox. */
  isUpdate?: boolean;
}

/** The connection that a client belongs to. */
type CrmOwner = Pick<CallerRow, 'id' | 'moduleCode' | 'apiKeySealed' | 'problems'>;

/** The owner and purpose of a client. */
interface CrmAccess {
  readonly owner?: CrmOwner;
  readonly errand?: CrmErrand | undefined;
}

/** Token of the `RateLimiter` that counts the CRM's limits for all processes of the deployment together. */
export const CRM_LIMITER = Symbol('CRM_LIMITER');

const duration = new Timings({
  name: 'crm_call_duration_seconds',
  help: 'Duration of calls to CRMs by method of the API and outcome (ok, or the kind of CrmError)',
  labelNames: ['method', 'outcome'],
  buckets: [0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
});
const wait = new Timings({
  name: 'crm_limit_wait_seconds',
  help: 'Time for which the limit of an account held calls to its CRM back, by priority',
  labelNames: ['priority'],
  buckets: [0.01, 0.1, 0.5, 1, 5, 10, 20],
});

function measure({ method, error, duration: ms, waited, priority }: CrmResponseInfo): void {
  duration.observe(ms / 1000, method, error?.kind ?? 'ok');
  wait.observe(waited / 1000, priority);
}

/** Milliseconds between two log lines about a limiter's store that keeps failing. */
const LOG_MS = 60_000;

/** Creates clients for the accounts' CRMs. All processes of the deployment share their limits. */
@Injectable()
export class CrmClients {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly secrets: ConnectionSecrets,
    private readonly systemUrls: SystemUrls,
    private readonly watch: CrmWatch,
    @Inject(CRM_LIMITER) private readonly limiter: RateLimiter,
    private readonly journal: Journal,
    private readonly traffic: Traffic,
  ) {}

  /**
   * Returns a client with the connection's current address and key. A connection can be passed as `errand`.
   * Throws for an unknown connection.
   */
  async crmFor(connectionId: string, priority: CrmPriority = 'background', errand?: CrmErrand): Promise<CrmClient> {
    const row = await this.connections.findCaller(connectionId);
    if (!row) throw new Error(`there is no connection ${connectionId}`);
    return this.crmForRow(row, priority, errand);
  }

  /** Returns a client for the account of a row that was just read. */
  crmForRow(row: CallerRow, priority: CrmPriority, errand?: CrmErrand): CrmClient {
    return this.create(row.systemUrl, this.secrets.open(row, 'apiKey'), priority, row.account.timeZone, { owner: row, errand });
  }

  /** Returns a client for an address and key that are not stored (yet). */
  crmAt(systemUrl: string, apiKey: string, priority: CrmPriority, timeZone = 'UTC'): CrmClient {
    return this.create(systemUrl, apiKey, priority, timeZone, {});
  }

  private create(systemUrl: string, apiKey: string, priority: CrmPriority, timeZone: string, of: CrmAccess): CrmClient {
    return new CrmClient({
      baseUrl: systemUrl,
      apiKey,
      timeZone,
      priority,
      limiter: this.limiter,
      allowPrivateHosts: this.systemUrls.isDevelopment(systemUrl),
      hooks: {
        onResponse: (info) => {
          measure(info);
          this.count(info, of);
          if (of.owner) this.watch.note(of.owner, info);
          if (this.journal.isOn) this.record(info, { ...of, origin: new URL(systemUrl).origin });
        },
      },
    });
  }

  private count({ error, duration: ms }: CrmResponseInfo, { owner, errand }: CrmAccess): void {
    this.traffic.note('crm', judgeOutcome(error ? toCrmOutcome(error) : 'ok'), ms);
    if (!error && owner && errand?.isUpdate) this.traffic.notePush(owner.id);
  }

  private record(info: CrmResponseInfo, { owner, errand, origin }: CrmAccess & { origin: string }): void {
    const { method, verb, route, status, duration: durationMs, error, exchange } = info;
    this.journal.record({
      ...{ kind: 'crm', name: method, verb, address: `${origin}${exchange.path}`, route, status, durationMs },
      ...{ outcome: error ? toCrmOutcome(error) : 'ok', error: error && explainCrmError(error) },
      ...{
        connectionId: owner?.id,
        module: owner?.moduleCode,
        request: errand?.request,
        subjects: errand?.subjects,
        subjectsInBodies: true,
      },
      requestBody: toBody(exchange.request),
      replyBody: exchange.reply === undefined ? undefined : { content: exchange.reply },
    });
  }
}

function toBody(request: CrmExchange['request']): JournalBody | undefined {
  if (request === undefined) return undefined;
  return { type: typeof request === 'string' ? 'application/x-www-form-urlencoded' : 'application/octet-stream', content: request };
}

/** Limits of calls to the CRM, counted for all processes of the deployment together. */
export const crmLimiter: FactoryProvider<RateLimiter> = {
  provide: CRM_LIMITER,
  inject: [Environment, Database],
  useFactory: (environment: Environment, database: Database) => {
    const onStoreError = reportStoreErrors(environment);
    return environment.REDIS_URL
      ? redisRateLimiter(openRedis(environment.REDIS_URL, { failFast: true }), { onStoreError })
      : postgresRateLimiter(database.pool, { onStoreError });
  },
};

function reportStoreErrors(environment: Environment): (error: unknown) => void {
  const logger = new Logger('crm limits');
  let [times, saidAt] = [0, -Infinity];
  return (error) => {
    if (environment.REDIS_URL && isRedisAway(error)) return;
    times++;
    const now = performance.now();
    if (now - saidAt < LOG_MS) return;
    logger.warn(`counted in this process alone, ${times} times: ${errorText(error)}`);
    [times, saidAt] = [0, now];
  };
}
