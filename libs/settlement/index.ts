export * from './money-source.js';
export * from './settlement.module.js';
