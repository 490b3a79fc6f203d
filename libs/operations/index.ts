export * from './operation.entity.js';
export * from './operation-kind.js';
export * from './operations.service.js';
export * from './recovery.js';
export * from './operations-cleaning.js';
export * from './operations.module.js';
export * from './operation-failures.js';
