export * from './store.module.js';
export * from './store-providers.js';
