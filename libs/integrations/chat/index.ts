export * from './chat.integration.js';
export * from './dto/callback.dto.js';
export * from './dto/reply.js';
