export * from './calls.js';
export * from './manifest.js';
export * from './pbx-settings.js';
export * from './telephony-provider.js';
