export * from './clock.js';
export * from './whole-second.js';
