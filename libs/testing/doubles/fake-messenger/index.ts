export * from './fake-messenger.js';
export * from './messenger-webhooks.js';
