export * from './callback-error.js';
export * from './error-text.js';
