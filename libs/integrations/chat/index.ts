export * from './chat.module.js';
export * from './chat-providers.js';
export * from './dto/callback.dto.js';
export * from './dto/reply.js';
