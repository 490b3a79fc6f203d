export * from './configuration.js';
export { Environment, readEnvironment } from './environment.js';
export * from './operator-tokens.js';
export * from './run-process.js';
export * from './settings.js';
