export * from './store.integration.js';
export * from './store-retention.js';
