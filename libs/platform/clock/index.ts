export * from './clock.js';
export * from './whole-second.js';
export * from './moment.js';
