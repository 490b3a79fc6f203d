import 'reflect-metadata';
import { runProcess } from '#platform';
import { createWorker } from './create-worker.js';
import { serveHealth } from './serve-health.js';

await runProcess(async () => serveHealth(await createWorker()));
