export * from './app-logger.js';
export * from './log-line.js';
