export * from './database.js';
export * from './database.module.js';
