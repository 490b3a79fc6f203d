export * from './chat-channels.js';
export * from './chat-retention.js';
export * from './chat.integration.js';
export * from './dto/callback.dto.js';
export * from './dto/reply.js';
export * from './gateway/gateway-addresses.js';
