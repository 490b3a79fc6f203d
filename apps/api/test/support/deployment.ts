import type { CrmDouble } from './crm-double.js';
import { type Reply, replyOf } from './reply.js';
import { freePort, ServerProcess } from './server-process.js';
import { type Backend, COMMON_SETTINGS, makeStores, type Stores } from './test-servers.js';

/** Milliseconds that a hook which starts a deployment may take on a machine that has much else to do. */
export const START_MS = 120_000;

/** How a deployment is made. */
export interface DeploymentOptions {
  /** PostgreSQL when left out. */
  backend?: Backend;
  /** The accounts whose addresses are to be believed. */
  crms: readonly CrmDouble[];
  /** Hosts the adapter to the fake outside carrier as well. */
  withFakeCarrier?: boolean;
  /** More settings, or others. */
  variables?: Readonly<Record<string, string>>;
  /** 1 when left out. */
  workers?: number;
  /** Stores that are there already; they stay when the deployment stops. */
  stores?: Stores;
}

/** An api and workers as processes of their own, run from the compiled code, over stores of their own. */
export class Deployment {
  readonly workers: ServerProcess[] = [];
  api: ServerProcess | undefined;

  private constructor(
    readonly stores: Stores,
    /** Settings for what is started from now on. */
    readonly variables: Record<string, string>,
    private readonly options: DeploymentOptions,
  ) {}

  static async start(options: DeploymentOptions): Promise<Deployment> {
    const stores = options.stores ?? (await makeStores(options.backend ?? 'PostgreSQL'));
    const port = String(await freePort());
    const variables = {
      ...COMMON_SETTINGS,
      ...stores.variables,
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      CRM_HOSTS: options.crms.map((crm) => crm.hosts).join(','),
      ...options.variables,
    };
    const deployment = new Deployment(stores, variables, options);
    try {
      await Promise.all([deployment.startApi(), ...Array.from({ length: options.workers ?? 1 }, () => deployment.startWorker())]);
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

  /** Secret of a module, as the settings have it or the module assumes it. */
  secretOf(module: string): string {
    return this.variables[`MODULE_${module.toUpperCase().replaceAll('-', '_')}_SECRET`] ?? `development-secret-of-${module}`;
  }

  async startApi(): Promise<void> {
    this.api = this.run('api', this.variables);
    await this.api.ready(`${this.url}/health/ready`);
  }

  async stopApi(): Promise<void> {
    await this.api?.stop();
    this.api = undefined;
  }

  async startWorker(): Promise<ServerProcess> {
    const port = String(await freePort());
    const worker = this.run('worker', { ...this.variables, WORKER_PORT: port });
    this.workers.push(worker);
    await worker.ready(`http://127.0.0.1:${port}/health/ready`);
    return worker;
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
  }

  /** Sends a request to the api. */
  async send(path: string, init: RequestInit = {}): Promise<Reply> {
    return replyOf(await fetch(this.url + path, { redirect: 'manual', ...init }));
  }

  /** Calls the operator API with its token; gives the JSON of a 2xx, throws for anything else. */
  async operator<Body>(verb: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Body> {
    const reply = await this.askOperator(verb, path, body);
    if (reply.status >= 300) throw new Error(`${verb} ${path} answered ${reply.status}: ${reply.bytes.toString()}`);
    return reply.json;
  }

  /** The same, whatever it answers. */
  askOperator(verb: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, token = this.variables.OPERATOR_TOKEN): Promise<Reply> {
    return this.send(`/operator/api${path}`, {
      method: verb,
      headers: { authorization: `Bearer ${token ?? ''}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  /** Ends all and drops the stores. */
  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.stopApi();
    if (!this.options.stores) await this.stores.remove();
  }

  private run(role: 'api' | 'worker', variables: Readonly<Record<string, string>>): ServerProcess {
    return this.options.withFakeCarrier
      ? ServerProcess.start('apps/api/test/support/carrier-main.js', [role], variables)
      : ServerProcess.start(`apps/${role}/src/main.js`, [], variables);
  }
}
