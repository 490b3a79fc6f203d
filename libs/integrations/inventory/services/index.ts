export * from './stock-changes.js';
