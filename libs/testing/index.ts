export * from './contract-coverage.js';
export * from './double/index.js';
export * from './outside.js';
export * from './posted-webhooks.js';
export * from './drop-database.js';
export * from './spec-database.js';
