export * from './answer.filter.js';
export * from './operator-access.js';
