export * from './calls.js';
export * from './manifest.js';
export * from './telephony-provider.js';
