import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, waitUntil } from './processes.mjs';
import { Part, type PartOptions } from './supervisor.mjs';

describe('Part', () => {
  let folder: string;
  let part: Part | undefined;
  const lines: string[] = [];
  const logged: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-part-'));
    lines.length = logged.length = 0;
  });
  afterEach(async () => {
    await part?.stop(1_000);
    rmSync(folder, { recursive: true });
  });

  async function start(code: string, options: Partial<PartOptions> = {}): Promise<Part> {
    const file = join(folder, 'main.cjs');
    writeFileSync(file, code);
    part = new Part({
      name: 'api',
      file,
      env: { ...process.env, GREETING: 'hello' },
      onLine: (_, line) => lines.push(line),
      log: (text) => logged.push(text),
      ...options,
    });
    await part.start();
    return part;
  }
  const seen = (count: number, line = 'hello') => waitUntil(() => lines.filter((one) => one === line).length >= count, 10_000);

  it('starts NODE_OPTIONS with the component’s options, so that the user’s options win', async () => {
    await start('console.log(require("v8").getHeapStatistics().heap_size_limit < 512 * 1024 * 1024); setInterval(() => {}, 1000)', {
      env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=300 --max-semi-space-size=16' },
      nodeOptions: '--max-old-space-size=900',
    });
    expect(await seen(1, 'true')).toBe(true);
  });

  it('starts a killed process again', async () => {
    const running = await start('console.log(process.env.GREETING); setInterval(() => {}, 1000)');
    for (let round = 1; round <= 3; round++) {
      expect(await seen(round)).toBe(true);
      process.kill(Number(running.pid), 'SIGKILL');
    }
    expect(await seen(4)).toBe(true);
    expect(logged).toEqual(Array(3).fill('api ended (SIGKILL), it is started again in 0.25 s'));
    expect(running.failures).toBe(0);
  });

  it('waits longer each time when it fails at its start over and over', async () => {
    const running = await start('console.log("hello"); process.exit(3)');
    expect(await waitUntil(() => logged.length >= 4, 10_000)).toBe(true);
    expect(logged.slice(0, 4)).toEqual([0.25, 0.25, 0.5, 1].map((delay) => `api ended (exit code 3), it is started again in ${delay} s`));
    expect(running.failures).toBeGreaterThanOrEqual(4);
    expect(running.lastLines).toContain('hello');
  });

  it('lets it drain when it is stopped, and does not start it again', async () => {
    const running = await start(
      'process.on("SIGTERM", () => setTimeout(() => { console.log("drained"); process.exit(0) }, 200)); setInterval(() => {}, 1000); console.log("hello")',
    );
    await seen(1);
    const pid = Number(running.pid);
    await running.stop(5_000);
    expect(isAlive(pid)).toBe(false);
    expect(await seen(1, 'drained')).toBe(true);
    expect(logged).toEqual([]);
  });

  it('kills what does not end', async () => {
    const running = await start('process.on("SIGTERM", () => {}); console.log("hello"); setInterval(() => {}, 1000)');
    await seen(1);
    const pid = Number(running.pid);
    await running.stop(100);
    expect(isAlive(pid)).toBe(false);
    expect(logged).toEqual(['api did not end within 0.1 s and is killed']);
  });

  it('starts it again immediately, once it has drained or while it waits after a failure', async () => {
    const running = await start('console.log("hello"); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000)');
    await seen(1);
    await Promise.all([running.restart(5_000), running.restart(5_000)]);
    expect(await seen(2)).toBe(true);
    process.kill(Number(running.pid), 'SIGKILL');
    expect(await waitUntil(() => running.pid === undefined, 5_000)).toBe(true);
    await running.restart(5_000);
    expect(running.pid).toBeDefined();
    expect(await seen(3)).toBe(true);
    expect(running.failures).toBe(0);
    expect(logged).toEqual(['api ended (SIGKILL), it is started again in 0.25 s']);
  });
});
