export * from './environment.js';
export * from './run-process.js';
