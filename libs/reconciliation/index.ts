export * from './comparison.js';
export * from './mending.service.js';
export * from './reconciliation-cleaning.js';
export * from './reconciliation.entity.js';
export * from './reconciliation.module.js';
export * from './reconciliation.service.js';
export * from './restored-gap.js';
export { DifferenceStore } from './difference-store.js';
