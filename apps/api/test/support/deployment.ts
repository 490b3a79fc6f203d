import { QueueConnection, QUEUES } from '#platform';
import { type CountJobs, listWork } from './at-rest.js';
import { Crm } from './crm.js';
import { type Reply, readReply, repeatWhileBusy } from './reply.js';
import { HostedServer } from './hosted-server.js';
import { freePort, ServerProcess } from './server-process.js';
import { type Backend, COMMON_SETTINGS, makeStores, type Stores } from './test-servers.js';
import { until } from './until.js';

/** Milliseconds that a hook which starts a deployment may take on a machine that has much else to do. */
export const START_MS = 240_000;

/** How a deployment is made. */
export interface DeploymentOptions {
  /** PostgreSQL when left out. */
  backend?: Backend;
  /** Number of accounts with allowed addresses; `nextCrm` returns one after the other. */
  accounts?: number;
  /** Accounts that the caller has made, and closes. */
  crms?: readonly Crm[];
  /** Hosts the adapters to fake carriers and the fake warehouse as well. */
  withFakeCarrier?: boolean;
  /** More settings, or others. */
  variables?: Readonly<Record<string, string>>;
  /** 1 when left out. */
  workers?: number;
  /** Api and workers are separate processes, for specs that kill them or count what each prints. */
  apart?: boolean;
  /** With `apart`: runs dist as it ships, which providers from outside share code with. */
  shipped?: boolean;
  /** Stores that exist already. They stay when the deployment stops. */
  stores?: Stores;
}

/** Verbs of the operator API. */
export type OperatorVerb = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A connection as the operator API shows it. */
export interface ConnectionView {
  id: string;
  code: string;
  name: string | null;
  systemUrl: string;
  active: boolean;
  frozen: boolean;
  frozenByOperatorAt: string | null;
  disconnectedAt: string | null;
  shadow: boolean;
  scopes: string[];
  account: { timeZone: string; language: string; currency?: string; workTimes: object[]; nonWorkingDays: object[] };
  registeredAt: string | null;
  registrationError: string | null;
  registrationAdvice?: string;
  registrationReply: object | null;
  chatTokens: string;
  billingInfo: object | null;
  settingsError?: string;
  settingsAskedAgainAt?: string;
  rejectedCalls: string[];
  health: { state: string; since: string; reason?: string; words: string };
}

/** An api or a worker under test, run from the compiled code. */
export type Server = ServerProcess | HostedServer;

type Role = 'api' | 'worker';
const ROLES: readonly Role[] = ['api', 'worker'];

/** For tests that are run again: a lack of accounts would hide why they failed. */
const SPARE_ACCOUNTS = 2;

/** An api and workers, run from the compiled code, with their own stores. */
export class Deployment {
  readonly workers: Server[] = [];
  /** Health ports of the started workers. */
  readonly workerPorts: string[] = [];
  api: Server | undefined;
  private given = 0;
  /** Roles whose servers start as separate processes. */
  private readonly separated: Set<Role>;
  /** Output of servers that `separate` and kills ended. */
  private earlierOutput = '';

  private constructor(
    readonly stores: Stores,
    /** Settings for processes that are started from now on. */
    readonly variables: Record<string, string>,
    /** All accounts. */
    readonly crms: readonly Crm[],
    private readonly options: DeploymentOptions,
  ) {
    this.separated = new Set(options.apart ? ROLES : []);
  }

  static async start(options: DeploymentOptions): Promise<Deployment> {
    const stores = options.stores ?? (await makeStores(options.backend ?? 'PostgreSQL'));
    const crms = options.crms ?? (await Crm.startAll(options.accounts === undefined ? 0 : options.accounts + SPARE_ACCOUNTS));
    const port = String(await freePort());
    const variables = {
      ...COMMON_SETTINGS,
      ...stores.variables,
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      CRM_HOSTS: crms.map((crm) => crm.hosts).join(','),
      ...options.variables,
    };
    const deployment = new Deployment(stores, variables, crms, options);
    try {
      await deployment.startAll();
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  /** The api's address. */
  get url(): string {
    return `http://127.0.0.1:${this.variables.PORT}`;
  }

  /** An account that no test has used before. */
  nextCrm(): Crm {
    const crm = this.crms[this.given++];
    if (!crm) throw new Error(`only ${this.crms.length} accounts were asked for`);
    return crm;
  }

  /** Calls to any account that the real API would not understand. */
  complaints(): string[] {
    return this.crms.flatMap((crm) => crm.complaints);
  }

  /** Connections of an account. */
  async listConnections(crm: Crm): Promise<ConnectionView[]> {
    const { items } = await this.operator<{ items: ConnectionView[] }>('GET', '/connections?limit=500');
    return items.filter((one) => one.systemUrl === crm.oldUrl || one.systemUrl === crm.newUrl);
  }

  /** The one connection of an account. */
  async getConnection(crm: Crm): Promise<ConnectionView> {
    const all = await this.listConnections(crm);
    if (!all[0] || all.length > 1) throw new Error(`${crm.url} has ${all.length} connections`);
    return all[0];
  }

  /** Secret of a module, as the settings have it or the module assumes it. */
  getSecret(module: string): string {
    return this.variables[`MODULE_${module.toUpperCase().replaceAll('-', '_')}_SECRET`] ?? `development-secret-of-${module}`;
  }

  async startApi(): Promise<void> {
    this.api = await this.run('api', this.variables);
    await this.api.ready(`${this.url}/health/ready`);
  }

  /** False after the api was stopped or killed. */
  get isApiRunning(): boolean {
    return this.api !== undefined;
  }

  async stopApi(): Promise<void> {
    await this.api?.stop();
    this.api = undefined;
  }

  async startWorker(): Promise<Server> {
    const port = String(await freePort());
    const worker = await this.run('worker', { ...this.variables, WORKER_PORT: port });
    this.workers.push(worker);
    this.workerPorts.push(port);
    await worker.ready(`http://127.0.0.1:${port}/health/ready`);
    return worker;
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
  }

  /**
   * Moves the api and one worker, or one of both, to separate processes, which start cold. A test may kill
   * them once: unless `apart`, what starts afterwards shares a process again.
   */
  async separate(...roles: readonly Role[]): Promise<void> {
    const moved = roles.length > 0 ? roles : ROLES;
    for (const role of moved) this.keepOutput(role);
    for (const role of moved) this.separated.add(role);
    const start = { api: () => this.startApi(), worker: () => this.startWorker() };
    const stop = { api: () => this.stopApi(), worker: () => this.stopWorkers() };
    await Promise.all(moved.map((role) => stop[role]()));
    await Promise.all(moved.map((role) => start[role]()));
  }

  /** Ends all by kill -9 and starts it again. */
  async crash(): Promise<void> {
    await Promise.all([this.killApi(), this.killWorkers()]);
    await this.startAll();
  }

  /** Ends the workers, which must be separate processes, by kill -9. */
  async killWorkers(): Promise<void> {
    this.keepOutput('worker');
    await Promise.all(this.workers.splice(0).map((worker) => worker.kill()));
    if (!this.options.apart) this.separated.delete('worker');
  }

  /** Ends the api, which must be a separate process, by kill -9. */
  async killApi(): Promise<void> {
    this.keepOutput('api');
    await this.api?.kill();
    this.api = undefined;
    if (!this.options.apart) this.separated.delete('api');
  }

  /** Returns the last output of the api and the workers, including killed ones. */
  get lastOutput(): string {
    return this.earlierOutput + [this.api, ...this.workers].map((server) => server?.lastOutput ?? '').join('');
  }

  /** Sends a request to the api. */
  async send(path: string, init: RequestInit = {}): Promise<Reply> {
    return readReply(await fetch(this.url + path, { redirect: 'manual', ...init }));
  }

  /** Calls the operator API with its token. Returns the JSON of a 2xx, throws for anything else. */
  async operator<Body>(verb: OperatorVerb, path: string, body?: unknown): Promise<Body> {
    const reply = await repeatWhileBusy(() => this.askOperator(verb, path, body));
    if (reply.status >= 300) throw new Error(`${verb} ${path} answered ${reply.status}: ${reply.bytes.toString()}`);
    return reply.json;
  }

  /** The same, whatever the status of the reply. */
  askOperator(verb: OperatorVerb, path: string, body?: unknown, token = this.variables.OPERATOR_TOKEN): Promise<Reply> {
    return this.send(`/operator/api${path}`, {
      method: verb,
      headers: { authorization: `Bearer ${token ?? ''}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /**
   * Waits until the deployment is at rest: no request, no job, no message or event that is due, no setup at a
   * service. Then a spec may check all effects of an act. Requests of separate processes are not counted.
   */
  async settled(): Promise<void> {
    // A look that cannot reach PostgreSQL in time counts as not yet.
    if (this.separated.size === 0) return void (await until('all is at rest', () => HostedServer.settled().then(() => true)));
    const { DATABASE_URL = '', REDIS_URL } = this.stores.variables;
    const connection = new QueueConnection({ DATABASE_URL, REDIS_URL });
    const queues = QUEUES.map((name) => connection.queue(name));
    const countJobs: CountJobs = async () => {
      const counts = await Promise.all(queues.map((queue) => queue.getJobCounts('waiting', 'active')));
      return counts.flatMap((count, n) => Object.entries(count).map(([state, jobs]) => ({ queue: QUEUES[n] ?? '', state, jobs })));
    };
    let rest = 0;
    try {
      await until('all is at rest', async () => {
        const work = await listWork((text, values) => this.stores.query(text, values), countJobs);
        rest = work.length === 0 ? rest + 1 : 0;
        if (work.length > 0) throw new Error(work.join(', '));
        return rest === 2;
      });
    } finally {
      await Promise.all(queues.map((queue) => queue.close()));
    }
  }

  /** As if what waits refused of a kind had been refused for long: the next refusal sets it aside. */
  async ageRefusals(kind: string): Promise<void> {
    await this.stores.query(
      `UPDATE outbox SET rejections = 4, rejected_at = now() - interval '11 minutes', not_before = '-infinity' WHERE kind = $1 AND state = 'pending' AND rejections > 0`,
      [kind],
    );
  }

  /** Ends all and drops the stores. */
  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.stopApi();
    if (!this.options.crms) await Promise.all(this.crms.map((crm) => crm.close()));
    if (!this.options.stores) await this.stores.remove();
  }

  private async startAll(): Promise<void> {
    const { workers = 1 } = this.options;
    const starts = [() => this.startApi(), ...Array.from({ length: workers }, () => () => this.startWorker())];
    if (this.separated.size > 0) await Promise.all(starts.map((start) => start()));
    // In one process each would only hold up the connections that another opens.
    else for (const start of starts) await start();
  }

  private keepOutput(role: Role): void {
    const ended = role === 'api' ? [this.api] : this.workers;
    this.earlierOutput += ended.map((server) => server?.lastOutput ?? '').join('');
  }

  private async run(role: Role, variables: Readonly<Record<string, string>>): Promise<Server> {
    const { withFakeCarrier = false, shipped = false } = this.options;
    if (!this.separated.has(role)) return HostedServer.start({ role, withFakeCarrier, variables });
    return withFakeCarrier
      ? ServerProcess.start('apps/api/test/support/carrier-main.js', [role], variables)
      : ServerProcess.start(`apps/${role}/src/main.js`, [], variables, { shipped });
  }
}
