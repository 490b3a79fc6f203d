import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.mjs';
import { findBinaries } from './postgres-home.mjs';
import { isAlive, waitUntil } from './processes.mjs';

describe('startEmbeddedPostgres', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  const start = async () => (server = await startEmbeddedPostgres({ dataDir, settings: { shared_buffers: '16MB' } }));
  const killed = async () => {
    process.kill(server.pid, 'SIGKILL');
    await waitUntil(() => !server.isAlive(), 5_000);
  };

  async function query(sql: string): Promise<Record<string, string>[]> {
    const client = new pg.Client(server.url);
    await client.connect();
    try {
      return (await client.query<Record<string, string>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'crossdock öл '));
    chmodSync(dataDir, 0o755); // where the tests run as root, PostgreSQL is another user
    await start();
    await query("CREATE TABLE kept AS SELECT 'Жук' AS name");
  });
  afterAll(async () => {
    await server.remove();
    rmSync(dataDir, { recursive: true });
  });

  it('listens on this machine only, and keeps its password to its owner', async () => {
    expect(
      (await query("SELECT host(inet_server_addr()) AS host, current_setting('server_encoding') AS encoding, lower('ЖÁ') AS lower"))[0],
    ).toEqual({
      host: '127.0.0.1',
      encoding: 'UTF8',
      lower: 'жá',
    });
    expect((await query('SELECT rolsuper FROM pg_roles WHERE rolname = current_user'))[0]).toEqual({ rolsuper: false });
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    const stranger = new pg.Client(server.url.replace(/:[^:@]+@/, ':guess@'));
    await expect(stranger.connect()).rejects.toThrow(/password authentication failed/);
  });

  it('adopts the server that an earlier run left', async () => {
    const { pid, url } = server;
    expect(await start()).toMatchObject({ pid, url, adopted: true });
  });

  it('starts again after a kill, on the same port and with its data', async () => {
    const { url } = server;
    for (let round = 0; round < 3; round++) {
      await killed();
      expect(await start()).toMatchObject({ url, adopted: false });
      expect(await query('SELECT name FROM kept')).toEqual([{ name: 'Жук' }]);
    }
  });

  it('does not take a process that got its id for the server', async () => {
    await killed();
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    const note = join(dataDir, 'postgres/postmaster.pid');
    writeFileSync(note, readFileSync(note, 'utf8').replace(/^\d+/, String(other.pid)));
    try {
      expect(await start()).toMatchObject({ adopted: false });
      expect(isAlive(Number(other.pid))).toBe(true);
    } finally {
      other.kill();
    }
  });

  it('sets a new password when the file with it was lost', async () => {
    const { url } = server;
    rmSync(join(dataDir, 'postgres.json'));
    expect((await start()).url).not.toBe(url);
    expect(await query('SELECT name FROM kept')).toEqual([{ name: 'Жук' }]);
  });

  it('takes another port when its own is in use', async () => {
    await server.stop();
    expect(server.isAlive()).toBe(false);
    const { port } = new URL(server.url);
    const squatter = createServer().listen(Number(port), '127.0.0.1');
    try {
      await start();
      expect(new URL(server.url).port).not.toBe(port);
      expect(await query('SELECT name FROM kept')).toEqual([{ name: 'Жук' }]);
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it('explains what to do if the data has another version', async () => {
    await server.stop();
    const version = join(dataDir, 'postgres/PG_VERSION');
    const own = readFileSync(version, 'utf8');
    writeFileSync(version, '9\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 9/);
    writeFileSync(version, own);
    await start();
  });
});

it('without the package of this machine, the error names both ways out', async () => {
  const { arch } = process;
  Object.defineProperty(process, 'arch', { value: 'mips' });
  await expect(findBinaries(undefined, () => {})).rejects.toThrow(/mips is not installed.*npm ci --include=dev.*DATABASE_URL/);
  Object.defineProperty(process, 'arch', { value: arch });
});
