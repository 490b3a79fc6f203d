export * from './store.integration.js';
