export * from './bot-settings.js';
export * from './bots.js';
export * from './cards.js';
export * from './chat-provider.js';
export * from './messenger.js';
export * from './out-media.js';
export * from './template.js';
