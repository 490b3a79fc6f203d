import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { dist } from './server-process.js';

/** Starts apis and workers, one after the other. Sends the error of each. */
const SOURCE = `
import 'reflect-metadata';
import { readCatalogue } from '#catalogue';
const [, starts] = process.argv;
const { createApi } = await import('./dist/apps/api/src/create-api.js');
const { createWorker } = await import('./dist/apps/worker/src/create-worker.js');
const reasons = [];
for (const { main, variables } of JSON.parse(starts)) {
  const start = async () => (await (main === 'api' ? createApi : createWorker)(await readCatalogue(variables), variables)).init();
  reasons.push(await start().then(() => 'it started', ({ message }) => message));
}
process.send(reasons, () => process.exit());
`;

/** An api or a worker that does not start with these settings. */
export interface VainStart {
  main: 'api' | 'worker';
  variables: Readonly<Record<string, string>>;
}

/** Starts all in one process, because loading the code takes longer than a start. Returns why each failed. */
export async function startInVain(starts: readonly VainStart[]): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SOURCE, JSON.stringify(starts)], {
    cwd: join(dist, '..'),
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`it ended with ${String(code)}`)));
  const [reasons] = (await Promise.race([once(child, 'message'), failed])) as [string[]];
  await failed.catch(() => undefined);
  return reasons;
}
