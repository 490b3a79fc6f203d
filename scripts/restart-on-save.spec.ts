import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { waitUntil } from './processes.mjs';
import { SetupError } from './project.mjs';
import { restartOnSave } from './restart-on-save.mjs';

let folder: string;
let stop: AbortController;
let happened: string[];
let compile: jest.Mock<() => Promise<boolean>>;

const save = (file: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), String(Math.random()));
};
/** Returns the events since the last call, once there are `count` events. */
async function seen(count: number): Promise<string[]> {
  await waitUntil(() => happened.length >= count, 10_000);
  return happened.splice(0).sort();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-save-'));
  for (const one of ['apps/api', 'apps/worker', 'libs/a', 'lab/sandbox-crm']) save(`${one}/one.ts`);
  stop = new AbortController();
  happened = [];
  compile = jest.fn(() => Promise.resolve(true));
  const note = (what: string) => Promise.resolve(void happened.push(what));
  const parts = ['apps/api', 'apps/worker', 'lab/sandbox-crm'].map((name) => ({
    options: { name, file: join(folder, 'dist', name, 'src/main.js') } as never,
    restart: () => note(name),
  }));
  const running = { parts, drainTime: 1_000, migrate: () => note('migrate'), waitForReady: () => note('ready') };
  await restartOnSave(running, stop.signal, { folder, compile });
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true });
});

it('restarts what uses a saved file, and migrates when it is a migration', async () => {
  save('apps/worker/one.ts');
  expect(await seen(2)).toEqual(['apps/worker', 'ready']);
  save('libs/a/migrations/two.ts');
  expect(await seen(5)).toEqual(['apps/api', 'apps/worker', 'lab/sandbox-crm', 'migrate', 'ready']);
});

it('leaves what runs while a save does not compile, and restarts all that was saved once it does', async () => {
  compile.mockRejectedValueOnce(new SetupError('the build failed'));
  save('apps/api/one.ts');
  expect(await waitUntil(() => compile.mock.calls.length === 1, 10_000)).toBe(true);
  save('apps/worker/one.ts');
  expect(await seen(3)).toEqual(['apps/api', 'apps/worker', 'ready']);
});

it('does nothing when no output changed', async () => {
  compile.mockResolvedValueOnce(false);
  save('libs/a/one.ts');
  expect(await waitUntil(() => compile.mock.calls.length === 1, 10_000)).toBe(true);
  expect(happened).toEqual([]);
});
