export * from './crypto.js';
export * from './secret-box.js';
