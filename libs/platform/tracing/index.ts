export { getTracing, startTracing, stopTracing } from './start-tracing.js';
export type { RequestSpan, Tracing } from './tracing.js';
