import 'reflect-metadata';
import { EnvironmentError, readEnvironment } from '#platform';
import { createWorker } from './create-worker.js';
import { serveHealth } from './serve-health.js';

try {
  serveHealth(await createWorker(readEnvironment()));
  // The supervisor is gone: end as if it had asked.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
} catch (error) {
  process.stderr.write(
    `${error instanceof EnvironmentError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
