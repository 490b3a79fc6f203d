export * from './operator-access.js';
