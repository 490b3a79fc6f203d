export * from './callback-error.js';
