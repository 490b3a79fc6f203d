export * from './exact-amount.js';
export * from './money.js';
