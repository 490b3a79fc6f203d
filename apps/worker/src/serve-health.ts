import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { Clock, Database, Environment, errorText, JobSchedules, Metrics, Readiness } from '#platform';

/**
 * Serves health and metrics of a worker for monitoring, on WORKER_PORT if it is set. Returns the server,
 * which is closed when the process ends.
 */
export async function serveHealth(worker: INestApplicationContext): Promise<Server | undefined> {
  const { WORKER_PORT, HOST } = worker.get(Environment);
  if (WORKER_PORT === 0) return undefined;
  const metrics = worker.get(Metrics);
  const server = createServer((request, reply) => {
    if (request.url === '/metrics')
      void metrics.read().then(
        (text) => reply.setHeader('content-type', metrics.contentType).end(text),
        (error: unknown) => reply.writeHead(500).end(errorText(error)),
      );
    else if (request.url === '/health/live') reply.end('{"status":"ok"}');
    else if (request.url === '/health/ready')
      void findProblem(worker).then((problem) => {
        if (problem === undefined) reply.end('{"status":"ok"}');
        else reply.writeHead(503).end(JSON.stringify({ status: 'error', ...problem }));
      });
    else reply.writeHead(404).end();
  }).listen(WORKER_PORT, HOST);
  await once(server, 'listening');
  return server;
}

/** Finds the problem of each part that keeps a worker from working. Undefined if there is none. */
async function findProblem(worker: INestApplicationContext): Promise<Record<string, string> | undefined> {
  try {
    await worker.get(Database).query('SELECT 1');
    await worker.get(Readiness).check();
  } catch (error) {
    return { database: errorText(error) };
  }
  const clock = worker.get(Clock).problem;
  if (clock !== undefined) return { clock: `this worker accepts no work: ${clock}` };
  const recurring = await worker.get(JobSchedules).problem();
  return recurring === undefined ? undefined : { recurring };
}
