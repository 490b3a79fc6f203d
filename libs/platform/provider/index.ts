export * from './call-budget.js';
export * from './manifest.js';
export * from './provider-cache.js';
export * from './provider-context.js';
export * from './provider-error.js';
export * from './recovery.js';
export * from './webhook.js';
export * from './outage-log.js';
