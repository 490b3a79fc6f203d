import { afterEach, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let double: ChildProcess;
let dataDir: string;

afterEach(async () => {
  double.kill('SIGTERM');
  if (double.exitCode === null) await once(double, 'exit');
  rmSync(dataDir, { recursive: true, force: true });
});

it('the double of an Asterisk says where its address is entered, at the deployment that runs', async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'crossdock-double-'));
  writeFileSync(join(dataDir, 'run.json'), JSON.stringify({ process: process.pid, api: 'http://127.0.0.1:3005' }));
  double = spawn(process.execPath, ['dist/libs/testing/doubles/cli.js', 'asterisk', '--every', '0'], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of double.stdout ?? []) if ((text += String(chunk)).includes('connect asterisk')) break;
  expect(text).toContain('account page of Crossdock at http://127.0.0.1:3005');
}, 30_000);
