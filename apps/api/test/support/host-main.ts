import 'reflect-metadata';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { errorText, runProcess, type Variables } from '#platform';
import { createWorker } from '../../../worker/src/create-worker.js';
import { serveHealth } from '../../../worker/src/serve-health.js';
import { createApi } from '../../src/create-api.js';
import { listen } from '../../src/http/operator-port.js';
import { chooseCatalogue } from './carrier-catalogue.js';
import { holdToDocuments } from './openapi-hook.js';

/** What the host of a Jest worker starts: an api or a worker with these settings. */
export interface HostedStart {
  role: 'api' | 'worker';
  withFakeCarrier: boolean;
  variables: Variables;
}

/** How to end what was started and has not been stopped. */
const stops = new Map<string, () => Promise<void>>();
let started = 0;

// Serves `POST /start` (HostedStart) and `POST /stop/{number}` on the socket that its argument names.
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
  const [, stopped] = /^\/stop\/(\d+)$/.exec(url) ?? [];
  if (stopped === undefined) return {};
  await stops.get(stopped)?.();
  stops.delete(stopped);
  return {};
}

async function start({ role, withFakeCarrier, variables }: HostedStart): Promise<string> {
  const catalogue = chooseCatalogue(withFakeCarrier);
  const number = String(++started);
  if (role === 'api') {
    const api = await createApi(catalogue, variables);
    holdToDocuments(api);
    await listen(api);
    stops.set(number, () => api.close());
  } else {
    const worker = await createWorker(catalogue, variables);
    const health = await serveHealth(worker);
    stops.set(number, async () => {
      health?.close();
      await worker.close();
    });
  }
  return number;
}
