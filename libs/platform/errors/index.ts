export * from './callback-error.js';
export * from './error-text.js';
export * from './error-group.js';
