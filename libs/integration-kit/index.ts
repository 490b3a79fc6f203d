export * from './breakers.js';
export * from './connection-leases.js';
export * from './define-integration.js';
export type { Each } from './each.js';
export * from './integration.module.js';
export { JournaledCall } from './journaled-call.js';
export * from './providers.js';
export * from './reply-checks.js';
export type { Able } from './reply-guard.js';
