import { afterEach, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let running: ChildProcess;
let dataDir: string;

afterEach(async () => {
  running.kill('SIGTERM');
  if (running.exitCode === null) await once(running, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts a double next to a running deployment, and returns its output until `enough` is in it. */
async function readLines(double: string[], enough: string): Promise<string> {
  dataDir = mkdtempSync(join(tmpdir(), 'crossdock-double-'));
  writeFileSync(join(dataDir, 'run.json'), JSON.stringify({ process: process.pid, api: 'http://127.0.0.1:3005' }));
  running = spawn(process.execPath, ['dist/lab/doubles/cli.js', ...double], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of running.stdout ?? []) if ((text += String(chunk)).includes(enough)) break;
  return text;
}

it('the double of an Asterisk prints the place for its address, at the running deployment', async () => {
  const text = await readLines(['asterisk', '--every', '0'], 'connect asterisk');
  expect(text).toContain('account page of Crossdock at http://127.0.0.1:3005');
}, 60_000);

it.each([
  ['cdek', 'Account (client_id) wqGwiQx0gg8mLtiEKsUinjVSICCjtTEP, Secure password (client_secret) RmAmgvSgSl1yirlz9QupbzOJVqhCxcP5'],
  ['apiship', 'Token apiship-double-token, or the test contour with Login test and Password test'],
])(
  'the double of %s prints the values for the account page',
  async (double, settings) => {
    expect(await readLines([double], settings)).toMatch(/^Enter on the account page: /m);
  },
  60_000,
);
