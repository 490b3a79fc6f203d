export * from './fake-messenger.js';
export type * from './messenger-control.js';
export * from './messenger-webhooks.js';
