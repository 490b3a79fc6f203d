/** Waits until the run that started it ends, then kills the processes in the run's folder and removes it. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { endProcessesIn } from './processes.mjs';

const folder = String(process.argv[2]);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
// The other end of this pipe is closed by the system when the run is gone.
process.stdin.resume();
await once(process.stdin, 'close');
await endProcessesIn(folder);
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
