import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort } from './server-process.js';
import { until } from './until.js';

/** A Redis of one spec, which keeps nothing and may be taken down. */
export class OwnRedis {
  private server: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly settings: readonly string[],
  ) {}

  /** Starts one on a free port, with these arguments of redis-server besides. */
  static async start(settings: readonly string[] = []): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort(), await mkdtemp(join(tmpdir(), 'redis-')), settings);
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, empty. */
  async restart(): Promise<void> {
    const settings = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      this.folder,
      ...this.settings,
    ];
    this.server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    this.server.stdout?.on('data', (piece: Buffer) => (output += piece.toString()));
    const ended = once(this.server, 'exit').then(() => Promise.reject(new Error(`redis-server ended:\n${output}`)));
    const answers = until('Redis answers', () => this.run((client) => client.ping()).then((answer) => answer === 'PONG'));
    await Promise.race([answers, ended]);
  }

  /** Ends it without warning. */
  async crash(): Promise<void> {
    if (!this.server || this.server.exitCode !== null) return;
    const ended = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await ended;
  }

  /** Runs commands on it. */
  async run<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.crash();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A Redis Cluster of three masters. */
export class OwnRedisCluster {
  private constructor(readonly nodes: readonly OwnRedis[]) {}

  /** Starts the nodes and waits until they serve all slots. */
  static async start(): Promise<OwnRedisCluster> {
    const nodes: OwnRedis[] = [];
    const addresses: string[] = [];
    for (let number = 0; number < 3; number++) {
      // Otherwise Redis listens for the other nodes at its port + 10,000, which may be in use.
      const busPort = await freePort();
      const node = await OwnRedis.start([
        ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
        '--cluster-port',
        `${busPort}`,
      ]);
      nodes.push(node);
      addresses.push(`127.0.0.1:${node.port}@${busPort}`);
    }
    await promisify(execFile)('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
    const cluster = new OwnRedisCluster(nodes);
    await cluster.waitUntilWhole();
    return cluster;
  }

  /** The addresses as REDIS_URL lists them. */
  get url(): string {
    return this.nodes.map(({ url }) => url).join(',');
  }

  /** Waits until every node sees all slots served. */
  async waitUntilWhole(): Promise<void> {
    await until('the cluster is whole', async () => {
      const states = await Promise.all(this.nodes.map((node) => node.run((client) => client.cluster('INFO'))));
      return states.every((state) => state.includes('cluster_state:ok'));
    });
  }

  /** Ends all nodes for good. */
  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
  }
}
