import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { listSchemas } from '#catalogue';
import { dataSourceOptions, type Environment, QueueConnection, readEnvironment } from '#platform';
import { dropDatabase } from '#testing';

/** Returns a free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Creates a migrated database. Returns the environment for its processes and a function that drops it. */
export async function benchDatabase(
  name: string,
  more: Record<string, string>,
): Promise<{ variables: Record<string, string>; environment: Environment; drop(): Promise<void> }> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run this with `npm run bench`');
  const database = `bench_${name}_${randomBytes(4).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  const variables = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'development',
    DATABASE_URL: url.href,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    OPERATOR_TOKEN: 'bench',
    LOG_LEVEL: 'warn',
    ...more,
  };
  const environment = readEnvironment(variables);
  const source = await new DataSource(dataSourceOptions(environment, listSchemas(), 'bench')).initialize();
  await source.runMigrations();
  await new QueueConnection(environment).migrate((sql) => source.query(sql));
  await source.destroy();
  return { variables, environment, drop: () => dropDatabase(database, (statement) => onServer(server, statement)) };
}

/** The same as in `npm run up` (docs/operating.md, "Memory"). */
const API_OPTIONS = { NODE_OPTIONS: '--max-old-space-size=1024 --max-semi-space-size=32' };

/** A script of this folder in its own process. */
export interface Child {
  readonly pid: number;
  /** Processor time used so far, in microseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a compiled script of this folder and waits until it is ready. `stdout`: a file to write to. */
export async function startChild(script: string, variables: Record<string, string>, stdout?: number): Promise<Child> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: { ...(script === './api.child.js' && API_OPTIONS), ...variables },
    stdio: ['ignore', stdout ?? 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const message = (): Promise<unknown> =>
    Promise.race([
      new Promise((resolve) => child.once('message', resolve)),
      ended.then(() => Promise.reject(new Error(`${script} ended too early`))),
    ]);
  await message();
  let reading = Promise.resolve(0);
  return {
    pid: child.pid ?? 0,
    // One at a time: two callers would take the same reply, and the next caller the other one.
    cpu: () => {
      reading = reading.then(() => {
        child.send('cpu');
        return message().then(Number);
      });
      return reading;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Returns the median. */
export function median(values: number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
