export * from './authentication.js';
export * from './pace.js';
export * from './refusal.js';
export * from './service.js';
