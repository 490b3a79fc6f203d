export * from './usage.js';
export * from './usage-store.js';
