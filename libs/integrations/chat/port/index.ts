export * from './chat-provider.js';
export * from './messenger.js';
