export * from './bot-settings.js';
export * from './cards.js';
export * from './chat-provider.js';
export * from './messenger.js';
