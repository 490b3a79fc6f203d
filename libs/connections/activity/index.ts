export * from './activity.js';
export * from './activity-store.js';
export * from './latencies.js';
