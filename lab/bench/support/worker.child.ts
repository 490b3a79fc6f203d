import 'reflect-metadata';
import { createWorker } from '../../../apps/worker/src/create-worker.js';
import { chooseCatalogue } from '../../../apps/api/test/support/carrier-catalogue.js';
import { serveParent } from './child.js';

/** A worker like in production, in its own process. Reports to its parent when it accepts jobs. */
await createWorker(chooseCatalogue(process.env.WITH_FAKE_CARRIER === '1'));
serveParent();
