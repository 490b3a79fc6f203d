/** Exports of `@crossdock/provider-testing`, besides the suites. Only `double/` needs Fastify. */
export * from './builders.js';
export * from './callback-builders.js';
export * from './sample-orders.js';
export * from './double/faults.js';
export * from './conformance/lose-replies.js';
export * from './faulty-proxy.js';
export * from './http-double.js';
export * from './memory-cache.js';
export * from './pdf.js';
