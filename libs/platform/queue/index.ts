export * from './discover-methods.js';
export * from './job-definition.js';
export * from './queue-connection.js';
export * from './job-queue.js';
export * from './job-schedules.js';
export * from './job-handlers.js';
export { HandleJob } from './handle-job.decorator.js';
export * from './job-workers.js';
export * from './queue.module.js';
