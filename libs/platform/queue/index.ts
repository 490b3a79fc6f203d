import type { Schema } from '../database/index.js';
import { QueueBaseline1765000000300 } from './migrations/1765000000300-queue-baseline.js';
import { QueueTerms1765000003800 } from './migrations/1765000003800-queue-terms.js';

export * from './discover-methods.js';
export * from './job-definition.js';
export * from './queue-connection.js';
export * from './job-queue.js';
export * from './job-schedules.js';
export * from './job-handlers.js';
export { HandleJob } from './handle-job.decorator.js';
export * from './job-workers.js';
export * from './queue.module.js';
export * from './recurring-runs.js';

/** Migrations of this folder. */
export const queueSchema: Schema = { entities: [], migrations: [QueueBaseline1765000000300, QueueTerms1765000003800] };
