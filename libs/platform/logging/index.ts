export * from './app-logger.js';
