export * from './stocks.js';
export * from './quantity.js';
export * from './held-packs.js';
export * from './updates.js';
export * from './manifest.js';
export * from './store-provider.js';
