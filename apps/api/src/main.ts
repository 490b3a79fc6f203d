import 'reflect-metadata';
import { EnvironmentError, readEnvironment } from '#platform';
import { createApi } from './create-api.js';

try {
  const environment = readEnvironment();
  const app = await createApi(environment);
  await app.listen(environment.PORT, environment.HOST);
  // The supervisor is gone: end as if it had asked.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
} catch (error) {
  process.stderr.write(
    `${error instanceof EnvironmentError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}
