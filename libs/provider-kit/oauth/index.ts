export * from './oauth.js';
export * from './token-calls.js';
