import 'reflect-metadata';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Journal } from '#journal';
import { DirectSender } from '#outbox';
import { Database, errorText, JobQueue, runProcess, type Variables } from '#platform';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';
import { listen } from '../../src/http/operator-port.js';
import { listWork, type Query } from './at-rest.js';
import { chooseCatalogue } from './carrier-catalogue.js';
import { holdToDocuments } from './openapi-hook.js';

/** A server that the host of a Jest worker starts: an api or a worker with these settings. */
export interface HostedStart {
  role: 'api' | 'worker';
  withFakeCarrier: boolean;
  variables: Variables;
}

/** An api or a worker that has not been stopped. */
interface Hosted {
  app: INestApplicationContext;
  stop(): Promise<void>;
  /** Number of requests that have no reply yet, and of all requests since its start. */
  requests: { open: number; begun: number };
}

const hosted = new Map<string, Hosted>();
/** Milliseconds between two looks. */
const LOOK_MS = 20;
const SETTLED_MS = 60_000;
let started = 0;

// Serves `POST /start` (HostedStart), `/settled` and `/stop/{number}` on the socket that its argument names.
await runProcess(async () => {
  const server = createServer((request, reply) => {
    answer(request.url ?? '', request).then(
      (body) => reply.end(JSON.stringify(body)),
      (error: unknown) => reply.writeHead(500).end(error instanceof Error ? (error.stack ?? error.message) : errorText(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(process.argv[2], resolve));
});

async function answer(url: string, body: NodeJS.ReadableStream): Promise<object> {
  if (url === '/start') return { number: await start((await json(body)) as HostedStart) };
  if (url === '/settled') return settle();
  const [, stopped] = /^\/stop\/(\d+)$/.exec(url) ?? [];
  if (stopped === undefined) return {};
  await hosted.get(stopped)?.stop();
  hosted.delete(stopped);
  return {};
}

/** Waits until two looks in a row find every app at rest, with no new request between the looks. */
async function settle(): Promise<object> {
  const began = Date.now();
  let rest: number | undefined;
  for (;;) {
    const apps = [...hosted.values()];
    await Promise.all(apps.map(({ app }) => Promise.all([app.get(DirectSender).idle(), app.get(Journal).flush()])));
    const work = await Promise.all(apps.map(listWorkOf));
    const begun = apps.reduce((sum, { requests }) => sum + requests.begun, 0);
    const isAtRest = work.flat().length === 0;
    if (isAtRest && rest === begun) return {};
    rest = isAtRest ? begun : undefined;
    if (Date.now() - began > SETTLED_MS) throw new Error(`not at rest after ${SETTLED_MS} ms: ${work.flat().join(', ')}`);
    await sleep(LOOK_MS);
  }
}

async function listWorkOf({ app, requests }: Hosted): Promise<string[]> {
  const query: Query = (text, values) => app.get(Database).query(text, values);
  const found = await listWork(query, () => app.get(JobQueue).countJobs());
  return requests.open > 0 ? [`requests: ${requests.open}`, ...found] : found;
}

async function start({ role, withFakeCarrier, variables }: HostedStart): Promise<string> {
  const catalogue = chooseCatalogue(withFakeCarrier);
  const number = String(++started);
  if (role === 'api') {
    const api = await createApi(catalogue, variables);
    holdToDocuments(api);
    const requests = { open: 0, begun: 0 };
    api
      .getHttpAdapter()
      .getHttpServer()
      .on('request', (_request: IncomingMessage, reply: ServerResponse) => {
        requests.open++;
        requests.begun++;
        reply.once('close', () => requests.open--);
      });
    await listen(api);
    hosted.set(number, { app: api, stop: () => api.close(), requests });
  } else {
    const worker = await createWorker(catalogue, variables);
    const health = await serveHealth(worker);
    const stop = async (): Promise<void> => {
      health?.close();
      await worker.close();
    };
    hosted.set(number, { app: worker, stop, requests: { open: 0, begun: 0 } });
  }
  return number;
}
