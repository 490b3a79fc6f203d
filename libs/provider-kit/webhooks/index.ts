export * from './hooks.js';
export * from './jwt.js';
export * from './schemes.js';
