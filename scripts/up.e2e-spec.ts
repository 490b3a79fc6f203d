import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isAlive, waitUntil, whyPortIsTaken } from './processes.mjs';
import { root } from './project.mjs';

/** Modules that need no outside account: all of these are connected to the sandbox CRM. */
const OWN_MODULES = 5;

/** The real deployment on its own ports and data. It must be built already, as `npm test` does. */
describe('npm run up', () => {
  const started: ChildProcess[] = [];
  let dataDir: string;
  let port: number;
  let sandboxPort: number;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'crossdock-up-'));
    chmodSync(dataDir, 0o755); // where the tests run as root, PostgreSQL is another user
    [port, sandboxPort] = [await freePort(), await freePort()];
  });
  // Processes left by a failed test would block the next test.
  afterEach(async () => {
    const running = started.splice(0).filter((child) => child.exitCode === null && child.signalCode === null);
    for (const child of running) child.kill('SIGTERM');
    await waitUntil(() => running.every((child) => child.exitCode !== null || child.signalCode !== null), 30_000);
  }, 60_000);
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const environment = (): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    PORT: String(port),
    SANDBOX_PORT: String(sandboxPort),
    OPERATOR_TOKEN: 'token-of-the-operator',
  });

  function up(): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
    const child = spawn(process.execPath, [join(root, 'scripts/up.mjs')], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) };
  }

  /** The sandbox's command line. */
  function sandbox(...words: string[]): Promise<{ text: string; code: number | null }> {
    const child = spawn(process.execPath, [join(root, 'dist/lab/sandbox-crm/src/cli.js'), ...words], {
      // It finds the ports on its own.
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, OPERATOR_TOKEN: 'token-of-the-operator' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more));
    return new Promise((resolve) => child.once('close', (code) => resolve({ text, code })));
  }

  async function ready(run: ReturnType<typeof up>): Promise<void> {
    await waitUntil(() => run.output().includes('ready in') || run.child.exitCode !== null, 120_000);
    if (!run.output().includes('ready in')) throw new Error(`it did not become ready:\n${run.output()}`);
  }

  const answers = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );

  const isListening = (tcpPort: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(tcpPort, '127.0.0.1', () => resolve(socket.destroy().destroyed));
      socket.once('error', () => resolve(false));
    });

  async function connections(): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${port}/operator/api/connections`, {
      headers: { authorization: 'Bearer token-of-the-operator' },
    });
    return ((await response.json()) as { total: number }).total;
  }

  /** The process ids of a part of this deployment. */
  const findPids = (part: string): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const belongs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`DATA_DIR=${dataDir}\0`);
          return belongs && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`dist/${part}/src/main.js`);
        } catch {
          return false;
        }
      });
  const postgresPid = () => Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  const parts = () => ['apps/api', 'apps/worker', 'lab/sandbox-crm'].flatMap(findPids);

  it('sets up, keeps running what dies, leaves no part behind when it is killed, goes on, plays a demo and stops in order', async () => {
    const run = up();
    await ready(run);
    expect(await answers()).toBe(true);
    expect(await connections()).toBe(OWN_MODULES);
    expect(parts()).toHaveLength(3);
    const [api, crm] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sandboxPort}`];
    expect(JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'))).toEqual({
      process: run.child.pid,
      api,
      publicUrl: api,
      sandbox: crm,
    });
    for (const [url, what] of [
      [api, 'Crossdock'],
      [crm, 'Sandbox CRM'],
    ]) {
      const page = await fetch(String(url), { headers: { accept: 'text/html' } });
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
      expect(await page.text()).toMatch(new RegExp(`<(h1|title)>${what}</`));
      expect(await (await fetch(String(url))).json()).toHaveProperty('name');
    }

    const second = up();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already runs on ${dataDir} (process ${run.child.pid})`);

    // Parts are all watched alike: a worker starts in half the time of an api.
    for (const pid of [...findPids('apps/worker'), postgresPid()]) process.kill(pid, 'SIGKILL');
    expect(await waitUntil(() => run.output().includes('PostgreSQL runs again'), 60_000)).toBe(true);
    expect(await waitUntil(answers, 60_000, 100)).toBe(true);
    expect(await waitUntil(() => parts().length === 3, 60_000, 100)).toBe(true);
    expect(await connections()).toBe(OWN_MODULES);

    const postgres = postgresPid();
    run.child.kill('SIGKILL');
    expect(await waitUntil(() => parts().length === 0, 30_000, 100)).toBe(true);
    expect(await waitUntil(async () => !(await whyPortIsTaken(port)), 10_000, 100)).toBe(true);
    expect(isAlive(postgres)).toBe(true);

    const next = up();
    await ready(next);
    expect(next.output()).toContain(`PostgreSQL of an earlier run goes on (process ${postgres})`);
    expect(await connections()).toBe(OWN_MODULES);
    await playDemo();
    next.child.kill('SIGINT');
    next.child.kill('SIGTERM'); // from the terminal's group and from npm
    expect(await next.ended).toBe(0);
    expect(parts()).toEqual([]);
    expect(isAlive(postgres)).toBe(false);
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(next.output()).not.toContain('is killed');
    expect(existsSync(join(dataDir, 'run.json'))).toBe(false);
  }, 600_000);

  /** Plays the demo of a PBX, as the README shows it. `providers.life` plays the demo of each provider. */
  async function playDemo(): Promise<void> {
    const pbxPort = await freePort();
    const recordings = join(dataDir, 'recordings/demo');
    const pbx = ['asterisk', '--port', String(pbxPort), '--every', '2', '--recordings', recordings];
    started.push(spawn(process.execPath, [join(root, 'dist/lab/doubles/cli.js'), ...pbx], { stdio: 'ignore' }));
    expect(await waitUntil(() => isListening(pbxPort), 20_000, 100)).toBe(true);
    const { text, code } = await sandbox('demo', '--telephony', '--pbx', `127.0.0.1:${pbxPort}`, '--wait', '60');
    expect(text).toContain('All went as the contract says.');
    expect(text).toContain('a call out, a call in');
    expect(text).toContain('a part of it: HTTP 206, 44 bytes');
    expect(code).toBe(0);
  }
});
