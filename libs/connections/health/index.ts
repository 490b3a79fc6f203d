export * from './crm-watch.js';
export * from './health-change.entity.js';
export * from './health-store.js';
export * from './health.js';
export * from './rejected-calls.js';
export * from './suspects.js';
