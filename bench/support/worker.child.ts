import 'reflect-metadata';
import { createWorker } from '../../apps/worker/src/create-worker.js';
import { serveParent } from './child.js';

/** A worker as it runs in production, in a process of its own; tells its parent when it takes jobs. */
await createWorker();
serveParent();
