/** What `@crossdock/provider-testing` exports, besides the suites. */
export * from './builders.js';
export * from './doubles/double-control.js';
export * from './doubles/http-faults.js';
export * from './doubles/lose-replies.js';
export * from './doubles/planned-faults.js';
export * from './doubles/webhook-sender.js';
export * from './faulty-proxy.js';
export * from './http-double.js';
export * from './memory-cache.js';
export * from './pdf.js';
