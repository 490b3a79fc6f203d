export * from './timings.js';
