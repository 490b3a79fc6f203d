export * from './stocks.js';
export * from './manifest.js';
export * from './store-provider.js';
export * from './stock-changes.js';
