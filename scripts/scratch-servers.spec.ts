import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProcessesIn, waitUntil } from './processes.mjs';
import { root } from './project.mjs';

/** The processes of a test run: servers, and a process that a spec forgot. */
const RUN = `
import { spawn } from 'node:child_process';
import { ScratchServers } from ${JSON.stringify(join(root, 'scripts/scratch-servers.mjs'))};
const servers = new ScratchServers();
await servers.startPostgres({ fsync: 'off', shared_buffers: '16MB' });
spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { PATH: process.env.PATH, TMPDIR: servers.folder } }).unref();
process.send(servers.folder);
process.on('message', () => servers.remove().then(() => process.exit()));
`;

describe('ScratchServers', () => {
  let temporary: string;
  let run: ChildProcess;
  let folder: string;
  beforeEach(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'crossdock-run-'));
    chmodSync(temporary, 0o755); // where the tests run as root, PostgreSQL is another user
    run = spawn(process.execPath, ['--input-type=module', '-e', RUN], {
      env: { PATH: process.env.PATH, TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    [folder] = (await once(run, 'message')) as [string];
  });
  afterEach(() => {
    run.kill('SIGKILL');
    rmSync(temporary, { recursive: true, force: true });
  });

  const commands = () => findProcessesIn(folder).map(({ command }) => command);

  it('leaves nothing behind when its run is killed', async () => {
    expect(commands()).toEqual(
      expect.arrayContaining(['sleep 60', expect.stringContaining('bin/postgres'), expect.stringContaining('reaper.mjs')]),
    );
    run.kill('SIGKILL');
    expect(await waitUntil(() => !existsSync(folder), 20_000)).toBe(true);
    expect(await waitUntil(() => commands().length === 0, 5_000)).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('nor when it ends in order', async () => {
    run.send('remove');
    await once(run, 'exit');
    expect(commands()).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
