export * from './decimal-money.js';
export * from './exact-amount.js';
export * from './money.js';
