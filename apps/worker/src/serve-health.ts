import { once } from 'node:events';
import { createServer } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';
import { Database, Environment } from '#platform';

/** Health and metrics of a worker, on WORKER_PORT where one is set; for whoever watches the process. */
export async function serveHealth(worker: INestApplicationContext): Promise<void> {
  const { WORKER_PORT, HOST } = worker.get(Environment);
  if (WORKER_PORT === 0) return;
  collectDefaultMetrics();
  const database = worker.get(Database);
  const server = createServer((request, reply) => {
    if (request.url === '/metrics') void register.metrics().then((text) => reply.setHeader('content-type', register.contentType).end(text));
    else if (request.url === '/health/live') reply.end('{"status":"ok"}');
    else if (request.url === '/health/ready')
      database.query('SELECT 1').then(
        () => reply.end('{"status":"ok"}'),
        () => reply.writeHead(503).end('{"status":"error"}'),
      );
    else reply.writeHead(404).end();
  }).listen(WORKER_PORT, HOST);
  await once(server, 'listening');
}
