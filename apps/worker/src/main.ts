import 'reflect-metadata';
import { createServer } from 'node:http';
import { collectDefaultMetrics, register } from 'prom-client';
import { Database, EnvironmentError, readEnvironment } from '#platform';
import { createWorker } from './create-worker.js';

try {
  const environment = readEnvironment();
  const app = await createWorker(environment);
  if (environment.WORKER_PORT > 0) {
    collectDefaultMetrics();
    const database = app.get(Database);
    createServer((request, reply) => {
      if (request.url === '/metrics') void register.metrics().then((text) => reply.setHeader('content-type', register.contentType).end(text));
      else if (request.url === '/health/live') reply.end('{"status":"ok"}');
      else if (request.url === '/health/ready')
        database.query('SELECT 1').then(
          () => reply.end('{"status":"ok"}'),
          () => reply.writeHead(503).end('{"status":"error"}'),
        );
      else reply.writeHead(404).end();
    }).listen(environment.WORKER_PORT, environment.HOST);
  }
  // The supervisor is gone: end as if it had asked.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
} catch (error) {
  process.stderr.write(`${error instanceof EnvironmentError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
