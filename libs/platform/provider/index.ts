export * from './provider-error.js';
export * from './provider-context.js';
export * from './manifest.js';
