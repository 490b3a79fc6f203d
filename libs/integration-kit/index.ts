export * from './breakers.js';
export * from './define-integration.js';
export * from './integration.module.js';
export * from './providers.js';
